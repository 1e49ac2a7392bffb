import type { Bytes } from '@alcove/shared/crypto/bytes'
import { err, ok, type Result } from '@alcove/shared/domain/result'
import type { SaveError, Stop } from '../../ports.ts'
import type { PracticeKeys } from './at-rest.ts'
import { commit, type Database, type IndexRow, type LogRow, saveErrorOf } from './database.ts'
import { isUpdate, type SharedDocument } from './documents.ts'
import { buildDocument, compact, readRow, rowsAfter, rowsOf, sealUpdate } from './log.ts'
import type { Tabs } from './tabs.ts'
import { type Change, type Command, type Made, nextBatch, runCommands, type Waiting } from './write-queue.ts'

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
  /** Another device's update. `ok` once it is durable; `broken`: it is none, and nothing was stored. */
  apply(docId: string, update: Bytes): Promise<Result<void, SaveError | 'broken'>>
  /** Looks at a document as it is durably stored, without a change that is still being written. */
  look<T>(docId: string, at: (document: SharedDocument) => T): Promise<T>
  /** Tells which documents changed, here or in another tab. */
  watch(listener: (docIds: ReadonlySet<string>) => void): Stop
  /** Every update, once, after it is durable; also those of other tabs. */
  watchUpdates(listener: (docId: string, update: Bytes, from: 'here' | 'sync') => void): Stop
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
  /** What the index says of a document; of that only what changed since the previous view. */
  readonly indexOf: (docId: string, view: View, previous: View | null) => readonly IndexRow[]
  /** Another tab wrote to a document that is open here, and now all of it is known. One at a time. */
  readonly mend: (docId: string) => Promise<void>
  /** Above this number the documents used least recently are closed. Opening one again is quick. */
  readonly maxOpen: number
  /** A log with this many rows is compacted. */
  readonly compactAtRows: number
  /** How many of a document's rows cannot be read. They are left out, and left alone. */
  readonly reportDamage: (docId: string, rows: number) => void
}

