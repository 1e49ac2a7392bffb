import { emptyLogHash, nextLogHash, readHeader, recordHashOf, verifyRecord } from '@alcove/shared/crypto/sealed-log'
import type { DocumentId } from '@alcove/shared/domain/ids'
import { isAdmitted } from '@alcove/shared/domain/log-access'
import {
  type LogHash,
  type LogPosition,
  maxRecordBytes,
  type RecordHash,
  type RecordHeader,
  snapshotAfterBytes,
  snapshotAfterRecords,
} from '@alcove/shared/domain/sealed-log'
import type { LogErrorCode } from '@alcove/shared/protocol/log-messages'
import type { LogContext } from './context.ts'
import type { Bytes } from './line.ts'
import type { LogWrite, StoredLog, StoredSnapshot } from './log-store.ts'
import { prune } from './pruning.ts'
import { keptBytesOf, type Log, type Seat, type Space } from './spaces.ts'
import { createTurns } from './turns.ts'

/** What a record costs beside its own bytes: its key, its hash and its place. */
const overheadBytes = 128
/** What makes room again, the list of who may write, and kits are still taken when the quota is used up: this part of it more. */
export const reserve = 1 / 8

/** Durable before it is answered. Appends to one log take turns; those to several go to the disk together. */
export async function receiveAppend(context: LogContext, seat: Seat, id: number, name: DocumentId, record: Bytes): Promise<void> {
  const { space, line } = seat
  const header = readHeader(record)
  if (record.length > maxRecordBytes) return line.refuse(id, 'too-large')
  if (header === null) return line.fail(id, 'malformed')
  const log = logOf(space, name)
  try {
    await log.turns.take(() => append(context, seat, { id, name, log, header, record }))
  } finally {
    // Whoever only tries names leaves none behind.
    if (log.state === null && log.turns.isIdle()) space.logs.delete(name)
  }
}

function logOf(space: Space, name: DocumentId): Log {
  const known = space.logs.get(name)
  if (known) return known
  const log: Log = { state: null, turns: createTurns() }
  space.logs.set(name, log)
  return log
}

type Append = {
  readonly id: number
  readonly name: DocumentId
  readonly log: Log
  readonly header: RecordHeader
  readonly record: Bytes
}

async function append(context: LogContext, seat: Seat, { id, name, log, header, record }: Append): Promise<void> {
  const { space, line, device, tag } = seat
  const place = { space: space.id, log: name }
  const isSigned = header.device === tag && (await verifyRecord(place, record, device))
  // A list that came meanwhile counts.
  if (!isSigned || !isAdmitted(space.access.list, device)) return line.refuse(id, 'not-a-member')
  const state = log.state ?? emptyState(await emptyLogHash(space.id, name))
  const recordHash = await recordHashOf(record)
  const newest = state.writers.get(tag)
  if (newest?.number === header.number && newest.record === recordHash) {
    return line.send({ type: 'appended', id, log: name, at: newest.at, tick: newest.tick })
  }
  const expected = (newest?.number ?? 0) + 1
  if (header.number !== expected) return line.refuse(id, 'wrong-number', expected)
  const covers = await coveredBy(context, space, name, state, header)
  if (typeof covers === 'string') return line.refuse(id, covers)

  const at: LogPosition = { sequence: state.end.sequence + 1, hash: await nextLogHash(state.end.hash, recordHash) }
  const grows = record.length + overheadBytes
  const refusal = quotaRefusal(context, space, header, log, grows)
  if (refusal !== null) return line.refuse(id, refusal)
  // From here to the commit nothing waits, so that changes become durable in the order of their ticks.
  space.lastTick += 1
  space.usedBytes += grows
  if (log.state === null) space.logCount += 1
  const next = grown(state, { at, header, recordHash, grows, covers, tick: space.lastTick, now: context.now() })
  const pruned = header.kind === 'update' ? null : prune(next, context.now())
  const writes: LogWrite[] = [
    { type: 'record', ...place, sequence: at.sequence, record: { bytes: record, hash: at.hash, total: next.total } },
    { type: 'log', ...place, state: pruned?.state ?? next },
  ]
  if (pruned) writes.push({ type: 'prune', ...place, first: pruned.first, last: pruned.last })

  const outcome = await context.store.commit(writes)
  if (outcome !== 'stored') {
    space.usedBytes -= grows
    if (log.state === null) space.logCount -= 1
    return line.refuse(id, outcome === 'full' ? 'server-full' : 'failed')
  }
  log.state = pruned?.state ?? next
  space.usedBytes -= keptBytesOf(next) - keptBytesOf(log.state)
  space.tick = Math.max(space.tick, next.tick)
  context.report({ type: 'log-appended' })
  line.send({ type: 'appended', id, log: name, at, tick: next.tick })
  for (const other of space.seats) {
    if (other !== seat && other.wantsHeads) other.line.send({ type: 'head', log: name, end: at, tick: next.tick })
  }
}

