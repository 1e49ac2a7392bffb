import { practiceWords } from '../../words/areas.ts'
import type { ClinicianRoomState } from './room-state.ts'

/** Said while the session is on its way to another device: until it is there, or comes back, nothing is decided here. */
export function movingAway({ devices }: Pick<ClinicianRoomState, 'devices'>): string | null {
  return devices.moving?.way === 'away' ? practiceWords().devices.movingAway(devices.moving.label) : null
}
