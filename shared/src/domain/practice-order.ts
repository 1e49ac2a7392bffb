import type { DeviceKey, EntryHash, MemberId } from './ids.ts'
import type { Role } from './practice.ts'
import type { ChainEntry, Operation } from './practice-chain.ts'

/**
 * The chain as a graph, and the one order that every device puts it into, whatever came when:
 * parents before children; an entry after every removal (of its author's device, member or roles) that its author did
 * not know of; else by hash. Where removals wait for each other, the author who has belonged to the practice longest
 * does not wait.
 */
export type ChainGraph = {
  /** Those whose ancestors are all here, sorted by hash; an entry's place in this list is its number below. */
  readonly entries: readonly ChainEntry[]
  readonly parents: readonly (readonly number[])[]
  readonly children: readonly (readonly number[])[]
  /** Each device's entries. */
  readonly written: ReadonlyMap<DeviceKey, readonly number[]>
  /** By member. */
  readonly devices: ReadonlyMap<MemberId, readonly DeviceGift[]>
  readonly roles: ReadonlyMap<MemberId, readonly RoleGift[]>
}

/** Somebody gets a device or roles, so that a revocation has something to take. */
export type Gift = { readonly number: number; readonly operation: Operation }
type DeviceGift = Gift & { readonly device: DeviceKey }
type RoleGift = Gift & { readonly roles: readonly Role[] }

/** Who waits for whom, by what the revocations find to take. */
export type Delays = {
  /** For each entry the ones that must wait for it although they do not descend from it. */
  readonly delays: readonly (readonly number[])[]
  /** For each entry and operation the devices that lose something by it, if its author may do it at all. */
  readonly targets: readonly (readonly ReadonlySet<DeviceKey>[])[]
  /** What did not count, and was given at the same time as a revocation that would have more to take if it did. */
  readonly open: ReadonlySet<Gift>
}

/** Null when the founding entry is not among them. */
export function graphOf(all: Iterable<ChainEntry>, root: EntryHash): ChainGraph | null {
  const entries = connected(all, root)
  if (!entries) return null
  const numbers = new Map(entries.map((entry, number) => [entry.hash, number]))
  const parents = entries.map((entry) => [...new Set(entry.parents)].map((hash) => numbers.get(hash) ?? 0))
  const children: number[][] = entries.map(() => [])
  const written = new Map<DeviceKey, number[]>()
  for (const [number, entry] of entries.entries()) {
    for (const parent of parents[number] ?? []) children[parent]?.push(number)
    append(written, entry.by, number)
  }
  return { entries, parents, children, written, ...giftsIn(entries) }
}

/** The entries that the founding one and nothing unknown leads to. The rest waits for what is missing. */
function connected(all: Iterable<ChainEntry>, root: EntryHash): readonly ChainEntry[] | null {
  const byHash = new Map<EntryHash, ChainEntry>()
  for (const entry of all) byHash.set(entry.hash, entry)
  const founding = byHash.get(root)
  if (founding?.parents.length !== 0 || founding.operations[0]?.type !== 'found') return null
  const children = new Map<EntryHash, ChainEntry[]>()
  const missing = new Map<EntryHash, number>()
  for (const entry of byHash.values()) {
    const parents = new Set(entry.parents)
    missing.set(entry.hash, parents.size)
    for (const parent of parents) append(children, parent, entry)
  }
  const found = [founding]
  for (const { hash } of found) {
    for (const child of children.get(hash) ?? []) {
      const left = (missing.get(child.hash) ?? 0) - 1
      missing.set(child.hash, left)
      if (left === 0) found.push(child)
    }
  }
  return found.sort((a, b) => (a.hash < b.hash ? -1 : 1))
}

function giftsIn(entries: readonly ChainEntry[]): Pick<ChainGraph, 'devices' | 'roles'> {
  const devices = new Map<MemberId, DeviceGift[]>()
  const first = new Map<MemberId, RoleGift[]>()
  const later = new Map<MemberId, RoleGift[]>()
  for (const [number, { operations }] of entries.entries()) {
    for (const operation of operations) {
      if (operation.type === 'add-device') append(devices, operation.member, { number, operation, device: operation.device })
      if (operation.type === 'add-member') append(first, operation.member, { number, operation, roles: operation.roles })
      if (operation.type === 'change-roles') append(later, operation.member, { number, operation, roles: operation.roles })
    }
  }
  // Those that are looked at first are known to most.
  const members = new Set([...first.keys(), ...later.keys()])
  const roles = new Map([...members].map((member) => [member, [...(first.get(member) ?? []), ...(later.get(member) ?? [])]]))
  return { devices, roles }
}

