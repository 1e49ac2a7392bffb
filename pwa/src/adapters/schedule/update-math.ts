import type { Bytes } from '@alcove/shared/crypto/bytes'
import * as Y from 'yjs'
import type { UpdateMath } from '../../log-ports.ts'

/**
 * What somebody has of a document, as a Yjs snapshot: a state vector and the deletions. The vector alone would miss them:
 * nothing in it moves when something is only deleted.
 */
type Deletions = Y.Snapshot['ds']
type Range = { readonly from: number; readonly to: number }

/** Beside documents.ts the other place that knows what a Yjs update looks like inside. */
export const updateMath: UpdateMath = {
  merge,
  extend(known, updates) {
    const before = decode(known)
    const clocks = new Map(before.sv)
    const arrived = new Map<number, Range[]>()
    const deletions: Deletions[] = [before.ds]
    for (const update of updates) {
      const { structs, ds } = Y.decodeUpdateV2(update)
      deletions.push(ds, deletedIn(structs))
      for (const struct of structs) if (!(struct instanceof Y.Skip)) push(arrived, struct.id.client, rangeOf(struct))
    }
    for (const [client, ranges] of arrived) clocks.set(client, reach(clocks.get(client) ?? 0, ranges))
    for (const [client, clock] of clocks) if (clock === 0) clocks.delete(client)
    return encode(Y.createSnapshot(Y.mergeDeleteSets(deletions), clocks))
  },
  covers(known, other) {
    return hasAll(decode(known), decode(other))
  },
  vectorOf: (known) => Uint8Array.from(Y.encodeStateVector(decode(known).sv)),
}

/** Yjs sorts all updates again for each part of each of them; so few at a time, 4000 take 13 ms instead of 230. */
const mergedAtOnce = 32

function merge(updates: readonly Bytes[]): Bytes {
  const [only] = updates
  if (only && updates.length === 1) return only
  if (updates.length <= mergedAtOnce) return Uint8Array.from(Y.mergeUpdatesV2([...updates]))
  const fewer: Bytes[] = []
  for (let i = 0; i < updates.length; i += mergedAtOnce) fewer.push(merge(updates.slice(i, i + mergedAtOnce)))
  return merge(fewer)
}

/** What is in a document now. */
export function knownOf(doc: Y.Doc): Bytes {
  return encode(Y.snapshot(doc))
}

/**
 * What a holder of `known` lacks of a document: an update (V2) with the changes after that, and of the deletions only
 * those that are new. Yjs itself writes all deletions there ever were into every update. Null: nothing.
 */
export function lackingOf(doc: Y.Doc, known: Bytes | null): Bytes | null {
  const before = decode(known)
  const now = Y.snapshot(doc)
  if (hasAll(before, now)) return null
  const whole = Y.encodeStateAsUpdateV2(doc, Y.encodeStateVector(before.sv))
  // In this format the deletions are the last thing in an update.
  const all = encodeDeletions(now.ds)
  const isLast = all.every((byte, i) => byte === whole[whole.length - all.length + i])
  // Not so while a part waits for another that has not come: then the update was merged from several.
  if (!isLast || doc.store.pendingStructs || doc.store.pendingDs) return Uint8Array.from(whole)
  const fresh = encodeDeletions(without(now.ds, before.ds))
  const update = new Uint8Array(whole.length - all.length + fresh.length)
  update.set(whole.subarray(0, whole.length - all.length))
  update.set(fresh, whole.length - all.length)
  return update
}

/** What cannot be read counts as nothing: then everything is written once more, and nothing is lost. */
function decode(known: Bytes | null): Y.Snapshot {
  if (!known) return Y.emptySnapshot
  try {
    return Y.decodeSnapshotV2(known)
  } catch {
    return Y.emptySnapshot
  }
}

function encode(snapshot: Y.Snapshot): Bytes {
  return Uint8Array.from(Y.encodeSnapshotV2(snapshot))
}

/** A snapshot without clocks ends with a single zero that counts them. */
function encodeDeletions(ds: Deletions): Bytes {
  return encode(Y.createSnapshot(ds, new Map())).slice(0, -1)
}

/** Some arrive deleted already, without being named among the deletions. */
function deletedIn(structs: readonly (Y.AbstractStruct | Y.Item)[]): Deletions {
  const ds = Y.createDeleteSet()
  for (const struct of structs) {
    const isGone = struct instanceof Y.GC || (struct instanceof Y.Item && struct.content instanceof Y.ContentDeleted)
    if (isGone) push(ds.clients, struct.id.client, { clock: struct.id.clock, len: struct.length })
  }
  return ds
}

function rangeOf({ id, length }: Y.AbstractStruct): Range {
  return { from: id.clock, to: id.clock + length }
}

/** How far one gets from a clock without a gap. */
function reach(clock: number, ranges: readonly Range[]): number {
  let at = clock
  for (const { from, to } of [...ranges].sort((a, b) => a.from - b.from)) if (from <= at) at = Math.max(at, to)
  return at
}

function hasAll(holder: Y.Snapshot, other: Y.Snapshot): boolean {
  for (const [client, clock] of other.sv) if ((holder.sv.get(client) ?? 0) < clock) return false
  return without(other.ds, holder.ds).clients.size === 0
}

/** Deletions in `all` and not in `known`. */
function without(all: Deletions, known: Deletions): Deletions {
  const [left, held] = [Y.mergeDeleteSets([all]), Y.mergeDeleteSets([known])]
  const rest = Y.createDeleteSet()
  for (const [client, items] of left.clients) {
    const there = held.clients.get(client) ?? []
    let next = 0
    for (const { clock, len } of items) {
      const end = clock + len
      let at = clock
      for (; at < end; next++) {
        const one = there[next]
        if (!one || one.clock >= end) break
        if (one.clock > at) push(rest.clients, client, { clock: at, len: one.clock - at })
        at = Math.max(at, one.clock + one.len)
        if (at >= end) break
      }
      if (at < end) push(rest.clients, client, { clock: at, len: end - at })
    }
  }
  return rest
}

function push<T>(lists: Map<number, T[]>, client: number, item: T): void {
  const list = lists.get(client)
  if (list) list.push(item)
  else lists.set(client, [item])
}
