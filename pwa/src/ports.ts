/**
 * Every door from the app to the outside, on one page. Adapters implement these; features see nothing else of the
 * browser; `main.tsx` and `join.tsx` introduce them to each other.
 */
import type { Appointment, AppointmentDraft } from '@alcove/shared/domain/appointment'
import type { MediaProblem, NetworkAnswer, RelayAnswer } from '@alcove/shared/domain/device-check'
import type { AppointmentId, GuestKey, MemberId, PatientId, RoomId } from '@alcove/shared/domain/ids'
import type { Patient, PatientDraft } from '@alcove/shared/domain/patient'
import type { Member, Practice, Role, TelehealthTier } from '@alcove/shared/domain/practice'
import type { Result } from '@alcove/shared/domain/result'
import type { PageToExtension } from '@alcove/shared/protocol/extension-messages'
import type { PairMessage } from '@alcove/shared/protocol/peer-messages'
import type {
  ErrorCode,
  GuestToServerMessage,
  HostToServerMessage,
  IceServer,
  ServerToGuestMessage,
  ServerToHostMessage,
} from '@alcove/shared/protocol/session-messages'

/** Undoes what returned it. Calling it twice does nothing. */
export type Stop = () => void

export type Clock = {
  /** Epoch ms by the device. */
  now(): number
  after(delayMs: number, run: () => void): Stop
  every(intervalMs: number, run: () => void): Stop
}

// --- the practice on this device ----------------------------------------------------------------------------------

/** `storage-full` and `storage-failed`: nothing was saved, the edits are still on the screen. */
export type SaveError = 'storage-full' | 'storage-failed' | 'not-allowed' | 'invalid'

export type PracticeDraft = {
  readonly name: string
  readonly memberName: string
  readonly contactPhone: string
  readonly contactEmail: string
  readonly roles: readonly Role[]
  readonly telehealth: TelehealthTier
}

/** What this device knows of its practice. `me` is the member who set up this device. */
export type PracticeState = {
  readonly practice: Practice
  readonly me: Member
  readonly members: readonly Member[]
}

export type PracticeRepository = {
  /** Null on a fresh browser. Calls back at once with the present state, then after every change. */
  watch(listener: (state: PracticeState | null) => void): Stop
  create(draft: PracticeDraft): Promise<Result<PracticeState, SaveError>>
  updatePractice(change: Partial<Pick<Practice, 'name' | 'contactPhone' | 'contactEmail'>>): Promise<Result<void, SaveError>>
  /** S1. Refused (`not-allowed`) unless `me` is a Practice Administrator. */
  changeTelehealth(tier: TelehealthTier): Promise<Result<void, SaveError>>
  addMember(draft: { readonly name: string; readonly roles: readonly Role[] }): Promise<Result<Member, SaveError>>
  renameMember(id: MemberId, name: string): Promise<Result<void, SaveError>>
  /** Raises the generation of my standing link; the old form no longer opens the waiting room. */
  replaceStandingLink(): Promise<Result<void, SaveError>>
}

export type PatientRepository = {
  watch(listener: (patients: readonly Patient[]) => void): Stop
  save(id: PatientId | null, draft: PatientDraft): Promise<Result<Patient, SaveError>>
  /** Replaces one patient's link to one clinician, alone. */
  replaceLink(id: PatientId, clinician: MemberId): Promise<Result<void, SaveError>>
}

export type ScheduleRepository = {
  /** Appointments that overlap [fromAt, toAt), ordered by start. */
  watchRange(fromAt: number, toAt: number, listener: (appointments: readonly Appointment[]) => void): Stop
  watch(id: AppointmentId, listener: (appointment: Appointment | null) => void): Stop
  /** This patient's appointments with this clinician that start in [fromAt, toAt), ordered by start. */
  ofPatient(patient: PatientId, clinician: MemberId, fromAt: number, toAt: number): Promise<readonly Appointment[]>
  /**
   * Resolves once the change is durable, and not before: only then does the screen say "Saved".
   * `base`: what the editor began with. Given, only the fields that differ from it are written, so that another tab's or
   * device's change of another field stands.
   */
  save(id: AppointmentId | null, draft: AppointmentDraft, base?: AppointmentDraft): Promise<Result<Appointment, SaveError>>
}

/** WebCrypto handles of one P-256 scalar, non-extractable. `publicKey`: 65 bytes, base64url. */
export type KeyPair = {
  readonly publicKey: string
  readonly signing: CryptoKey
  readonly agreement: CryptoKey
}

