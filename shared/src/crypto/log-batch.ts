import type { DeviceKey, EpochId } from '../domain/ids.ts'
import { type BatchRecord, type LogBatch, type LogStand, type RecordState, startOf } from '../domain/log-reading.ts'
import type { DeviceTag, LogPosition } from '../domain/sealed-log.ts'
import type { Bytes } from './bytes.ts'
import type { KeyHandle } from './identity.ts'
import { type LogPlace, logHashes, openRecord, type ParsedRecord, parseRecord, verifyRecord } from './sealed-log.ts'

/** The devices of the practice and their keys, as far as this device knows them. */
export type LogWriters = {
  /** Removed ones too: what they wrote before they were removed counts. */
  find(tag: DeviceTag): { readonly device: DeviceKey; readonly removed: boolean } | null
  /** Null: this device has not that practice key. */
  contentKey(epoch: EpochId | null, writer: DeviceKey): Promise<KeyHandle | null>
}

/** A server's answer to `read`: the message, and its body cut into records. */
export type LogAnswerOf = {
  readonly first: number
  readonly snapshot: number | null
  readonly records: readonly Bytes[]
  readonly end: LogPosition
  readonly more: boolean
}

/** What `readBatch` (shared/domain/log-reading) judges, and the payloads of those records that opened. */
export type WeighedBatch = {
  readonly batch: LogBatch
  readonly payloads: readonly (Bytes | null)[]
  /** Named as writers and not known here: read the chain's log to its end before this is judged. */
  readonly strangers: boolean
}

/** Hashes, verifies and opens. Never throws, whatever the server sent. */
export async function weighBatch(place: LogPlace, stand: LogStand, answer: LogAnswerOf, writers: LogWriters): Promise<WeighedBatch> {
  const parsed = answer.records.map(parseRecord)
  const [hashes, opened] = await Promise.all([
    logHashes(startOf(stand, answer, (index) => parsed[index]?.header ?? null) ?? stand.position.hash, answer.records),
    Promise.all(parsed.map((record) => open(place, record, writers))),
  ])
  const records = opened.map(
    ({ state }, index): BatchRecord => ({
      header: parsed[index]?.header ?? null,
      state,
      hash: hashes[index] ?? stand.position.hash,
      bytes: answer.records[index]?.length ?? 0,
    }),
  )
  return {
    batch: { ...answer, records },
    payloads: opened.map(({ payload }) => payload),
    strangers: parsed.some((record) => record !== null && writers.find(record.header.device) === null),
  }
}

async function open(
  place: LogPlace,
  record: ParsedRecord | null,
  writers: LogWriters,
): Promise<{ readonly state: RecordState; readonly payload: Bytes | null }> {
  const writer = record && writers.find(record.header.device)
  if (!writer || !(await verifyRecord(place, record, writer.device))) return { state: 'forged', payload: null }
  const key = await writers.contentKey(record.header.epoch, writer.device)
  // A device that was removed may name a key that never was; nobody waits for that one.
  if (!key) return { state: writer.removed ? 'void' : 'locked', payload: null }
  const payload = await openRecord(place, record, key)
  return payload ? { state: 'open', payload } : { state: 'broken', payload: null }
}