export function emptyState(hash: LogHash): StoredLog {
  const nowhere = { sequence: 0, hash }
  return { tick: 0, end: nowhere, total: 0, base: { ...nowhere, total: 0 }, writers: new Map(), snapshots: [] }
}

type Growth = {
  readonly at: LogPosition
  readonly header: RecordHeader
  readonly recordHash: RecordHash
  readonly grows: number
  readonly covers: StoredSnapshot['covers'] | null
  readonly tick: number
  readonly now: number
}

function grown(state: StoredLog, { at, header, recordHash, grows, covers, tick, now }: Growth): StoredLog {
  const { device: by, kind, number } = header
  const confirms = (one: StoredSnapshot) => kind === 'ack' && one.covers.sequence === covers?.sequence && one.by !== by
  const snapshots = state.snapshots.map((one) => (confirms(one) ? { ...one, confirmed: true } : one))
  if (kind === 'snapshot' && covers) snapshots.push({ sequence: at.sequence, covers, by, writtenAt: now, confirmed: false })
  return {
    ...state,
    tick,
    end: at,
    total: state.total + grows,
    writers: new Map(state.writers).set(by, { number, record: recordHash, at, tick }),
    snapshots,
  }
}

/** The position that a snapshot or its confirmation speaks of, as this server has it. Null for an update. */
async function coveredBy(
  context: LogContext,
  space: Space,
  log: DocumentId,
  state: StoredLog,
  { kind, covers }: RecordHeader,
): Promise<StoredSnapshot['covers'] | null | LogErrorCode> {
  if (covers === null) return null
  if (kind === 'ack') {
    const snapshot = state.snapshots.find((one) => one.covers.sequence === covers.sequence && one.covers.hash === covers.hash)
    return snapshot?.covers ?? 'wrong-cover'
  }
  if (covers.sequence > state.end.sequence || covers.sequence < state.base.sequence) return 'wrong-cover'
  const own = await measuredAt(context, space, log, state, covers.sequence)
  if (own.hash !== covers.hash) return 'wrong-cover'
  const last = state.snapshots.at(-1)?.covers
  const isEnough =
    last === undefined || own.sequence >= last.sequence + snapshotAfterRecords / 4 || own.total >= last.total + snapshotAfterBytes / 4
  return isEnough ? own : 'superseded'
}

async function measuredAt(
  context: LogContext,
  space: Space,
  log: DocumentId,
  state: StoredLog,
  sequence: number,
): Promise<StoredSnapshot['covers']> {
  if (sequence === state.base.sequence) return state.base
  if (sequence === state.end.sequence) return { ...state.end, total: state.total }
  const [record] = await context.store.readRecords(space.id, log, { first: sequence, last: sequence, maxCount: 1, maxBytes: 1 })
  if (!record) throw new Error('A record of the sealed log is missing')
  return { sequence, hash: record.hash, total: record.total }
}

function quotaRefusal(context: LogContext, space: Space, { kind }: RecordHeader, log: Log, grows: number): LogErrorCode | null {
  const { LIMIT_LOG_BYTES_PER_SPACE: quota, LIMIT_LOGS_PER_SPACE: maxLogs } = context.limits
  const isFull = space.usedBytes + grows > (kind === 'update' ? quota : quota * (1 + reserve))
  const hasTooMany = log.state === null && space.logCount >= maxLogs
  if (isFull) context.report({ type: 'limit', limit: 'LIMIT_LOG_BYTES_PER_SPACE' })
  if (hasTooMany) context.report({ type: 'limit', limit: 'LIMIT_LOGS_PER_SPACE' })
  return isFull || hasTooMany ? 'space-full' : null
}
