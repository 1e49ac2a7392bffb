/** What the clinician's room looks like to the screen. Made by clinician-room.ts, drawn by the session and waiting-room features. */
import type { Appointment } from '@alcove/shared/domain/appointment'
import type { AppointmentId, CallId, DeviceKey, GuestKey, PatientId } from '@alcove/shared/domain/ids'
import type { Result } from '@alcove/shared/domain/result'
import type { PeerState, SocketState, Stop } from '../../ports.ts'
import type { OwnDevice } from './own-devices.ts'

export type DeviceStatus = 'on' | 'off' | 'none'

/** One other person in the session, on either page. */
export type RemotePerson = {
  /** `host` on the patient's page for the clinician. */
  readonly id: GuestKey | 'host'
  readonly name: string
  readonly connection: PeerState
  readonly microphone: DeviceStatus
  readonly camera: DeviceStatus
  readonly sharing: boolean
  /** Camera and microphone; null until connected. Stable identity. */
  readonly main: MediaStream | null
  readonly screen: MediaStream | null
  /** Media between patients is paused while the clinician is gone. */
  readonly paused: boolean
}

/** S32. `in-session` is drawn from the session itself. */
export type WaitingGroup = 'waiting' | 'guest' | 'upcoming'

export type WaitingEntry = {
  readonly guest: GuestKey
  /** The name on record, for a patient's own link. */
  readonly recordName: string | null
  readonly typedName: string
  readonly patientId: PatientId | null
  /** The appointment this person waits for, found in the saved schedule. */
  readonly appointment: Appointment | null
  readonly group: WaitingGroup
  readonly firstSeenAt: number
  readonly presence: 'here' | 'away'
  /** S42: this person has chosen Restart the Session. */
  readonly wantsRestart: boolean
  /** Belongs to the running session's appointment, or no session runs. */
  readonly belongsHere: boolean
}

export type RoomSession =
  | { readonly kind: 'none' }
  | {
      readonly kind: 'running'
      readonly call: CallId
      readonly appointmentId: AppointmentId
      readonly startedAt: number
      readonly people: readonly RemotePerson[]
      /** Something on the way was changed or forged; said on the screen, nothing was let in. */
      readonly tampered: boolean
    }
  | {
      readonly kind: 'ended'
      readonly call: CallId
      readonly appointmentId: AppointmentId
      /** Until then Restart the Session stands on every page. */
      readonly closesAt: number
      readonly iWantRestart: boolean
      /** Names of those who have chosen to restart, and of those who have not. */
      readonly wanting: readonly string[]
      readonly missing: readonly string[]
    }

/** Something that my other devices did. `label` null: one of them, nobody knows which. */
export type DeviceNotice =
  | { readonly kind: 'answered'; readonly how: 'accepted' | 'declined'; readonly label: string | null }
  | { readonly kind: 'moved'; readonly label: string }
  /** It stays, or goes on, where it was. */
  | { readonly kind: 'not-moved'; readonly label: string }

export type DevicesView = {
  readonly others: readonly OwnDevice[]
  /** A session on another device that is online: it can be moved here. */
  readonly remote: {
    readonly device: DeviceKey
    readonly label: string
    readonly kind: 'running' | 'ended'
    readonly call: CallId
    readonly appointmentId: AppointmentId
  } | null
  readonly moving: { readonly way: 'here' | 'away'; readonly label: string } | null
  readonly notice: DeviceNotice | null
}

export type ClinicianRoomState = {
  readonly signaling: SocketState
  /** Server minus device; said when beyond two minutes, and used for the window. */
  readonly clockOffsetMs: number
  readonly waiting: readonly WaitingEntry[]
  /** Whom to announce now: the dialog in the middle (in a session: only people of this session), one at a time. */
  readonly announced: WaitingEntry | null
  /** Others arrived: a mark on People and one soft tone. */
  readonly unseenOthers: number
  readonly session: RoomSession
  /** This device's room runs in another tab. */
  readonly elsewhere: boolean
  readonly devices: DevicesView
  readonly enrolment: 'not-needed' | 'required' | 'done' | 'unknown'
}

export type AcceptRefusal =
  | { readonly kind: 'no-session' }
  | { readonly kind: 'full' }
  | { readonly kind: 'gone' }
  /** Waits for something else than the running appointment: ask first, by name, then accept with `confirmed`. */
  | { readonly kind: 'other-appointment'; readonly entry: WaitingEntry }
  | { readonly kind: 'offline' }

/** `not-moved`: it runs on another device of mine and could not be brought here. */
export type StartRefusal = 'not-eligible' | 'elsewhere' | 'session-running' | 'not-moved'

export type ClinicianRoom = {
  state(): ClinicianRoomState
  /** Calls back after every change. */
  subscribe(listener: (state: ClinicianRoomState) => void): Stop
  /** Starts (or returns to) the session of an eligible, saved appointment; one that runs on another device is moved here. */
  start(appointment: Appointment): Promise<Result<void, StartRefusal>>
  accept(guest: GuestKey, options?: { readonly confirmed: boolean }): Promise<Result<void, AcceptRefusal>>
  decline(guest: GuestKey): void
  /** "Give me a moment": a note to the waiting person. */
  askForAMoment(guest: GuestKey): void
  dismissAnnouncement(): void
  seenOthers(): void
  remove(guest: GuestKey): void
  /** S40: for everybody. */
  end(): void
  /** S41, S42. */
  restart(): void
  /** The session of `devices.remote`. Nobody there is asked, and nobody in it has to click. */
  moveHere(): Promise<Result<void, 'not-moved'>>
  moveTo(device: DeviceKey): void
  dismissDeviceNotice(): void
  setName(name: string): void
  reconnectNow(): void
  enrol(code: string): Promise<Result<void, 'refused' | 'offline'>>
  close(): void
}
