import { mkdir, open, rm, statfs } from 'node:fs/promises'
import { join } from 'node:path'
import { ClassicLevel } from 'classic-level'
import type { DocumentId } from '@alcove/shared/domain/ids'
import { keptKitFrom, keys, kitFrom, lastPart, logFrom, type Row, recordFrom, rowsOf, spaceFrom, textFrom, under } from './level-rows.ts'
import type { SpaceId } from '@alcove/shared/domain/sealed-log'
import type { CommitOutcome, LogStore, LogWrite, StoredAccess, StoredRecord } from './log-store.ts'

type Bytes = Uint8Array<ArrayBuffer>

export type LevelStoreOptions = {
  readonly folder: string
  /** What is left free of the disk: the database needs room of its own to tidy up. */
  readonly keepFreeBytes: number
  /** Of the disk that the folder is on; `freeBytesOf` but in tests. */
  freeBytes?(folder: string): Promise<number>
  /** Whatever went wrong that is no full disk: for the operator. */
  report?(error: unknown): void
}

type Waiting = {
  readonly rows: readonly Row[]
  readonly bytes: number
  readonly spaces: number
  readonly done: (outcome: CommitOutcome) => void
}

/** One write and one fsync for so much of what waits. */
const maxGroupBytes = 16 * 1024 * 1024
/** The database writes what it has not sorted yet into a file: one group, and LevelDB's own 4 MiB. */
const roomBytes = 20 * 1024 * 1024
const zeros = new Uint8Array(1024 * 1024)
/** After a write that failed, the disk is tried again this much later. */
const tryAgainMs = 1_000

/**
 * The one door to LevelDB, in this very process (docs/decisions/0012). Rejects with a sentence when the folder is in use by
 * another process, damaged, or cannot be written.
 */
