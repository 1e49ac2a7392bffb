import { createComputed, type JSX, Show } from 'solid-js'
import { troublesWords } from '../../words/areas.ts'
import { use } from '../../words/i18n.ts'
import { later } from '../../ui/later.ts'
import { troublesOf } from './device-problems.ts'
import type { LocalMedia, LocalMediaState } from './local-media-state.ts'

/** S18: what is wrong with the devices and what to do. Fetched when something is: for most people nothing is. */
export function DeviceProblems(props: { readonly media: LocalMedia; readonly state: LocalMediaState }): JSX.Element {
  const list = later(async () => {
    const [part] = await Promise.all([import('./DeviceProblemList.tsx'), use(troublesWords)])
    return part
  })
  createComputed(() => {
    if (troublesOf(props.state).length > 0) list.load()
  })
  return (
    <Show when={list.part()}>
      {(part) => {
        const { DeviceProblemList } = part()
        return <DeviceProblemList media={props.media} state={props.state} />
      }}
    </Show>
  )
}
