import type { AppointmentStatus, AppointmentType } from '@alcove/shared/domain/appointment'
import type { AppointmentId, DeviceKey, EntryHash, EpochId, MemberId, PatientId, RoomId } from '@alcove/shared/domain/ids'
import type { Bytes } from '@alcove/shared/crypto/bytes'
import { Dexie, type Table } from 'dexie'
import type { LogCover, LogPage } from '../../log-ports.ts'
import type { SaveError } from '../../ports.ts'

/** The one door to Dexie. docs/decisions/0002-own-encrypted-store.md says what each table is for. */

export type KeyRow =
  /** Wraps everything else on this device. `check`: a known text, sealed, to see whether the key still works. */
  | { readonly name: 'device'; readonly key: CryptoKey; readonly check: Bytes }
  /** The 32-byte practice key, wrapped, and who set up this device. Its presence means that there is a practice. */
  | { readonly name: 'practice'; readonly sealed: Bytes; readonly me: MemberId }
  /** PKCS#8 of the room key and of the device's identity, wrapped. */
  | { readonly name: 'room' | 'identity'; readonly sealed: Bytes }
  /**
   * 32 bytes, wrapped: this device's own secret for what lies on the disk, so that nobody else's key opens it. Stores of
   * the first version have none and go on with the practice key.
   */
  | { readonly name: 'disk'; readonly sealed: Bytes }
  /** Hash of the founding entry: what this device takes for its practice, whatever comes later. */
  | { readonly name: 'root'; readonly root: EntryHash }
  /** A later practice key, wrapped. */
  | { readonly name: EpochRowName; readonly epoch: EpochId; readonly sealed: Bytes }
  /** Not secret: the room key's signature over the device's. */
  | { readonly name: 'certificate'; readonly certificate: string; readonly expiresAt: number }
  /** By how much the server's minimum epoch of this room is ahead of the removals in the chain. */
  | { readonly name: 'epoch-ahead'; readonly room: RoomId; readonly by: number }

export type EpochRowName = `epoch:${string}`
/** A signed entry of the chain, sealed: what another device takes out of the practice document stays here. */
export type ChainRow = { readonly hash: EntryHash; readonly sealed: Bytes }

/** What this device remembers of another (PeerRecord in sync-ports.ts). */
export type PeerRow = { readonly device: DeviceKey; readonly mark: number; readonly heardAt: number | null }

/** Changes made here up to `clock` of one Yjs client that no other device has confirmed. */
export type UnsyncedRow = { readonly docId: string; readonly client: number; readonly clock: number; readonly changes: number }

/** What this device knows of a document's log on the server, and of the whole space (LogBook in log-ports.ts). */
export type PageRow = LogPage
export type CoverRow = { readonly name: keyof LogCover; readonly sealed: Bytes }

/**
 * One Yjs update (V2), sealed. Rows are only ever added; compaction replaces some by one `snapshot` in the same
 * transaction. `i` grows in commit order and is never used twice, so a row can be named: sync will remember the first
 * one it has not sent, and compaction will then leave that row and all after it alone.
 */
export type LogRow = {
  readonly i?: number
  readonly docId: string
  readonly kind: 'update' | 'snapshot'
  readonly sealed: Bytes
}

/** What calendar queries need, and no names: derived from the documents, and made again from them when in doubt. */
export type IndexRow = {
  readonly id: AppointmentId
  readonly docId: string
  readonly clinicianId: MemberId
  readonly patientId: PatientId | null
  readonly startAt: number
  readonly endAt: number
  readonly type: AppointmentType
  readonly status: AppointmentStatus
}

export type StampRow =
  /** Which rules made the index, and how many rows it should have. */
  | { readonly name: 'index'; readonly version: number; readonly count: number }
  /** Which rules the documents follow. A program leaves a newer store alone. */
  | { readonly name: 'format'; readonly version: number }

export type JournalRow = { readonly name: string; readonly sealed: Bytes }

/** An image of one's own for backgrounds, and its thumbnail, both sealed. `i` tells the oldest. */
export type BackgroundRow = { readonly i?: number; readonly id: string; readonly image: Bytes; readonly thumbnail: Bytes }

export type Database = Dexie & {
  readonly keys: Table<KeyRow, KeyRow['name']>
  readonly ylog: Table<LogRow, number>
  readonly appointments: Table<IndexRow, AppointmentId>
  readonly stamps: Table<StampRow, StampRow['name']>
  readonly journal: Table<JournalRow, string>
  readonly chain: Table<ChainRow, EntryHash>
  readonly peers: Table<PeerRow, DeviceKey>
  readonly unsynced: Table<UnsyncedRow, [string, number]>
  readonly pages: Table<PageRow, string>
  readonly cover: Table<CoverRow, CoverRow['name']>
  readonly backgrounds: Table<BackgroundRow, number>
}

/** Raised when index rows are made in another way; the index is then made anew. */
export const indexVersion = 1
/**
 * Raised when documents are written in a way that today's program would misread. 2: who belongs to the practice is in the
 * signed chain; the members' fields in the practice document no longer say it.
 */
export const formatVersion = 2

export function declareDatabase(name: string): Database {
  // strict: the browser reports a commit only after the bytes were handed to the disk. Dexie's own cache would show
  // writes before that.
  const database = new Dexie(name, { chromeTransactionDurability: 'strict', cache: 'disabled' }) as Database
  database.version(1).stores({
    keys: 'name',
    ylog: '++i, docId',
    appointments: 'id, startAt, docId, [patientId+clinicianId+startAt]',
    stamps: 'name',
    journal: 'name',
  })
  database.version(2).stores({
    chain: 'hash',
    peers: 'device',
    unsynced: '[docId+client], docId',
  })
  database.version(3).stores({
    pages: 'document',
    cover: 'name',
  })
  database.version(4).stores({
    backgrounds: '++i, id',
  })
  return database
}

