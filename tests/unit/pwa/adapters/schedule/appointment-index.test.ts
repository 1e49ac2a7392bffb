import 'fake-indexeddb/auto'
import { type Appointment, draftOf } from '@alcove/shared/domain/appointment'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createMemoryDevice } from '../../../../support/fakes/memory-device.ts'
import { invite, meet } from '../../../../support/store/devices.ts'
import { accepted, eventually, exampleDraft, setUp } from '../../../../support/store/examples.ts'
import { always, inspect, onDay } from '../../../../support/store/inspect.ts'
import { createProfile, type Profile, type Store } from '../../../../support/store/open.ts'

describe('the index of appointments', () => {
  let profile: Profile
  beforeEach(() => {
    profile = createProfile()
  })
  afterEach(() => profile.close())

  const shown = (store: Store, from: number, to: number, count: number) =>
    eventually<readonly Appointment[]>(
      (listener) => store.schedule.watchRange(from, to, listener),
      (found) => found.length === count,
    )

  async function aYear() {
    const store = await profile.open()
    const { me, patientId } = await setUp(store)
    for (let day = 0; day < 360; day += 30) accepted(await store.schedule.save(null, onDay(exampleDraft(me.id, patientId), day)))
    const all = await shown(store, ...always, 12)
    await profile.close()
    return all
  }

  it.each([
    ['all rows are gone', (database) => database.appointments.clear()],
    ['the stamp is gone', (database) => database.stamps.delete('index')],
    ['one row is gone', (database) => database.appointments.limit(1).delete()],
    ['other rules made it', (database) => database.stamps.put({ name: 'index', version: 0, count: 12 })],
  ] as [string, (database: Parameters<Parameters<typeof inspect>[1]>[0]) => PromiseLike<unknown>][])(
    'is made again from the documents when %s',
    async (_what, harm) => {
      const all = await aYear()
      await inspect(profile, harm)
      expect(await shown(await profile.open(), ...always, 12)).toEqual(all)
    },
  )

  it('is not made again when it is whole', async () => {
    await aYear()
    const store = await profile.open()
    expect(store.openDocuments()).toBe(1)
  })

  it('follows when the rules of a clock have changed since an appointment was indexed', async () => {
    const [first] = await aYear()
    if (!first) throw new Error('No appointment')
    const hourMs = 60 * 60 * 1000
    await inspect(profile, (database) =>
      database.appointments.update(first.id, { startAt: first.startAt - hourMs, endAt: first.endAt - hourMs }),
    )
    expect(await shown(await profile.open(), first.startAt - 12 * hourMs, first.startAt + 12 * hourMs, 1)).toEqual([first])
    await profile.close()
    await eventually(
      (told: (startAt: number | undefined) => void) => {
        const timer = setInterval(
          () => void inspect(profile, (database) => database.appointments.get(first.id)).then((row) => told(row?.startAt)),
          10,
        )
        return () => clearInterval(timer)
      },
      (startAt) => startAt === first.startAt,
    )
  })

  it('opens one week of ten thousand appointments without loading the other documents', async () => {
    const store = await profile.open()
    const { me, patientId } = await setUp(store)
    const clinicians = [me.id]
    for (const name of ['Dr. Chen', 'Dr. Okoye']) {
      clinicians.push(accepted(await store.practice.addMember({ name, roles: ['clinician'] })).id)
    }
    const saves = Array.from({ length: 10_000 }, (_, i) => {
      const draft = exampleDraft(clinicians[i % 3] ?? me.id, patientId)
      return store.schedule.save(null, onDay(draft, i % 365, `${String(8 + (i % 9)).padStart(2, '0')}:00`))
    })
    for (const save of saves) accepted(await save)
    await profile.close()
    expect(await inspect(profile, (database) => database.appointments.count())).toBe(10_000)
    const again = await profile.open()
    // The practice, nothing else.
    expect(again.openDocuments()).toBe(1)
    const fromAt = Date.UTC(2026, 10, 23, 5)
    const week = await eventually<readonly Appointment[]>((listener) =>
      again.schedule.watchRange(fromAt, fromAt + 7 * 24 * 60 * 60 * 1000, listener),
    )
    expect(week.length).toBeGreaterThan(150)
    // November of three clinicians.
    expect(again.openDocuments()).toBe(4)
  }, 60_000)
})

describe('the index while one tab syncs and another is worked in', () => {
  it('finds an appointment that both moved and changed at the same moment', async () => {
    const [laptop, phone] = [createMemoryDevice(), createMemoryDevice()]
    const [tab, syncing] = [await laptop.open(), await laptop.open()]
    const { me, patientId } = await setUp(tab)
    const other = await invite(tab, phone, { kind: 'own-device' })
    await syncing.catchUp()
    for (let round = 0; round < 10; round++) {
      const draft = exampleDraft(me.id, patientId)
      const saved = accepted(await tab.schedule.save(null, draft))
      await meet(tab, other)
      await syncing.catchUp()
      const base = draftOf(saved)
      accepted(await other.schedule.save(saved.id, { ...base, status: 'arrived' }, base))
      const documents = (await other.sync.changedSince(0)).documents
      const updates = await Promise.all(documents.map(async (id) => [id, await other.sync.updateFor(id, null)] as const))
      await Promise.all([
        tab.schedule.save(saved.id, { ...base, start: { ...base.start, date: '2027-03-01' } }, base).then(accepted),
        ...updates.map(([id, update]) => syncing.sync.apply(id, update).then(accepted)),
      ])
      const march = (listener: (found: readonly Appointment[]) => void) =>
        tab.schedule.watchRange(Date.UTC(2027, 2, 1), Date.UTC(2027, 2, 2), listener)
      const found = await eventually(march, (all) => all.some(({ id, status }) => id === saved.id && status === 'arrived'))
      expect(found).toHaveLength(round + 1)
      const rows = () => laptop.disk.rows('appointments') as { id: string; status: string; startAt: number }[]
      await eventually<{ status: string; startAt: number } | undefined>(
        (told) => {
          const timer = setInterval(() => told(rows().find(({ id }) => id === saved.id)), 5)
          return () => clearInterval(timer)
        },
        (row) => row?.status === 'arrived' && row.startAt > Date.UTC(2027, 1, 28),
      )
    }
    await Promise.all([laptop.close(), phone.close()])
  })
})
