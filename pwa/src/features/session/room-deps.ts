/** What the clinician's room needs; `main.tsx` hands it in. */
import type {
  Clock,
  Journal,
  KeyVault,
  Page,
  PatientRepository,
  PeerLinks,
  PracticeRepository,
  Preferences,
  ScheduleRepository,
  Signaling,
  TabLock,
} from '../../ports.ts'
import type { LocalMedia } from '../device-check/local-media-state.ts'
import type { OwnDevices } from './own-devices.ts'

export type ClinicianRoomDeps = {
  readonly clock: Clock
  readonly signaling: Signaling
  readonly peerLinks: PeerLinks
  readonly journal: Journal
  readonly vault: Pick<KeyVault, 'hostIdentity' | 'acceptMinimumEpoch' | 'linkKey'>
  readonly practice: Pick<PracticeRepository, 'watch'>
  readonly patients: Pick<PatientRepository, 'watch'>
  readonly schedule: Pick<ScheduleRepository, 'watchRange' | 'ofPatient'>
  readonly localMedia: Pick<LocalMedia, 'state' | 'subscribe'>
  readonly tabLock: TabLock
  readonly page: Pick<Page, 'watchOnline' | 'watchVisibility'>
  readonly ownDevices: OwnDevices
  /** Keeps the proof of enrolment. */
  readonly preferences: Preferences
  /** As shown to others until `setName`; the member's name when null. */
  readonly name: string | null
}

/** The lock of the tab in which this device's room runs; summoning by this name calls that tab forward. */
export const roomLockName = 'alcove-room'
