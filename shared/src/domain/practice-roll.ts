import type { DeviceKey, EntryHash, EpochId } from './ids.ts'
import { type ChainEntry, maxSharedEpochs, type Operation, type Refusal, type RefusalReason, type Roll } from './practice-chain.ts'
import { type ChainGraph, type Delays, delaysIn, type Gift, graphOf, reach, walkInOrder } from './practice-order.ts'
import { carryOut, isAdministrator, newState, noteRefused, type RollState, refusalOf, stateOf } from './practice-rules.ts'

/** The chain read from its beginning: who belongs to the practice now, and how that came about. */
export type History = {
  readonly roll: Roll
  /** Every entry that counts, parents before children. Entries whose ancestors are missing wait and are not here. */
  readonly order: readonly ChainEntry[]
  /**
   * The same entries by the practice key that was current before each: those up to and including the first new key stand
   * under the founding one (null), and so on. Whoever lost its place with a new key can read up to there.
   */
  readonly epochs: readonly EpochEntries[]
}
export type EpochEntries = {
  readonly epoch: EpochId | null
  /** The devices that have had this key; empty for the founding one, which all have. */
  readonly holders: ReadonlySet<DeviceKey>
  readonly entries: readonly ChainEntry[]
}

/**
 * A function of the set of entries alone: order of arrival and repetitions make no difference. `root`: the hash of the
 * founding entry, pinned by every device. Null when it is not among them or founds nothing.
 */
export function historyOf(entries: Iterable<ChainEntry>, root: EntryHash): History | null {
  return replay(entries, root, new Map())
}

export function rollOf(entries: Iterable<ChainEntry>, root: EntryHash): Roll | null {
  return historyOf(entries, root)?.roll ?? null
}

/** Empty without the founding entry. */
export function orderEntries(entries: Iterable<ChainEntry>, root: EntryHash): readonly ChainEntry[] {
  return historyOf(entries, root)?.order ?? []
}

/** What somebody with these heads lacks, in order. Heads that are not known here are about what this device lacks itself. */
export function lackedBy({ order }: Pick<History, 'order'>, heads: readonly EntryHash[]): readonly ChainEntry[] {
  const has = new Set(heads)
  for (const { hash, parents } of [...order].reverse()) if (has.has(hash)) for (const parent of parents) has.add(parent)
  return order.filter(({ hash }) => !has.has(hash))
}

/** How many heads a device names when it says what it has. */
export const maxHeadsSaid = 64

/**
 * So many of the newest entries, sorted; for what a new entry builds on, and to say what one has. Where there are more, those
 * without a refused operation come first: whoever was removed could otherwise crowd them out with entries of no effect.
 */
export function foremostHeads({ heads, refusals }: Pick<Roll, 'heads' | 'refusals'>, most: number): readonly EntryHash[] {
  const refused = new Set(refusals.map(({ entry }) => entry))
  const [effective, others] = [heads.filter((head) => !refused.has(head)), heads.filter((head) => refused.has(head))]
  return [...effective, ...others].slice(0, most).sort()
}

/** Every key that was ever sealed to this device in the chain. */
export function sealedTo(
  entries: Iterable<ChainEntry>,
  device: DeviceKey,
): readonly { readonly epoch: EpochId; readonly sealed: string }[] {
  return [...entries].flatMap(({ operations }) =>
    operations.flatMap((operation) => {
      if (operation.type !== 'rekey' && operation.type !== 'share-key') return []
      return operation.keys.flatMap((key) => (key.device === device ? [{ epoch: operation.epoch, sealed: key.sealed }] : []))
    }),
  )
}

type Replay = History & { readonly taking: Effects; readonly effective: Effects }
/** Operations by the entry that they are in. */
type Effects = ReadonlyMap<EntryHash, ReadonlySet<Operation>>
type Known = Map<EntryHash, ReadonlySet<Operation>>

const maxAttempts = 8

/**
 * What was given to somebody while it was taken counts if it has an effect, and what has an effect depends on the order: so
 * first nothing of it counts, then what had an effect. Whoever was removed gives nothing, and thereby moves nobody.
 * `known`: what each revocation took by its author's own knowledge, worked out once.
 */
