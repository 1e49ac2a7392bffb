/**
 * The doors of the sealed log: the line to the server, what this device remembers of each log, its keys, and the little of
 * Yjs that the engine needs. Everything else about devices is in sync-ports.ts.
 */
import type { KeyHandle } from '@alcove/shared/crypto/identity'
import type { DeviceKey, DocumentId, EpochId, MemberId } from '@alcove/shared/domain/ids'
import type { Result } from '@alcove/shared/domain/result'
import type { DeviceTag, LogIncident, LogPosition } from '@alcove/shared/domain/sealed-log'
import type { LogAnswer, LogClientMessage, LogErrorCode, LogServerMessage } from '@alcove/shared/protocol/log-messages'

type Bytes = Uint8Array<ArrayBuffer>

// --- the line ---------------------------------------------------------------------------------------------------------

/** A message without the number that the line gives it. */
export type LogRequest = LogClientMessage extends infer Message ? (Message extends { id: number } ? Omit<Message, 'id'> : never) : never
/** `lost`: the connection went before the answer came; whether it was done is not known. */
export type LogFailure = { readonly code: LogErrorCode | 'lost'; readonly expected?: number }
export type LogReply = { readonly message: LogAnswer; readonly body: Bytes }

export type LogLineEvent =
  | { readonly type: 'open'; readonly hello: Extract<LogServerMessage, { type: 'hello' }> }
  | { readonly type: 'head'; readonly head: Extract<LogServerMessage, { type: 'head' }> }
  /** It comes back by itself, later and later. */
  | { readonly type: 'lost' }

/** One connection to the server's `/log`, back by itself. */
export type LogLine = {
  open(listen: (event: LogLineEvent) => void): LogConnection
}

export type LogConnection = {
  /** In turn; answers come in any order. */
  ask(request: LogRequest, body?: Bytes): Promise<Result<LogReply, LogFailure>>
  /** The device woke, or the network is back. */
  hurry(): void
  close(): void
}

// --- what is remembered -------------------------------------------------------------------------------------------------

/** What this device knows of one document's log. */
export type LogPage = {
  readonly document: DocumentId
  /** Read and verified up to here. */
  readonly position: LogPosition
  /** Of each device, this one included, the number of its newest record read here. */
  readonly seen: ReadonlyMap<DeviceTag, number>
  /** A Yjs snapshot (V2): what a reader of the log up to `position` has. Null: nothing. */
  readonly known: Bytes | null
  /** Records of an older practice key have no effect behind one of this key. Null: the founding one. */
  readonly epoch: EpochId | null
  /** Where the newest snapshot stands, and what came after it. */
  readonly snapshotAt: number
  readonly snapshotBytes: number
  readonly recordsSince: number
  readonly bytesSince: number
  /** Up to there this device took the word of a snapshot that only its writer had found whole. 0 or undefined: nowhere. */
  readonly unproven?: number
  /** It was begun anew for another reason than the server, which has to show this position again. */
  readonly pinned?: LogPosition | null
}

/** Of the whole space. */
export type LogCover = {
  /** This device's own log rows up to here are in the log on the server (SyncStore.changedSince). */
  readonly mark: number
  /** Statements of the access list, from version 0: to fill a server that lost its disk. */
  readonly access: readonly string[]
  /** The server's proof of an enrolment. */
  readonly enrolment: string | null
  /** Noticed and not yet read by the person. */
  readonly incidents: readonly LogIncident[]
  /** The practice keys as the chain gave them when the logs were read: what was read under one that is gone counts for nothing. Null: not noted. */
  readonly epochs: readonly (EpochId | null)[] | null
  /** Keys that the chain did not know, and whose records were passed over: should it know one later, they are read again. */
  readonly passedOver: readonly EpochId[]
}

export type LogBook = {
  read(): Promise<{ readonly cover: LogCover; readonly pages: readonly LogPage[] }>
  /** Durable when it resolves; pages and cover together or not at all. */
  write(change: { readonly pages?: readonly LogPage[]; readonly cover?: Partial<LogCover> }): Promise<void>
}

// --- keys and bytes -------------------------------------------------------------------------------------------------------

export type LogKeys = {
  /** AES-256-GCM of a practice key and a writing device (shared/crypto/sealed-log). Null: this device has not that practice key. */
  contentKey(epoch: EpochId | null, writer: DeviceKey): Promise<KeyHandle | null>
  /** The same for devices of one member, and nothing to anybody else (AccessDevice.member). */
  memberTag(member: MemberId): Promise<string | null>
}

/** What the engine does with Yjs updates and snapshots (V2) without opening them. None of it throws for bytes that were applied before. */
export type UpdateMath = {
  merge(updates: readonly Bytes[]): Bytes
  /** What somebody has who had `known` and took these. An update of which an earlier part is missing adds nothing. */
  extend(known: Bytes | null, updates: readonly Bytes[]): Bytes
  /** Whether a holder of `known` has all of `other`. */
  covers(known: Bytes | null, other: Bytes): boolean
  /** The state vector in it, for SyncStore.confirm. */
  vectorOf(known: Bytes): Bytes
}

/** Beside SyncStore: documents against what the log has. */
export type LogDocuments = {
  /** What a holder of `known` lacks of the document, deletions included (V2). Null: nothing. */
  lacking(document: DocumentId, known: Bytes | null): Promise<Bytes | null>
  /** The whole document (V2), and the Yjs snapshot of exactly that. */
  whole(document: DocumentId): Promise<{ readonly update: Bytes; readonly known: Bytes }>
}

/** What the device's own store keeps and does for the log. */
export type LogKeeping = {
  readonly book: LogBook
  readonly documents: LogDocuments
  readonly keys: LogKeys
  readonly math: UpdateMath
}
