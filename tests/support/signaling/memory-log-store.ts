import type { DocumentId } from '@alcove/shared/domain/ids'
import type { SpaceId } from '@alcove/shared/domain/sealed-log'
import type { CommitOutcome, LogStore, LogWrite, StoredKit, StoredLog, StoredRecord } from '../../../signaling/src/sealed-log/log-store.ts'

type Space = {
  readonly statements: string[]
  bytes: number
  readonly logs: Map<DocumentId, StoredLog>
  readonly records: Map<string, StoredRecord>
}

/** A `LogStore` as long as the test: give it to the next hub, and the server was started anew. */
export type MemoryLogStore = LogStore & {
  /** What the next commits come to; null: they are stored. */
  refuseWith(outcome: Exclude<CommitOutcome, 'stored'> | null): void
  /** Every byte of records and kits that it has, and all else as JSON. */
  dump(): Uint8Array<ArrayBuffer>
  /** Another store with the same in it, from here on on its own: a backup, a dishonest server's second face. */
  copy(): MemoryLogStore
  /** A disk that was lost. */
  clear(): void
}

export function createMemoryLogStore(): MemoryLogStore {
  return createStore(new Map(), new Map())
}

function createStore(spaces: Map<SpaceId, Space>, kits: Map<string, StoredKit>): MemoryLogStore {
  let refusal: Exclude<CommitOutcome, 'stored'> | null = null

  function spaceOf(id: SpaceId): Space {
    const space = spaces.get(id) ?? { statements: [], bytes: 0, logs: new Map(), records: new Map() }
    spaces.set(id, space)
    return space
  }

  function apply(write: LogWrite): void {
    switch (write.type) {
      case 'statement': {
        const space = spaceOf(write.space)
        space.statements[write.version] = write.statement
        space.bytes = write.total
        return
      }
      case 'record':
        spaceOf(write.space).records.set(`${write.log} ${write.sequence}`, write.record)
        return
      case 'log':
        spaceOf(write.space).logs.set(write.log, write.state)
        return
      case 'prune':
        for (let at = write.first; at <= write.last; at++) spaceOf(write.space).records.delete(`${write.log} ${at}`)
        return
      case 'kit':
        kits.set(write.locator, write.kit)
        return
      case 'no-kit':
        kits.delete(write.locator)
        return
    }
  }

  const accessOf = ({ statements, bytes }: Space) => ({ version: statements.length - 1, newest: statements.at(-1) ?? '', bytes })

  return {
    spaces: () => spaces.size,
    async readAccess(id) {
      const space = spaces.get(id)
      return space ? accessOf(space) : null
    },
    async readSpace(id) {
      const space = spaces.get(id)
      if (!space) return null
      const kept = [...kits].filter(([, kit]) => kit.space === id)
      return {
        statements: accessOf(space),
        logs: new Map(space.logs),
        kits: new Map(kept.map(([locator, { device, bytes }]) => [locator, { device, size: bytes.length }])),
      }
    },
    readStatements: async (id, from, maxCount) => spaces.get(id)?.statements.slice(from, from + maxCount) ?? [],
    async readRecords(id, log, { first, last, maxCount, maxBytes }) {
      const records: StoredRecord[] = []
      let bytes = 0
      for (let at = first; at <= last && records.length < maxCount; at++) {
        const record = spaces.get(id)?.records.get(`${log} ${at}`)
        if (!record) break
        bytes += record.bytes.length
        if (records.length > 0 && bytes > maxBytes) break
        records.push(record)
      }
      return records
    },
    readKit: async (locator) => kits.get(locator) ?? null,
    async commit(writes) {
      if (refusal !== null) return refusal
      for (const write of writes) apply(write)
      return 'stored'
    },
    close: async () => {},
    refuseWith(outcome) {
      refusal = outcome
    },
    dump() {
      const bytes = [...spaces.values()].flatMap(({ records }) => [...records.values()].map((record) => record.bytes))
      const rest = [...spaces].map(([id, { statements, logs }]) => [
        id,
        statements,
        [...logs].map(([log, state]) => [log, state, [...state.writers]]),
      ])
      return new Uint8Array(Buffer.concat([...bytes, ...[...kits.values()].map((kit) => kit.bytes), Buffer.from(JSON.stringify(rest))]))
    },
    copy: () =>
      createStore(
        new Map(
          [...spaces].map(([id, space]) => [
            id,
            { ...space, statements: [...space.statements], logs: new Map(space.logs), records: new Map(space.records) },
          ]),
        ),
        new Map(kits),
      ),
    clear() {
      spaces.clear()
      kits.clear()
    },
  }
}