function replay(all: Iterable<ChainEntry>, root: EntryHash, known: Known): Replay | null {
  const graph = graphOf(all, root)
  if (!graph) return null
  const counted = new Set<Gift>()
  for (let attempt = 1; ; attempt++) {
    const delays = delaysIn(graph, (gift) => attempt > maxAttempts || counted.has(gift))
    const replayed = replayOnce(graph, delays, root, known)
    const hadEffect = ({ number, operation }: Gift) => {
      const hash = graph.entries[number]?.hash
      return hash !== undefined && replayed?.effective.get(hash)?.has(operation) === true
    }
    if (![...delays.open].some(hadEffect)) return replayed
    for (const gift of [...graph.devices.values(), ...graph.roles.values()].flat()) if (hadEffect(gift)) counted.add(gift)
  }
}

function replayOnce(graph: ChainGraph, { delays, targets }: Delays, root: EntryHash, known: Known): Replay | null {
  const state = newState()
  const order: ChainEntry[] = []
  const refusals: Refusal[] = []
  const taking = new Map<EntryHash, ReadonlySet<Operation>>()
  const effective = new Map<EntryHash, ReadonlySet<Operation>>()
  let current: ChainEntry[] = []
  const epochs: EpochEntries[] = [{ epoch: null, holders: new Set(), entries: current }]

  walkInOrder(graph, delays, {
    place(entry) {
      const done = applyEntry(state, entry, entry.hash === root)
      refusals.push(...done.refusals)
      taking.set(entry.hash, done.taking)
      effective.set(entry.hash, done.effective)
      order.push(entry)
      current.push(entry)
      if (!done.isNewKey) return
      current = []
      epochs.push({ epoch: state.epoch, holders: holdersOf(state) ?? new Set(), entries: current })
    },
    rankOf: (device) => (device && state.ranks.get(device)) ?? Number.POSITIVE_INFINITY,
    revokes(number, device) {
      const entry = graph.entries[number]
      if (!entry || !device) return false
      let real = known.get(entry.hash)
      if (!real) {
        const past = [...reach(number, graph.parents)].flatMap((one) => graph.entries[one] ?? [])
        real = replay(past, root, known)?.taking.get(entry.hash) ?? new Set()
        known.set(entry.hash, real)
      }
      const taken = real
      return entry.operations.some((operation, index) => taken.has(operation) && targets[number]?.[index]?.has(device) === true)
    },
  })

  const { practice, telehealth, members, devices, removedDevices, refusedDevices, epoch } = state
  if (practice === null) return null
  const heads = graph.entries.flatMap(({ hash }, number) => (graph.children[number]?.length === 0 ? [hash] : []))
  const holders = holdersOf(state)
  const roll: Roll = {
    practice,
    telehealth,
    members,
    devices,
    removedDevices,
    refusedDevices,
    epoch: epoch !== null && holders ? { id: epoch, holders } : null,
    epochs: state.epochs,
    heads,
    refusals,
  }
  return { roll, order, epochs: epochs.filter(({ entries }) => entries.length > 0), taking, effective }
}

function holdersOf({ epoch, epochs }: RollState): ReadonlySet<DeviceKey> | undefined {
  return epoch === null ? undefined : epochs.get(epoch)
}

/** Each operation is judged alone, by what those before it have left. */
function applyEntry(state: RollState, { hash, by, at, operations }: ChainEntry, founding: boolean) {
  const refusals: Refusal[] = []
  const taking = new Set<Operation>()
  const effective = new Set<Operation>()
  let isNewKey = false
  let removedOwn = false
  for (const operation of operations) {
    const reason = refusalOf(state, operation, { by, at, founding, removedOwn })
    if (reason !== null) {
      refusals.push({ entry: hash, by, operation: operation.type, reason })
      noteRefused(state, operation, by)
      continue
    }
    removedOwn ||= operation.type === 'remove-device' && isOwn(state, by, operation.device)
    isNewKey ||= operation.type === 'rekey'
    effective.add(operation)
    if (carryOut(state, operation, { by, at })) taking.add(operation)
  }
  return { refusals, taking, effective, isNewKey }
}

