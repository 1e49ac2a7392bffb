import { createHash } from 'node:crypto'
import { type DocumentId, asId } from '@alcove/shared/domain/ids'
import { emptyLogHash, nextLogHash, readHeader, recordHashOf } from '@alcove/shared/crypto/sealed-log'
import type { LogHash, SpaceId } from '@alcove/shared/domain/sealed-log'
import type { LogStore, LogWrite, StoredKit, StoredLog, StoredRecord } from '../../../signaling/src/sealed-log/log-store.ts'

type Bytes = Uint8Array<ArrayBuffer>

/** What lies on the disk of a server of the simulation; a dishonest one may copy it and change what it likes. */
export type SimLogDisk = {
  readonly spaces: Map<SpaceId, SimSpace>
  readonly kits: Map<string, StoredKit>
  isFull: boolean
}
export type SimSpace = { statements: string[]; readonly logs: Map<DocumentId, SimLog> }
export type SimLog = {
  state: StoredLog
  readonly records: Map<number, StoredRecord>
  /** For the checks alone, and never pruned: the running hash at each position since this disk was empty. */
  readonly path: Map<number, LogHash>
}

export function createSimLogDisk(): SimLogDisk {
  return { spaces: new Map(), kits: new Map(), isFull: false }
}

export function copyOf(disk: SimLogDisk): SimLogDisk {
  const copyLog = ({ state, records, path }: SimLog): SimLog => ({ state, records: new Map(records), path: new Map(path) })
  const copySpace = ({ statements, logs }: SimSpace): SimSpace => ({
    statements: [...statements],
    logs: new Map([...logs].map(([name, log]) => [name, copyLog(log)])),
  })
  return { ...disk, spaces: new Map([...disk.spaces].map(([id, space]) => [id, copySpace(space)])), kits: new Map(disk.kits) }
}

function replaceBy(disk: SimLogDisk, other: SimLogDisk): void {
  disk.spaces.clear()
  for (const [id, space] of other.spaces) disk.spaces.set(id, space)
}

/** A server that has the disk open. After `kill` nothing more of it becomes durable than had, and nobody is told. */
export type SimLogStore = LogStore & { kill(): void }

export type SimLogStoreOptions = {
  readonly disk: SimLogDisk
  /** Resolves after the time that a write takes. */
  readonly pass: () => Promise<void>
  /** Whether what was under way when the power went had become durable. */
  readonly wasDurable: () => boolean
  /** Sabotage: acknowledged before it is durable. */
  readonly isHasty?: boolean
}

export function openSimLogStore({ disk, pass, wasDurable, isHasty = false }: SimLogStoreOptions): SimLogStore {
  let killed = false
  let tail: Promise<unknown> = Promise.resolve()
  const waiting: (readonly LogWrite[])[] = []
  const spaceOf = (id: SpaceId) => disk.spaces.get(id)
  /** What a hasty server falls back to when its power goes. */
  let lastDurable: SimLogDisk | null = null
  let unwritten = 0

  function commitHastily(writes: readonly LogWrite[]): Promise<'stored'> {
    lastDurable ??= copyOf(disk)
    unwritten++
    apply(disk, writes)
    void pass().then(() => {
      unwritten--
      if (unwritten === 0) lastDurable = null
    })
    return Promise.resolve('stored')
  }

  const accessOf = ({ statements }: SimSpace) => ({
    version: statements.length - 1,
    newest: statements.at(-1) ?? '',
    bytes: statements.reduce((sum, { length }) => sum + length, 0),
  })

  return {
    spaces: () => disk.spaces.size,
    async readAccess(id) {
      const space = spaceOf(id)
      return space ? accessOf(space) : null
    },
    async readSpace(id) {
      const space = spaceOf(id)
      if (!space) return null
      return {
        statements: accessOf(space),
        logs: new Map([...space.logs].map(([name, { state }]) => [name, state])),
        kits: new Map(),
      }
    },
    readStatements: async (id, from, maxCount) => spaceOf(id)?.statements.slice(from, from + maxCount) ?? [],
    async readRecords(id, name, { first, last, maxCount, maxBytes }) {
      const found: StoredRecord[] = []
      let bytes = 0
      for (let at = first; at <= last && found.length < maxCount; at++) {
        const record = spaceOf(id)?.logs.get(name)?.records.get(at)
        bytes += record?.bytes.length ?? 0
        if (!record || (found.length > 0 && bytes > maxBytes)) break
        found.push(record)
      }
      return found
    },
    readKit: async (locator) => disk.kits.get(locator) ?? null,
    commit(writes) {
      if (disk.isFull) return Promise.resolve('full')
      if (isHasty) return commitHastily(writes)
      waiting.push(writes)
      const done = tail.then(async () => {
        await pass()
        // A killed server's promises are never kept.
        if (killed) return new Promise<never>(() => undefined)
        waiting.shift()
        apply(disk, writes)
        return 'stored' as const
      })
      tail = done
      return done
    },
    close: async () => undefined,
    kill() {
      killed = true
      // In order: what came later is not there without what came before.
      for (const writes of waiting) {
        if (!wasDurable()) break
        apply(disk, writes)
      }
      if (lastDurable) replaceBy(disk, lastDurable)
    },
  }
}