/**
 * A revocation takes what its author knew of (and nothing that anybody signs later changes that), and of what was given at the
 * same time that which `counts`; never what was given by somebody who knew of it.
 */
export function delaysIn({ entries, parents, children, written, devices, roles }: ChainGraph, counts: (gift: Gift) => boolean): Delays {
  const open = new Set<Gift>()
  const targets: ReadonlySet<DeviceKey>[][] = []
  const delays = entries.map(({ operations }, number) => {
    const past = once(() => reach(number, parents))
    const future = once(() => reach(number, children))
    /** Whether it was given before, or at the same time and counts; never when it was given by somebody who knew of this. */
    const isThere = (gift: Gift) => past().has(gift.number) || (counts(gift) && !future().has(gift.number))
    const isOpen = (gift: Gift) => !past().has(gift.number) && !future().has(gift.number)
    const targetsOf = (operation: Operation): ReadonlySet<DeviceKey> => {
      if (operation.type === 'remove-device') return new Set([operation.device])
      if (operation.type !== 'remove-member' && operation.type !== 'change-roles') return new Set()
      if (operation.type === 'change-roles') {
        const isLost = (role: Role) => !operation.roles.includes(role)
        const given = roles.get(operation.member) ?? []
        if (!given.some((gift) => gift.roles.some(isLost) && isThere(gift))) {
          for (const gift of given) if (gift.roles.some(isLost) && isOpen(gift)) open.add(gift)
          return new Set()
        }
      }
      const held = devices.get(operation.member) ?? []
      for (const gift of held) if (!counts(gift) && isOpen(gift)) open.add(gift)
      return new Set(held.filter(isThere).map(({ device }) => device))
    }
    const mine = operations.map(targetsOf)
    targets.push(mine)
    const concerned = [...new Set(mine.flatMap((one) => [...one]))].flatMap((device) => written.get(device) ?? [])
    return concerned.length === 0 ? [] : concerned.filter((other) => !past().has(other) && !future().has(other))
  })
  return { delays, targets, open }
}

export type OrderingHost = {
  /** Called for each entry, in order. */
  place(entry: ChainEntry): void
  /** Who has belonged to the practice longer, by what has been placed: less is longer. */
  rankOf(device: DeviceKey | undefined): number
  /** Whether the author might really take something from this device, by what the author knew. */
  revokes(revocation: number, device: DeviceKey | undefined): boolean
}

export function walkInOrder({ entries, parents, children }: ChainGraph, all: Delays['delays'], host: OrderingHost): void {
  const delays = all.map((delayed) => [...delayed])
  const delayedBy: number[][] = entries.map(() => [])
  for (const [number, delayed] of delays.entries()) for (const other of delayed) delayedBy[other]?.push(number)
  const waitsFor = entries.map((_, number) => (parents[number]?.length ?? 0) + (delayedBy[number]?.length ?? 0))
  const placed = entries.map(() => false)
  const ready = waitsFor.flatMap((count, number) => (count === 0 ? [number] : []))
  let left = entries.length
  const authors = entries.map(({ by }) => by)
  const judged = entries.map(() => false)
  const isOpen = (number: number) => placed[number] === false

  function free(number: number): void {
    const left = (waitsFor[number] ?? 0) - 1
    waitsFor[number] = left
    if (left === 0 && isOpen(number)) insertSorted(ready, number)
  }

  function place(number: number): void {
    const entry = entries[number]
    if (!entry) return
    placed[number] = true
    left -= 1
    host.place(entry)
    for (const child of children[number] ?? []) free(child)
    for (const delayed of delays[number] ?? []) free(delayed)
  }

  /** Every open entry waits for another: at least one ring of them waits for nothing outside. */
  function breakRing(): void {
    const ring = firstRing(entries.length, [parents, delayedBy], isOpen)
    const inRing = new Set(ring)
    // Whoever has no right to remove anybody does not get ahead by trying. Rings only get smaller: what is in one now was in
    // it when this was looked at.
    const unjudged = new Set(ring.filter((number) => !judged[number]))
    for (const number of unjudged) judged[number] = true
    if (release(inRing, (number, other) => unjudged.has(number) && !host.revokes(number, authors[other]))) return
    const [first] = ring
      .filter((number) => parents[number]?.every((parent) => placed[parent]))
      .map((number) => authors[number])
      .sort((one, other) => compare(host.rankOf(one), host.rankOf(other)) || compare(one ?? '', other ?? ''))
    release(inRing, (_, other) => authors[other] === first)
  }

  /** Within a ring some delays do not hold any more. False when there are none like that. */
  function release(ring: ReadonlySet<number>, isVoid: (number: number, other: number) => boolean): boolean {
    const released = new Map<number, Set<number>>()
    for (const number of ring) {
      const before = delays[number] ?? []
      const after = before.filter((other) => !ring.has(other) || !isVoid(number, other))
      if (after.length === before.length) continue
      delays[number] = after
      const kept = new Set(after)
      for (const other of before) if (!kept.has(other)) addTo(released, other, number)
    }
    for (const [other, numbers] of released) {
      delayedBy[other] = (delayedBy[other] ?? []).filter((number) => !numbers.has(number))
      for (const _ of numbers) free(other)
    }
    return released.size > 0
  }

  for (;;) {
    for (let next = ready.shift(); next !== undefined; next = ready.shift()) place(next)
    if (left === 0) return
    breakRing()
  }
}

