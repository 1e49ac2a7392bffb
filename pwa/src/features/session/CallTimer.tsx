import { createSignal, onCleanup } from 'solid-js'
import type { Clock } from '../../ports.ts'
import styles from './CallTimer.module.css'
import { sessionWords } from '../../words/areas.ts'
import { formatElapsed } from '../../words/formats.ts'

/** S38. Silent for screen readers unless they ask. `startedAt`: epoch ms by this device. */
export function CallTimer(props: { readonly startedAt: number; readonly clock: Clock }) {
  const [now, setNow] = createSignal(props.clock.now())
  onCleanup(props.clock.every(1000, () => setNow(props.clock.now())))
  return (
    <p class={styles.timer} role="timer" aria-live="off" aria-label={sessionWords().screen.timer}>
      {formatElapsed(now() - props.startedAt)}
    </p>
  )
}
