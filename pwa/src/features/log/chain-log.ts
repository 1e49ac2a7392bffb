import { concat, fromBase64Url, fromUtf8, hashText, toBase64Url, utf8 } from '@alcove/shared/crypto/bytes'
import { verifyEntry } from '@alcove/shared/crypto/chain'
import { type LogAnswerOf, type WeighedBatch, weighBatch } from '@alcove/shared/crypto/log-batch'
import { openRecord } from '@alcove/shared/crypto/sealed-log'
import type { DeviceKey, EntryHash, EpochId } from '@alcove/shared/domain/ids'
import type { BatchRecord, LogStand } from '@alcove/shared/domain/log-reading'
import { sealedTo } from '@alcove/shared/domain/practice-roll'
import { decode } from '@alcove/shared/protocol/decode'
import { list } from '@alcove/shared/protocol/fields'
import { signedEntry } from '@alcove/shared/protocol/sync-messages'
import type { KeyHandle } from '@alcove/shared/crypto/identity'
import type { ChainStore, EpochBatch, SyncPlace } from '../../sync-ports.ts'

type Bytes = Uint8Array<ArrayBuffer>

/**
 * The log of the chain's entries. Each record holds entries (a JSON list) under the practice key that was current before
 * them, in the founding device's name whoever writes it: a device that does not know the writer yet can open it, and the
 * entries verify themselves.
 */
const maxEntriesLength = 8 * 1024 * 1024
const entryList = list(signedEntry, 4096)
/** Of the JSON in one record. */
const maxRecordLength = 48 * 1024
const hashBytes = 32

/** Null: this device has not that practice key. */
export type ChainKeys = (epoch: EpochId | null, writer: DeviceKey) => Promise<KeyHandle | null>

export function chainKey(keys: ChainKeys, place: SyncPlace, epoch: EpochId | null): Promise<KeyHandle | null> {
  return keys(epoch, place.foundingDevice)
}

export type ChainReading = {
  readonly weighed: WeighedBatch
  /** Of each record the hashes of its entries, as far as every device can read them there. */
  readonly hashes: readonly (readonly EntryHash[])[]
  /** Under keys that nothing in the chain makes count. */
  readonly passedOver: readonly BatchRecord[]
  readonly stored: boolean
}

/** Without `takeBatches`: for whoever reads with the chain's own keys alone. */
export type ChainTaker = Pick<ChainStore, 'take'> & Partial<Pick<ChainStore, 'takeBatches'>>

type Writers = Parameters<typeof weighBatch>[3]
type ChainPlace = Pick<SyncPlace, 'space' | 'chainLog' | 'foundingDevice'> & Partial<Pick<SyncPlace, 'device' | 'epochs'>>

/**
 * As `weighBatch`, and takes the entries on the way: those of one record may hold the key for the next, or name its writer.
 * `learn`: after entries came.
 */
export async function weighChain(
  place: () => ChainPlace | null,
  stand: LogStand,
  answer: LogAnswerOf,
  writers: Writers,
  chain: ChainTaker,
  learn: () => Promise<void>,
): Promise<ChainReading> {
  const taken = new Set<number>()
  const hashes: (readonly EntryHash[])[] = answer.records.map(() => [])
  let stored = true
  for (;;) {
    const here = place()
    const log = { space: here?.space ?? ('' as never), log: here?.chainLog ?? ('' as never) }
    const inTheName: Writers = {
      find: writers.find,
      contentKey: async (epoch) => (here ? writers.contentKey(epoch, here.foundingDevice) : null),
    }
    const weighed = await weighBatch(log, stand, answer, inTheName)
    const { records, payloads } = here
      ? await openStrangers(weighed, answer.records, log, inTheName, here)
      : { records: weighed.batch.records, payloads: weighed.payloads }
    const fresh: string[] = []
    for (const [index, payload] of payloads.entries()) {
      if (!payload || taken.has(index)) continue
      taken.add(index)
      const entries = entriesIn(payload)
      hashes[index] = (await Promise.all(entries.map(hashText))) as EntryHash[]
      fresh.push(...entries)
    }
    // All that there is has been read: no entry in it makes that key count.
    const isVain = ({ state, header }: BatchRecord) =>
      !answer.more && fresh.length === 0 && state === 'locked' && here?.epochs?.includes(header?.epoch ?? null) === false
    const said = records.map((record): BatchRecord => (isVain(record) ? { ...record, state: 'void' } : record))
    const passedOver = said.filter(({ state }) => state === 'void')
    const result = () => ({
      weighed: { ...weighed, batch: { ...weighed.batch, records: said.map(ageless) }, payloads },
      hashes: hashes.map((of, index) => (isForAll(said[index], place()) ? of : [])),
      passedOver,
      stored,
    })
    if (fresh.length === 0) return result()
    const done = await chain.take(fresh)
    stored &&= done.ok
    if (here) await takeKeys(chain, inTheName, here, fresh)
    await learn()
    if (!done.ok || records.every(({ state }) => state === 'open')) return result()
  }
}

