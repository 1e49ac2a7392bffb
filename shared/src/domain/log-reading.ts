import type { EpochId } from './ids.ts'
import {
  type DeviceTag,
  type LogHash,
  type LogIncidentKind,
  type LogPosition,
  type RecordHeader,
  snapshotAfterBytes,
  snapshotAfterManyRecords,
  snapshotAfterMuchBytes,
  snapshotAfterRecords,
} from './sealed-log.ts'

/**
 * The rules by which a device reads a log: what it takes, where it stands afterwards, and what it notices about a server that
 * is not honest. Nothing is decrypted here and nothing is hashed (shared/crypto/log-batch does): same answer, same reading.
 */

/** Of one document's log: read and verified up to `position`. */
export type LogStand = {
  readonly position: LogPosition
  /** Of each device, this one included, the number of its newest record up to there. */
  readonly seen: ReadonlyMap<DeviceTag, number>
  /** Records of an older practice key have no effect behind one of this key. Null: the founding one. */
  readonly epoch: EpochId | null
  /** Where the newest snapshot stands (0: there was none), and what came after it. */
  readonly snapshotAt: number
  readonly snapshotBytes: number
  readonly recordsSince: number
  readonly bytesSince: number
}

/** Before anything was read; also where healing begins. `hash`: of the empty log. */
export function standAtBeginning(hash: LogHash): LogStand {
  return { position: { sequence: 0, hash }, seen: new Map(), epoch: null, snapshotAt: 0, snapshotBytes: 0, recordsSince: 0, bytesSince: 0 }
}

export type RecordState =
  /** Signed by the device that it names, and open. */
  | 'open'
  /**
   * It may count later. So signed, by a device of the practice, under a practice key that this device has not yet; or by somebody whom
   * the part of the chain may name that this device could not read yet.
   */
  | 'locked'
  /** So signed, by a device that was removed, under a key that nobody here will have: it counts for nothing, and no server did that. */
  | 'void'
  /** So signed, and it does not open. */
  | 'broken'
  /** No device of the practice signed it. */
  | 'forged'

export type BatchRecord = {
  /** Null: `forged`. */
  readonly header: RecordHeader | null
  readonly state: RecordState
  /** The running hash behind it. */
  readonly hash: LogHash
  readonly bytes: number
}

/** A server's answer to `read`, after everything that takes keys. */
export type LogBatch = {
  /** Sequence of the first record. */
  readonly first: number
  /** Of the snapshot that covers everything before `first`, where the answer jumps. It is among the records. */
  readonly snapshot: number | null
  readonly records: readonly BatchRecord[]
  readonly end: LogPosition
  readonly more: boolean
  /** It was asked for without a jump: what comes before `first` is gone for good. */
  readonly isOldest?: boolean
}

export type LogReading = {
  /** Where the device stands after it. It was not moved by records that it could not believe, only past them. */
  readonly stand: LogStand
  /** Indices of the records whose payload counts, in the order in which it is to be applied. */
  readonly taken: readonly number[]
  /** Noticed, each once. */
  readonly incidents: readonly LogIncidentKind[]
  readonly next: /** All is read. */
    | 'done'
    /** There is more: read after the new position. */
    | 'more'
    /** This is not the log that was read before. Begin at 0 (`standAtBeginning`), take what is good, write again what it lacks; once for an answer of this kind. */
    | 'heal'
    /** What follows takes a practice key that this device has not: read the chain's log and ask again. */
    | 'wait'
    /** The answer leads nowhere. Ask without `jump`; if it stays so, later. */
    | 'stuck'
}

/**
 * The running hash before the first record: this device's own, or the one that the covering snapshot says. Null: the answer
 * does not join on to what was read.
 */
export function startOf(
  { position }: LogStand,
  answer: Pick<LogBatch, 'first' | 'snapshot'>,
  headerAt: (index: number) => RecordHeader | null,
): LogHash | null {
  const { first, snapshot } = answer
  if (first === position.sequence + 1) return position.hash
  const base = first > position.sequence && snapshot !== null ? headerAt(snapshot - first) : null
  return base?.kind === 'snapshot' && base.covers?.sequence === first - 1 ? base.covers.hash : null
}

