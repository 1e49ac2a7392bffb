import { createComputed, type JSX, Show } from 'solid-js'
import { troublesWords } from '../../words/areas.ts'
import { use } from '../../words/i18n.ts'
import { later } from '../../ui/later.ts'
import type { LocalMedia, LocalMediaState } from './local-media-state.ts'

/** A headset that came or went, on every page that uses devices. The live region is there before its words. */
export function DeviceNotices(props: {
  readonly media: LocalMedia
  readonly state: LocalMediaState
  /** Where nothing else on the screen says that a device is missing: in a running session. */
  readonly saysLost?: boolean
}): JSX.Element {
  const notice = () => (props.state.notice?.kind === 'lost' && !props.saysLost ? null : props.state.notice)
  const drawn = later(async () => {
    const [part] = await Promise.all([import('./DeviceNotice.tsx'), use(troublesWords)])
    return part
  })
  createComputed(() => {
    if (notice()) drawn.load()
  })
  return (
    <div role="status">
      <Show when={drawn.part() && notice()} keyed>
        {(shown) => drawn.part()?.DeviceNotice({ media: props.media, notice: shown })}
      </Show>
    </div>
  )
}
