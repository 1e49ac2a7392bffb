import { equalBytes } from '@alcove/shared/crypto/bytes'
import type { MemberId } from '@alcove/shared/domain/ids'
import { err, ok, type Result } from '@alcove/shared/domain/result'
import type { PracticeState, Stop } from '../../ports.ts'
import { changedRows, ensureIndex, mendIndex } from './appointment-index.ts'
import { documentIdOf, type PracticeKeys, practiceKeysOf } from './at-rest.ts'
import { type ChainKeeper, createChainKeeper } from './chain-keeper.ts'
import { type Database, eraseAll, type KeyRow } from './database.ts'
import { type DeviceKey, newDeviceRow, takeNewKey } from './device-key.ts'
import { createDocumentStore, type DocumentStore } from './document-store.ts'
import type { SharedDocument } from './documents.ts'
import { foundOnce } from './founding.ts'
import { storedPair, unwrap } from './host-keys.ts'
import { patientDocument, patientShards, practiceDocument } from './names.ts'
import { removerOf, stateOf } from './practice-state.ts'
import type { RemovalNote } from './removal.ts'
import { keepRoom } from './room-keeping.ts'
import type { Tabs } from './tabs.ts'
import { type PracticeView, readAppointmentsView, readPatientsView, readPracticeView, skippedIn, type View } from './views.ts'
import { createWatched, type Watched } from './watched.ts'

/** The practice of this device, opened: its keys are in memory and its documents can be read. */
export type OpenPractice = {
  readonly documents: DocumentStore<View>
  readonly chain: ChainKeeper
  readonly practiceDocId: string
  /** Shard by shard. */
  readonly patientDocIds: readonly string[]
  docIdOf(name: string): Promise<string>
  state(): PracticeState
  view(): PracticeView
}

/** Rows and entities on the disk that cannot be read; they are left out, left alone, and counted. */
export type Damage = { readonly rows: number; readonly entities: number }

/** Whether there is a practice on this device, and what happens in it. */
export type Home = {
  current(): OpenPractice | null
  /** Opens the practice if there is one now. `unreadable`: it is there, but its keys or its document are not. */
  open(): Promise<Result<void, 'unreadable'>>
  /** Null: the practice was opened, or erased. Otherwise the documents that changed. */
  watch(listener: (changed: ReadonlySet<string> | null) => void): Stop
  readonly watched: Watched
  damage(): Damage
  close(): Promise<void>
}

export type HomeOptions = {
  readonly database: Database
  readonly deviceKey: DeviceKey
  readonly tabs: Tabs
  readonly maxOpen: number
  readonly compactAtRows: number
  readonly now: () => number
  /** What this device calls itself. */
  readonly label: string
  readonly removal: RemovalNote
}

type PracticeRow = KeyRow & { readonly name: 'practice' }