/** What a log's end says to somebody who stands here. */
export function endSeenFrom({ position }: LogStand, end: LogPosition): 'same' | 'further' | 'rolled-back' | 'forked' {
  if (end.sequence < position.sequence) return 'rolled-back'
  if (end.sequence > position.sequence) return 'further'
  return end.hash === position.hash ? 'same' : 'forked'
}

/** The running hash that a reader once had at a sequence, as far as it remembers. */
export type PastHash = (sequence: number) => LogHash | null

/**
 * `epochs`: in the chain's order, the founding one (null) first. `me`: own records that are missing mean that the server forgot.
 * `pastHash`: the further back it remembers, the more forks show.
 */
export function readBatch(
  before: LogStand,
  batch: LogBatch,
  epochs: readonly (EpochId | null)[],
  me: DeviceTag,
  pastHash: PastHash = () => null,
): LogReading {
  const nothing = (next: LogReading['next'], ...incidents: readonly LogIncidentKind[]): LogReading => ({
    stand: before,
    taken: [],
    incidents,
    next,
  })
  const ended = endSeenFrom(before, batch.end)
  if (ended === 'same') return nothing('done')
  if (ended !== 'further') return nothing('heal', ended)
  const start = startOf(before, batch, (index) => batch.records[index]?.header ?? null)
  if (start === null || batch.records.length === 0) return nothing('stuck', 'withheld')

  const baseAt = batch.first > before.position.sequence + 1 && batch.snapshot !== null ? batch.snapshot - batch.first : null
  let stand = before
  let isVain = false
  if (baseAt !== null) {
    const base = baseOf(batch, baseAt, start)
    if (base.state === 'locked') return nothing('wait')
    if (base.state !== 'open' && base.state !== 'void') return nothing('stuck', 'forged')
    isVain = base.state === 'void' || !epochs.includes(base.stand.epoch)
    // A removed device's own key, or one that came to nothing: no server did that.
    if (isVain && !(batch.isOldest && before.position.sequence === 0 && isConfirmed(batch, baseAt, start))) return nothing('stuck')
    if (!isVain && isOlder(epochs, base.stand.epoch, before.epoch)) return nothing('stuck', 'forged')
    const lost = [...before.seen].filter(([device, newest]) => (base.stand.seen.get(device) ?? 0) < newest)
    if (lost.length > 0) return nothing('heal', lost.some(([device]) => device === me) ? 'rolled-back' : 'withheld')
    // What it holds counts for nothing, and whoever has that writes it behind it.
    stand = isVain ? { ...base.stand, epoch: null } : base.stand
  }

  const taken = baseAt === null || isVain ? [] : [baseAt]
  const incidents = new Set<LogIncidentKind>()
  const result = (next: LogReading['next']): LogReading => ({ stand, taken, incidents: [...incidents], next })
  const hashes = new Map([[stand.position.sequence, stand.position.hash]])
  const hashAt = (sequence: number) => hashes.get(sequence) ?? pastHash(sequence)
  for (const [index, record] of batch.records.entries()) {
    // Whoever stands on another log waits in vain for a key that only this one has.
    if (record.state === 'locked') return leadsElsewhere(batch) ? nothing('heal', 'forked') : result('wait')
    const step = pass(stand, record, hashAt, epochs)
    for (const kind of step.incidents) incidents.add(kind)
    if (step.counts && index !== baseAt && record.header?.kind !== 'ack') taken.push(index)
    stand = step.stand
    hashes.set(stand.position.sequence, record.hash)
  }
  if (batch.more) return result('more')
  const now = endSeenFrom(stand, batch.end)
  if (now === 'same') return result('done')
  if (now === 'further') {
    incidents.add('withheld')
    return result('stuck')
  }
  // They do not lead there: what this device stood on is not under them. Nothing of it is taken before that log is read from
  // its beginning, since in it the first record of a newer practice key may stand where this device never looked.
  return nothing('heal', ...incidents.add('forked'))
}

/** It holds all records up to the end, and by their hashes the end is another one. */
function leadsElsewhere({ first, records, end, more }: LogBatch): boolean {
  return !more && first + records.length - 1 === end.sequence && records.at(-1)?.hash !== end.hash
}

