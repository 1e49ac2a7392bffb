import { describe, expect, it } from 'vitest'
import { asId, type MemberId } from '@alcove/shared/domain/ids'
import type { Appointment } from '@alcove/shared/domain/appointment'
import { createSharedDocument } from '../../../../../pwa/src/adapters/schedule/documents.ts'
import type { Store } from '../../../../../pwa/src/adapters/schedule/open-store.ts'
import { collections } from '../../../../../pwa/src/adapters/schedule/views.ts'
import { noon } from '../../../../support/crypto-people.ts'
import { wholeBackends } from '../../../../support/store/backends.ts'
import { invite, inviteColleague, keyOf, meet, peopleOf, placeOf, stateOf, useDevices } from '../../../../support/store/devices.ts'
import { accepted, eventually, exampleDraft, examplePractice, setUp } from '../../../../support/store/examples.ts'
import { always } from '../../../../support/store/inspect.ts'

const notAllowed = { ok: false, error: 'not-allowed' }

describe.each(wholeBackends)('people of a practice $name', ({ createDevice }) => {
  const { device, founder } = useDevices(() => createDevice(() => noon))

  it('knows nobody on a fresh browser, and one device once a practice was set up', async () => {
    const store = await device().open()
    expect(await eventually(store.people.watch)).toBeNull()
    await setUp(store)
    const { me } = await stateOf(store)
    const people = await peopleOf(store)
    expect(people).toMatchObject({ reports: [], roomSince: null, room: 'here', roomAtRisk: false })
    expect(people.devices).toEqual([{ key: await keyOf(store), member: me.id, label: '', addedAt: noon, isThis: true }])
  })

  it('shows a colleague who joined, on both devices, with the device that each of them has', async () => {
    const boss = await founder()
    const desk = await inviteColleague(boss, device(), 'Jo Desk', ['scheduler'])
    const own = await stateOf(desk)
    expect(own.me).toMatchObject({ name: 'Jo Desk', roles: ['scheduler'], roomKey: null })
    expect(own.practice).toEqual((await stateOf(boss)).practice)
    const seen = await peopleOf(boss, ({ devices }) => devices.length === 2)
    expect(seen.devices.map(({ isThis, label }) => ({ isThis, label }))).toEqual([
      { isThis: true, label: '' },
      { isThis: false, label: 'A laptop' },
    ])
    expect((await peopleOf(desk)).devices.map(({ isThis }) => isThis)).toEqual([false, true])
  })

  it('gives a clinician who joins a room of their own, whose key no other device has', async () => {
    const boss = await founder()
    const joined = await inviteColleague(boss, device(), 'Dr. Chen', ['clinician'])
    const { me } = await stateOf(joined)
    expect(me.roomKey).toMatch(/^[\w-]{44}$/)
    const identity = await joined.vault.hostIdentity()
    expect(identity?.device.publicKey).toBe(await keyOf(joined))
    await meet(boss, joined)
    expect((await stateOf(boss)).members.find(({ id }) => id === me.id)?.roomKey).toBe(me.roomKey)
    // The link key is practice data: the founder can hand out links, and has no room but the own one.
    expect(await boss.vault.linkKey(me.id)).toEqual(await joined.vault.linkKey(me.id))
    expect((await boss.vault.hostIdentity())?.roomId).not.toBe(identity?.roomId)
  })

  it('gives the second device of a clinician the same room', async () => {
    const boss = await founder()
    const phone = await invite(boss, device(), { kind: 'own-device' }, 'A phone')
    const [one, two] = [await boss.vault.hostIdentity(), await phone.vault.hostIdentity()]
    expect(two?.roomId).toBe(one?.roomId)
    expect(two?.device.publicKey).not.toBe(one?.device.publicKey)
    expect((await stateOf(phone)).me.id).toBe((await stateOf(boss)).me.id)
  })

  it('lets a member rename an own device and an administrator any, for every device of the practice', async () => {
    const boss = await founder()
    const joined = await inviteColleague(boss, device(), 'Dr. Chen', ['clinician'])
    await meet(boss, joined)
    const [first, second] = [await keyOf(boss), await keyOf(joined)]
    expect(await joined.people.renameDevice(first, 'Mine')).toEqual(notAllowed)
    expect(await joined.people.renameDevice(second, ' \u200B ')).toEqual({ ok: false, error: 'invalid' })
    accepted(await joined.people.renameDevice(second, '  Office\u202E  laptop '))
    accepted(await boss.people.renameDevice(first, 'Front desk'))
    await meet(boss, joined)
    for (const store of [boss, joined]) {
      const { devices, reports } = await peopleOf(store, (state) =>
        state.devices.every(({ label }) => label !== '' && label !== 'A laptop'),
      )
      expect(devices.map(({ key, label }) => [key, label])).toEqual([
        [first, 'Front desk'],
        [second, 'Office laptop'],
      ])
      expect(reports).toEqual([])
    }
    accepted(await boss.people.renameDevice(second, 'Lent to Dr. Chen'))
    await meet(boss, joined)
    await peopleOf(joined, ({ devices }) => devices[1]?.label === 'Lent to Dr. Chen')
    const before = (await joined.chain.entries()).length
    accepted(await joined.people.renameDevice(second, 'Lent to Dr. Chen '))
    expect((await joined.chain.entries()).length).toBe(before)
  })

  it('lets an administrator alone change roles, and keeps the last administrator', async () => {
    const boss = await founder()
    const desk = await inviteColleague(boss, device(), 'Jo Desk', ['scheduler'])
    const [me, jo] = [(await stateOf(boss)).me.id, (await stateOf(desk)).me.id]
    expect(await desk.people.changeRoles(jo, ['administrator'])).toEqual(notAllowed)
    expect(await desk.practice.changeTelehealth('premium')).toEqual(notAllowed)
    expect(await boss.people.changeRoles(me, ['clinician'])).toEqual(notAllowed)
    accepted(await boss.people.changeRoles(jo, ['scheduler', 'administrator']))
    await meet(boss, desk)
    expect([...(await stateOf(desk)).me.roles].sort()).toEqual(['administrator', 'scheduler'])
    accepted(await desk.practice.changeTelehealth('premium'))
    accepted(await desk.people.changeRoles(me, ['clinician']))
    await meet(boss, desk)
    expect((await stateOf(boss)).me.roles).toEqual(['clinician'])
    expect((await stateOf(boss)).practice.telehealth).toBe('premium')
    expect(await boss.practice.addMember({ name: 'X', roles: ['scheduler'] })).toEqual(notAllowed)
  })

  it('makes a room for whoever becomes a clinician', async () => {
    const boss = await founder()
    const desk = await inviteColleague(boss, device(), 'Jo Desk', ['scheduler'])
    const jo = (await stateOf(desk)).me.id
    accepted(await boss.people.changeRoles(jo, ['clinician']))
    await meet(boss, desk)
    await stateOf(desk, ({ me }) => me.roomKey !== null)
    expect(await desk.vault.hostIdentity()).not.toBeNull()
    expect(await desk.vault.linkKey(jo)).toHaveLength(32)
  })

  it('removes a colleague: a new practice key, the name stays for old appointments, the device forgets everything', async () => {
    const boss = await founder()
    const { me, patientId } = await eventually(boss.patients.watch, (all) => all.length > 0).then(async ([patient]) => ({
      ...(await stateOf(boss)),
      patientId: patient?.id ?? null,
    }))
    const there = device()
    const joined = await inviteColleague(boss, there, 'Dr. Chen', ['clinician'])
    const chen = (await stateOf(joined)).me.id
    const saved = accepted(await boss.schedule.save(null, exampleDraft(chen, patientId)))
    const before = await placeOf(boss)
    const entriesBefore = await boss.chain.entries()

    accepted(await boss.people.removeMember(chen))
    const after = await placeOf(boss, ({ epoch }) => epoch !== null)
    expect(after.topic).not.toBe(before.topic)
    expect(after.password).not.toBe(before.password)
    expect(after.handoverTopic).toBe(before.handoverTopic)
    const state = await stateOf(boss)
    expect(state.members).toEqual([me, { id: chen, name: 'Dr. Chen', roles: [], roomKey: null, standingLinkGeneration: 0 }])
    expect((await peopleOf(boss)).devices).toHaveLength(1)
    expect(await eventually<Appointment | null>((listener) => boss.schedule.watch(saved.id, listener))).toEqual(saved)
    expect(await boss.schedule.save(null, exampleDraft(chen, patientId))).toEqual({ ok: false, error: 'invalid' })

    const told = eventually(joined.people.watchRemoval, (removal) => removal !== null)
    const otherTab = await there.open()
    const fresh = (await boss.chain.entries()).filter((entry) => !entriesBefore.includes(entry))
    accepted(await joined.chain.take(fresh))
    expect(await told).toEqual({ practice: 'Harbor Counseling', by: 'Dr. Rivera' })
    for (const tab of [joined, otherTab]) {
      expect(await eventually(tab.practice.watch, (now) => now === null)).toBeNull()
      expect(await eventually(tab.people.watch, (now) => now === null)).toBeNull()
      expect(await eventually(tab.people.watchRemoval, (now) => now !== null)).toEqual({ practice: 'Harbor Counseling', by: 'Dr. Rivera' })
      expect(await eventually(tab.patients.watch)).toEqual([])
    }
    expect(await joined.vault.hostIdentity()).toBeNull()
    await joined.journal.write('room', { waiting: 'Sam' })
    expect(await joined.journal.read('room')).toBeNull()

    // Also after a reload, until there is another practice on the device.
    await there.close()
    const again = await there.open()
    expect(await eventually(again.practice.watch)).toBeNull()
    expect(await eventually(again.people.watchRemoval)).toEqual({ practice: 'Harbor Counseling', by: 'Dr. Rivera' })
    accepted(await again.practice.create(examplePractice))
    expect(await eventually(again.people.watchRemoval, (now) => now === null)).toBeNull()
    await there.close()
    expect(await eventually((await there.open()).people.watchRemoval)).toBeNull()
  })

  it('lets a member remove an own lost device, raises the certificates, and offers another room', async () => {
    const boss = await founder()
    const joined = await inviteColleague(boss, device(), 'Dr. Chen', ['clinician'])
    const phone = await invite(joined, device(), { kind: 'own-device' }, 'A phone')
    const lost = await keyOf(phone)
    await meet(boss, joined)
    expect(await phone.people.removeDevice(await keyOf(boss))).toEqual(notAllowed)
    expect(await joined.people.removeDevice(await keyOf(joined))).toEqual(notAllowed)
    expect(await joined.vault.hostIdentity()).toMatchObject({ epoch: 0 })

    accepted(await joined.people.removeDevice(lost))
    expect(await peopleOf(joined, ({ roomAtRisk }) => roomAtRisk)).toMatchObject({ roomSince: null })
    expect(await joined.vault.hostIdentity()).toMatchObject({ epoch: 1 })
    const old = (await stateOf(joined)).me.roomKey
    const oldLinkKey = await joined.vault.linkKey((await stateOf(joined)).me.id)

    accepted(await joined.people.replaceRoom())
    const { me } = await stateOf(joined, (state) => state.me.roomKey !== old)
    expect(await peopleOf(joined, ({ roomAtRisk }) => !roomAtRisk)).toMatchObject({ roomSince: noon })
    const identity = await joined.vault.hostIdentity()
    expect(identity).toMatchObject({ epoch: 0 })
    expect(await joined.vault.linkKey(me.id)).not.toEqual(oldLinkKey)
    await meet(boss, joined)
    expect((await stateOf(boss)).members.find(({ id }) => id === me.id)?.roomKey).toBe(me.roomKey)
  })

  it('brings a new room to the other devices of its clinician, and to no others', async () => {
    const boss = await founder()
    const joined = await inviteColleague(boss, device(), 'Dr. Chen', ['clinician'])
    const phone = await invite(joined, device(), { kind: 'own-device' }, 'A phone')
    const before = await phone.vault.hostIdentity()
    accepted(await joined.people.replaceRoom())
    const after = await joined.vault.hostIdentity()
    await meet(joined, phone)
    await meet(boss, phone)
    await eventually(
      (told: (roomId: string | undefined) => void) => {
        const timer = setInterval(() => void phone.vault.hostIdentity().then((identity) => told(identity?.roomId)), 10)
        return () => clearInterval(timer)
      },
      (roomId) => roomId === after?.roomId,
    )
    expect(before?.roomId).not.toBe(after?.roomId)
    expect((await boss.vault.hostIdentity())?.roomId).not.toBe(after?.roomId)
  })

  /** For which devices a room's key lies in the practice document. */
  async function sealedFor(store: Store): Promise<readonly string[]> {
    const document = createSharedDocument()
    document.apply([await store.sync.updateFor(store.sync.practiceDocument(), null)])
    const fields = document.entities(collections.rooms).get((await stateOf(store)).me.roomKey ?? '')
    document.close()
    return Object.keys(fields ?? {}).sort()
  }

  it('gives no room to a device that an administrator let in for a clinician, and to those that come from it', async () => {
    const boss = await founder()
    const joined = await inviteColleague(boss, device(), 'Dr. Chen', ['clinician'])
    const phone = await invite(joined, device(), { kind: 'own-device' }, 'A phone')
    const tablet = await invite(phone, device(), { kind: 'own-device' }, 'A tablet')
    await meet(boss, joined)
    const chen = (await stateOf(joined)).me.id
    const stray = await invite(boss, device(), { kind: 'colleague', member: chen }, 'Whose?')
    const strays = await invite(stray, device(), { kind: 'own-device' }, 'Whose, too?')
    for (const store of [stray, strays, phone, tablet]) await meet(joined, store)
    expect((await peopleOf(stray)).room).toBe('missing')
    expect((await peopleOf(strays)).room).toBe('missing')
    expect((await peopleOf(boss)).room).toBe('here')

    accepted(await joined.people.replaceRoom())
    expect(await sealedFor(joined)).toEqual((await Promise.all([joined, phone, tablet].map(keyOf))).sort())
    // Nor does the housekeeping of a device that gets it now give it to them.
    for (const store of [tablet, stray, strays]) await meet(joined, store)
    await peopleOf(tablet, ({ room }) => room === 'here')
    for (const store of [stray, strays]) await meet(tablet, store)
    expect(await sealedFor(tablet)).toEqual(await sealedFor(joined))
    for (const store of [stray, strays]) {
      expect((await peopleOf(store)).room).toBe('missing')
      expect(await store.vault.hostIdentity()).toBeNull()
      expect((await stateOf(store)).me.roomKey).toBeNull()
    }
  })

  it('lets a clinician go on with a device that an administrator let in, by replacing the room', async () => {
    const boss = await founder()
    const lost = await inviteColleague(boss, device(), 'Dr. Chen', ['clinician'])
    await meet(boss, lost)
    const { id, roomKey } = (await stateOf(lost)).me
    const second = await invite(boss, device(), { kind: 'colleague', member: id })
    const third = await invite(second, device(), { kind: 'own-device' })
    expect([await second.vault.hostIdentity(), (await peopleOf(second)).room]).toEqual([null, 'missing'])
    // The lost device stands in the list still.
    accepted(await second.people.replaceRoom())
    const identity = await second.vault.hostIdentity()
    expect(identity).not.toBeNull()
    expect(await peopleOf(second)).toMatchObject({ room: 'here', roomSince: noon })
    await meet(second, third)
    await peopleOf(third, ({ room }) => room === 'here')
    expect((await third.vault.hostIdentity())?.roomId).toBe(identity?.roomId)
    await meet(second, lost)
    expect([(await peopleOf(lost)).room, await lost.vault.hostIdentity()]).toEqual(['missing', null])
    await meet(second, boss)
    const now = (await stateOf(boss)).members.find((member) => member.id === id)?.roomKey
    expect(now).toBe((await stateOf(second)).me.roomKey)
    expect(now).not.toBe(roomKey)
  })

  it('lets nobody remove an administrator who is the last one, or somebody who is not there', async () => {
    const boss = await founder()
    const me = (await stateOf(boss)).me.id
    const desk = await inviteColleague(boss, device(), 'Jo Desk', ['scheduler'])
    expect(await boss.people.removeMember(me)).toEqual(notAllowed)
    expect(await desk.people.removeMember(me)).toEqual(notAllowed)
    expect(await desk.people.removeDevice(await keyOf(boss))).toEqual(notAllowed)
    expect(await boss.people.removeMember(asId<MemberId>('AAAAAAAAAAAAAAAAAAAAAA'))).toEqual({ ok: false, error: 'invalid' })
    expect(await boss.people.removeDevice(asId('B'.repeat(87)))).toEqual({ ok: false, error: 'invalid' })
    expect((await peopleOf(boss)).devices).toHaveLength(2)
    expect(await eventually<readonly Appointment[]>((listener) => boss.schedule.watchRange(...always, listener))).toEqual([])
  })

  it('keeps what two administrators did at the same time, and says what was refused', async () => {
    const boss = await founder()
    const other = await inviteColleague(boss, device(), 'Ada Admin', ['administrator'])
    accepted(await boss.practice.changeTelehealth('premium'))
    accepted(await other.practice.addMember({ name: 'Kim', roles: ['scheduler'] }))
    await meet(boss, other)
    for (const store of [boss, other]) {
      const state = await stateOf(store)
      expect(state.practice.telehealth).toBe('premium')
      expect(state.members.map(({ name }) => name)).toEqual(['Dr. Rivera', 'Ada Admin', 'Kim'])
    }
    // The founder removes Ada, who at the same time adds somebody: that has no effect, and is said.
    accepted(await boss.people.removeMember((await stateOf(other)).me.id))
    accepted(await other.practice.addMember({ name: 'Too Late', roles: ['administrator'] }))
    accepted(await boss.chain.take(await other.chain.entries()))
    const { reports } = await peopleOf(boss, (people) => people.reports.length > 0)
    expect(reports).toMatchObject([{ kind: 'refused', refusal: { operation: 'add-member', reason: 'unknown-author' } }])
    expect((await stateOf(boss)).members.map(({ name }) => name)).toEqual(['Dr. Rivera', 'Ada Admin', 'Kim'])
  })
})
