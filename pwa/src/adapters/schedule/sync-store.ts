import { asId, type DocumentId } from '@alcove/shared/domain/ids'
import type { Stop } from '../../ports.ts'
import type { SyncPlace, SyncStore } from '../../sync-ports.ts'
import { type Database, type UnsyncedRow, write } from './database.ts'
import { readVector } from './documents.ts'
import type { Home, OpenPractice } from './home.ts'
import { createLiveQuery } from './live-query.ts'
import { rowsAfter } from './log.ts'
import type { Tabs } from './tabs.ts'

/** The practice's documents for its other devices: ids and updates. */
export function createSyncStore(database: Database, home: Home, tabs: Tabs): SyncStore {
  const unsyncedChanged = new Set<() => void>()

  function opened(): OpenPractice {
    const practice = home.current()
    if (!practice) throw new Error('There is no practice on this device')
    return practice
  }

  function tellUnsynced(): void {
    for (const listener of [...unsyncedChanged]) listener()
  }

  return {
    watchPlace(listener) {
      let told: SyncPlace | null | undefined
      const tell = () => {
        const place = home.current()?.chain.place() ?? null
        if (place === told) return
        told = place
        listener(place)
      }
      tell()
      return home.watch(tell)
    },
    practiceDocument: () => asId<DocumentId>(opened().practiceDocId),
    async changedSince(mark) {
      const { ylog } = database
      return database.transaction('r', ylog, async () => {
        const last = Number((await ylog.orderBy(':id').lastKey()) ?? 0)
        const docIds = mark === 0 ? await ylog.orderBy('docId').uniqueKeys() : [...(await rowsAfter(database, mark)).keys()]
        return { documents: docIds.map((docId) => asId<DocumentId>(String(docId))), mark: last }
      })
    },
    openDocuments: () => home.watched.docIds().map((docId) => asId<DocumentId>(docId)),
    vector: (document) => opened().documents.look(document, (shared) => shared.vector()),
    updateFor: (document, vector) =>
      opened().documents.look(document, (shared) => shared.updateFor(vector && readVector(vector) ? vector : null)),
    async apply(document, update) {
      const practice = home.current()
      return practice ? practice.documents.apply(document, update) : { ok: false, error: 'not-allowed' }
    },
    watchUpdates(listener) {
      let stop: Stop | null = null
      let watching: OpenPractice | null = null
      const follow = () => {
        const practice = home.current()
        if (practice === watching) return
        stop?.()
        watching = practice
        stop =
          practice?.documents.watchUpdates((docId, update, from) => listener({ document: asId<DocumentId>(docId), update, from })) ?? null
      }
      follow()
      const stopHome = home.watch(follow)
      return () => {
        stopHome()
        stop?.()
      }
    },
    peers: () => database.peers.toArray(),
    async notePeer(device, change) {
      await write(database, [database.peers, database.keys], async () => {
        if (!(await database.keys.get('practice'))) return
        const before = (await database.peers.get(device)) ?? { device, mark: 0, heardAt: null }
        await database.peers.put({ ...before, ...change })
      })
    },
    async confirm(document, vector) {
      const clocks = readVector(vector)
      if (!clocks) return
      const isHeld = ({ client, clock }: UnsyncedRow) => (clocks.get(client) ?? 0) >= clock
      const rows = () => database.unsynced.where('docId').equals(document).toArray()
      if (!(await rows()).some(isHeld)) return
      await write(database, [database.unsynced], async () => {
        // Looked at again: a change may have come to a row meanwhile.
        const held = (await rows()).filter(isHeld)
        await database.unsynced.bulkDelete(held.map(({ docId, client }) => [docId, client] as [string, number]))
      })
      tellUnsynced()
      tabs.announce()
    },
    watchUnsynced(listener) {
      const count = async () => (await database.unsynced.toArray()).reduce((total, { changes }) => total + changes, 0)
      const query = createLiveQuery(count, Object.is, listener)
      const stopHome = home.watch(query.refresh)
      const stopTabs = tabs.listen(query.refresh)
      unsyncedChanged.add(query.refresh)
      return () => {
        stopHome()
        stopTabs()
        unsyncedChanged.delete(query.refresh)
        query.stop()
      }
    },
  }
}
