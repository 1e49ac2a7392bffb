import { For, type JSX } from 'solid-js'
import { devicesWords } from '../../app/words/areas.ts'
import type { StepsKey } from './browser.ts'
import styles from './AlwaysAllowTip.module.css'

/** S14 */
export function AlwaysAllowTip(props: { readonly steps: StepsKey }): JSX.Element {
  const words = () => devicesWords().alwaysAllow
  return (
    <details class={styles.tip}>
      <summary>{words().title}</summary>
      <div class={styles.body}>
        <p>{words().intro}</p>
        <ol>
          <For each={words().steps[props.steps]}>{(step) => <li>{step}</li>}</For>
        </ol>
      </div>
    </details>
  )
}
