import type { DeviceKey, EntryHash } from '@alcove/shared/domain/ids'
import type { ChainEntry, Operation } from '@alcove/shared/domain/practice-chain'
import { mayDo, rollOf } from '@alcove/shared/domain/practice-roll'
import { carryOut, newState, refusalOf } from '@alcove/shared/domain/practice-rules'

/**
 * The order of docs/PROTOCOL.md ("One order"), word by word and as slowly as it reads: for a handful of entries. What an author may
 * do by its own ancestors is asked of their roll; the order is worked out here alone. `seniority`: all devices, as they were added.
 */
export function slowOrder(all: readonly ChainEntry[], root: EntryHash, seniority: readonly DeviceKey[]): readonly EntryHash[] {
  const byHash = new Map(all.map((entry) => [entry.hash, entry]))
  const ancestors = (entry: ChainEntry): ReadonlySet<EntryHash> => {
    const found = new Set<EntryHash>()
    for (const todo = [...entry.parents]; todo.length > 0; ) {
      const hash = todo.pop() as EntryHash
      if (!found.has(hash)) todo.push(...(byHash.get(hash)?.parents ?? []))
      found.add(hash)
    }
    return found
  }
  const connected = [...byHash.values()]
    .filter((entry) => entry.hash === root || [...ancestors(entry)].every((hash) => byHash.has(hash)))
    .filter((entry) => entry.hash === root || ancestors(entry).has(root))
    .sort((a, b) => (a.hash < b.hash ? -1 : 1))
  const past = new Map(connected.map((entry) => [entry, ancestors(entry)]))
  const knows = (entry: ChainEntry, other: ChainEntry) => past.get(entry)?.has(other.hash) === true
  /** Names of operations that had an effect in an order made before. */
  const counting = new Set<string>()
  const nameOf = (entry: ChainEntry, at: number) => `${entry.hash} ${at}`

  /** What the revocation's author knew of, and what counts of that which was signed at the same time. */
  function everything(by: ChainEntry): readonly Operation[] {
    return connected.flatMap((entry) =>
      entry.operations.filter((_, at) => entry === by || knows(by, entry) || (!knows(entry, by) && counting.has(nameOf(entry, at)))),
    )
  }

  function isAgainst(by: ChainEntry, operation: Operation, device: DeviceKey): boolean {
    if (operation.type === 'remove-device') return operation.device === device
    if (operation.type !== 'remove-member' && operation.type !== 'change-roles') return false
    const { member } = operation
    if (!everything(by).some((one) => one.type === 'add-device' && one.device === device && one.member === member)) return false
    if (operation.type === 'remove-member') return true
    const given = everything(by).flatMap((one) =>
      (one.type === 'add-member' || one.type === 'change-roles') && one.member === member ? one.roles : [],
    )
    return given.some((role) => !operation.roles.includes(role))
  }

  /** Whether it takes anything from the device, and its author had the right to it by its own ancestors. */
  function isReal(entry: ChainEntry, device: DeviceKey): boolean {
    const known = connected.filter((other) => knows(entry, other))
    return entry.operations.some((operation, at) => {
      if (!isAgainst(entry, operation, device)) return false
      const until = { ...entry, operations: entry.operations.slice(0, at) }
      const roll = rollOf(at === 0 ? known : [...known, until], root)
      if (!roll || mayDo(roll, entry.by, operation) !== null) return false
      return (
        operation.type !== 'change-roles' ||
        (roll.members.get(operation.member)?.roles ?? []).some((role) => !operation.roles.includes(role))
      )
    })
  }

  function orderOnce(): readonly ChainEntry[] {
    const placed: ChainEntry[] = []
    const idle = new Set<ChainEntry>()
    const idlePairs = new Set<string>()
    const isOpen = (entry: ChainEntry) => !placed.includes(entry)
    const delays = (entry: ChainEntry, other: ChainEntry) =>
      entry !== other &&
      !knows(entry, other) &&
      !knows(other, entry) &&
      !idlePairs.has(`${entry.hash} ${other.hash}`) &&
      entry.operations.some((operation) => isAgainst(entry, operation, other.by))
    const waitsFor = (entry: ChainEntry) =>
      connected.filter((other) => isOpen(other) && (entry.parents.includes(other.hash) || delays(other, entry)))
    while (placed.length < connected.length) {
      const open = connected.filter(isOpen)
      const [free] = open.filter((entry) => waitsFor(entry).length === 0)
      if (free) {
        placed.push(free)
        continue
      }
      const reach = (entry: ChainEntry): ReadonlySet<ChainEntry> => {
        const found = new Set<ChainEntry>()
        for (const todo = [...waitsFor(entry)]; todo.length > 0; ) {
          const one = todo.pop() as ChainEntry
          if (!found.has(one)) todo.push(...waitsFor(one))
          found.add(one)
        }
        return found
      }
      // Entries that all they wait for waits for: a ring that waits for nothing outside.
      const start = open.find((entry) => [...reach(entry)].every((other) => reach(other).has(entry)))
      if (!start) throw new Error('There is always a ring')
      const ring = [...reach(start)]
      const before = idlePairs.size
      for (const entry of ring) {
        if (idle.has(entry)) continue
        idle.add(entry)
        for (const other of ring) if (delays(entry, other) && !isReal(entry, other.by)) idlePairs.add(`${entry.hash} ${other.hash}`)
      }
      if (idlePairs.size > before) continue
      const [first] = ring
        .filter((entry) => entry.parents.every((hash) => placed.some((one) => one.hash === hash)))
        .map(({ by }) => by)
        .sort((a, b) => seniority.indexOf(a) - seniority.indexOf(b))
      for (const entry of ring) {
        for (const other of ring) if (other.by === first && delays(entry, other)) idlePairs.add(`${entry.hash} ${other.hash}`)
      }
    }
    return placed
  }

  for (;;) {
    const order = orderOnce()
    const before = counting.size
    const state = newState()
    for (const entry of order) {
      for (const [at, operation] of entry.operations.entries()) {
        const author = { by: entry.by, at: entry.at, founding: entry.hash === root, removedOwn: false }
        if (refusalOf(state, operation, author) !== null) continue
        carryOut(state, operation, author)
        if (matters(entry, operation)) counting.add(nameOf(entry, at))
      }
    }
    if (counting.size === before) return order.map(({ hash }) => hash)
  }

  /** Whether it gives something to somebody from whom something is taken at the same time. */
  function matters(entry: ChainEntry, operation: Operation): boolean {
    if (operation.type !== 'add-device' && operation.type !== 'add-member' && operation.type !== 'change-roles') return false
    return connected.some(
      (other) =>
        other !== entry &&
        !knows(other, entry) &&
        !knows(entry, other) &&
        other.operations.some((one) => (one.type === 'remove-member' || one.type === 'change-roles') && one.member === operation.member),
    )
  }
}