function isOwn(state: RollState, mine: DeviceKey, device: DeviceKey): boolean {
  const member = state.devices.get(mine)?.member
  return member !== undefined && state.devices.get(device)?.member === member
}

/** Why each operation of an entry that this device would sign now were refused; null for those that count. */
export function refusalsOf(roll: Roll, by: DeviceKey, operations: readonly Operation[]): readonly (RefusalReason | null)[] {
  const state = stateOf(roll)
  let removedOwn = false
  return operations.map((operation) => {
    const reason = refusalOf(state, operation, { by, at: 0, founding: false, removedOwn })
    if (reason !== null) return reason
    removedOwn ||= operation.type === 'remove-device' && isOwn(state, by, operation.device)
    carryOut(state, operation, { by, at: 0 })
    return null
  })
}

/** Null when this device may do it now. */
export function mayDo(roll: Roll, by: DeviceKey, operation: Operation): RefusalReason | null {
  return refusalsOf(roll, by, [operation])[0] ?? null
}

/** What is left to do about the practice key. The devices: to whom the key is to be sealed, this one included. */
export type Tending =
  | { readonly type: 'rekey'; readonly devices: readonly DeviceKey[] }
  | { readonly type: 'share-key'; readonly epoch: EpochId; readonly devices: readonly DeviceKey[] }

/**
 * Two removals at once leave a key that one of the removed has, and a device that was let in meanwhile has none. Null
 * when there is nothing that this device could do about it. While a new key is due the old one is not shared.
 * `isKeyLost`: what was sealed to this device as the newest key does not open, or nobody gives it one; whoever may make a
 * new key (a member that gives up a device) can leave the others without. What this device can open is its own knowledge:
 * it decides what it signs, never what an entry comes to.
 */
export function needsTending(roll: Roll, me: DeviceKey, isKeyLost = false): Tending | null {
  const { devices, epoch } = roll
  const mine = devices.get(me)
  if (!mine) return null
  if (isLeaked(roll) || (isKeyLost && epoch !== null))
    return isAdministrator(roll.members.get(mine.member)) ? { type: 'rekey', devices: [...devices.keys()] } : null
  if (!epoch?.holders.has(me) || isKeyLost) return null
  const lacking = [...devices.keys()].filter((key) => !epoch.holders.has(key))
  return lacking.length > 0 ? { type: 'share-key', epoch: epoch.id, devices: lacking } : null
}

/**
 * An older key that a device never had, since it was let in by somebody who did not know of it yet: without it what stands in the logs
 * under that key is closed to it. Null when none of those that this device has (`held`) lacks anywhere.
 */
export function pastKeyToShare(roll: Roll, me: DeviceKey, held: ReadonlySet<EpochId>): Tending | null {
  if (!roll.devices.has(me) || isLeaked(roll)) return null
  for (const [epoch, holders] of sharedEpochs(roll)) {
    const devices = [...roll.devices.keys()].filter((key) => !holders.has(key))
    if (held.has(epoch) && devices.length > 0) return { type: 'share-key', epoch, devices }
  }
  return null
}

/** Every practice key, the oldest (the founding one) first; the newest stands here also before anything was signed under it. */
export function epochsOf({ epochs }: Pick<Roll, 'epochs'>): readonly (EpochId | null)[] {
  return [null, ...epochs.keys()]
}

/** The practice keys that every device of the practice should have. */
export function sharedEpochs({ epochs }: Pick<Roll, 'epochs'>): readonly (readonly [EpochId, ReadonlySet<DeviceKey>])[] {
  return [...epochs].slice(-maxSharedEpochs)
}

/**
 * Whether only devices of the practice can be where this key leads: it is the newest one, and nobody who was removed has
 * it. Otherwise nothing may be said there until there is a new key.
 */
export function isKeyPrivate(roll: Roll, epoch: EpochId | null): boolean {
  return epoch === (roll.epoch?.id ?? null) && !isLeaked(roll)
}

function isLeaked({ epoch, devices, removedDevices }: Roll): boolean {
  return epoch ? [...epoch.holders].some((key) => !devices.has(key)) : removedDevices.size > 0
}