/**
 * What stands under a key that came to nothing is not there for devices that never had it (whoever made the key had removed them, and
 * was removed at the same time): whoever could read it writes it again.
 */
function isForAll(record: BatchRecord | undefined, place: ChainPlace | null): boolean {
  return !place?.epochs || !record?.header || place.epochs.includes(record.header.epoch)
}

/** Keys that were shared with this device by entries that wait for others, which only those keys open. */
async function takeKeys(
  chain: ChainTaker,
  writers: Writers,
  { device, foundingDevice }: ChainPlace,
  signed: readonly string[],
): Promise<void> {
  if (!device || !chain.takeBatches) return
  for (const text of signed) {
    const entry = await verifyEntry(text)
    for (const { epoch, sealed } of entry ? sealedTo([entry], device.publicKey as DeviceKey) : []) {
      if (!(await writers.contentKey(epoch, foundingDevice))) await chain.takeBatches([{ epoch, key: sealed, sealed: '' }])
    }
  }
}

/** Written by a device that only entries in here, or after it, make known: whoever has the practice key may bring them. */
async function openStrangers(
  { batch, payloads }: WeighedBatch,
  bytes: readonly Bytes[],
  log: Parameters<typeof openRecord>[0],
  writers: Writers,
  { foundingDevice }: ChainPlace,
): Promise<{ readonly records: readonly BatchRecord[]; readonly payloads: readonly (Bytes | null)[] }> {
  const opened = [...payloads]
  const records = await Promise.all(
    batch.records.map(async (record, index): Promise<BatchRecord> => {
      const { header } = record
      const sealed = bytes[index]
      if (record.state !== 'forged' || !header || !sealed || writers.find(header.device)) return record
      const key = await writers.contentKey(header.epoch, foundingDevice)
      if (!key) return { ...record, state: 'locked' }
      const payload = await openRecord(log, sealed, key)
      if (!payload) return record
      opened[index] = payload
      return { ...record, state: 'open' }
    }),
  )
  return { records, payloads: opened }
}

/** Entries of every age count here: the chain itself says what comes after what. */
function ageless(record: BatchRecord): BatchRecord {
  return record.header ? { ...record, header: { ...record.header, epoch: null } } : record
}

/** The practice keys of a chain's log, for `readBatch`: there is no order among them. */
export const chainEpochs: readonly null[] = [null]

function entriesIn(payload: Bytes): readonly string[] {
  const entries = decode(entryList, fromUtf8(payload) ?? '', maxEntriesLength)
  return entries.ok ? entries.value : []
}

// --- what it lacks ------------------------------------------------------------------------------------------------------

/** What the log is known to hold, as a page remembers it: the entries' hashes, one after the other. */
export function hashesIn(known: Bytes | null): ReadonlySet<EntryHash> {
  const hashes = new Set<EntryHash>()
  for (let at = 0; known && at + hashBytes <= known.length; at += hashBytes) {
    hashes.add(toBase64Url(known.slice(at, at + hashBytes)) as EntryHash)
  }
  return hashes
}

export function withHashes(known: Bytes | null, hashes: readonly EntryHash[]): Bytes {
  const before = hashesIn(known)
  const fresh = [...new Set(hashes)].filter((hash) => !before.has(hash)).flatMap((hash) => fromBase64Url(hash) ?? [])
  return concat(known ?? new Uint8Array(0), ...fresh)
}

/**
 * What gives a practice key is put where a device can read it that has not even that key: under the founding one, which
 * every device has. The keys in it are sealed to each device.
 */
function readable(batches: readonly EpochBatch[]): readonly EpochBatch[] {
  const shares = batches.flatMap(({ epoch, entries }) => (epoch === null ? [] : entries.filter(({ sharesKeys }) => sharesKeys)))
  const rest = batches.map(({ epoch, entries }) => ({
    epoch,
    entries: entries.filter((entry) => epoch === null || !entry.sharesKeys),
  }))
  return [...rest, { epoch: null, entries: shares }]
}

export type ChainPart = {
  readonly epoch: EpochId | null
  readonly hashes: readonly EntryHash[]
  readonly payload: Bytes
  readonly byMe: boolean
}

/** What the log lacks, in records that may be written one after the other. */
export function partsLacking(batches: readonly EpochBatch[], known: Bytes | null, me: DeviceKey): readonly ChainPart[] {
  const has = hashesIn(known)
  const parts: ChainPart[] = []
  for (const { epoch, entries } of readable(batches)) {
    let part: EpochBatch['entries'][number][] = []
    const close = () => {
      if (part.length === 0) return
      const payload = utf8(JSON.stringify(part.map(({ signed }) => signed)))
      parts.push({ epoch, hashes: part.map(({ hash }) => hash), payload, byMe: part.some(({ by }) => by === me) })
      part = []
    }
    let length = 0
    for (const entry of entries) {
      if (has.has(entry.hash)) continue
      if (length + entry.signed.length > maxRecordLength) {
        close()
        length = 0
      }
      part.push(entry)
      length += entry.signed.length + 3
    }
    close()
  }
  return parts
}