/** A month or two of a busy practice. */
const longUpdateBytes = 32 * 1024

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
  const updateListeners = new Set<(docId: string, update: Bytes, from: 'here' | 'sync') => void>()
  const compactions = new Set<Promise<void>>()
  /** Rows after the cursor that this tab added. */
  const own = new Set<number>()
  /** Rows up to here are in every open document. */
  let cursor = Number((await database.ylog.orderBy(':id').lastKey()) ?? 0)
  let catching: Promise<void> | null = null
  let catchAgain = false
  let mending: Promise<void> = Promise.resolve()
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
      for (let batch = nextBatch(slot.queue); batch.length > 0; batch = nextBatch(slot.queue)) {
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
    const from = batch[0]?.kind === 'foreign' ? 'sync' : 'here'
    let update: Bytes | null
    loaded.writing = true
    try {
      const made = from === 'here' ? runCommands(docId, loaded.document, batch) : takeForeign(docId, loaded, batch)
      update = made.update
      if (!update && !made.beside) return ok(undefined)
      const sealed = update && (await sealUpdate(keys, docId, 'update', update))
      stored(await commit(database, { docId, sealed, ...made.beside }))
      loaded.rows++
      loaded.view = read(docId, loaded.document, loaded.view)
    } catch (error) {
      await restore(docId, slot, loaded)
      return err(saveErrorOf(error))
    } finally {
      loaded.writing = false
    }
    notify(new Set([docId]))
    if (update) tellUpdate(docId, update, from)
    tabs.announce()
    compactIfLong(docId, loaded)
    return ok(undefined)
  }

  function takeForeign(docId: string, loaded: Loaded<View>, batch: readonly Waiting[]): Made {
    const update = loaded.document.take(batch.flatMap((waiting) => (waiting.kind === 'foreign' ? [waiting.update] : [])))
    return { update, beside: update && { index: options.indexOf(docId, read(docId, loaded.document, loaded.view), loaded.view) } }
  }

  /** Our own rows need no catching up, unless another tab's row lies between. */
  function stored(i: number | null): void {
    if (i === cursor + 1) cursor = i
    else if (i !== null && i > cursor) own.add(i)
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
      await takeOver(
        docId,
        rows.filter(({ i = 0 }) => !own.has(i)),
      )
    }
    cursor = Math.max(cursor, last)
    for (const i of own) if (i <= cursor) own.delete(i)
    if (groups.size > 0) notify(new Set(groups.keys()))
  }

  async function takeOver(docId: string, rows: readonly LogRow[]): Promise<void> {
    if (rows.length === 0) return
    const loaded = await slots.get(docId)?.loaded.catch(() => null)
    if (!loaded && updateListeners.size === 0) return
    const readRows = await Promise.all(rows.map((row) => readRow(keys, row)))
    const updates = readRows.flatMap(({ update }) => (update ? [update] : []))
    if (!loaded) {
      for (const update of updates) tellUpdate(docId, update, 'here')
      return
    }
    let broken = 0
    // Not what is new in a row but what is new to us: the row may be a snapshot of what we have.
    const fresh = loaded.document.capture(() => {
      broken = loaded.document.apply(updates)
    })
    loaded.damaged += broken + readRows.length - updates.length
    options.reportDamage(docId, loaded.damaged)
    loaded.rows += rows.length
    if (!loaded.writing) loaded.view = read(docId, loaded.document, loaded.view)
    if (!fresh) return
    tellUpdate(docId, fresh, 'here')
    mending = Promise.all([mending, look(docId, () => undefined)])
      .then(() => options.mend(docId))
      .catch(() => undefined)
  }

  async function look<T>(docId: string, at: (document: SharedDocument) => T): Promise<T> {
    const loaded = await touch(docId).loaded
    if (!loaded.writing) return at(loaded.document)
    return new Promise<T>((resolve, reject) => {
      enqueue(docId, (release) => ({
        kind: 'command',
        run: () => null,
        // Between two writes, or after a failed one was taken back: at once, before the next one begins.
        finish() {
          release()
          try {
            const now = slots.get(docId)?.now
            if (now) resolve(at(now.document))
            else reject(new Error('The document could not be read again'))
          } catch (error) {
            reject(error)
          }
        },
      }))
    })
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

  function tellUpdate(docId: string, update: Bytes, from: 'here' | 'sync'): void {
    for (const listener of [...updateListeners]) listener(docId, update, from)
  }

  /** In its turn: after the writes that wait already. */
  function enqueue(docId: string, waiting: (release: () => void) => Waiting): void {
    const slot = touch(docId)
    slot.holds++
    slot.queue.push(waiting(() => slot.holds--))
    void drain(docId, slot)
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
      return new Promise<Result<T, SaveError>>((resolve) => {
        let outcome: Result<Change<T>, SaveError> | null = null
        enqueue(docId, (release) => ({
          kind: 'command',
          run(document) {
            outcome = command(document)
            return outcome.ok ? outcome.value : null
          },
          finish(stored) {
            release()
            if (outcome && !outcome.ok) resolve(outcome)
            else if (outcome && stored.ok) resolve(ok(outcome.value.value))
            else resolve(stored.ok ? err('storage-failed') : stored)
          },
        }))
      })
    },
    async apply(docId, update) {
      if (closed) return err('storage-failed')
      if (!isUpdate(update)) return err('broken')
      // Trying it and taking it each take a while: a click may be answered in between.
      if (update.length > longUpdateBytes) await new Promise((resolve) => setTimeout(resolve, 0))
      if (closed) return err('storage-failed')
      return new Promise((resolve) => {
        enqueue(docId, (release) => ({
          kind: 'foreign',
          update,
          finish(stored) {
            release()
            resolve(stored)
          },
        }))
      })
    },
    look,
    watch(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    watchUpdates(listener) {
      updateListeners.add(listener)
      return () => updateListeners.delete(listener)
    },
    catchUp,
    openCount: () => slots.size,
    async close() {
      closed = true
      stopTabs()
      listeners.clear()
      updateListeners.clear()
      await catching?.catch(() => undefined)
      await Promise.all(compactions)
      for (const [docId, slot] of slots) drop(docId, slot)
    },
  }
}