export function createHome(options: HomeOptions): Home {
  const { database, deviceKey, tabs, now, label, removal } = options
  const listeners = new Set<(changed: ReadonlySet<string> | null) => void>()
  const damagedRows = new Map<string, number>()
  const skippedEntities = new Map<string, number>()
  const watched = createWatched()
  let current: { readonly practice: OpenPractice; readonly row: PracticeRow } | null = null
  let opening: Promise<Result<void, 'unreadable'>> | null = null
  let leaving: Promise<void> | null = null
  let closed = false
  // Another tab may be the one in which the practice is set up, or erased.
  const stopTabs = tabs.listen(() => void lookAgain().catch(() => undefined))

  function tell(changed: ReadonlySet<string> | null): void {
    for (const listener of [...listeners]) listener(changed)
  }

  async function lookAgain(): Promise<void> {
    if (current) {
      const row = await practiceRow()
      if (!current || (row && equalBytes(row.sealed, current.row.sealed))) return
      await takeNewKey(database, deviceKey)
      await leave(current.practice)
    }
    await open()
  }

  async function practiceRow(): Promise<PracticeRow | null> {
    const row = await database.keys.get('practice')
    return row?.name === 'practice' ? row : null
  }

  function open(): Promise<Result<void, 'unreadable'>> {
    opening ??= openNow().finally(() => {
      opening = null
    })
    return opening
  }

  async function openNow(): Promise<Result<void, 'unreadable'>> {
    const row = await practiceRow()
    if (!row || current || closed) return ok(undefined)
    const secret = await unwrap(database, deviceKey.key, 'practice')
    const disk = await unwrap(database, deviceKey.key, 'disk')
    const hasDisk = (await database.keys.where('name').equals('disk').count()) > 0
    if (!secret || (hasDisk && !disk)) return err('unreadable')
    const keys = await practiceKeysOf(secret, disk)
    secret.fill(0)
    disk?.fill(0)
    const opened = await openPractice(keys, row.me)
    if (!opened.ok) return opened
    if (!opened.value) return ok(undefined)
    current = { practice: opened.value, row }
    tell(null)
    return ok(undefined)
  }

  /** Null: this device was removed from the practice, and nothing of it is left here. */
  async function openPractice(keys: PracticeKeys, me: MemberId): Promise<Result<OpenPractice | null, 'unreadable'>> {
    const practiceDocId = await documentIdOf(keys, practiceDocument)
    const patientDocIds = await Promise.all(Array.from({ length: patientShards }, (_, shard) => documentIdOf(keys, patientDocument(shard))))
    const patientDocs = new Set(patientDocIds)

    const founded = await foundOnce({ database, deviceKey: deviceKey.key, keys, practiceDocId, me, label, now })
    const identity = await storedPair(database, deviceKey.key, 'identity')
    const root = await database.keys.get('root')
    if (!founded.ok || !identity || root?.name !== 'root') return err('unreadable')

    function read(docId: string, document: SharedDocument, previous: View | null): View {
      const view =
        docId === practiceDocId
          ? readPracticeView(document, previous)
          : patientDocs.has(docId)
            ? readPatientsView(document, previous)
            : readAppointmentsView(document, previous)
      skippedEntities.set(docId, skippedIn(view))
      return view
    }

    const documents: DocumentStore<View> = await createDocumentStore<View>({
      ...options,
      keys,
      read,
      indexOf: (docId, view, previous) => changedRows(view, docId, previous),
      mend: (docId) => mendIndex(database, docId, () => documents.peek(docId)),
      reportDamage: (docId, rows) => damagedRows.set(docId, rows),
    })
    let opened: OpenPractice | null = null
    const chain = await createChainKeeper({
      database,
      deviceKey,
      keys,
      documents,
      practiceDocId,
      me,
      identity,
      root: root.root,
      now,
      changed: () => changed(new Set([practiceDocId])),
      upkeep: (keeper, view) =>
        keepRoom({ database, deviceKey: deviceKey.key, keeper, me, view, received: () => changed(new Set([practiceDocId])) }),
    })
    const first = await documents.view(practiceDocId)
    const state = first.kind === 'practice' && chain ? stateOf(first, chain, me, null) : null
    if (first.kind !== 'practice' || !chain || !state) {
      chain?.close()
      await documents.close()
      return err('unreadable')
    }
    let latest = { view: first, state }
    await ensureIndex(database, documents, new Set([practiceDocId, ...patientDocIds]))

    const practice: OpenPractice = {
      documents,
      chain,
      practiceDocId,
      patientDocIds,
      docIdOf: (name) => documentIdOf(keys, name),
      state: () => latest.state,
      view: () => latest.view,
    }

    function changed(docIds: ReadonlySet<string>): void {
      const view = docIds.has(practiceDocId) ? documents.peek(practiceDocId) : null
      // While it is being opened, nobody waits for it.
      if (!opened || !chain) return
      if (view?.kind === 'practice') {
        // What does not fit the schema any more is not shown; what was shown last stands.
        latest = { view, state: stateOf(view, chain, me, latest.state) ?? latest.state }
        if (current?.practice === opened && chain.book.roll().removedDevices.has(chain.device))
          return void erase(opened).catch(() => undefined)
      }
      if (current?.practice === opened) tell(docIds)
    }

    function look(docIds: ReadonlySet<string>): void {
      const view = docIds.has(practiceDocId) ? documents.peek(practiceDocId) : null
      if (view?.kind === 'practice') chain?.absorb(view)
      changed(docIds)
    }

    opened = practice
    documents.watch(look)
    look(new Set([practiceDocId]))
    if (!chain.book.roll().removedDevices.has(chain.device)) return ok(practice)
    await erase(practice)
    return ok(null)
  }

  /** The last thing that a removed device does: forget everything. */
  function erase(practice: OpenPractice): Promise<void> {
    leaving ??= eraseNow(practice).finally(() => {
      leaving = null
    })
    return leaving
  }

  async function eraseNow(practice: OpenPractice): Promise<void> {
    const note = { practice: practice.state().practice.name, by: removerOf(practice.chain.book.roll(), practice.chain.device) }
    // First, so that whoever reads it knows why everything is gone; when it goes wrong here, the next start does it.
    removal.write(note)
    const fresh = deviceKey.durability === 'durable' ? await newDeviceRow() : null
    if (await eraseAll(database, fresh)) {
      if (fresh) deviceKey.key = fresh.key
    } else {
      await takeNewKey(database, deviceKey)
    }
    await leave(practice)
    tabs.announce()
  }

  async function leave(practice: OpenPractice): Promise<void> {
    practice.chain.close()
    if (current?.practice === practice) current = null
    damagedRows.clear()
    skippedEntities.clear()
    await practice.documents.close()
    tell(null)
  }

  return {
    current: () => current?.practice ?? null,
    open,
    watch(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    watched,
    damage: () => ({ rows: sum(damagedRows), entities: sum(skippedEntities) }),
    async close() {
      closed = true
      stopTabs()
      listeners.clear()
      await opening?.catch(() => undefined)
      await leaving?.catch(() => undefined)
      const open = current?.practice
      open?.chain.close()
      await open?.documents.close()
    },
  }
}

function sum(counts: ReadonlyMap<string, number>): number {
  return [...counts.values()].reduce((total, count) => total + count, 0)
}