/**
 * The one way to write. Every write transaction spans `stamps`, whatever else it needs, so that there is never more than
 * one in flight, in all tabs together: Chromium (seen in 156) that is killed during two takes their traces on the disk
 * for corruption when it starts again ("Invalid locks on disk") and deletes the whole database.
 */
export function write<T>(database: Database, tables: readonly Table[], run: () => Promise<T>): Promise<T> {
  return database.transaction('rw', [...new Set([...tables, database.stamps])], run)
}

export function databaseNames(): Promise<string[]> {
  return Dexie.getDatabaseNames()
}

export function deleteDatabase(name: string): Promise<void> {
  return Dexie.delete(name)
}

/** Everything that one command changes; it is stored together or not at all. */
export type Write = {
  readonly docId: string
  /** Null when no document changed. */
  readonly sealed: Bytes | null
  readonly index?: readonly IndexRow[]
  readonly chain?: readonly ChainRow[]
  readonly keys?: readonly KeyRow[]
  /** Changes made here that other devices lack from now on. */
  readonly unsynced?: UnsyncedRow | null
}

/**
 * One strict transaction; resolves with the new log row's key once it is durable. Everything was encrypted before:
 * waiting for WebCrypto inside would end the transaction. Throws when the practice is gone (site data were cleared
 * while the page stood open, or this device was removed), so that nothing is written where nobody could read it.
 */
export function commit(database: Database, change: Write): Promise<number | null> {
  const { keys, ylog, appointments, chain, unsynced } = database
  return write(database, [keys, ylog, appointments, chain, unsynced], async () => {
    if ((await keys.where('name').equals('practice').count()) === 0) throw new Error('The practice key is gone')
    return store(database, change)
  })
}

/** Inside a transaction. */
async function store({ keys, ylog, appointments, stamps, chain, unsynced }: Database, change: Write): Promise<number | null> {
  if (change.index && change.index.length > 0) {
    const before = await appointments.bulkGet(change.index.map(({ id }) => id))
    const added = before.filter((row) => row === undefined).length
    await appointments.bulkPut([...change.index])
    const stamp = await stamps.get('index')
    if (stamp?.name === 'index') await stamps.put({ ...stamp, count: stamp.count + added })
  }
  if (change.chain && change.chain.length > 0) await chain.bulkPut([...change.chain])
  if (change.keys && change.keys.length > 0) await keys.bulkPut([...change.keys])
  if (change.unsynced) {
    const { docId, client, changes } = change.unsynced
    const before = await unsynced.get([docId, client])
    await unsynced.put({ ...change.unsynced, changes: changes + (before?.changes ?? 0) })
  }
  if (!change.sealed) return null
  return ylog.add({ docId: change.docId, kind: 'update', sealed: change.sealed })
}

/**
 * A new practice: its keys and its first document, together. False, and nothing stored, when there is one already. Images that a tab
 * of an older version, which knows of none, left behind when it erased the last practice go: no key opens them any more.
 */
export function commitFirst(database: Database, keyRows: readonly KeyRow[], first: Write): Promise<boolean> {
  const { keys, ylog, appointments, stamps, chain, unsynced, backgrounds } = database
  return write(database, [keys, ylog, appointments, chain, unsynced, backgrounds], async () => {
    if (await keys.get('practice')) return false
    await backgrounds.clear()
    await keys.bulkPut([...keyRows])
    await stamps.bulkPut([
      { name: 'format', version: formatVersion },
      { name: 'index', version: indexVersion, count: 0 },
    ])
    await store(database, first)
    return true
  })
}

/** The founding of the chain in a store of the first version. False, and nothing stored, when another tab was faster. */
export function commitFounding(database: Database, change: Write): Promise<boolean> {
  const { keys, ylog, appointments, stamps, chain, unsynced } = database
  return write(database, [keys, ylog, appointments, chain, unsynced], async () => {
    if ((await keys.get('root')) || !(await keys.get('practice'))) return false
    await store(database, change)
    await stamps.put({ name: 'format', version: formatVersion })
    return true
  })
}

/**
 * Everything is gone, in one transaction; `deviceKey` is what the next practice on this device begins with. False when
 * another tab was faster.
 */
export function eraseAll(database: Database, deviceKey: KeyRow | null): Promise<boolean> {
  const { tables, keys } = database
  return write(database, tables, async () => {
    if (!(await keys.get('practice'))) return false
    for (const table of tables) await table.clear()
    if (deviceKey) await keys.put(deviceKey)
    return true
  })
}

/**
 * Replaces rows by one that holds the same, and gives its key. Null, and nothing done, when a row was replaced by
 * somebody else meanwhile.
 */
export function replaceRows(database: Database, covered: readonly number[], snapshot: LogRow): Promise<number | null> {
  return write(database, [database.ylog], async () => {
    const present = await database.ylog.where('docId').equals(snapshot.docId).primaryKeys()
    const all = new Set(present)
    if (!covered.every((i) => all.has(i))) return null
    const i = await database.ylog.add(snapshot)
    await database.ylog.bulkDelete([...covered])
    return i
  })
}

/** A full disk may be reported by the request, by the transaction, or from inside Dexie's own errors. */
export function saveErrorOf(error: unknown): SaveError {
  for (let at: unknown = error, depth = 0; at instanceof Object && depth < 5; depth++) {
    const { name, inner }: { name?: unknown; inner?: unknown } = at
    if (name === 'QuotaExceededError') return 'storage-full'
    at = inner
  }
  return 'storage-failed'
}