/** What a clinician's device needs to be host of its room. */
export type HostIdentity = {
  readonly roomId: RoomId
  readonly room: KeyPair
  readonly device: KeyPair
  /** Signed by the room key; renewed by the vault before it expires, and when a device of mine was removed. */
  readonly certificate: string
  /** Of the certificate: how many of my devices were removed since the room was made, or what the server wants. */
  readonly epoch: number
}

export type KeyVault = {
  /** Null when `me` is no clinician. */
  hostIdentity(): Promise<HostIdentity | null>
  /**
   * The server holds a greater minimum epoch for this room than my devices' removals make: from now on certificates are of
   * that one, and of as many more as there are further removals. Only when a device of mine vouches for this one, or there is none.
   */
  acceptMinimumEpoch(room: RoomId, minimum: number): Promise<void>
  /** The 32-byte link key of a member: practice data, so that schedulers can hand out links. Null without a room. */
  linkKey(member: MemberId): Promise<Uint8Array<ArrayBuffer> | null>
  /** Whether keys really survive in this browser's storage; `session-only` is said on the screen. */
  durability(): Promise<'durable' | 'session-only'>
}

/** A small encrypted memory that survives reloads and crashes; one value per name. */
export type Journal = {
  read(name: string): Promise<unknown>
  write(name: string, value: unknown): Promise<void>
}

/** This device's preferences: no health data, no names of patients. Synchronous. */
export type Preferences = {
  get(name: string): string | null
  set(name: string, value: string): void
}

// --- the signaling server -----------------------------------------------------------------------------------------

export type SocketState =
  | { readonly kind: 'connecting' }
  | { readonly kind: 'open' }
  | { readonly kind: 'waiting-to-retry'; readonly retryAt: number }
  /** `minimum`: with `certificate-refused`, the epoch that the server wants of this room's certificates. */
  | { readonly kind: 'refused'; readonly code: ErrorCode; readonly minimum?: number }

export type SocketEvent<Message> =
  | { readonly type: 'state'; readonly state: SocketState }
  /** Every decoded message after authentication, `ready` first. */
  | { readonly type: 'message'; readonly message: Message }
  /** Server time minus device time, measured at every hello and pong. */
  | { readonly type: 'clock'; readonly offsetMs: number }

export type Socket<Message> = {
  /** False when the socket is not open and authenticated; nothing is queued. */
  send(message: Message): boolean
  reconnectNow(): void
  close(): void
}

export type GuestIdentity = { readonly guestKey: GuestKey; readonly pair: KeyPair }

/** A guest's keys, one per link, kept for 12 hours at most; in memory only where the browser keeps no keys. */
export type GuestKeys = {
  /** `link` names the link: room and tag. */
  open(link: string): Promise<GuestIdentity>
}

export type Signaling = {
  /** Connects, authenticates and reconnects (full-jitter backoff) until closed. */
  host(
    identity: HostIdentity,
    enrolment: string | null,
    listen: (event: SocketEvent<ServerToHostMessage>) => void,
  ): Socket<HostToServerMessage>
  guest(room: RoomId, identity: GuestIdentity, listen: (event: SocketEvent<ServerToGuestMessage>) => void): Socket<GuestToServerMessage>
}

// --- media ---------------------------------------------------------------------------------------------------------

export type TrackSlot = 'microphone' | 'camera' | 'screen'

export type MediaDevice = { readonly deviceId: string; readonly label: string }
export type MediaDeviceList = {
  readonly cameras: readonly MediaDevice[]
  readonly microphones: readonly MediaDevice[]
  /** Null where the browser cannot choose an output. */
  readonly speakers: readonly MediaDevice[] | null
}

export type MediaRequest = {
  /** A deviceId, `default`, or null for not wanted. */
  readonly camera: string | null
  readonly microphone: string | null
}
export type MediaGrant = {
  readonly camera: Result<MediaStreamTrack, MediaProblem> | null
  readonly microphone: Result<MediaStreamTrack, MediaProblem> | null
}

export type Media = {
  /** One prompt for both; when one is missing or refused the other is still opened (C6). */
  open(request: MediaRequest): Promise<MediaGrant>
  openScreen(): Promise<Result<MediaStreamTrack, MediaProblem>>
  list(): Promise<MediaDeviceList>
  /** Devices were plugged or unplugged (debounced), or may have been unseen: the computer slept, the page was hidden. */
  watchDevices(listener: () => void): Stop
  /** Loudness 0..1, about 20 times a second. */
  meter(track: MediaStreamTrack, listener: (level: number) => void): Stop
  permission(kind: 'camera' | 'microphone'): Promise<'granted' | 'denied' | 'prompt' | 'unknown'>
}

export type PeerState = 'connecting' | 'connected' | 'reconnecting' | 'failed'

