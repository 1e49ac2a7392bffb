import type { EpochId } from '@alcove/shared/domain/ids'
import {
  type BatchRecord,
  type LogBatch,
  type LogReading,
  type LogStand,
  readBatch,
  standAtBeginning,
  startOf,
  wantsNewKey,
} from '@alcove/shared/domain/log-reading'
import type { DeviceTag, LogHash, LogPosition, RecordHeader, RecordKind } from '@alcove/shared/domain/sealed-log'

/** One log and its readers, without cryptography: a hash is the text of all that it stands for; a document is a set of numbers. */
export type ModelRecord = { readonly header: RecordHeader; readonly content: ReadonlySet<number>; readonly state: BatchRecord['state'] }
export type Epoch = EpochId | null

export const emptyHash = 'empty' as LogHash
export const tagNamed = (name: string) => name as DeviceTag

let names = 0
const nameOf = new WeakMap<ModelRecord, number>()
/** Of a record's bytes. */
function hashOf(record: ModelRecord): number {
  const name = nameOf.get(record) ?? ++names
  nameOf.set(record, name)
  return name
}

const shortened = new Map<string, LogHash>()
/** Collision-free and short. */
function next(before: LogHash, record: ModelRecord): LogHash {
  const text = `${before} ${hashOf(record)}`
  const short = shortened.get(text) ?? (`h${shortened.size}` as LogHash)
  shortened.set(text, short)
  return short
}

export type ModelAnswer = Omit<LogBatch, 'records'> & { readonly records: readonly ModelRecord[] }

/** What an honest server keeps of a log. A copy of it is a fork. */
export type ModelLog = {
  readonly records: readonly ModelRecord[]
  readonly prunedTo: number
  readonly isAcked: boolean
}

export const newLog: ModelLog = { records: [], prunedTo: 0, isAcked: false }

export function endOf(log: ModelLog): LogPosition {
  return { sequence: log.records.length, hash: hashAt(log, log.records.length) }
}

export function hashAt(log: ModelLog, sequence: number): LogHash {
  return hashesOf(log)[sequence] ?? emptyHash
}

const hashesOfRecords = new WeakMap<readonly ModelRecord[], readonly LogHash[]>()
/** From that of the empty log on. */
function hashesOf({ records }: ModelLog): readonly LogHash[] {
  const known = hashesOfRecords.get(records)
  if (known) return known
  const hashes = [emptyHash]
  for (const record of records) hashes.push(next(hashes[hashes.length - 1] ?? emptyHash, record))
  hashesOfRecords.set(records, hashes)
  return hashes
}

/** Null: refused, as the server refuses. */
export function append(log: ModelLog, record: ModelRecord): ModelLog | null {
  const { device, number, kind, covers } = record.header
  if (number !== log.records.filter(({ header }) => header.device === device).length + 1) return null
  if (covers && (covers.sequence > log.records.length || hashAt(log, covers.sequence) !== covers.hash)) return null
  const newest = snapshots(log).at(-1)?.covers ?? 0
  if (kind === 'snapshot' && (covers?.sequence ?? 0) <= newest) return null
  const records = [...log.records, record]
  hashesOfRecords.set(records, [...hashesOf(log), next(endOf(log).hash, record)])
  return prune({ ...log, records, isAcked: kind === 'ack' })
}

function snapshots({ records }: ModelLog) {
  return records.flatMap(({ header }, index) =>
    header.kind === 'snapshot' && header.covers ? [{ at: index + 1, covers: header.covers.sequence }] : [],
  )
}

/** Keeps the two newest snapshots. */
function prune(log: ModelLog): ModelLog {
  const older = snapshots(log).at(-2)
  return older && log.isAcked ? { ...log, prunedTo: Math.max(log.prunedTo, older.covers) } : log
}

export function read(log: ModelLog, after: number, jump: boolean, most: number): ModelAnswer {
  const end = endOf(log)
  const beyond = snapshots(log).filter(({ covers }) => covers > after && covers >= log.prunedTo)
  // No further than it has to, unless it may.
  const base = jump ? beyond.at(-1) : after < log.prunedTo ? beyond[0] : undefined
  const first = base ? base.covers + 1 : after + 1
  const last = Math.min(Math.max(first + most - 1, base?.at ?? 0), end.sequence)
  const records = log.records.slice(first - 1, last)
  return { records, first, snapshot: base?.at ?? null, end, more: last < end.sequence }
}

