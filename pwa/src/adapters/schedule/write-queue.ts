import type { Bytes } from '@alcove/shared/crypto/bytes'
import type { Result } from '@alcove/shared/domain/result'
import type { SaveError } from '../../ports.ts'
import type { ChainRow, IndexRow, KeyRow, Write } from './database.ts'
import type { SharedDocument } from './documents.ts'

/** What a command did to its document. A command that fails must fail before it changes anything. */
export type Change<T> = { readonly value: T } & Beside
/** Rows that are stored together with the change. */
export type Beside = {
  readonly index?: IndexRow
  readonly chain?: readonly ChainRow[]
  readonly keys?: readonly KeyRow[]
  /** Nobody's own change, but something that the device does by itself: not counted as one that others lack. */
  readonly housekeeping?: true
}
export type Command<T> = (document: SharedDocument) => Result<Change<T>, SaveError>

/** What waits for a document's turn. */
export type Waiting =
  | {
      readonly kind: 'command'
      readonly run: (document: SharedDocument) => Beside | null
      readonly finish: (stored: Result<void, SaveError>) => void
    }
  | { readonly kind: 'foreign'; readonly update: Bytes; readonly finish: (stored: Result<void, SaveError>) => void }

export type Made = { readonly update: Bytes | null; readonly beside: Omit<Write, 'docId' | 'sealed'> | null }

export function runCommands(docId: string, document: SharedDocument, batch: readonly Waiting[]): Made {
  const index = new Map<string, IndexRow>()
  const chain: ChainRow[] = []
  const keys: KeyRow[] = []
  let changes = 0
  const update = document.capture(() => {
    for (const waiting of batch) {
      const beside = waiting.kind === 'command' ? waiting.run(document) : null
      if (!beside) continue
      if (!beside.housekeeping) changes++
      if (beside.index) index.set(beside.index.id, beside.index)
      chain.push(...(beside.chain ?? []))
      keys.push(...(beside.keys ?? []))
    }
  })
  const unsynced = update && changes > 0 ? { docId, ...document.ownClock(), changes } : null
  const isNothing = !update && index.size === 0 && chain.length === 0 && keys.length === 0
  return { update, beside: isNothing ? null : { index: [...index.values()], chain, keys, unsynced } }
}

/** Commands share a transaction, and so do other devices' updates; the two do not, so that each is told as what it is. */
export function nextBatch(queue: Waiting[]): readonly Waiting[] {
  const end = queue.findIndex(({ kind }) => kind !== queue[0]?.kind)
  return queue.splice(0, end < 0 ? queue.length : end)
}