export type PeerEvent =
  | { readonly type: 'state'; readonly state: PeerState }
  /** The remote tracks of one slot group; the same MediaStream objects for the life of the link. */
  | { readonly type: 'streams'; readonly main: MediaStream; readonly screen: MediaStream }
  /** A message that came over the data channel. */
  | { readonly type: 'message'; readonly message: PairMessage }

export type PeerLinkOptions = {
  /** W3C perfect negotiation: the polite side yields. The clinician is impolite; between guests the smaller key. */
  readonly polite: boolean
  readonly iceServers: readonly IceServer[]
  /** Sends over signaling (sealed by the caller); false when it cannot now. */
  readonly send: (message: PairMessage) => boolean
  readonly listen: (event: PeerEvent) => void
}

/** One RTCPeerConnection to one peer, rebuilt inside when its generation changes. Fixed transceivers. */
export type PeerLink = {
  /** Impolite side: begin, or begin anew with another generation (the peer was reloaded). Tracks are kept. */
  open(): void
  receive(message: PairMessage): void
  setTrack(slot: TrackSlot, track: MediaStreamTrack | null): void
  /** Null lifts the limit. 360 above two people. */
  limitVideoHeight(height: number | null): void
  /** Over the data channel; false when it is not open. */
  sendDirect(message: PairMessage): boolean
  /** The network changed or the device woke: restart ICE if the path is dead. */
  checkPath(): void
  setIceServers(servers: readonly IceServer[]): void
  close(): void
}

export type PeerLinks = { create(options: PeerLinkOptions): PeerLink }

// --- the way there: for the device check -----------------------------------------------------------------------------

/** The server that this page came from. */
export type ServerProbe = {
  /** To the server and back over HTTP, the shortest of a few. Takes 8 s at most. */
  roundTrip(): Promise<NetworkAnswer>
}

/** The relay, by a peer connection with oneself through it. */
export type RelayProbe = {
  /** `none` without a relay among them. Sends as fast as the line bears for 2 s; takes 15 s at most. */
  measure(servers: readonly IceServer[]): Promise<RelayAnswer>
}

// --- the platform --------------------------------------------------------------------------------------------------

export type Sound = {
  /** From a click: makes later sounds possible. */
  unlock(): Promise<void>
  /** Verified by the audio clock's progress, not by a promise (realtime.md: never trust resume() alone). */
  canRing(): Promise<'ok' | 'blocked'>
  /** Repeats until stopped. */
  ring(): Stop
  softTone(): void
  useSpeaker(deviceId: string): Promise<boolean>
}

export type Notifications = {
  permission(): 'granted' | 'denied' | 'default' | 'unsupported'
  request(): Promise<'granted' | 'denied' | 'default' | 'unsupported'>
  /** Never with a name. */
  show(title: string, body: string, tag: string): Stop
}

export type Page = {
  isHidden(): boolean
  watchVisibility(listener: (hidden: boolean) => void): Stop
  watchOnline(listener: (online: boolean) => void): Stop
  setTitle(title: string): void
  /** Number on the app's icon, where there is one; 0 clears it. */
  setBadge(count: number): void
  keepAwake(): Stop
  /** Asks before the page is left, while it is held. */
  holdPage(): Stop
  copyText(text: string): Promise<boolean>
  focus(): void
}

/** One clinician's session per device, across tabs (Web Locks and BroadcastChannel). */
export type TabLock = {
  /** Null when another tab has it. */
  acquire(name: string): Promise<Stop | null>
  isHeld(name: string): Promise<boolean>
  /** Asks the tab that has it to come forward. */
  summon(name: string): void
  onSummoned(name: string, listener: () => void): Stop
}

export type CompanionState =
  | { readonly kind: 'absent' }
  | {
      readonly kind: 'present'
      /** It makes the ring when this page cannot be heard. */
      readonly canRing: boolean
      /** It shows the system's notifications, so the page need not. */
      readonly notifies: boolean
      /** Another tab or the extension itself rings now: this page makes no sound. */
      readonly isQuiet: boolean
    }

/** What the extension asks of the page. */
export type CompanionRequest = 'check-again' | 'moment'

/** The companion extension (docs/PROTOCOL.md, "The extension"): times, counts and findings go there, never a name, a key or a link. */
export type Companion = {
  state(): CompanionState
  /** Calls back at once, then after every change. */
  subscribe(listener: (state: CompanionState) => void): Stop
  listen(listener: (request: CompanionRequest) => void): Stop
  /** The last one of each type is told (again) whenever an extension appears; without one nothing leaves the page. */
  send(message: Told): void
}
export type Told = Exclude<PageToExtension, { type: 'hello' }>
