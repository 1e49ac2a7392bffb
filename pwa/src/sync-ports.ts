/**
 * The doors between the devices of one practice: what the store tells sync and people's screens, the connections between
 * devices, and small messages over the server. Everything else is in ports.ts.
 */
import type { DeviceKey, DocumentId, EntryHash, EpochId, MemberId } from '@alcove/shared/domain/ids'
import type { Role } from '@alcove/shared/domain/practice'
import type { Refusal, Roll } from '@alcove/shared/domain/practice-chain'
import type { Result } from '@alcove/shared/domain/result'
import type { SpaceId } from '@alcove/shared/domain/sealed-log'
import type { IceServer } from '@alcove/shared/protocol/session-messages'
import type { HandoverMessage, InvitationKind, WelcomeContents } from '@alcove/shared/protocol/sync-messages'
import type { KeyPair, SaveError, Stop } from './ports.ts'

type Bytes = Uint8Array<ArrayBuffer>

// --- people and devices, for the screen -----------------------------------------------------------------------------

export type PracticeDevice = {
  readonly key: DeviceKey
  readonly member: MemberId
  readonly label: string
  readonly addedAt: number
  readonly isThis: boolean
}

/** Something that was not done, and is said to administrators. */
export type PracticeReport =
  /** A value in the practice document without a valid signature: it changed nothing. */
  | { readonly kind: 'unsigned'; readonly what: 'telehealth' | 'roles' | 'room' | 'entry' }
  | { readonly kind: 'refused'; readonly refusal: Refusal }

/**
 * My room's key: `coming` from another device of mine. `missing`: no device of mine will hand it to this one, which an administrator
 * let in; it has to be linked from a device that has it, or the room is replaced. `none`: I have no room.
 */
export type RoomPlace = 'none' | 'here' | 'coming' | 'missing'

export type PeopleState = {
  /** In order of their addition. */
  readonly devices: readonly PracticeDevice[]
  readonly reports: readonly PracticeReport[]
  /** My room was made anew then (epoch ms, by its author's clock): patients with later appointments need their links again. */
  readonly roomSince: number | null
  readonly room: RoomPlace
  /** A device of mine was removed after my room was made: replacing the room is offered. */
  readonly roomAtRisk: boolean
}

/** This device was removed: its copy has been erased. */
export type Removal = { readonly practice: string; readonly by: string | null }

export type PeopleRepository = {
  /** Null on a fresh browser. Calls back at once, then after every change. */
  watch(listener: (state: PeopleState | null) => void): Stop
  /** After the copy was erased; null until then. Survives a reload of the page. */
  watchRemoval(listener: (removal: Removal | null) => void): Stop
  /** An administrator. `not-allowed` also when nobody would be left to administer the practice. */
  changeRoles(id: MemberId, roles: readonly Role[]): Promise<Result<void, SaveError>>
  /** An administrator. With all their devices; the practice key is made anew. */
  removeMember(id: MemberId): Promise<Result<void, SaveError>>
  /** An administrator, or a member for an own device. Cleaned like a name; `invalid` when nothing is left of it. */
  renameDevice(device: DeviceKey, label: string): Promise<Result<void, SaveError>>
  /** An administrator, or a member for an own device. The practice key is made anew. */
  removeDevice(device: DeviceKey): Promise<Result<void, SaveError>>
  /** My room gets a new key: all my links have to be sent again. */
  replaceRoom(): Promise<Result<void, SaveError>>
}

// --- the store, for sync ----------------------------------------------------------------------------------------------

/** Where this device stands in its practice. */
export type SyncPlace = {
  readonly device: KeyPair
  readonly member: MemberId
  readonly roll: Roll
  /** Null: the founding key. */
  readonly epoch: EpochId | null
  /** y-webrtc's room and password, 43 characters each, from the newest practice key that this device holds. */
  readonly topic: string
  readonly password: string
  /** Of the founding key: where devices that missed a new key find the others. */
  readonly handoverTopic: string
  /** The founding entry and the device that signed it: they make the practice's space on the server. */
  readonly root: EntryHash
  readonly foundingDevice: DeviceKey
  readonly space: SpaceId
  /** The log of the chain's entries there. */
  readonly chainLog: DocumentId
  /** Every practice key that there was, the oldest (the founding one, null) first, in the order that the chain gives them. */
  readonly epochs: readonly (EpochId | null)[]
  /** Those that this device has, besides the founding one. */
  readonly heldEpochs: ReadonlySet<EpochId>
}

export type DocumentChange = { readonly document: DocumentId; readonly update: Bytes; readonly from: 'here' | 'sync' }

/** What this device remembers of another. */
export type PeerRecord = {
  readonly device: DeviceKey
  /** Everything up to this point of the log here was exchanged with it. 0: nothing. */
  readonly mark: number
  /** Epoch ms; null: never. */
  readonly heardAt: number | null
}

