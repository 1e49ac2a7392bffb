import { type JSX, onCleanup } from 'solid-js'
import { fromEngine } from '../session/from-engine.ts'
import { detectBrowser } from './browser.ts'
import { CheckList, CheckSummary } from './CheckList.tsx'
import styles from './CheckPanel.module.css'
import type { CheckEngine } from './check-engine.ts'
import type { LocalMedia } from './local-media-state.ts'

/** Inside Welcome! and the patient's page: everything that is looked at, in one list. */
export function CheckPanel(props: { readonly begin: () => CheckEngine; readonly media: LocalMedia }): JSX.Element {
  const engine = props.begin()
  const state = fromEngine(engine)
  const browser = detectBrowser(navigator)
  onCleanup(() => engine.close())
  return (
    <div class={styles.panel}>
      <CheckSummary state={state()} />
      <CheckList engine={engine} state={state()} media={props.media} browser={browser} />
    </div>
  )
}
