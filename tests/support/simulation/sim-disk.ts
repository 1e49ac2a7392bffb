import type { KeyPair } from '@alcove/shared/crypto/identity'
import type { DeviceKey, DocumentId, EntryHash, MemberId } from '@alcove/shared/domain/ids'
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
  /** Yjs updates (V2), in commit order. */
  rows: { readonly i: number; readonly document: DocumentId; readonly update: Bytes }[]
  nextRow: number
  readonly peers: Map<DeviceKey, PeerRecord>
  /** Changes that were made here: which document, and up to which clock of which client. */
  own: { readonly document: DocumentId; readonly vector: Bytes }[]
  /** The device was removed and has erased itself. */
  erased: boolean
  isFull: boolean
  /** Its program was changed: it takes no notice of its own removal, and goes on with all keys that it has. */
  readonly isStolen: boolean
  /** For the checks alone, and never erased: everything that was ever here. */
  readonly seen: Set<string>
}

export function createSimDisk(start: Pick<SimDisk, 'device' | 'member' | 'root' | 'foundingKey' | 'isStolen'>): SimDisk {
  return { ...start, rows: [], nextRow: 1, peers: new Map(), own: [], erased: false, isFull: false, seen: new Set() }
}
