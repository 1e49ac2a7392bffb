import type { Clock } from '../../ports.ts'
import type { ClinicianRoomState } from './room-state.ts'

/** A device clock within this of the server's is taken as right. */
const toleranceMs = 2 * 60 * 1000

/** Epoch ms: this device's clock, or the server's where the two differ by more than two minutes. */
export function trustedNow(clock: Pick<Clock, 'now'>, { clockOffsetMs }: Pick<ClinicianRoomState, 'clockOffsetMs'>): number {
  return clock.now() + (Math.abs(clockOffsetMs) > toleranceMs ? clockOffsetMs : 0)
}