/** Documents as sync sees them: ids and Yjs updates (V2), never contents. */
export type SyncStore = {
  /** Null while there is no practice here. At once, then after every change of the chain or the keys. */
  watchPlace(listener: (place: SyncPlace | null) => void): Stop
  /** Synced by y-webrtc itself; all others over the channel. */
  practiceDocument(): DocumentId
  /** Documents that got a row after `mark`, and the mark for the next time. */
  changedSince(mark: number): Promise<{ readonly documents: readonly DocumentId[]; readonly mark: number }>
  /** On somebody's screen now. */
  openDocuments(): readonly DocumentId[]
  /** Yjs state vector of what is durable. */
  vector(document: DocumentId): Promise<Bytes>
  /** What a holder of `vector` lacks; all of it for null. */
  updateFor(document: DocumentId, vector: Bytes | null): Promise<Bytes>
  /** `ok` once durable. `broken`: no update at all; nothing was stored. */
  apply(document: DocumentId, update: Bytes): Promise<Result<void, SaveError | 'broken'>>
  /** Every update once it is durable, also those of other tabs. */
  watchUpdates(listener: (change: DocumentChange) => void): Stop
  peers(): Promise<readonly PeerRecord[]>
  notePeer(device: DeviceKey, change: { readonly mark?: number; readonly heardAt?: number }): Promise<void>
  /** Another device holds this much: changes made here up to there are no longer only here. */
  confirm(document: DocumentId, vector: Bytes): Promise<void>
  /** Changes made here that no other device has confirmed. At once, then when it changes. */
  watchUnsynced(listener: (changes: number) => void): Stop
}

export type EpochBatch = {
  readonly epoch: EpochId | null
  readonly entries: readonly {
    readonly hash: EntryHash
    readonly by: DeviceKey
    readonly signed: string
    /** It does nothing but give a practice key to devices that lack it, sealed to each. */
    readonly sharesKeys: boolean
  }[]
}

/** The signed chain, for sync. */
export type ChainStore = {
  /** All that counts, by the practice key that was current before each, in order: what may be sealed under that key. */
  byEpoch(): Promise<readonly EpochBatch[]>
  /** All valid signed entries here, parents before children. */
  entries(): Promise<readonly string[]>
  /** Keeps those that verify; the rest is ignored, and reported unless a stranger said it. Gives how many were new. */
  take(entries: readonly string[], fromStranger?: boolean): Promise<Result<number, SaveError>>
  /** My `have` for the handover topic, sealed under the founding key; and what answers another's. */
  have(): Promise<string | null>
  openHandover(sealed: string): Promise<HandoverMessage | null>
  /** Null when the asker lacks nothing that can be given. */
  answer(have: Extract<HandoverMessage, { type: 'have' }>): Promise<string | null>
  takeBatches(batches: Extract<HandoverMessage, { type: 'entries' }>['batches']): Promise<Result<number, SaveError>>
  /**
   * Housekeeping that any administrator's device does when it sees the need: keys for those who lack them, a new key when a
   * removed device has the present one, or when this device was given one that does not open. `hasWaited`: for the present
   * key, long enough; nobody has it for this device.
   */
  tend(hasWaited?: boolean): Promise<Result<void, SaveError>>
}

export type InvitationTarget = { readonly kind: 'own-device' } | { readonly kind: 'colleague'; readonly member: MemberId }

/** Bringing a device into the practice: on the inviting side and on the joining one. */
export type PairingStore = {
  /** Signs the device into the practice, durably, and gives what it needs. */
  admit(target: InvitationTarget, device: DeviceKey, label: string): Promise<Result<WelcomeContents, SaveError>>
  /** Takes back what `admit` did, for a device that was told nothing yet. */
  withdraw(device: DeviceKey): Promise<Result<void, SaveError>>
  /** A fresh browser's own keys, not stored before `adopt`. */
  newDevice(): Promise<KeyPair>
  /** They will not be adopted: their secrets are wiped. */
  forgetDevice(device: KeyPair): void
  /** Stores keys and documents in one transaction. `invalid`: the welcome does not verify. `not-allowed`: there is a practice here. */
  adopt(welcome: WelcomeContents, device: KeyPair, kind: InvitationKind): Promise<Result<void, SaveError>>
}

// --- connections between devices ----------------------------------------------------------------------------------------

/** Ordered and reliable, while it lasts. */
export type DeviceChannel = {
  /** Resolves when more may be sent (back-pressure); false when the channel is closed, or the text is longer than a message may be. */
  send(text: string): Promise<boolean>
  /** Call once; messages wait until then. */
  listen(onMessage: (text: string) => void, onClose: () => void): void
  /** SHA-256 fingerprints of both DTLS certificates, as in SDP (RFC 8122), upper case. */
  readonly fingerprints: { readonly mine: string; readonly theirs: string }
  /** The connection under it is given up soon after, and dialled again: later and later when it is closed again and again. */
  close(): void
}

export type DeviceLinkEvent =
  /** Whether the server's `/sync` is reached. */
  { readonly type: 'server'; readonly connected: boolean } | { readonly type: 'channel'; readonly channel: DeviceChannel }

/** y-webrtc: finds the devices of a topic, syncs the practice document, opens one channel per pair. */
export type DeviceLinks = {
  open(options: {
    readonly topic: string
    readonly password: string
    /** Asked anew for each connection: credentials of TURN expire. */
    readonly iceServers: () => readonly IceServer[]
    readonly document: {
      read(): Promise<Bytes>
      apply(update: Bytes): void
      watch(listener: (update: Bytes) => void): Stop
    }
    readonly listen: (event: DeviceLinkEvent) => void
  }): Stop
}

/** Small messages to whoever knows a topic of `/sync`. Nothing is queued or stored. */
export type Relay = {
  join(
    topic: string,
    listen: (event: { readonly type: 'open' } | { readonly type: 'lost' } | { readonly type: 'message'; readonly data: string }) => void,
  ): {
    /** False when not connected. One's own messages do not come back. */
    publish(data: string): boolean
    leave(): void
  }
}

/** Between the tabs of this browser; one's own messages do not come back. Whatever can be cloned may be posted. */
export type TabChannel = {
  post(message: unknown): void
  listen(listener: (message: unknown) => void): Stop
}
