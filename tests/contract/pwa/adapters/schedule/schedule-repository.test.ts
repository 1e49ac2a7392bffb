import type { Appointment } from '@alcove/shared/domain/appointment'
import { draftOf } from '@alcove/shared/domain/appointment'
import { asId, type AppointmentId } from '@alcove/shared/domain/ids'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { backends, type Device } from '../../../../support/store/backends.ts'
import { eventually, exampleDraft, exampleStartAt, setUp, accepted } from '../../../../support/store/examples.ts'

const hourMs = 60 * 60 * 1000
const dayMs = 24 * hourMs

describe.each(backends)('a schedule repository $name', ({ createDevice }) => {
  let device: Device
  beforeEach(() => {
    device = createDevice()
  })
  afterEach(() => device.close())

  async function start() {
    const store = await device.open()
    const { me, patientId } = await setUp(store)
    const draft = exampleDraft(me.id, patientId)
    const range = (fromAt: number, toAt: number, fits?: (found: readonly Appointment[]) => boolean) =>
      eventually<readonly Appointment[]>((listener) => store.schedule.watchRange(fromAt, toAt, listener), fits)
    return { store, me, patientId, draft, range }
  }

  it('saves an appointment with its instants, and finds it after a restart', async () => {
    const { store, draft } = await start()
    const saved = accepted(await store.schedule.save(null, draft))
    expect(saved).toEqual({
      ...draft,
      id: saved.id,
      startAt: exampleStartAt,
      endAt: exampleStartAt + 50 * 60_000,
      firstStartAt: exampleStartAt,
    })
    await device.close()
    const again = await device.open()
    expect(await eventually<Appointment | null>((listener) => again.schedule.watch(saved.id, listener))).toEqual(saved)
  })

  it('finds appointments that overlap a range, ordered by start, both ends as they should be', async () => {
    const { store, draft, range } = await start()
    const at = async (time: string, durationMinutes: number) =>
      accepted(await store.schedule.save(null, { ...draft, start: { ...draft.start, time }, durationMinutes })).id
    const late = await at('11:00', 60)
    const early = await at('10:00', 60)
    const allDay = await at('00:00', 1440)
    const ids = (found: readonly Appointment[]) => found.map(({ id }) => id)
    expect(ids(await range(exampleStartAt, exampleStartAt + 2 * hourMs))).toEqual([allDay, early, late])
    // [from, to): one that ends where the range begins is outside, and so is one that begins where it ends.
    expect(ids(await range(exampleStartAt + hourMs, exampleStartAt + 2 * hourMs))).toEqual([allDay, late])
    expect(ids(await range(exampleStartAt - hourMs, exampleStartAt))).toEqual([allDay])
    expect(ids(await range(exampleStartAt + 14 * hourMs, exampleStartAt + dayMs))).toEqual([])
  })

  it('tells a range again when an appointment comes, moves out, or is changed', async () => {
    const { store, draft } = await start()
    const told: number[] = []
    const stop = store.schedule.watchRange(exampleStartAt, exampleStartAt + hourMs, (found) => told.push(found.length))
    const seen = (count: number) =>
      eventually<readonly Appointment[]>(
        (listener) => store.schedule.watchRange(exampleStartAt, exampleStartAt + hourMs, listener),
        (found) => found.length === count,
      )
    const saved = accepted(await store.schedule.save(null, draft))
    await seen(1)
    accepted(await store.schedule.save(saved.id, { ...draft, start: { ...draft.start, date: '2027-01-04' } }))
    await seen(0)
    stop()
    expect(told.at(-1)).toBe(0)
    expect(told).toContain(1)
  })

  it('keeps an appointment that is moved to another month and another clinician in one place', async () => {
    const { store, draft, range } = await start()
    const chen = accepted(await store.practice.addMember({ name: 'Dr. Chen', roles: ['clinician'] }))
    const saved = accepted(await store.schedule.save(null, draft))
    const moved = accepted(
      await store.schedule.save(saved.id, { ...draft, clinicianId: chen.id, start: { ...draft.start, date: '2027-03-01' } }),
    )
    expect(moved.id).toBe(saved.id)
    expect(moved.firstStartAt).toBe(saved.firstStartAt)
    expect(await range(moved.startAt, moved.endAt)).toEqual([moved])
    expect(await range(saved.startAt, saved.endAt)).toEqual([])
    await device.close()
    const again = await device.open()
    expect(await eventually<Appointment | null>((listener) => again.schedule.watch(saved.id, listener))).toEqual(moved)
  })

  it('finds what a patient has with one clinician in a window', async () => {
    const { store, me, draft, patientId } = await start()
    const chen = accepted(await store.practice.addMember({ name: 'Dr. Chen', roles: ['clinician'] }))
    const other = accepted(await store.patients.save(null, { firstName: 'Bea', lastName: 'Zimmer' }))
    const mine = accepted(await store.schedule.save(null, draft))
    await store.schedule.save(null, { ...draft, clinicianId: chen.id })
    await store.schedule.save(null, { ...draft, patientId: other.id })
    await store.schedule.save(null, { ...draft, type: 'vacation', patientId: null })
    await store.schedule.save(null, { ...draft, start: { ...draft.start, date: '2026-11-24' } })
    expect(await store.schedule.ofPatient(patientId, me.id, exampleStartAt, exampleStartAt + dayMs)).toEqual([mine])
    expect(await store.schedule.ofPatient(patientId, me.id, exampleStartAt - dayMs, exampleStartAt)).toEqual([])
    expect(await store.schedule.ofPatient(patientId, me.id, 0, exampleStartAt + 2 * dayMs)).toHaveLength(2)
  })

  it.each([
    ['a date that is none', { start: { date: '2026-02-30', time: '10:00', zone: 'Europe/Berlin' } }],
    ['a time that is none', { start: { date: '2026-02-03', time: '25:00', zone: 'Europe/Berlin' } }],
    ['a zone that is none', { start: { date: '2026-02-03', time: '10:00', zone: 'Europe/Nowhere' } }],
    ['no duration', { durationMinutes: 0 }],
    ['more than a day', { durationMinutes: 1441 }],
    ['half a minute', { durationMinutes: 1.5 }],
    ['a clinician who is not there', { clinicianId: asId('AAAAAAAAAAAAAAAAAAAAAA') }],
    ['a patient who is not there', { patientId: asId('AAAAAAAAAAAAAAAAAAAAAA') }],
  ] as const)('refuses %s', async (_what, part) => {
    const { store, draft, range } = await start()
    expect(await store.schedule.save(null, { ...draft, ...part } as typeof draft)).toEqual({ ok: false, error: 'invalid' })
    expect(await range(0, Number.MAX_SAFE_INTEGER)).toEqual([])
  })

  it('refuses to change an appointment that is not there', async () => {
    const { store, draft } = await start()
    const nowhere = asId<AppointmentId>('AAAAAAAAAAAAAAAAAAAAAA')
    expect(await store.schedule.save(nowhere, draft)).toEqual({ ok: false, error: 'invalid' })
    expect(await eventually<Appointment | null>((listener) => store.schedule.watch(nowhere, listener))).toBeNull()
  })

  it('writes only what the editor changed, so that a change of another field in between stands', async () => {
    const { store, draft } = await start()
    const saved = accepted(await store.schedule.save(null, draft))
    const base = draftOf(saved)
    accepted(await store.schedule.save(saved.id, { ...base, status: 'arrived' }, base))
    const both = accepted(await store.schedule.save(saved.id, { ...base, durationMinutes: 80 }, base))
    expect(both).toMatchObject({ status: 'arrived', durationMinutes: 80 })
  })

  it('shows what another tab saved, and loses neither of two changes of different fields at once', async () => {
    const [one, two] = [await device.open(), await device.open()]
    const { me, patientId } = await setUp(one)
    await eventually(two.practice.watch, (state) => state !== null)
    const saved = accepted(await one.schedule.save(null, exampleDraft(me.id, patientId)))
    const watched = eventually<Appointment | null>(
      (listener) => two.schedule.watch(saved.id, listener),
      (a) => a !== null,
    )
    expect(await watched).toEqual(saved)
    const base = draftOf(saved)
    await Promise.all([
      one.schedule.save(saved.id, { ...base, status: 'arrived' }, base).then(accepted),
      two.schedule.save(saved.id, { ...base, useTelehealth: false }, base).then(accepted),
    ])
    const both = (a: Appointment | null) => a?.status === 'arrived' && !a.useTelehealth
    await Promise.all([
      eventually<Appointment | null>((listener) => one.schedule.watch(saved.id, listener), both),
      eventually<Appointment | null>((listener) => two.schedule.watch(saved.id, listener), both),
    ])
    await device.close()
    const again = await device.open()
    await eventually<Appointment | null>((listener) => again.schedule.watch(saved.id, listener), both)
  })
})