function apply(disk: SimLogDisk, writes: readonly LogWrite[]): void {
  for (const write of writes) {
    switch (write.type) {
      case 'statement': {
        const space = disk.spaces.get(write.space) ?? { statements: [], logs: new Map() }
        disk.spaces.set(write.space, space)
        space.statements[write.version] = write.statement
        break
      }
      case 'record':
        logOf(disk, write.space, write.log)?.records.set(write.sequence, write.record)
        logOf(disk, write.space, write.log)?.path.set(write.sequence, write.record.hash)
        break
      case 'log': {
        const log = logOf(disk, write.space, write.log)
        if (log) log.state = write.state
        break
      }
      case 'prune':
        for (let at = write.first; at <= write.last; at++) logOf(disk, write.space, write.log)?.records.delete(at)
        break
      case 'kit':
        disk.kits.set(write.locator, write.kit)
        break
      case 'no-kit':
        disk.kits.delete(write.locator)
    }
  }
}

function logOf(disk: SimLogDisk, id: SpaceId, name: DocumentId): SimLog | null {
  const space = disk.spaces.get(id)
  if (!space) return null
  const nowhere = { sequence: 0, hash: asId<LogHash>('') }
  const none: StoredLog = { tick: 0, end: nowhere, total: 0, base: { ...nowhere, total: 0 }, writers: new Map(), snapshots: [] }
  const log = space.logs.get(name) ?? { state: none, records: new Map(), path: new Map() }
  space.logs.set(name, log)
  return log
}

/**
 * Other records in place of those that a log has, as a server that knows all rules but has no key can write them: in one
 * line, with running hashes that fit, and announced to everybody as a change. False: nothing was changed, since the server itself
 * could not begin anywhere in such a log; of one that was pruned a snapshot must be left that holds the rest.
 */
export async function rewriteLog(disk: SimLogDisk, id: SpaceId, name: DocumentId, records: readonly Bytes[]): Promise<boolean> {
  const space = disk.spaces.get(id)
  const log = space?.logs.get(name)
  if (!space || !log) return false
  const { base } = log.state
  const from = base.sequence === 0 ? { ...base, hash: await emptyLogHash(id, name) } : base
  const tick = 1 + Math.max(0, ...[...space.logs.values()].map(({ state }) => state.tick))
  let state: StoredLog = { ...log.state, tick, base: from, end: from, total: from.total, writers: new Map(), snapshots: [] }
  const written: StoredRecord[] = []
  // Writers of what was pruned are still known.
  for (const [tag, newest] of log.state.writers) {
    if (newest.at.sequence <= base.sequence) state = { ...state, writers: new Map(state.writers).set(tag, newest) }
  }
  for (const bytes of records) {
    const record = await recordHashOf(bytes)
    const sequence = state.end.sequence + 1
    const at = { sequence, hash: await nextLogHash(state.end.hash, record) }
    const total = state.total + bytes.length + 128
    written.push({ bytes, hash: at.hash, total })
    const header = readHeader(bytes)
    const writers = new Map(state.writers)
    if (header) writers.set(header.device, { number: Math.max(header.number, writers.get(header.device)?.number ?? 0), record, at, tick })
    const snapshots = [...state.snapshots]
    if (header?.kind === 'snapshot' && header.covers && header.covers.sequence < sequence) {
      snapshots.push({ sequence, covers: { ...header.covers, total }, by: header.device, writtenAt: 0, confirmed: false })
    }
    state = { ...state, end: at, total, writers, snapshots }
  }
  if (base.sequence > 0 && !state.snapshots.some(({ covers }) => covers.sequence >= base.sequence)) return false
  for (const at of [...log.records.keys()]) if (at > base.sequence) log.records.delete(at)
  for (const at of [...log.path.keys()]) if (at > base.sequence) log.path.delete(at)
  for (const [index, record] of written.entries()) {
    log.records.set(base.sequence + 1 + index, record)
    log.path.set(base.sequence + 1 + index, record.hash)
  }
  log.state = state
  return true
}

/** The records that are not pruned, oldest first. */
export function recordsOf({ state, records }: SimLog): Bytes[] {
  return [...records]
    .filter(([at]) => at > state.base.sequence)
    .sort(([a], [b]) => a - b)
    .map(([, { bytes }]) => bytes)
}

/** How many records are gone, of all logs. */
export function prunedIn({ spaces }: SimLogDisk): number {
  return [...spaces.values()].reduce((sum, { logs }) => [...logs.values()].reduce((all, { state }) => all + state.base.sequence, sum), 0)
}

/** Of a record, for the checks. */
export function nameOf(bytes: Bytes): string {
  return createHash('sha256').update(bytes).digest('base64')
}
