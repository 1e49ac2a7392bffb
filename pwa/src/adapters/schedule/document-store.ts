import { err, ok, type Result } from '@alcove/shared/domain/result'
import type { SaveError, Stop } from '../../ports.ts'
import type { PracticeKeys } from './at-rest.ts'
import { commit, type Database, type IndexRow, type LogRow, saveErrorOf } from './database.ts'
import type { SharedDocument } from './documents.ts'
import { buildDocument, compact, readRow, rowsAfter, rowsOf, sealUpdate } from './log.ts'
import type { Tabs } from './tabs.ts'

/** What a command did to its document. A command that fails must fail before it changes anything. */
export type Change<T> = { readonly value: T; readonly index?: IndexRow }
export type Command<T> = (document: SharedDocument) => Result<Change<T>, SaveError>

export type DocumentStore<View> = {
  /**
   * Views of documents as they are durably stored; opens what is not open. A view never shows a change that is still
   * being written.
   */
  views(docIds: readonly string[]): Promise<ReadonlyMap<string, View>>
  view(docId: string): Promise<View>
  /** The view of a document that is open; null otherwise. */
  peek(docId: string): View | null
  /**
   * Runs a command. Commands that wait for the same document share one update and one transaction. Resolves `ok` only
   * after the bytes are durable; otherwise the document is as it was.
   */
  change<T>(docId: string, command: Command<T>): Promise<Result<T, SaveError>>
  /** Tells which documents changed, here or in another tab. */
  watch(listener: (docIds: ReadonlySet<string>) => void): Stop
  /** Takes over what other tabs have stored. */
  catchUp(): Promise<void>
  /** How many documents are in memory. */
  openCount(): number
  close(): Promise<void>
}

export type DocumentStoreOptions<View> = {
  readonly database: Database
  readonly keys: PracticeKeys
  readonly tabs: Tabs
  /** What a document shows; `previous` is its last view, so that unchanged parts can be kept. */
  readonly read: (docId: string, document: SharedDocument, previous: View | null) => View
  /** Above this number the documents used least recently are closed. Opening one again is quick. */
  readonly maxOpen: number
  /** A log with this many rows is compacted. */
  readonly compactAtRows: number
  /** How many of a document's rows cannot be read. They are left out, and left alone. */
  readonly reportDamage: (docId: string, rows: number) => void
}

type Waiting = {
  readonly run: (document: SharedDocument) => IndexRow | null
  readonly finish: (stored: Result<void, SaveError>) => void
}
/** There is at most one slot per document; a slot that somebody holds stays open. */
type Slot<View> = {
  readonly loaded: Promise<Loaded<View>>
  readonly queue: Waiting[]
  holds: number
  draining: boolean
  /** Once it has loaded. */
  now: Loaded<View> | null
}
type Loaded<View> = {
  document: SharedDocument
  /** Of the durable state. The document itself may hold changes that are being written. */
  view: View
  rows: number
  damaged: number
  writing: boolean
}