/** Whatever records a server gives out, hashed by the device from where it stands. */
export function weigh(stand: LogStand, { records, ...answer }: ModelAnswer): LogBatch {
  const headerOf = ({ state, header }: ModelRecord) => (state === 'forged' ? null : header)
  let hash = startOf(stand, answer, (index) => records[index]?.header ?? null) ?? stand.position.hash
  const weighed = records.map((record): BatchRecord => {
    hash = next(hash, record)
    return { header: headerOf(record), state: record.state, hash, bytes: 100 }
  })
  return { ...answer, records: weighed }
}

/** What one device is. `known`: what the log has, by its own reading. `local`: its document. */
export type ModelDevice = {
  readonly tag: DeviceTag
  readonly stand: LogStand
  readonly known: ReadonlySet<number>
  readonly local: ReadonlySet<number>
  /** What its records here have named. */
  readonly told: ReadonlyMap<DeviceTag, number>
  /** How many practice keys its chain has. */
  readonly keys: number
  /** Hashes that it remembers. */
  readonly past: ReadonlyMap<number, LogHash>
}

export function newDevice(name: string): ModelDevice {
  return {
    tag: tagNamed(name),
    stand: standAtBeginning(emptyHash),
    known: new Set(),
    local: new Set(),
    told: new Map(),
    keys: 1,
    past: new Map(),
  }
}

/** One answer judged, and taken. Keys that the device has not yet lock what is under them. */
export function take(
  device: ModelDevice,
  answer: ModelAnswer,
  epochs: readonly Epoch[],
): { readonly device: ModelDevice; readonly reading: LogReading } {
  const mine = epochs.slice(0, device.keys)
  const weighed = weigh(device.stand, answer)
  const records = weighed.records.map(
    (record): BatchRecord =>
      record.state === 'open' && record.header && !mine.includes(record.header.epoch) ? { ...record, state: 'locked' } : record,
  )
  const reading = readBatch(device.stand, { ...weighed, records }, mine, device.tag, (sequence) => device.past.get(sequence) ?? null)
  const content = reading.taken.flatMap((index) => [...(answer.records[index]?.content ?? [])])
  const told = new Map(device.told)
  for (const { header } of records) if (header?.device === device.tag) for (const [other, count] of header.seen) told.set(other, count)
  const past = new Map(device.past)
  for (const [index, { hash }] of records.entries())
    if (answer.first + index <= reading.stand.position.sequence) past.set(answer.first + index, hash)
  return {
    reading,
    device: {
      ...device,
      stand: reading.stand,
      told,
      past,
      known: new Set([...device.known, ...content]),
      local: new Set([...device.local, ...content]),
    },
  }
}

/** The next record of a device, of what it knows. */
export function write(
  device: ModelDevice,
  kind: RecordKind,
  covers: LogPosition | null,
  content: ReadonlySet<number>,
  epochs: readonly Epoch[],
): ModelRecord {
  const { seen } = device.stand
  const others = [...seen].filter(([other]) => other !== device.tag)
  return {
    state: 'open',
    content,
    header: {
      kind,
      device: device.tag,
      number: (seen.get(device.tag) ?? 0) + 1,
      epoch: epochs[device.keys - 1] ?? null,
      seen: new Map(kind === 'snapshot' ? others : others.filter(([other, count]) => device.told.get(other) !== count)),
      covers,
    },
  }
}

/** Up to the log's end, as an honest server gives it. `onReading` sees each judgement. */
export function catchUp(
  device: ModelDevice,
  log: ModelLog,
  epochs: readonly Epoch[],
  how: { readonly jump: boolean; readonly most: number },
  onReading: (reading: LogReading) => void,
): ModelDevice {
  for (let now = device, turn = 0; ; turn++) {
    if (turn > 10_000) throw new Error('It never ends')
    const { device: then, reading } = take(now, read(log, now.stand.position.sequence, how.jump, how.most), epochs)
    onReading(reading)
    if (reading.next === 'done') return then
    if (reading.next === 'wait') now = { ...then, keys: epochs.length }
    else if (reading.next === 'more') now = then
    else return then
  }
}

export function mayWriteSnapshot(device: ModelDevice, epochs: readonly Epoch[]): boolean {
  return device.stand.position.sequence > 0 && !wantsNewKey(device.stand, epochs.slice(0, device.keys))
}
