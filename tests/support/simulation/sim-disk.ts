import type { KeyPair } from '@alcove/shared/crypto/identity'
import type { DeviceKey, DocumentId, EntryHash, EpochId, MemberId } from '@alcove/shared/domain/ids'
import type { LogHash, LogIncident } from '@alcove/shared/domain/sealed-log'
import { createLogShelf, type LogShelf } from '../log/fake-log-keeping.ts'
import type { PeerRecord } from '../../../pwa/src/sync-ports.ts'

type Bytes = Uint8Array<ArrayBuffer>

export const practiceDocument = 'practice-document-0000' as DocumentId
export const chainLog = 'chain-log-000000000000' as DocumentId

/** What survives the end of a process. */
export type SimDisk = {
  readonly device: KeyPair
  readonly member: MemberId
  readonly root: EntryHash
  readonly foundingKey: Bytes
  /** Later practice keys that came with the invitation. */
  readonly givenKeys?: ReadonlyMap<EpochId | null, Bytes>
  /** Yjs updates (V2), in commit order. */
  rows: { readonly i: number; readonly document: DocumentId; readonly update: Bytes }[]
  nextRow: number
  /**
   * Signed entries of the chain, in the order in which they were verified. As in the program, they are kept beside the practice
   * document: that may lose one for a while to another device's word that it was written twice, before the other copy is here.
   */
  readonly chain: Set<string>
  readonly peers: Map<DeviceKey, PeerRecord>
  /** Changes that were made here: which document, and up to which clock of which client. */
  own: { readonly document: DocumentId; readonly vector: Bytes }[]
  /** What it remembers of the logs on the server. */
  shelf: LogShelf
  /** The device was removed and has erased itself. */
  erased: boolean
  isFull: boolean
  /** Its program was changed: it takes no notice of its own removal, and goes on with all keys that it has. */
  readonly isStolen: boolean
  /** For the checks alone, and never erased: everything that was ever here, and the practice keys that it knew of when that came. */
  readonly seen: Map<string, readonly (EpochId | null)[]>
  /** Of the same kind: every position of a log that it ever took for good, and everything that it noticed. */
  readonly pins: { readonly document: DocumentId; readonly sequence: number; readonly hash: LogHash }[]
  readonly noticed: LogIncident[]
}

export function createSimDisk(start: Pick<SimDisk, 'device' | 'member' | 'root' | 'foundingKey' | 'givenKeys' | 'isStolen'>): SimDisk {
  return {
    ...start,
    rows: [],
    nextRow: 1,
    chain: new Set(),
    peers: new Map(),
    own: [],
    erased: false,
    isFull: false,
    seen: new Map(),
    shelf: createLogShelf(),
    pins: [],
    noticed: [],
  }
}
