import { type Accessor, createMemo, createSignal, onCleanup } from 'solid-js'
import type { Clock, Page } from '../../ports.ts'

/** A device clock that is further off than this is said, and not trusted for the start window. */
export const toleratedOffsetMs = 2 * 60 * 1000

const tickMs = 1000

/** Epoch ms, advancing every second and at once when the page comes back from the background. */
export function createNow(clock: Clock, page: Pick<Page, 'watchVisibility'>, offsetMs: Accessor<number>): Accessor<number> {
  const [device, setDevice] = createSignal(clock.now())
  const tick = () => setDevice(clock.now())
  onCleanup(clock.every(tickMs, tick))
  onCleanup(page.watchVisibility(tick))
  return createMemo(() => device() + (Math.abs(offsetMs()) > toleratedOffsetMs ? offsetMs() : 0))
}
