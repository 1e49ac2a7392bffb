import { verifyEntry } from '@alcove/shared/crypto/chain'
import type { EntryHash } from '@alcove/shared/domain/ids'
import type { ChainEntry, Roll } from '@alcove/shared/domain/practice-chain'
import { type History, historyOf } from '@alcove/shared/domain/practice-roll'

/** A verified entry with the characters that were signed. */
export type SignedEntry = { readonly entry: ChainEntry; readonly signed: string }

/** All verified entries that this device knows. Whatever is taken out of the practice document, none is forgotten. */
export type ChainBook = {
  readonly root: EntryHash
  /** From a text that was verified before. Undefined: not looked at yet; null: does not verify. */
  known(signed: string): SignedEntry | null | undefined
  /** Looks at those that are unknown so far. Adds none of them. */
  verify(texts: readonly string[]): Promise<void>
  /** Signed here a moment ago: known, not yet in the book. */
  trust(signed: string): Promise<SignedEntry | null>
  /** Gives those that are new in the book. */
  add(entries: readonly SignedEntry[]): readonly SignedEntry[]
  get(hash: EntryHash): SignedEntry | null
  /** Also those that wait for their ancestors. */
  all(): Iterable<SignedEntry>
  history(): History
  roll(): Roll
}

/** Texts that do not verify are remembered so as not to try again; not without end. */
const maxBroken = 1000

/** Null when the entries have not the pinned founding. */
export async function createChainBook(root: EntryHash, texts: readonly string[]): Promise<ChainBook | null> {
  const book = new Map<EntryHash, SignedEntry>()
  const looked = new Map<string, SignedEntry | null>()
  let broken = 0
  let history: History | null = null

  async function verify(all: readonly string[]): Promise<void> {
    const unknown = [...new Set(all)].filter((signed) => !looked.has(signed))
    await Promise.all(
      unknown.map(async (signed) => {
        const entry = await verifyEntry(signed)
        if (!entry && ++broken > maxBroken) return
        looked.set(signed, entry && { entry, signed })
      }),
    )
  }

  function add(entries: readonly SignedEntry[]): readonly SignedEntry[] {
    const fresh = entries.filter(({ entry }) => !book.has(entry.hash))
    for (const one of fresh) {
      book.set(one.entry.hash, one)
      looked.set(one.signed, one)
    }
    if (fresh.length > 0) history = historyOf(entriesOf(book), root)
    return fresh
  }

  function historyNow(): History {
    if (!history) throw new Error('The founding entry is not there')
    return history
  }

  await verify(texts)
  add(texts.flatMap((signed) => looked.get(signed) ?? []))
  if (!history) return null
  return {
    root,
    known: (signed) => looked.get(signed),
    verify,
    async trust(signed) {
      await verify([signed])
      return looked.get(signed) ?? null
    },
    add,
    get: (hash) => book.get(hash) ?? null,
    all: () => book.values(),
    history: historyNow,
    roll: () => historyNow().roll,
  }
}

function entriesOf(book: ReadonlyMap<EntryHash, SignedEntry>): readonly ChainEntry[] {
  return [...book.values()].map(({ entry }) => entry)
}
