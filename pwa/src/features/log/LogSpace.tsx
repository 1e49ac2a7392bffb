import type { JSX } from 'solid-js'
import { Show } from 'solid-js'
import { syncWords } from '../../words/areas.ts'
import { formatMegabytes } from '../../words/formats.ts'
import styles from './Log.module.css'
import type { LogState } from './log-state.ts'

/** From here on somebody should ask for more. */
const scarceFrom = 0.85

/** How much of the practice's quota its encrypted copy takes. */
export function LogSpace(props: { readonly space: NonNullable<LogState['space']> }): JSX.Element {
  const isScarce = () => props.space.usedBytes >= props.space.quotaBytes * scarceFrom
  return (
    <div class={styles.space}>
      <p>{syncWords().space(formatMegabytes(props.space.usedBytes), formatMegabytes(props.space.quotaBytes))}</p>
      <meter
        class={styles.meter}
        aria-label={syncWords().spaceLabel}
        min={0}
        max={props.space.quotaBytes}
        high={props.space.quotaBytes * scarceFrom}
        optimum={0}
        value={props.space.usedBytes}
      />
      <Show when={isScarce()}>
        <p>{syncWords().spaceScarce}</p>
      </Show>
    </div>
  )
}
