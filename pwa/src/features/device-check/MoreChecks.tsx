import type { JSX } from 'solid-js'
import { checkWords, devicesWords } from '../../words/areas.ts'
import { use } from '../../words/i18n.ts'
import type { CheckEngine } from './check-engine.ts'
import { LaterDetails } from './LaterDetails.tsx'
import type { LocalMedia } from './local-media-state.ts'

/** Fetches what begins a check; whoever begins one closes it. */
export type OpenCheck = () => Promise<() => CheckEngine>

/** The rest of the device check, fetched and begun when it is asked for. */
export function MoreChecks(props: { readonly media: LocalMedia; readonly open: OpenCheck }): JSX.Element {
  async function loadPanel() {
    const [{ CheckPanel }, begin] = await Promise.all([import('./CheckPanel.tsx'), props.open(), use(checkWords)])
    return () => CheckPanel({ begin, media: props.media })
  }
  return <LaterDetails summary={devicesWords().checkMore} load={loadPanel} />
}
