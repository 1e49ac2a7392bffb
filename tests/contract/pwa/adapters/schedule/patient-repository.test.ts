import type { Patient } from '@alcove/shared/domain/patient'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { backends, type Device } from '../../../../support/store/backends.ts'
import { eventually, setUp, accepted } from '../../../../support/store/examples.ts'

describe.each(backends)('a patient repository $name', ({ createDevice }) => {
  let device: Device
  beforeEach(() => {
    device = createDevice()
  })
  afterEach(() => device.close())

  const hasNames =
    (...names: readonly string[]) =>
    (patients: readonly Patient[]) =>
      JSON.stringify(patients.map(({ firstName, lastName }) => `${firstName} ${lastName}`)) === JSON.stringify(names)

  it('has no patients before there is a practice, and lets nobody save one', async () => {
    const store = await device.open()
    expect(await eventually(store.patients.watch)).toEqual([])
    expect(await store.patients.save(null, { firstName: 'Sam', lastName: 'Okafor' })).toEqual({ ok: false, error: 'not-allowed' })
  })

  it('keeps patients over a restart, ordered by last name', async () => {
    const store = await device.open()
    const { patientId } = await setUp(store)
    accepted(await store.patients.save(null, { firstName: 'Ana', lastName: 'Álvarez' }))
    accepted(await store.patients.save(null, { firstName: 'Bea', lastName: 'Zimmer' }))
    accepted(await store.patients.save(patientId, { firstName: 'Samuel', lastName: 'Okafor' }))
    await device.close()
    const again = await device.open()
    const patients = await eventually(again.patients.watch, hasNames('Ana Álvarez', 'Samuel Okafor', 'Bea Zimmer'))
    expect(patients.find(({ id }) => id === patientId)?.linkGenerations).toEqual({})
  })

  it('trims names and wants at least one of them', async () => {
    const store = await device.open()
    await setUp(store)
    expect(accepted(await store.patients.save(null, { firstName: ' Lee ', lastName: '' }))).toMatchObject({
      firstName: 'Lee',
      lastName: '',
    })
    expect(await store.patients.save(null, { firstName: ' ', lastName: '' })).toEqual({ ok: false, error: 'invalid' })
    expect(await store.patients.save(null, { firstName: 'x'.repeat(81), lastName: '' })).toEqual({ ok: false, error: 'invalid' })
  })

  it('refuses to change a patient who is not there', async () => {
    const [store, other] = [await device.open(), await createDevice().open()]
    await setUp(store)
    const { patientId } = await setUp(other)
    expect(await store.patients.save(patientId, { firstName: 'No', lastName: 'One' })).toEqual({ ok: false, error: 'invalid' })
    expect(await eventually(store.patients.watch)).toHaveLength(1)
  })

  it('S24 replaces one link to one clinician, alone', async () => {
    const store = await device.open()
    const { me, patientId } = await setUp(store)
    const other = accepted(await store.patients.save(null, { firstName: 'Bea', lastName: 'Zimmer' }))
    accepted(await store.patients.replaceLink(patientId, me.id))
    const patients = await eventually(store.patients.watch, (list) => list.some(({ linkGenerations }) => me.id in linkGenerations))
    expect(patients.find(({ id }) => id === patientId)?.linkGenerations).toEqual({ [me.id]: 1 })
    expect(patients.find(({ id }) => id === other.id)?.linkGenerations).toEqual({})
  })

  it('lets clinicians replace only links to themselves', async () => {
    const store = await device.open()
    const { me, patientId } = await setUp(store)
    const chen = accepted(await store.practice.addMember({ name: 'Dr. Chen', roles: ['clinician'] }))
    expect(await store.patients.replaceLink(patientId, chen.id)).toEqual({ ok: false, error: 'not-allowed' })
    const scheduler = await createDevice().open()
    const there = await setUp(scheduler, { roles: ['scheduler'] })
    expect(await scheduler.patients.replaceLink(there.patientId, there.me.id)).toEqual({ ok: false, error: 'not-allowed' })
    accepted(await store.patients.save(patientId, { firstName: 'Sam', lastName: 'Renamed' }))
    expect(me.standingLinkGeneration).toBe(0)
  })

  it('shows what another tab saved, and loses neither of two saves at once', async () => {
    const [one, two] = [await device.open(), await device.open()]
    await setUp(one)
    await eventually(two.practice.watch, (state) => state !== null)
    await Promise.all([
      one.patients.save(null, { firstName: 'Ana', lastName: 'Adams' }).then(accepted),
      two.patients.save(null, { firstName: 'Ben', lastName: 'Baker' }).then(accepted),
    ])
    const all = hasNames('Ana Adams', 'Ben Baker', 'Sam Okafor')
    await Promise.all([eventually(one.patients.watch, all), eventually(two.patients.watch, all)])
  })
})
