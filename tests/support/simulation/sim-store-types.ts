import type { DeviceKey, DocumentId, EpochId } from '@alcove/shared/domain/ids'
import type { Operation } from '@alcove/shared/domain/practice-chain'
import type { History } from '@alcove/shared/domain/practice-roll'
import type { Result } from '@alcove/shared/domain/result'
import type * as Y from 'yjs'
import type { SaveError } from '../../../pwa/src/ports.ts'
import type { ChainStore, SyncPlace, SyncStore } from '../../../pwa/src/sync-ports.ts'

type Bytes = Uint8Array<ArrayBuffer>

/** Rules that are broken on purpose, to see that the simulation notices. */
export const sabotages = ['ack-before-durable', 'believe-signatures', 'believe-fields', 'exchange-nothing-again', 'keep-the-topic'] as const
export type Sabotage = 'none' | (typeof sabotages)[number]

export type SimStore = {
  readonly sync: SyncStore
  readonly chain: ChainStore
  place(): SyncPlace | null
  history(): History | null
  /** Practice keys that this device has. */
  readonly secrets: ReadonlyMap<EpochId | null, Bytes>
  unsynced(): number
  document(document: DocumentId): Y.Doc
  /** Resolves when it is durable. */
  change(document: DocumentId, run: (doc: Y.Doc) => void): Promise<Result<void, SaveError>>
  /** Signs and stores an entry; null operations: nothing to do. Refused as the real store refuses it. */
  act(operations: readonly Operation[]): Promise<Result<void, SaveError>>
  /** A new key for those who are left, as an operation. */
  rekey(without: ReadonlySet<DeviceKey>): Promise<Operation>
  /** The present key for a new device, as operations. */
  share(device: DeviceKey): Promise<readonly Operation[]>
  opened(): Promise<void>
}
