import type { Branded, DeviceKey, DocumentId, EntryHash, EpochId } from './ids.ts'

/**
 * The sealed log: for every document of a practice an append-only list of records on the server, which it orders and stores
 * and cannot read. Here is what both sides agree on: where one stands, what a record's header says, who may write.
 */

/** base64url(SHA-256("alcove/log-space/1\n" root "\n" founding device)): one practice's room on the server, 43 characters. */
export type SpaceId = Branded<'SpaceId'>
/** The first 16 bytes of SHA-256(a device's public key, 65 bytes), base64url: who wrote a record, 22 characters. */
export type DeviceTag = Branded<'DeviceTag'>
/** base64url(SHA-256(a record's bytes)): 43 characters. */
export type RecordHash = Branded<'RecordHash'>
/** base64url running hash: of position n it is SHA-256(hash of n - 1 ‖ record hash), 32 bytes each. */
export type LogHash = Branded<'LogHash'>

/**
 * Where somebody stands in a log. Sequences are gapless and begin with 1; at 0 the hash is SHA-256("alcove/log/1\n" space
 * "\n" log).
 */
export type LogPosition = { readonly sequence: number; readonly hash: LogHash }

export const recordKinds = ['update', 'snapshot', 'ack'] as const
/**
 * `update`: changes. `snapshot`: the whole document as a reader of the log has it at `covers`, and nothing that the log has not:
 * whoever begins at it then has the same as whoever read everything, whether the snapshot counted for them or not. `ack`: another device found the
 * snapshot with these `covers` to hold all that it had itself up to what that snapshot covers.
 */
export type RecordKind = (typeof recordKinds)[number]

/** What a record says of itself in clear; signed, and the additional data of what is sealed. */
export type RecordHeader = {
  readonly kind: RecordKind
  /** The writer. */
  readonly device: DeviceTag
  /** The writer's how-manieth record in this log, from 1. */
  readonly number: number
  /**
   * The practice key under which it is sealed; null: the founding one. A snapshot's is that of the newest record which it covers
   * (log-reading.ts, `wantsNewKey`).
   */
  readonly epoch: EpochId | null
  /**
   * Of each other device the number of its newest record that the writer had read here: what is withheld later shows. An `update`
   * or `ack` may leave out what its writer's records before it named already. In a `snapshot`: all, up to what it covers, which
   * is everything that its writer wrote before it too.
   */
  readonly seen: ReadonlyMap<DeviceTag, number>
  /** Null in an `update`. */
  readonly covers: LogPosition | null
}

/** Who may read and write a practice's space: a list that each device signs on top of the one before. It holds no names. */
export type AccessList = {
  /** The hash of the statement is the `previous` of the next. */
  readonly space: SpaceId
  /** From 0, without gaps. */
  readonly version: number
  readonly previous: string | null
  /** Of the founding entry, in version 0 alone: with `by` it makes the space's id. */
  readonly root: EntryHash | null
  readonly by: DeviceKey
  readonly devices: readonly AccessDevice[]
}

export type AccessDevice = {
  readonly device: DeviceKey
  /** The same for the devices of one member, and telling nothing else: a keyed hash, 22 characters. */
  readonly member: string
  readonly administrator: boolean
}

/**
 * A device at rest writes a new snapshot once so many records, so many bytes and no less than the newest snapshot has came after
 * that: whoever catches up reads at most about twice what a snapshot has, and all snapshots together are no longer than all else.
 */
export const snapshotAfterRecords = 32
export const snapshotAfterBytes = 8 * 1024
/** After so many in any case: each costs a signature to verify. */
export const snapshotAfterManyRecords = 400
/** After twice this, or twice what the newest snapshot has, however few they are. */
export const snapshotAfterMuchBytes = 128 * 1024
/** Without a second device's word, what a snapshot covers is kept this long. */
export const pruneAfterMs = 30 * 24 * 60 * 60 * 1000
/** A record with its header, seal and signature: a whole document in a snapshot. */
export const maxRecordBytes = 8 * 1024 * 1024

/** What a device noticed about the server's log. Said to the person until they have read it; healed by the devices. */
export const logIncidentKinds = [
  /** The server shows less than it had shown or acknowledged: an older state, or an empty disk. */
  'rolled-back',
  /** It shows this device another log than it showed another device, or than before. */
  'forked',
  /** A record that somebody built upon, or that another device has read, is not given out. */
  'withheld',
  /** Records that no device of the practice wrote, or that were changed on the way. Left out. */
  'forged',
  /** A record that was there before, given once more. Left out. */
  'replayed',
] as const
export type LogIncidentKind = (typeof logIncidentKinds)[number]
export type LogIncident = { readonly kind: LogIncidentKind; readonly document: DocumentId; readonly at: number }
