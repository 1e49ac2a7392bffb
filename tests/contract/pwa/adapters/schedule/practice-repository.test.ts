import type { PracticeState } from '../../../../../pwa/src/ports.ts'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { backends, type Device } from '../../../../support/store/backends.ts'
import { eventually, examplePractice, setUp, accepted } from '../../../../support/store/examples.ts'

describe.each(backends)('a practice repository $name', ({ createDevice }) => {
  let device: Device
  beforeEach(() => {
    device = createDevice()
  })
  afterEach(() => device.close())

  it('has no practice on a fresh browser, and says so at once', async () => {
    const store = await device.open()
    const told: (PracticeState | null)[] = []
    store.practice.watch((state) => told.push(state))
    expect(told).toEqual([null])
  })

  it('creates a practice and finds it again after a restart', async () => {
    const created = accepted(await (await device.open()).practice.create(examplePractice))
    expect(created.practice).toMatchObject({ name: 'Harbor Counseling', telehealth: 'basic', contactPhone: '+1 555 0100' })
    expect(created.me).toMatchObject({ name: 'Dr. Rivera', roles: ['administrator', 'clinician'] })
    expect(created.members).toEqual([created.me])
    await device.close()
    const told: (PracticeState | null)[] = []
    ;(await device.open()).practice.watch((state) => told.push(state))
    expect(told).toEqual([created])
  })

  it('gives a clinician a room and anybody else none', async () => {
    const store = await device.open()
    const { me } = accepted(await store.practice.create({ ...examplePractice, roles: ['administrator', 'scheduler'] }))
    expect(me.roomKey).toBeNull()
    expect(await store.vault.hostIdentity()).toBeNull()
    expect(await store.vault.linkKey(me.id)).toBeNull()
    const other = await createDevice().open()
    expect(accepted(await other.practice.create(examplePractice)).me.roomKey).toMatch(/^[A-Za-z0-9_-]{44}$/)
  })

  it.each([
    ['no practice name', { name: '  ' }],
    ['no member name', { memberName: '' }],
    ['no role', { roles: [] }],
    ['an endless name', { name: 'x'.repeat(81) }],
    ['an endless phone', { contactPhone: '5'.repeat(41) }],
  ] as const)('refuses a practice with %s', async (_what, part) => {
    const store = await device.open()
    expect(await store.practice.create({ ...examplePractice, ...part })).toEqual({ ok: false, error: 'invalid' })
    expect(await eventually(store.practice.watch)).toBeNull()
  })

  it('refuses a second practice on the same device', async () => {
    const store = await device.open()
    const first = accepted(await store.practice.create(examplePractice))
    expect(await store.practice.create({ ...examplePractice, name: 'Other' })).toEqual({ ok: false, error: 'not-allowed' })
    expect(await eventually(store.practice.watch)).toEqual(first)
  })

  it('tells watchers every change, and none after they stopped', async () => {
    const store = await device.open()
    const { me } = await setUp(store)
    const names: (string | undefined)[] = []
    const stop = store.practice.watch((state) => names.push(state?.practice.name))
    accepted(await store.practice.updatePractice({ name: 'Quiet Harbor' }))
    await eventually(store.practice.watch, (state) => state?.practice.name === 'Quiet Harbor')
    stop()
    accepted(await store.practice.renameMember(me.id, 'Dr. R.'))
    await eventually(store.practice.watch, (state) => state?.me.name === 'Dr. R.')
    expect(names).toEqual(['Harbor Counseling', 'Quiet Harbor'])
  })

  it('S1 lets only a Practice Administrator change telehealth', async () => {
    const store = await device.open()
    await setUp(store)
    accepted(await store.practice.changeTelehealth('premium'))
    expect((await eventually(store.practice.watch, (s) => s?.practice.telehealth === 'premium'))?.me.name).toBe('Dr. Rivera')

    const other = await createDevice().open()
    await setUp(other, { roles: ['clinician'] })
    expect(await other.practice.changeTelehealth('premium')).toEqual({ ok: false, error: 'not-allowed' })
    expect(await other.practice.updatePractice({ name: 'Mine' })).toEqual({ ok: false, error: 'not-allowed' })
    expect((await eventually(other.practice.watch))?.practice).toMatchObject({ telehealth: 'basic', name: 'Harbor Counseling' })
  })

  it('adds a clinician who has no room and no link key yet', async () => {
    const store = await device.open()
    await setUp(store)
    const added = accepted(await store.practice.addMember({ name: 'Dr. Chen', roles: ['clinician'] }))
    expect(added).toMatchObject({ name: 'Dr. Chen', roles: ['clinician'], roomKey: null, standingLinkGeneration: 0 })
    expect(await store.vault.linkKey(added.id)).toBeNull()
    await device.close()
    const state = await eventually((await device.open()).practice.watch)
    expect(state?.members.find(({ id }) => id === added.id)).toEqual(added)
  })

  it('lets only an administrator add members, and never a member without a role or name', async () => {
    const store = await device.open()
    await setUp(store)
    expect(await store.practice.addMember({ name: '', roles: ['clinician'] })).toEqual({ ok: false, error: 'invalid' })
    expect(await store.practice.addMember({ name: 'Dr. Chen', roles: [] })).toEqual({ ok: false, error: 'invalid' })
    const other = await createDevice().open()
    await setUp(other, { roles: ['clinician'] })
    expect(await other.practice.addMember({ name: 'Dr. Chen', roles: ['clinician'] })).toEqual({ ok: false, error: 'not-allowed' })
  })

  it('lets everybody rename themselves, and an administrator anybody', async () => {
    const store = await device.open()
    const { me } = await setUp(store)
    const chen = accepted(await store.practice.addMember({ name: 'Dr. Chen', roles: ['clinician'] }))
    accepted(await store.practice.renameMember(chen.id, 'Dr. Chen-Adler'))
    expect(await store.practice.renameMember(me.id, ' ')).toEqual({ ok: false, error: 'invalid' })
    expect((await eventually(store.practice.watch))?.members.map(({ name }) => name)).toEqual(['Dr. Rivera', 'Dr. Chen-Adler'])
  })

  it('S24 raises the generation of the standing link, and nothing else', async () => {
    const store = await device.open()
    const { me } = await setUp(store)
    accepted(await store.practice.replaceStandingLink())
    accepted(await store.practice.replaceStandingLink())
    const state = await eventually(store.practice.watch, (now) => now?.me.standingLinkGeneration === 2)
    expect(state?.me).toEqual({ ...me, standingLinkGeneration: 2 })
    const other = await createDevice().open()
    await setUp(other, { roles: ['administrator'] })
    expect(await other.practice.replaceStandingLink()).toEqual({ ok: false, error: 'not-allowed' })
  })

  it('shows what another tab changed, a new practice included', async () => {
    const [one, two] = [await device.open(), await device.open()]
    const seen = eventually(two.practice.watch, (state) => state !== null)
    const created = accepted(await one.practice.create(examplePractice))
    expect(await seen).toEqual(created)
    accepted(await two.practice.changeTelehealth('off'))
    expect((await eventually(one.practice.watch, (s) => s?.practice.telehealth === 'off'))?.practice.name).toBe('Harbor Counseling')
  })
})
