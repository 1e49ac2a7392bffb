import type { DocumentId } from '@alcove/shared/domain/ids'
import type { LogContext } from './log-context.ts'

type Bytes = Uint8Array<ArrayBuffer>

/** `good`: those that were updates at all. `heard`: what was stored in the document meanwhile. */
export type Taken = { readonly good: readonly Bytes[]; readonly heard: readonly Bytes[] }

/** Updates from a log, durable here when it resolves: all at once, or, where one of them is none, one by one. `storage`: they could not be stored. */
export async function takeUpdates(context: LogContext, document: DocumentId, updates: readonly Bytes[]): Promise<Taken | 'storage'> {
  const heard: Bytes[] = []
  context.taking.set(document, heard)
  try {
    const good = await take(context, document, updates)
    return good === 'storage' ? good : { good, heard }
  } finally {
    context.taking.delete(document)
  }
}

/** Longer ones, whole documents most of all, take less time to store by themselves than to merge with others. */
const maxMergedBytes = 4096

async function take(
  { store, keeping }: LogContext,
  document: DocumentId,
  updates: readonly Bytes[],
): Promise<readonly Bytes[] | 'storage'> {
  const good: Bytes[] = []
  for (const part of partsOf(updates)) {
    const merged = mergeOf(() => keeping.math.merge(part))
    const applied = merged && (await store.apply(document, merged))
    if (applied?.ok) {
      good.push(...part)
      continue
    }
    if (applied && applied.error !== 'broken') return 'storage'
    for (const update of part) {
      const one = await store.apply(document, update)
      if (one.ok) good.push(update)
      else if (one.error !== 'broken') return 'storage'
    }
  }
  return good
}

function partsOf(updates: readonly Bytes[]): readonly (readonly Bytes[])[] {
  const parts: Bytes[][] = []
  let isOpen = false
  for (const update of updates) {
    const isLong = update.length > maxMergedBytes
    if (isOpen && !isLong) parts.at(-1)?.push(update)
    else parts.push([update])
    isOpen = !isLong
  }
  return parts
}

function mergeOf(merge: () => Bytes): Bytes | null {
  try {
    return merge()
  } catch {
    return null
  }
}
