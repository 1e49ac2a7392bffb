import type { MemberId } from '@alcove/shared/domain/ids'
import { err, ok, type Result } from '@alcove/shared/domain/result'
import type { PracticeState, Stop } from '../../ports.ts'
import { ensureIndex } from './appointment-index.ts'
import { documentIdOf, type PracticeKeys, practiceKeysOf } from './at-rest.ts'
import type { Database } from './database.ts'
import { createDocumentStore, type DocumentStore } from './document-store.ts'
import type { SharedDocument } from './documents.ts'
import { unwrap } from './host-keys.ts'
import { patientDocument, patientShards, practiceDocument } from './names.ts'
import type { Tabs } from './tabs.ts'
import { type PracticeView, readAppointmentsView, readPatientsView, readPracticeView, skippedIn, valuesOf, type View } from './views.ts'

/** The practice of this device, opened: its keys are in memory and its documents can be read. */
export type OpenPractice = {
  readonly documents: DocumentStore<View>
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
  /** Null: the practice was opened. Otherwise the documents that changed. */
  watch(listener: (changed: ReadonlySet<string> | null) => void): Stop
  damage(): Damage
  close(): Promise<void>
}

export type HomeOptions = {
  readonly database: Database
  readonly deviceKey: CryptoKey
  readonly tabs: Tabs
  readonly maxOpen: number
  readonly compactAtRows: number
}

export function createHome(options: HomeOptions): Home {
  const { database, deviceKey, tabs } = options
  const listeners = new Set<(changed: ReadonlySet<string> | null) => void>()
  const damagedRows = new Map<string, number>()
  const skippedEntities = new Map<string, number>()
  let current: OpenPractice | null = null
  let opening: Promise<Result<void, 'unreadable'>> | null = null
  // Another tab may be the one in which the practice is set up.
  const stopTabs = tabs.listen(() => {
    if (!current) void open().catch(() => undefined)
  })

  function tell(changed: ReadonlySet<string> | null): void {
    for (const listener of [...listeners]) listener(changed)
  }

  function open(): Promise<Result<void, 'unreadable'>> {
    opening ??= openNow().finally(() => {
      opening = null
    })
    return opening
  }

  async function openNow(): Promise<Result<void, 'unreadable'>> {
    const row = await database.keys.get('practice')
    if (row?.name !== 'practice' || current) return ok(undefined)
    const secret = await unwrap(database, deviceKey, 'practice')
    if (!secret) return err('unreadable')
    const keys = await practiceKeysOf(secret)
    secret.fill(0)
    const opened = await openPractice(keys, row.me)
    if (!opened) return err('unreadable')
    current = opened
    tell(null)
    return ok(undefined)
  }

  async function openPractice(keys: PracticeKeys, me: MemberId): Promise<OpenPractice | null> {
    const practiceDocId = await documentIdOf(keys, practiceDocument)
    const patientDocIds = await Promise.all(Array.from({ length: patientShards }, (_, shard) => documentIdOf(keys, patientDocument(shard))))
    const patientDocs = new Set(patientDocIds)

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

    const documents = await createDocumentStore<View>({
      ...options,
      keys,
      read,
      reportDamage: (docId, rows) => damagedRows.set(docId, rows),
    })
    const first = await documents.view(practiceDocId)
    const state = first.kind === 'practice' ? stateOf(first, me) : null
    if (first.kind !== 'practice' || !state) {
      await documents.close()
      return null
    }
    let latest = { view: first, state }
    await ensureIndex(database, documents, new Set([practiceDocId, ...patientDocIds]))

    documents.watch((changed) => {
      const view = changed.has(practiceDocId) ? documents.peek(practiceDocId) : null
      const next = view?.kind === 'practice' ? stateOf(view, me) : null
      // What does not fit the schema any more is not shown; what was shown last stands.
      if (view?.kind === 'practice' && next) latest = { view, state: next }
      tell(changed)
    })

    return {
      documents,
      practiceDocId,
      patientDocIds,
      docIdOf: (name) => documentIdOf(keys, name),
      state: () => latest.state,
      view: () => latest.view,
    }
  }

  return {
    current: () => current,
    open,
    watch(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    damage: () => ({ rows: sum(damagedRows), entities: sum(skippedEntities) }),
    async close() {
      stopTabs()
      listeners.clear()
      await opening?.catch(() => undefined)
      await current?.documents.close()
    },
  }
}

function stateOf(view: PracticeView, meId: MemberId): PracticeState | null {
  const members = valuesOf(view.members)
  const me = members.find(({ id }) => id === meId)
  return view.practice && me ? { practice: view.practice, me, members } : null
}

function sum(counts: ReadonlyMap<string, number>): number {
  return [...counts.values()].reduce((total, count) => total + count, 0)
}