export async function openLevelStore({
  folder,
  keepFreeBytes,
  freeBytes = freeBytesOf,
  report = () => {},
}: LevelStoreOptions): Promise<LogStore> {
  await mkdir(folder, { recursive: true, mode: 0o700 })
  // What is stored is ciphertext, which gets no shorter.
  const database = new ClassicLevel<string, Bytes>(folder, { keyEncoding: 'utf8', valueEncoding: 'view', compression: false })
  await database.open().catch((error: unknown) => {
    throw new Error(problemOf(error), { cause: error })
  })
  let spaces = (await database.keys(under('space')).all()).length
  let waiting: Waiting[] = []
  let writing: Promise<void> | null = null
  let opening: Promise<void> | null = null
  let isClosed = false
  /**
   * A write failed. What follows in the same file might not be found again, and what failed might be, so that the database is
   * opened anew and this undone before the next write. `undo`: null while what was there before could not be read; until it is,
   * nothing is written, and nothing opened anew. Null: none has failed, or it is undone.
   */
  let failed: { readonly keys: readonly string[]; undo: readonly Row[] | null } | null = null
  /** Opened anew, the database may show what failed: nothing is read from it until that is undone. */
  let undoing: Promise<void> | null = null
  let refusal: { readonly outcome: CommitOutcome; readonly untilMs: number } | null = null

  async function write(): Promise<void> {
    while (waiting.length > 0) {
      const group = takeGroup()
      const outcome = await store(group)
      for (const { spaces: made, done } of group) {
        if (outcome === 'stored') spaces += made
        done(outcome)
      }
    }
    writing = null
  }

  function takeGroup(): Waiting[] {
    let bytes = 0
    const end = waiting.findIndex((one, index) => {
      bytes += one.bytes
      return index > 0 && bytes > maxGroupBytes
    })
    const group = end < 0 ? waiting : waiting.slice(0, end)
    waiting = end < 0 ? [] : waiting.slice(end)
    return group
  }

  async function store(group: readonly Waiting[]): Promise<CommitOutcome> {
    if (refusal !== null && performance.now() < refusal.untilMs) return refusal.outcome
    refusal = null
    const needed = group.reduce((total, { bytes }) => total + bytes, keepFreeBytes)
    try {
      if ((await freeBytes(folder)) < needed) return 'full'
      if (failed !== null) await recover()
      await opened()
      const rows = group.flatMap((one) => one.rows)
      await database.batch(rows, { sync: true }).catch(async (error: unknown) => {
        failed = { keys: rows.map(({ key }) => key), undo: null }
        failed.undo = await before(failed.keys).catch(onFault)
        throw error
      })
      return 'stored'
    } catch (error) {
      if (!isFull(error)) onFault(error)
      refusal = { outcome: isFull(error) ? 'full' : 'failed', untilMs: performance.now() + tryAgainMs }
      return refusal.outcome
    }
  }

  function onFault(error: unknown): null {
    report(error)
    return null
  }

  /** The database still answers as before the write that failed. */
  async function before(touched: readonly string[]): Promise<readonly Row[]> {
    const values = await database.getMany([...touched])
    return touched.map((key, index): Row => {
      const value = values[index]
      return value === undefined ? { type: 'del', key } : { type: 'put', key, value }
    })
  }

  /** Rejects as long as what failed is not undone. As long as the disk takes nothing, the database stays open: it can still be read. */
  async function recover(): Promise<void> {
    if (failed === null) return
    failed.undo ??= await before(failed.keys)
    await tryDisk(folder)
    undoing = openAnew(failed.undo)
    await undoing
    undoing = null
    failed = null
  }

  async function openAnew(rows: readonly Row[]): Promise<void> {
    await database.close()
    await opened()
    await database.batch([...rows], { sync: true })
  }

  /** What is read from here on is what was stored, and no more. */
  async function readable(): Promise<void> {
    if (undoing !== null) await undoing.catch(() => commit([]))
    if (undoing !== null) throw new Error('What could not be stored is not undone yet')
    await opened()
  }

  function commit(writes: readonly LogWrite[]): Promise<CommitOutcome> {
    const rows = writes.flatMap(rowsOf)
    const bytes = rows.reduce((total, row) => total + row.key.length + (row.type === 'put' ? row.value.length : 0), 0)
    const made = writes.filter((one) => one.type === 'statement' && one.version === 0).length
    return new Promise((done) => {
      waiting.push({ rows, bytes, spaces: made, done })
      writing ??= write()
    })
  }

  /** Closed is what it is after it could not be opened anew. */
  async function opened(): Promise<void> {
    if (database.status === 'open') return
    if (isClosed) throw new Error('The sealed log is closed')
    opening ??= database.open().finally(() => {
      opening = null
    })
    await opening
  }

  async function readAccess(space: SpaceId): Promise<StoredAccess | null> {
    await readable()
    const row = await database.get(keys.space(space))
    if (row === undefined) return null
    const { version, bytes } = spaceFrom(row)
    const newest = await database.get(keys.statement(space, version))
    if (newest === undefined) throw new Error('A statement of the access list is missing')
    return { version, newest: textFrom(newest), bytes }
  }

  return {
    spaces: () => spaces,
    readAccess,
    async readSpace(space) {
      await readable()
      const statements = await readAccess(space)
      if (statements === null) return null
      const logs = await database.iterator(under(`log!${space}`)).all()
      const kits = await database.iterator(under(`kit-of!${space}`)).all()
      return {
        statements,
        logs: new Map(logs.map(([key, value]) => [lastPart(key) as DocumentId, logFrom(value)])),
        kits: new Map(kits.map(([key, value]) => [lastPart(key), keptKitFrom(value)])),
      }
    },
    async readStatements(space, from, maxCount) {
      await readable()
      const range = { gte: keys.statement(space, from), lt: under(`access!${space}`).lt, limit: maxCount }
      return (await database.values(range).all()).map(textFrom)
    },
    async readRecords(space, log, { first, last, maxCount, maxBytes }) {
      await readable()
      const records: StoredRecord[] = []
      let bytes = 0
      const range = { gte: keys.record(space, log, first), lte: keys.record(space, log, last), limit: maxCount }
      for await (const value of database.values(range)) {
        const record = recordFrom(value)
        bytes += record.bytes.length
        if (records.length > 0 && bytes > maxBytes) break
        records.push(record)
      }
      return records
    },
    async readKit(locator) {
      await readable()
      const row = await database.get(keys.kit(locator))
      return row === undefined ? null : kitFrom(row)
    },
    commit,
    async close() {
      isClosed = true
      await writing
      await database.close()
    },
  }
}

/** Rejects unless the disk takes as much as the database writes when it is opened. */
async function tryDisk(folder: string): Promise<void> {
  const path = join(folder, 'room.tmp')
  try {
    const file = await open(path, 'w', 0o600)
    try {
      for (let written = 0; written < roomBytes; written += zeros.length) await file.appendFile(zeros)
      await file.datasync()
    } finally {
      await file.close()
    }
  } finally {
    await rm(path, { force: true })
  }
}

/** What a user without special rights may still write on the disk of this folder. */
export async function freeBytesOf(folder: string): Promise<number> {
  const { bavail, bsize } = await statfs(folder)
  return bavail * bsize
}

function isFull(error: unknown): boolean {
  return causesOf(error).some(({ message }) => /no space left|disk quota|file too large/i.test(message))
}

function problemOf(error: unknown): string {
  const codes = causesOf(error).map(({ code }) => code)
  if (codes.includes('LEVEL_LOCKED')) return 'another server uses DATA_DIR. Each needs one of its own.'
  if (codes.includes('LEVEL_CORRUPTION'))
    return 'sealed-log in DATA_DIR is damaged. Restore it, or move it away: the devices of the practices fill the server again.'
  if (codes.includes('LEVEL_IO_ERROR')) return 'sealed-log in DATA_DIR cannot be written.'
  return 'sealed-log in DATA_DIR cannot be opened.'
}

function causesOf(error: unknown): { readonly message: string; readonly code: unknown }[] {
  const causes: { readonly message: string; readonly code: unknown }[] = []
  for (let one = error; one instanceof Error; one = one.cause) causes.push({ message: one.message, code: 'code' in one ? one.code : null })
  return causes
}
