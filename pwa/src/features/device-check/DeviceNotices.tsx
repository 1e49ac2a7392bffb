import { createComputed, type JSX, Show } from 'solid-js'
import { troublesWords } from '../../words/areas.ts'
import { use } from '../../words/i18n.ts'
import { later } from '../../ui/later.ts'
import type { LocalMedia, LocalMediaState } from './local-media-state.ts'

/** A headset that came or went, on every page that uses devices. The live region is there before its words. */
export function DeviceNotices(props: { readonly media: LocalMedia; readonly state: LocalMediaState }): JSX.Element {
  const drawn = later(async () => {
    const [part] = await Promise.all([import('./DeviceNotice.tsx'), use(troublesWords)])
    return part
  })
  createComputed(() => {
    if (props.state.notice) drawn.load()
  })
  return (
    <div role="status">
      <Show when={drawn.part() && props.state.notice} keyed>
        {(notice) => drawn.part()?.DeviceNotice({ media: props.media, notice })}
      </Show>
    </div>
  )
}
