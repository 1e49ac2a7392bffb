import { AsyncLocalStorage } from 'node:async_hooks'
import type { Database } from '../../../pwa/src/adapters/schedule/database.ts'
import type { Tabs } from '../../../pwa/src/adapters/schedule/tabs.ts'
import { createMemoryTable, type Rows } from './memory-table.ts'

/**
 * A disk in memory on which the real store runs, for tests that need many devices and no IndexedDB: transactions that
 * are stored as a whole or not at all, one at a time, and a plug that can be pulled at any moment.
 */
export type MemoryDisk = {
  /** As another tab of the same browser. */
  connect(): { readonly database: Database; readonly tabs: Tabs }
  /** Whatever is not stored by now never will be; everything connected is dead. Connect again afterwards. */
  crash(): void
  /** Makes every write fail so: `QuotaExceededError` for a full disk. Null: works again. */
  fail(name: string | null): void
  /** Rows per table, for looking at what is stored. */
  rows(table: string): readonly object[]
}

/** The tables of database.ts. */
const schemas = {
  keys: 'name',
  ylog: '++i, docId',
  appointments: 'id, startAt, docId, [patientId+clinicianId+startAt]',
  stamps: 'name',
  journal: 'name',
  chain: 'hash',
  peers: 'device',
  unsynced: '[docId+client], docId',
  pages: 'document',
  cover: 'name',
  backgrounds: '++i, id',
} as const

type Transaction = { readonly rows: Map<string, Rows>; readonly keys: Map<string, number> }

export type MemoryDiskOptions = {
  /** Runs before and after each write becomes durable: a chance to let others go first, or to crash. */
  readonly pause?: () => Promise<void>
}

export function createMemoryDisk(options: MemoryDiskOptions = {}): MemoryDisk {
  const pause = options.pause ?? (() => Promise.resolve())
  const stored = new Map<string, Rows>(Object.keys(schemas).map((name) => [name, new Map()]))
  const counters = new Map<string, number>()
  const running = new AsyncLocalStorage<Transaction>()
  const listeners = new Set<{ readonly tab: object; readonly listener: () => void }>()
  let failure: string | null = null
  let life = {}
  let turn: Promise<unknown> = Promise.resolve()

  function doorOf(name: string, alive: () => void) {
    const now = () => {
      alive()
      return running.getStore()
    }
    return {
      read: () => now()?.rows.get(name) ?? stored.get(name) ?? new Map<string, object>(),
      change() {
        const transaction = now()
        if (!transaction) throw new Error(`A write to ${name} outside a transaction`)
        const rows = transaction.rows.get(name) ?? new Map(stored.get(name))
        transaction.rows.set(name, rows)
        return rows
      },
      nextKey() {
        const transaction = now()
        const next = (transaction?.keys.get(name) ?? counters.get(name) ?? 0) + 1
        transaction?.keys.set(name, next)
        return next
      },
    }
  }

  function connect() {
    const mine = life
    let open = true
    const alive = () => {
      if (!open || life !== mine) throw new DOMException('Closed', 'DatabaseClosedError')
    }
    const tables = Object.entries(schemas).map(([name, schema]) => createMemoryTable(name, schema, doorOf(name, alive)))

    async function transact<T>(run: () => Promise<T>): Promise<T> {
      const transaction: Transaction = { rows: new Map(), keys: new Map() }
      const value = await running.run(transaction, run)
      await pause()
      alive()
      if (failure && transaction.rows.size > 0) throw new DOMException('No room', failure)
      for (const [name, rows] of transaction.rows) stored.set(name, rows)
      for (const [name, next] of transaction.keys) counters.set(name, next)
      await pause()
      alive()
      return value
    }

    const database = {
      name: 'memory',
      tables,
      ...Object.fromEntries(tables.map((table) => [table.name, table])),
      open: async () => undefined,
      close() {
        open = false
      },
      transaction<T>(mode: string, ...rest: unknown[]): Promise<T> {
        const run = rest.at(-1) as () => Promise<T>
        if (mode === 'r') return Promise.resolve().then(run)
        const done = turn.then(() => {
          alive()
          return transact(run)
        })
        turn = done.catch(() => undefined)
        return done
      },
    } as unknown as Database

    const tab = {}
    const tabs: Tabs = {
      announce() {
        for (const other of [...listeners]) {
          if (other.tab !== tab) queueMicrotask(() => listeners.has(other) && life === mine && other.listener())
        }
      },
      listen(listener) {
        const entry = { tab, listener }
        listeners.add(entry)
        return () => listeners.delete(entry)
      },
      close() {
        for (const entry of listeners) if (entry.tab === tab) listeners.delete(entry)
      },
    }
    return { database, tabs }
  }

  return {
    connect,
    crash() {
      life = {}
      turn = Promise.resolve()
      listeners.clear()
    },
    fail(name) {
      failure = name
    },
    rows: (table) => [...(stored.get(table)?.values() ?? [])],
  }
}
