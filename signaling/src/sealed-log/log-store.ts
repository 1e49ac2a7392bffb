import type { DeviceKey, DocumentId } from '@alcove/shared/domain/ids'
import type { DeviceTag, LogHash, LogPosition, RecordHash, SpaceId } from '@alcove/shared/domain/sealed-log'

type Bytes = Uint8Array<ArrayBuffer>

/**
 * Where the sealed log lies: the one door to the database. Whoever holds it holds it alone. Reads reject when the database
 * cannot be read.
 */
export type LogStore = {
  /** How many there are. */
  spaces(): number
  /** All of it but the records: grows with what the practice has. */
  readSpace(space: SpaceId): Promise<StoredSpace | null>
  /** Of it the access list alone: costs the same whatever the practice has. */
  readAccess(space: SpaceId): Promise<StoredAccess | null>
  /** Of the access list, in order from this version on. */
  readStatements(space: SpaceId, from: number, maxCount: number): Promise<readonly string[]>
  /** In order and without gaps; as many as fit into `maxBytes`, but always the first. */
  readRecords(space: SpaceId, log: DocumentId, range: RecordRange): Promise<readonly StoredRecord[]>
  readKit(locator: string): Promise<StoredKit | null>
  /**
   * All of it or nothing, durable when it resolves with `stored`, and resolved in the order in which it was given. After
   * anything else nothing of it is there; only if the process ends before the disk has taken anything again, the next start may
   * find it. Never rejects.
   */
  commit(writes: readonly LogWrite[]): Promise<CommitOutcome>
  /** After the last commit. */
  close(): Promise<void>
}

/** `full`: the disk. */
export type CommitOutcome = 'stored' | 'full' | 'failed'

/** `newest` has this version; `bytes` of all statements. */
export type StoredAccess = { readonly version: number; readonly newest: string; readonly bytes: number }

export type StoredSpace = {
  readonly statements: StoredAccess
  readonly logs: ReadonlyMap<DocumentId, StoredLog>
  /** By locator. */
  readonly kits: ReadonlyMap<string, KeptKit>
}

export type StoredLog = {
  /** The space's count of changes when this log changed last: each log has another. */
  readonly tick: number
  readonly end: LogPosition
  /** Bytes of all records up to the end, pruned ones included. */
  readonly total: number
  /** Records up to here are gone. `total`: up to here. */
  readonly base: LogPosition & { readonly total: number }
  readonly writers: ReadonlyMap<DeviceTag, NewestRecord>
  /** Not pruned, oldest first. */
  readonly snapshots: readonly StoredSnapshot[]
}

/** A writer's newest: a repeated one is known again, another with its number refused. */
export type NewestRecord = { readonly number: number; readonly record: RecordHash; readonly at: LogPosition; readonly tick: number }

export type StoredSnapshot = {
  /** Where it stands. */
  readonly sequence: number
  /** `total`: of the log up to there. */
  readonly covers: LogPosition & { readonly total: number }
  readonly by: DeviceTag
  /** Epoch ms. */
  readonly writtenAt: number
  /** Another device has found it whole. */
  readonly confirmed: boolean
}

/** `hash`: of the log with this record, `total`: bytes of records up to and with it. */
export type StoredRecord = { readonly bytes: Bytes; readonly hash: LogHash; readonly total: number }

/** Both ends included. */
export type RecordRange = { readonly first: number; readonly last: number; readonly maxCount: number; readonly maxBytes: number }

export type KeptKit = { readonly device: DeviceKey; readonly size: number }
export type StoredKit = { readonly space: SpaceId; readonly device: DeviceKey; readonly bytes: Bytes }

export type LogWrite =
  /** Of version 0: makes the space. `total`: bytes of all statements with it. */
  | {
      readonly type: 'statement'
      readonly space: SpaceId
      readonly version: number
      readonly statement: string
      readonly total: number
    }
  | { readonly type: 'record'; readonly space: SpaceId; readonly log: DocumentId; readonly sequence: number; readonly record: StoredRecord }
  | { readonly type: 'log'; readonly space: SpaceId; readonly log: DocumentId; readonly state: StoredLog }
  /** Records of these sequences go, both ends included. */
  | { readonly type: 'prune'; readonly space: SpaceId; readonly log: DocumentId; readonly first: number; readonly last: number }
  | { readonly type: 'kit'; readonly locator: string; readonly kit: StoredKit }
  | { readonly type: 'no-kit'; readonly locator: string; readonly space: SpaceId }
