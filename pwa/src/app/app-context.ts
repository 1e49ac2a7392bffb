import type { Appointment } from '@alcove/shared/domain/appointment'
import type { AppointmentId } from '@alcove/shared/domain/ids'
import type { Patient } from '@alcove/shared/domain/patient'
import { type Accessor, createContext, useContext } from 'solid-js'
import type { BackgroundControl } from '../features/backgrounds/background-control.ts'
import type { BackgroundImages } from '../features/backgrounds/background-images.ts'
import type { OpenCheck } from '../features/device-check/check-engine.ts'
import type { LocalMedia } from '../features/device-check/local-media-state.ts'
import type { ClinicianRoom, ClinicianRoomState } from '../features/session/room-state.ts'
import type { RecoveryDoors } from '../features/recovery/recovery-doors.ts'
import type { PracticeSync, SyncState } from '../features/sync/sync-state.ts'
import type {
  Clock,
  Companion,
  Journal,
  KeyVault,
  Notifications,
  Page,
  PatientRepository,
  PracticeRepository,
  PracticeState,
  Preferences,
  ScheduleRepository,
  Sound,
  TabLock,
} from '../ports.ts'
import type { KitsState } from '../recovery-ports.ts'
import type { PairingStore, PeopleRepository, PeopleState, Relay, SyncStore } from '../sync-ports.ts'
import type { Language } from './services/language.ts'
import type { Links } from './services/links.ts'
import type { AppUpdates } from './services/updates.ts'
import type { HelpBrowser } from '../words/help.en.ts'

/** What main.tsx builds and hands in. */
export type AppDeps = {
  readonly practice: PracticeRepository
  readonly patients: PatientRepository
  readonly schedule: ScheduleRepository
  readonly vault: KeyVault
  readonly people: PeopleRepository
  readonly sync: PracticeSync
  /** What an invitation needs: this device's own key, the store, and the server's topics. */
  readonly pairing: PairingStore
  readonly syncStore: Pick<SyncStore, 'watchPlace'>
  readonly recovery: RecoveryDoors
  readonly relay: Relay
  /** `https://clinic.example`, for links. */
  readonly origin: string
  /** What this device calls itself when it joins: "Firefox on Linux". */
  readonly deviceLabel: string
  /** Its camera is the processed one while a background is in force. */
  readonly media: LocalMedia
  readonly background: BackgroundControl
  readonly backgroundImages: BackgroundImages
  readonly clock: Clock
  readonly page: Page
  readonly sound: Sound
  readonly journal: Journal
  readonly notifications: Notifications
  readonly companion: Companion
  readonly preferences: Preferences
  readonly tabs: TabLock
  readonly links: Links
  readonly language: Language
  readonly updates: AppUpdates
  readonly browser: HelpBrowser
  /** The device check with everything that this device can look at. */
  readonly openCheck: OpenCheck
  readonly version: string
  /** Something on the disk could not be read, and is left out. */
  damaged(): boolean
  readonly canShareScreen: boolean
  /** The host side of my waiting room, once I am a clinician of a practice. Null when this device has no room key. */
  openRoom(): Promise<ClinicianRoom | null>
}

/** What every view may use while the practice is open. */
export type AppContext = AppDeps & {
  readonly practiceState: Accessor<PracticeState>
  readonly patientList: Accessor<readonly Patient[]>
  /** Null until it is known. */
  readonly peopleState: Accessor<PeopleState | null>
  readonly syncState: Accessor<SyncState | null>
  /** Null until they are known. */
  readonly kits: Accessor<KitsState | null>
  /** Epoch ms, by the server's clock where the device's is off. */
  readonly now: Accessor<number>
  readonly zone: string
  readonly room: Accessor<ClinicianRoom | null>
  /** Whether it is known if there is a room. */
  readonly roomSettled: Accessor<boolean>
  readonly roomState: Accessor<ClinicianRoomState | null>
  readonly runningAppointmentId: Accessor<AppointmentId | null>
  readonly startSession: (appointment: Appointment) => void
  readonly returnToSession: () => void
  readonly showLinks: () => void
}

export const AppContextProvider = createContext<AppContext>()

export function useApp(): AppContext {
  const context = useContext(AppContextProvider)
  if (!context) throw new Error('The app context is missing')
  return context
}
