import { startWindow } from '@alcove/shared/domain/eligibility'
import type { ClinicianRoomState, WaitingEntry } from '../session/room-state.ts'

/** People who wait now; those who opened a later appointment's link too early are called by nobody. */
export function whoWaits(state: ClinicianRoomState, deviceNow: number): readonly WaitingEntry[] {
  const now = deviceNow + state.clockOffsetMs
  return state.waiting.filter(
    ({ presence, appointment }) => presence === 'here' && (appointment === null || startWindow(appointment.startAt).opensAt <= now),
  )
}
