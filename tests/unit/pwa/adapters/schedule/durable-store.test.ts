import 'fake-indexeddb/auto'
import type { Appointment } from '@alcove/shared/domain/appointment'
import { asId } from '@alcove/shared/domain/ids'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { documentIdOf } from '../../../../../pwa/src/adapters/schedule/at-rest.ts'
import { createSharedDocument } from '../../../../../pwa/src/adapters/schedule/documents.ts'
import { formatVersion } from '../../../../../pwa/src/adapters/schedule/database.ts'
import { compact, sealUpdate } from '../../../../../pwa/src/adapters/schedule/log.ts'
import { accepted, eventually, exampleDraft, setUp } from '../../../../support/store/examples.ts'
import { always, inspect, onDay, practiceKeysIn } from '../../../../support/store/inspect.ts'
import { createProfile, type Profile, type Store } from '../../../../support/store/open.ts'

describe('the store on IndexedDB', () => {
  let profile: Profile
  beforeEach(() => {
    profile = createProfile()
  })
  afterEach(async () => {
    vi.restoreAllMocks()
    await profile.close()
  })

  const shown = (store: Store, count: number) =>
    eventually<readonly Appointment[]>(
      (listener) => store.schedule.watchRange(...always, listener),
      (found) => found.length === count,
    )

  function failingAdds(error: () => Error) {
    return vi.spyOn(IDBObjectStore.prototype, 'add').mockImplementation(() => {
      throw error()
    })
  }

  it('stores one command as one transaction, and a burst on one document as few', async () => {
    const transactions = vi.spyOn(IDBDatabase.prototype, 'transaction')
    const store = await profile.open()
    const { me, patientId } = await setUp(store)
    const draft = exampleDraft(me.id, patientId)
    transactions.mockClear()
    const writes = () => transactions.mock.calls.filter(([, mode]) => mode === 'readwrite').length
    accepted(await store.schedule.save(null, draft))
    expect(writes()).toBe(1)
    await Promise.all(Array.from({ length: 100 }, async () => accepted(await store.schedule.save(null, draft))))
    expect(writes()).toBeLessThan(20)
    expect(transactions.mock.calls.every(([, , options]) => options?.durability === 'strict')).toBe(true)
    await shown(store, 101)
  })

  it('never has two writes in flight: a Chromium that is killed then would delete everything', async () => {
    const transactions = vi.spyOn(IDBDatabase.prototype, 'transaction')
    const store = await profile.open({ compactAtRows: 2 })
    const { me, patientId } = await setUp(store)
    await Promise.all([
      store.vault.hostIdentity(),
      store.sync.notePeer(asId('a peer'), { mark: 1 }),
      store.practice.changeTelehealth('premium'),
      store.journal.write('host', 1),
      store.schedule.save(null, exampleDraft(me.id, patientId)),
      store.schedule.save(null, { ...exampleDraft(me.id, patientId), status: 'arrived' }),
      store.patients.save(patientId, { firstName: 'Samuel', lastName: 'Okafor' }),
    ])
    await profile.close()
    const writes = transactions.mock.calls.filter(([, mode]) => mode === 'readwrite').map(([tables]) => [tables].flat())
    expect(new Set(writes.flat())).toEqual(
      new Set(['keys', 'ylog', 'appointments', 'backgrounds', 'stamps', 'journal', 'chain', 'unsynced', 'peers']),
    )
    // All share one table, so that each waits for the one before, in every tab.
    expect(writes.filter((tables) => !tables.includes('stamps'))).toEqual([])
  })

  it.each([
    ['storage-full', () => new DOMException('No space', 'QuotaExceededError')],
    ['storage-failed', () => new DOMException('Broken', 'UnknownError')],
  ] as const)('says %s, shows nothing that is not stored, and goes on when the disk does', async (error, make) => {
    const store = await profile.open()
    const { me, patientId } = await setUp(store)
    const draft = exampleDraft(me.id, patientId)
    const kept = accepted(await store.schedule.save(null, draft))
    const adds = failingAdds(make)
    expect(await store.schedule.save(null, draft)).toEqual({ ok: false, error })
    expect(await store.schedule.save(kept.id, { ...draft, status: 'cancelled' })).toEqual({ ok: false, error })
    expect(await store.patients.save(null, { firstName: 'Ana', lastName: 'Adams' })).toEqual({ ok: false, error })
    expect(await store.practice.changeTelehealth('off')).toEqual({ ok: false, error })
    expect(await shown(store, 1)).toEqual([kept])
    expect(await eventually(store.patients.watch)).toHaveLength(1)
    expect((await eventually(store.practice.watch))?.practice.telehealth).toBe('basic')
    adds.mockRestore()
    accepted(await store.schedule.save(kept.id, { ...draft, durationMinutes: 30 }))
    await profile.close()
    expect(await shown(await profile.open(), 1)).toMatchObject([{ durationMinutes: 30, status: 'booked' }])
  })

  it('opens a document anew when it could be neither written nor read again', async () => {
    const store = await profile.open()
    const { me, patientId } = await setUp(store)
    const draft = exampleDraft(me.id, patientId)
    const kept = accepted(await store.schedule.save(null, draft))
    failingAdds(() => new DOMException('Broken', 'UnknownError'))
    vi.spyOn(IDBIndex.prototype, 'openCursor').mockImplementation(() => {
      throw new DOMException('Broken', 'UnknownError')
    })
    const saves = [1, 2, 3].map((durationMinutes) => store.schedule.save(kept.id, { ...draft, durationMinutes }))
    for (const outcome of await Promise.all(saves)) expect(outcome).toEqual({ ok: false, error: 'storage-failed' })
    vi.restoreAllMocks()
    accepted(await store.schedule.save(kept.id, { ...draft, status: 'arrived' }))
    await profile.close()
    expect(await shown(await profile.open(), 1)).toMatchObject([{ durationMinutes: 50, status: 'arrived' }])
  })

  it('creates nothing of a practice when the disk is full', async () => {
    const store = await profile.open()
    failingAdds(() => new DOMException('No space', 'QuotaExceededError'))
    expect(
      await store.practice.create({
        name: 'Harbor',
        memberName: 'Dr. Rivera',
        contactPhone: '',
        contactEmail: '',
        roles: ['clinician'],
        telehealth: 'off',
      }),
    ).toEqual({ ok: false, error: 'storage-full' })
    vi.restoreAllMocks()
    await profile.close()
    expect(await eventually((await profile.open()).practice.watch)).toBeNull()
    await setUp(await profile.open())
  })

  it('saves nothing where nobody could read it: site data were cleared under an open page', async () => {
    const store = await profile.open()
    const { me, patientId } = await setUp(store)
    await inspect(profile, (database) => Promise.all(database.tables.map((table) => table.clear())))
    expect(await store.schedule.save(null, exampleDraft(me.id, patientId))).toEqual({ ok: false, error: 'storage-failed' })
  })

  it('compacts a long log without losing a change, also of another tab', async () => {
    const [one, two] = [await profile.open({ compactAtRows: 10 }), await profile.open({ compactAtRows: 10 })]
    const { me, patientId } = await setUp(one)
    await eventually(two.practice.watch, (state) => state !== null)
    const draft = exampleDraft(me.id, patientId)
    for (let i = 0; i < 30; i++) {
      for (const saved of await Promise.all([one.schedule.save(null, draft), two.schedule.save(null, draft)])) accepted(saved)
    }
    await Promise.all([shown(one, 60), shown(two, 60)])
    await profile.close()
    const rows = await inspect(profile, (database) => database.ylog.toArray())
    expect(rows.length).toBeLessThan(30)
    expect(rows.some(({ kind }) => kind === 'snapshot')).toBe(true)
    await shown(await profile.open(), 60)
  })

  it('adds nothing by being opened', async () => {
    await setUp(await profile.open())
    await profile.close()
    const bytes = () => inspect(profile, async (database) => (await database.ylog.toArray()).map(({ i, sealed }) => [i, sealed.length]))
    const before = await bytes()
    for (let i = 0; i < 5; i++) {
      await eventually((await profile.open()).patients.watch)
      await profile.close()
    }
    expect(await bytes()).toEqual(before)
  })

  it('leaves out, counts and keeps a row that cannot be read', async () => {
    const store = await profile.open()
    const { me, patientId } = await setUp(store)
    const kept = accepted(await store.schedule.save(null, exampleDraft(me.id, patientId)))
    await profile.close()
    const docId = await inspect(profile, async (database) => {
      const id = (await database.appointments.get(kept.id))?.docId ?? ''
      await database.ylog.add({ docId: id, kind: 'update', sealed: new Uint8Array(60) })
      return id
    })
    const again = await profile.open({ compactAtRows: 2 })
    expect(await shown(again, 1)).toEqual([kept])
    expect(again.damage()).toEqual({ rows: 1, entities: 0 })
    accepted(await again.schedule.save(kept.id, { ...exampleDraft(me.id, patientId), status: 'arrived' }))
    await profile.close()
    expect(await inspect(profile, (database) => database.ylog.where({ docId }).count())).toBe(3)
  })

  it('does not take a row that was moved to another document', async () => {
    const store = await profile.open()
    const { me, patientId } = await setUp(store)
    accepted(await store.schedule.save(null, exampleDraft(me.id, patientId)))
    await profile.close()
    await inspect(profile, async (database) => {
      const [row, target] = [await database.ylog.orderBy(':id').last(), await database.ylog.orderBy(':id').first()]
      if (row?.i && target) await database.ylog.put({ ...row, docId: target.docId })
    })
    const again = await profile.open()
    await shown(again, 0)
    expect(again.damage().rows).toBe(1)
  })

  it('leaves out and counts what another program wrote and does not fit', async () => {
    const store = await profile.open()
    const { me, patientId } = await setUp(store)
    const kept = accepted(await store.schedule.save(null, exampleDraft(me.id, patientId)))
    await profile.close()
    await inspect(profile, async (database) => {
      const keys = await practiceKeysIn(database)
      const docId = await documentIdOf(keys, `sched:${me.id}:2026-11`)
      const document = createSharedDocument()
      const update = document.capture(() => {
        document.changeEntity('appointments', 'AAAAAAAAAAAAAAAAAAAAAA', { type: 'séance', firstStartAt: 'soon' })
        document.changeEntity('appointments', '__proto__', { ...exampleDraft(me.id, patientId), firstStartAt: 0 })
      })
      if (!update) throw new Error('No update')
      await database.ylog.add({ docId, kind: 'update', sealed: await sealUpdate(keys, docId, 'update', update) })
      await database.stamps.delete('index')
    })
    const again = await profile.open()
    expect(await shown(again, 1)).toEqual([kept])
    expect(again.damage()).toEqual({ rows: 0, entities: 2 })
  })

  it('leaves a store alone that a newer version has written', async () => {
    await setUp(await profile.open())
    await profile.close()
    await inspect(profile, (database) => database.stamps.put({ name: 'format', version: formatVersion + 1 }))
    expect(await profile.openOrRefuse()).toEqual({ ok: false, error: 'newer' })
  })

  it('compaction gives way when another tab was faster, and never covers a later row', async () => {
    const store = await profile.open()
    const { me, patientId } = await setUp(store)
    const draft = exampleDraft(me.id, patientId)
    for (let i = 0; i < 5; i++) accepted(await store.schedule.save(null, draft))
    await inspect(profile, async (database) => {
      const keys = await practiceKeysIn(database)
      const docId = await documentIdOf(keys, `sched:${me.id}:2026-11`)
      const both = await Promise.all([
        compact(database, keys, docId),
        compact(database, keys, docId),
        store.schedule.save(null, draft).then(accepted),
      ])
      expect(both.filter((i) => typeof i === 'number')).toHaveLength(1)
    })
    await profile.close()
    await shown(await profile.open(), 6)
  })

  it('holds few documents open, and shows the same from those it closed', async () => {
    const store = await profile.open({ maxOpenDocuments: 4 })
    const { me, patientId } = await setUp(store)
    const draft = exampleDraft(me.id, patientId)
    const ids = []
    for (let month = 0; month < 12; month++) ids.push(accepted(await store.schedule.save(null, onDay(draft, month * 31))).id)
    expect(store.openDocuments()).toBeLessThanOrEqual(5)
    for (const id of ids) {
      const watched = (listener: (a: Appointment | null) => void) => store.schedule.watch(id, listener)
      expect((await eventually(watched))?.id).toBe(id)
    }
    await shown(store, 12)
    for (const id of ids) accepted(await store.schedule.save(id, { ...draft, clinicianId: me.id, status: 'fulfilled' }))
    expect((await shown(store, 12)).every(({ status }) => status === 'fulfilled')).toBe(true)
  })

  it('shows no name and no hour in document ids or in the index', async () => {
    const store = await profile.open()
    const { me, patientId } = await setUp(store)
    const saved = accepted(await store.schedule.save(null, exampleDraft(me.id, patientId)))
    await inspect(profile, async (database) => {
      const row = await database.appointments.get(saved.id)
      expect(Object.keys(row ?? {}).sort()).toEqual(['clinicianId', 'docId', 'endAt', 'id', 'patientId', 'startAt', 'status', 'type'])
      expect(row?.docId).toMatch(/^[A-Za-z0-9_-]{22}$/)
    })
    expect(asId(saved.id)).toBe(saved.id)
  })
})