/**
 * Of the sets of entries that wait for each other and for nothing else, the one with the smallest number in it: Tarjan's
 * strongly connected components, with a stack of its own, since a chain is as deep as it is long.
 */
function firstRing(
  count: number,
  before: readonly (readonly (readonly number[])[])[],
  isOpen: (number: number) => boolean,
): readonly number[] {
  const waitsFor = (number: number) => before.flatMap((lists) => lists[number] ?? []).filter(isOpen)
  /** By order of discovery, and the earliest that it leads back to; `Infinity` once its component is known. */
  const seen: number[] = []
  const lowest: number[] = []
  const stack: number[] = []
  const path: { readonly number: number; readonly next: Iterator<number>; isRing: boolean }[] = []
  let discovered = 0
  let ring: readonly number[] = []
  let smallest = Number.POSITIVE_INFINITY

  function enter(number: number): void {
    seen[number] = discovered
    lowest[number] = discovered++
    stack.push(number)
    path.push({ number, next: waitsFor(number)[Symbol.iterator](), isRing: true })
  }

  function leave({ number, isRing }: { readonly number: number; readonly isRing: boolean }): void {
    const below = path.at(-1)
    const isWhole = lowest[number] === seen[number]
    if (isWhole) {
      const members = stack.splice(stack.lastIndexOf(number))
      for (const member of members) lowest[member] = Number.POSITIVE_INFINITY
      const least = members.reduce((a, b) => Math.min(a, b))
      if (isRing && least < smallest) {
        ring = members
        smallest = least
      }
    } else if (below) {
      lowest[below.number] = Math.min(lowest[below.number] ?? 0, lowest[number] ?? 0)
    }
    // Whoever waits for a component of its own does not wait for nothing outside, nor does the rest of its component.
    if (below && (isWhole || !isRing)) below.isRing = false
  }

  for (let start = 0; start < count; start++) {
    if (!isOpen(start) || seen[start] !== undefined) continue
    enter(start)
    for (let top = path.at(-1); top; top = path.at(-1)) {
      const { done, value } = top.next.next()
      if (done) {
        path.pop()
        leave(top)
      } else if (seen[value] === undefined) enter(value)
      else if (lowest[value] === Number.POSITIVE_INFINITY) top.isRing = false
      else lowest[top.number] = Math.min(lowest[top.number] ?? 0, seen[value] ?? 0)
    }
  }
  return ring
}

/** Everything that can be reached from an entry, itself included. */
export function reach(start: number, next: readonly (readonly number[])[]): ReadonlySet<number> {
  const reached = new Set([start])
  for (const number of reached) for (const other of next[number] ?? []) reached.add(other)
  return reached
}

function once<T extends object>(find: () => T): () => T {
  let found: T | null = null
  return () => (found ??= find())
}

function insertSorted(list: number[], value: number): void {
  let low = 0
  for (let high = list.length; low < high; ) {
    const middle = (low + high) >> 1
    if ((list[middle] ?? 0) < value) low = middle + 1
    else high = middle
  }
  list.splice(low, 0, value)
}

function compare<T extends number | string>(a: T, b: T): number {
  return a < b ? -1 : a > b ? 1 : 0
}

function append<K, V>(map: Map<K, V[]>, key: K, value: V): void {
  const list = map.get(key)
  if (list) list.push(value)
  else map.set(key, [value])
}

function addTo<K, V>(map: Map<K, Set<V>>, key: K, value: V): void {
  const set = map.get(key)
  if (set) set.add(value)
  else map.set(key, new Set([value]))
}