type Step = { readonly stand: LogStand; readonly counts: boolean; readonly incidents: readonly LogIncidentKind[] }

/** One record further. */
function pass(stand: LogStand, record: BatchRecord, hashAt: PastHash, epochs: readonly (EpochId | null)[]): Step {
  const sequence = stand.position.sequence + 1
  const moved: LogStand = {
    ...stand,
    position: { sequence, hash: record.hash },
    recordsSince: stand.recordsSince + 1,
    bytesSince: stand.bytesSince + record.bytes,
  }
  const { header } = record
  if (!header || record.state === 'forged') return { stand: moved, counts: false, incidents: ['forged'] }
  const { device, number, covers } = header
  const newest = stand.seen.get(device) ?? 0
  if (number <= newest) return { stand: moved, counts: false, incidents: ['replayed'] }

  const incidents: LogIncidentKind[] = []
  const isGap = number > newest + 1 || [...header.seen].some(([other, count]) => count > (stand.seen.get(other) ?? 0))
  if (isGap || (covers && covers.sequence >= sequence)) incidents.push('withheld')
  const covered = covers && hashAt(covers.sequence)
  if (covered && covered !== covers.hash) incidents.push('forked')
  if (record.state === 'broken') incidents.push('forged')

  const seen = new Map(stand.seen).set(device, number)
  const counts = record.state === 'open' && epochs.includes(header.epoch) && !isOlder(epochs, header.epoch, stand.epoch)
  if (!counts) return { stand: { ...moved, seen }, counts, incidents }
  const read: LogStand = { ...moved, seen, epoch: header.epoch }
  return {
    stand:
      header.kind === 'snapshot' ? { ...read, snapshotAt: sequence, snapshotBytes: record.bytes, recordsSince: 0, bytesSince: 0 } : read,
    counts,
    incidents,
  }
}

/** A second device has said that a snapshot is whole: the records that it covers went by an honest server's hand. */
function isConfirmed({ records, first }: LogBatch, index: number, hash: LogHash): boolean {
  const writer = records[index]?.header?.device
  return records.some(({ header, state }) => {
    if (header?.kind !== 'ack' || header.device === writer || (state !== 'open' && state !== 'void')) return false
    return header.covers?.sequence === first - 1 && header.covers.hash === hash
  })
}

/** Where somebody stands who has read all that a snapshot covers, by the word of its writer. */
function baseOf({ first, records }: LogBatch, index: number, hash: LogHash): { readonly stand: LogStand; readonly state: RecordState } {
  const record = records[index]
  if (!record?.header) return { stand: standAtBeginning(hash), state: 'forged' }
  const { device, number, seen, epoch } = record.header
  const all = new Map(seen)
  if (number > 1) all.set(device, number - 1)
  const stand: LogStand = { ...standAtBeginning(hash), position: { sequence: first - 1, hash }, seen: all, epoch }
  return { stand, state: record.state }
}

/** One that the chain does not have is older than all. */
function isOlder(epochs: readonly (EpochId | null)[], one: EpochId | null, other: EpochId | null): boolean {
  return epochs.indexOf(one) < epochs.indexOf(other)
}

/**
 * Whether somebody should write a record under the newest key, an empty `update` if there is nothing else to say: until then a
 * removed device that has the older key, with a server that lets it in, could still add to this log. Snapshots wait for it too:
 * theirs is the key of the newest record that they cover, so that whoever begins there knows which key counts.
 */
export function wantsNewKey({ position, epoch }: LogStand, epochs: readonly (EpochId | null)[]): boolean {
  return position.sequence > 0 && epochs.indexOf(epoch) < epochs.length - 1
}

/** Whether so much came since the newest snapshot that another one is due. */
export function wantsSnapshot({ recordsSince, bytesSince, snapshotBytes }: LogStand): boolean {
  const isMuch = recordsSince >= snapshotAfterRecords && bytesSince >= Math.max(snapshotAfterBytes, snapshotBytes)
  return isMuch || recordsSince >= snapshotAfterManyRecords || bytesSince >= 2 * Math.max(snapshotAfterMuchBytes, snapshotBytes)
}