export async function createDocumentStore<View>(options: DocumentStoreOptions<View>): Promise<DocumentStore<View>> {
  const { database, keys, tabs, read } = options
  /** Least recently used first. */
  const slots = new Map<string, Slot<View>>()
  const listeners = new Set<(docIds: ReadonlySet<string>) => void>()
  const compactions = new Set<Promise<void>>()
  /** Rows up to here are in every open document. */
  let cursor = Number((await database.ylog.orderBy(':id').lastKey()) ?? 0)
  let catching: Promise<void> | null = null
  let catchAgain = false
  let closed = false
  const stopTabs = tabs.listen(() => void catchUp().catch(() => undefined))

  function openSlots(docIds: readonly string[]): void {
    const rows = rowsOf(database, docIds)
    for (const docId of docIds) {
      const loaded = rows.then((found) => load(docId, found.get(docId) ?? []))
      const slot: Slot<View> = { loaded, queue: [], holds: 0, draining: false, now: null }
      slots.set(docId, slot)
      loaded.then(
        (now) => {
          slot.now = now
        },
        () => drop(docId, slot),
      )
    }
    evict()
  }

  async function load(docId: string, rows: readonly LogRow[]): Promise<Loaded<View>> {
    const { document, damaged } = await buildDocument(keys, rows)
    options.reportDamage(docId, damaged)
    const loaded = { document, view: read(docId, document, null), rows: rows.length, damaged, writing: false }
    compactIfLong(docId, loaded)
    return loaded
  }

  /** The slot, opened if need be, as the most recently used. */
  function touch(docId: string): Slot<View> {
    const slot = slots.get(docId)
    if (!slot) {
      openSlots([docId])
      return touch(docId)
    }
    slots.delete(docId)
    slots.set(docId, slot)
    return slot
  }

  function evict(): void {
    for (const [docId, slot] of slots) {
      if (slots.size <= options.maxOpen) return
      if (slot.holds === 0 && slot.now) drop(docId, slot)
    }
  }

  function drop(docId: string, slot: Slot<View>): void {
    if (slots.get(docId) === slot) slots.delete(docId)
    slot.loaded.then(({ document }) => document.close()).catch(() => undefined)
  }

  async function drain(docId: string, slot: Slot<View>): Promise<void> {
    if (slot.draining) return
    slot.draining = true
    try {
      const loaded = await slot.loaded
      for (let batch = slot.queue.splice(0); batch.length > 0; batch = slot.queue.splice(0)) {
        const stored = await write(docId, slot, loaded, batch)
        for (const { finish } of batch) finish(stored)
        if (slots.get(docId) !== slot) throw new Error('The document could not be read again')
      }
    } catch (error) {
      for (const { finish } of slot.queue.splice(0)) finish(err(saveErrorOf(error)))
    } finally {
      slot.draining = false
    }
  }

  async function write(docId: string, slot: Slot<View>, loaded: Loaded<View>, batch: readonly Waiting[]): Promise<Result<void, SaveError>> {
    loaded.writing = true
    try {
      const index = new Map<string, IndexRow>()
      const update = loaded.document.capture(() => {
        for (const { run } of batch) {
          const row = run(loaded.document)
          if (row) index.set(row.id, row)
        }
      })
      if (!update && index.size === 0) return ok(undefined)
      const sealed = update && (await sealUpdate(keys, docId, 'update', update))
      stored(await commit(database, { docId, sealed, index: [...index.values()] }))
      loaded.rows++
      loaded.view = read(docId, loaded.document, loaded.view)
    } catch (error) {
      await restore(docId, slot, loaded)
      return err(saveErrorOf(error))
    } finally {
      loaded.writing = false
    }
    notify(new Set([docId]))
    tabs.announce()
    compactIfLong(docId, loaded)
    return ok(undefined)
  }

  /** Our own rows need no catching up, unless another tab's row lies between. */
  function stored(i: number | null): void {
    if (i === cursor + 1) cursor = i
  }

  /** After a failed write memory must not show more than the disk holds. */
  async function restore(docId: string, slot: Slot<View>, loaded: Loaded<View>): Promise<void> {
    loaded.document.close()
    try {
      const rows = (await rowsOf(database, [docId])).get(docId) ?? []
      loaded.document = (await buildDocument(keys, rows)).document
      loaded.view = read(docId, loaded.document, loaded.view)
    } catch {
      // Not even readable now: whoever asks next opens it anew.
      drop(docId, slot)
    }
  }

  function compactIfLong(docId: string, loaded: Loaded<View>): void {
    if (closed || loaded.rows < options.compactAtRows) return
    loaded.rows = 1
    const done = compact(database, keys, docId)
      .then(stored)
      .catch(() => undefined)
      .finally(() => compactions.delete(done))
    compactions.add(done)
  }

  async function catchUpOnce(): Promise<void> {
    const groups = await rowsAfter(database, cursor)
    let last = cursor
    for (const [docId, rows] of groups) {
      last = Math.max(last, ...rows.map(({ i = 0 }) => i))
      await takeOver(docId, rows)
    }
    cursor = Math.max(cursor, last)
    if (groups.size > 0) notify(new Set(groups.keys()))
  }

  async function takeOver(docId: string, rows: readonly LogRow[]): Promise<void> {
    const loaded = await slots.get(docId)?.loaded.catch(() => null)
    if (!loaded) return
    const readRows = await Promise.all(rows.map((row) => readRow(keys, row)))
    const updates = readRows.flatMap(({ update }) => (update ? [update] : []))
    loaded.damaged += loaded.document.apply(updates) + readRows.length - updates.length
    options.reportDamage(docId, loaded.damaged)
    loaded.rows += rows.length
    if (!loaded.writing) loaded.view = read(docId, loaded.document, loaded.view)
  }

  function catchUp(): Promise<void> {
    if (closed) return Promise.resolve()
    if (catching) {
      catchAgain = true
      return catching
    }
    catching = (async () => {
      do {
        catchAgain = false
        await catchUpOnce()
      } while (catchAgain)
    })().finally(() => {
      catching = null
    })
    return catching
  }

  function notify(docIds: ReadonlySet<string>): void {
    for (const listener of listeners) listener(docIds)
  }

  async function views(docIds: readonly string[]): Promise<ReadonlyMap<string, View>> {
    const unique = [...new Set(docIds)]
    const missing = unique.filter((docId) => !slots.has(docId))
    const open = unique.filter((docId) => slots.has(docId)).map((docId) => [docId, touch(docId)] as const)
    if (missing.length > 0) openSlots(missing)
    const opened = missing.flatMap((docId) => {
      const slot = slots.get(docId)
      return slot ? [[docId, slot] as const] : []
    })
    const found = await Promise.all([...open, ...opened].map(async ([docId, slot]) => [docId, (await slot.loaded).view] as const))
    return new Map(found)
  }

  return {
    views,
    async view(docId) {
      return (await touch(docId).loaded).view
    },
    peek: (docId) => slots.get(docId)?.now?.view ?? null,
    change<T>(docId: string, command: Command<T>) {
      if (closed) return Promise.resolve(err('storage-failed'))
      const slot = touch(docId)
      slot.holds++
      return new Promise<Result<T, SaveError>>((resolve) => {
        let outcome: Result<Change<T>, SaveError> | null = null
        slot.queue.push({
          run(document) {
            outcome = command(document)
            return outcome.ok ? (outcome.value.index ?? null) : null
          },
          finish(stored) {
            slot.holds--
            if (outcome && !outcome.ok) resolve(outcome)
            else if (outcome && stored.ok) resolve(ok(outcome.value.value))
            else resolve(stored.ok ? err('storage-failed') : stored)
          },
        })
        void drain(docId, slot)
      })
    },
    watch(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    catchUp,
    openCount: () => slots.size,
    async close() {
      closed = true
      stopTabs()
      listeners.clear()
      await catching?.catch(() => undefined)
      await Promise.all(compactions)
      for (const [docId, slot] of slots) drop(docId, slot)
    },
  }
}
