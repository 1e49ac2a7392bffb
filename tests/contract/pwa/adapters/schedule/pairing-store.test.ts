import { asId, type MemberId } from '@alcove/shared/domain/ids'
import { generateSecret, importKeyPair } from '@alcove/shared/crypto/identity'
import { toBase64Url } from '@alcove/shared/crypto/bytes'
import type { WelcomeContents } from '@alcove/shared/protocol/sync-messages'
import { welcomeContents } from '@alcove/shared/protocol/sync-messages'
import * as v from '@alcove/shared/protocol/schema'
import { describe, expect, it } from 'vitest'
import type { Store } from '../../../../../pwa/src/adapters/schedule/open-store.ts'
import { noon } from '../../../../support/crypto-people.ts'
import { wholeBackends } from '../../../../support/store/backends.ts'
import { invite, inviteColleague, keyOf, peopleOf, placeOf, stateOf, useDevices } from '../../../../support/store/devices.ts'
import { accepted, eventually, examplePractice } from '../../../../support/store/examples.ts'

const notAllowed = { ok: false, error: 'not-allowed' }
const invalid = { ok: false, error: 'invalid' }

describe.each(wholeBackends)('bringing a device into a practice $name', ({ createDevice }) => {
  const { device, founder } = useDevices(() => createDevice(() => noon))

  async function admitted(boss: Store, joiner: Store) {
    const pair = await joiner.pairing.newDevice()
    const welcome = accepted(await boss.pairing.admit({ kind: 'own-device' }, asId(pair.publicKey), 'A phone'))
    return { pair, welcome }
  }

  it('makes keys that cannot be exported, and stores nothing before they are adopted', async () => {
    const there = device()
    const store = await there.open()
    const pair = await store.pairing.newDevice()
    expect([pair.signing.extractable, pair.agreement.extractable]).toEqual([false, false])
    expect((await store.pairing.newDevice()).publicKey).not.toBe(pair.publicKey)
    expect(await eventually(store.practice.watch)).toBeNull()
  })

  it('gives a welcome that fits the wire, and a device that is the same after a restart', async () => {
    const boss = await founder()
    const there = device()
    const joiner = await there.open()
    const { pair, welcome } = await admitted(boss, joiner)
    expect(v.safeParse(welcomeContents, JSON.parse(JSON.stringify(welcome))).success).toBe(true)
    accepted(await joiner.pairing.adopt(welcome, pair, 'own-device'))
    const before = [await stateOf(joiner), await placeOf(joiner)] as const
    expect(before[0]).toEqual(await stateOf(boss))
    await there.close()
    const again = await there.open()
    expect(await stateOf(again)).toEqual(before[0])
    expect(await keyOf(again)).toBe(pair.publicKey)
    expect((await placeOf(again)).topic).toBe(before[1].topic)
    expect(await again.vault.hostIdentity()).not.toBeNull()
  })

  it('shows it in the other tab of the browser that joins', async () => {
    const boss = await founder()
    const there = device()
    const [joiner, tab] = [await there.open(), await there.open()]
    const { pair, welcome } = await admitted(boss, joiner)
    accepted(await joiner.pairing.adopt(welcome, pair, 'own-device'))
    expect(await stateOf(tab)).toEqual(await stateOf(boss))
    expect(await tab.pairing.adopt(welcome, pair, 'own-device')).toEqual(notAllowed)
  })

  it('lets an administrator alone let a colleague in, and everybody an own device', async () => {
    const boss = await founder()
    const desk = await inviteColleague(boss, device(), 'Jo Desk', ['scheduler'])
    const kim = accepted(await boss.practice.addMember({ name: 'Kim', roles: ['scheduler'] }))
    accepted(await desk.chain.take(await boss.chain.entries()))
    const key = asId((await (await device().open()).pairing.newDevice()).publicKey)
    expect(await desk.pairing.admit({ kind: 'colleague', member: kim.id }, asId(key), 'X')).toEqual(notAllowed)
    expect((await stateOf(await invite(desk, device(), { kind: 'own-device' }))).me.name).toBe('Jo Desk')
    expect((await stateOf(await invite(boss, device(), { kind: 'colleague', member: kim.id }))).me.name).toBe('Kim')
  })

  it('lets nobody in for somebody who is not there or has left, and no key twice or after its removal', async () => {
    const boss = await founder()
    const joiner = await device().open()
    const key = asId<Awaited<ReturnType<typeof keyOf>>>((await joiner.pairing.newDevice()).publicKey)
    expect(await boss.pairing.admit({ kind: 'colleague', member: asId<MemberId>('A'.repeat(22)) }, key, 'X')).toEqual(invalid)
    const kim = accepted(await boss.practice.addMember({ name: 'Kim', roles: ['scheduler'] }))
    accepted(await boss.people.removeMember(kim.id))
    expect(await boss.pairing.admit({ kind: 'colleague', member: kim.id }, key, 'X')).toEqual(invalid)
    accepted(await boss.pairing.admit({ kind: 'own-device' }, key, 'X'))
    expect(await boss.pairing.admit({ kind: 'own-device' }, key, 'X')).toEqual(invalid)
    accepted(await boss.people.removeDevice(key))
    expect(await boss.pairing.admit({ kind: 'own-device' }, key, 'X')).toEqual(invalid)
    expect((await peopleOf(boss)).devices).toHaveLength(1)
  })

  it('takes a device back that was let in, with the key that was made for it', async () => {
    const boss = await founder()
    const joiner = await device().open()
    const { pair, welcome } = await admitted(boss, joiner)
    const before = await placeOf(boss)
    const key = asId<Awaited<ReturnType<typeof keyOf>>>(pair.publicKey)
    accepted(await boss.pairing.withdraw(key))
    const after = await placeOf(boss, ({ roll }) => roll.removedDevices.has(key))
    expect([...after.roll.devices.keys()]).toEqual([await keyOf(boss)])
    expect(after.topic).not.toBe(before.topic)
    expect(await boss.pairing.withdraw(key)).toEqual(invalid)
    expect(await joiner.pairing.withdraw(key)).toEqual(notAllowed)
    // Nor does the joining device keep what it will not need.
    joiner.pairing.forgetDevice(pair)
    expect(await joiner.pairing.adopt(welcome, pair, 'own-device')).toEqual(invalid)
  })

  it('gives later practice keys to whoever comes after they were made', async () => {
    const boss = await founder()
    const gone = await inviteColleague(boss, device(), 'Gone', ['scheduler'])
    accepted(await boss.people.removeMember((await stateOf(gone)).me.id))
    const phone = await invite(boss, device(), { kind: 'own-device' })
    const [here, there] = [await placeOf(boss), await placeOf(phone)]
    expect(here.epoch).not.toBeNull()
    expect(there).toMatchObject({ epoch: here.epoch, topic: here.topic, password: here.password, handoverTopic: here.handoverTopic })
    expect(here.roll.epoch?.holders.has(await keyOf(phone))).toBe(true)
  })

  it('makes a new room for a clinician who comes back after all devices were lost', async () => {
    const boss = await founder()
    const first = await inviteColleague(boss, device(), 'Dr. Chen', ['clinician'])
    accepted(await boss.chain.take(await first.chain.entries()))
    const { id, roomKey } = (await stateOf(first)).me
    accepted(await boss.people.removeDevice(await keyOf(first)))
    const second = await invite(boss, device(), { kind: 'colleague', member: id })
    const now = (await stateOf(second)).me
    expect(now.roomKey).not.toBe(roomKey)
    expect(await second.vault.hostIdentity()).not.toBeNull()
    expect((await peopleOf(second)).roomSince).toBe(noon)
  })

  it('refuses a device that has a practice already', async () => {
    const boss = await founder()
    const joiner = await device().open()
    const { pair, welcome } = await admitted(boss, joiner)
    accepted(await joiner.practice.create(examplePractice))
    expect(await joiner.pairing.adopt(welcome, pair, 'own-device')).toEqual(notAllowed)
    expect(await (await device().open()).pairing.admit({ kind: 'own-device' }, asId(pair.publicKey), 'X')).toEqual(notAllowed)
  })

  it('refuses a welcome in which anything does not fit, and stores nothing', async () => {
    const boss = await founder()
    const joiner = await device().open()
    const { pair, welcome } = await admitted(boss, joiner)
    const otherRoom = toBase64Url(await generateSecret())
    const broken: readonly [string, Partial<WelcomeContents>][] = [
      ['another root', { root: asId('A'.repeat(43)) }],
      ['another member', { member: asId('A'.repeat(22)) }],
      ['a missing entry', { entries: welcome.entries.slice(0, -1) }],
      ['a forged entry', { entries: [...welcome.entries, 'AAAA.AAAA'] }],
      ['a short key', { foundingKey: 'AAAA' }],
      ['a key of no epoch', { epochKeys: [{ epoch: asId('A'.repeat(22)), key: welcome.foundingKey }] }],
      ['another room', { room: otherRoom }],
      ['a room that is none', { room: 'AAAA' }],
      ['no document', { practiceDocument: 'AAAA' }],
    ]
    for (const [what, part] of broken) {
      expect([what, await joiner.pairing.adopt({ ...welcome, ...part }, pair, 'own-device')]).toEqual([what, invalid])
    }
    expect(await joiner.pairing.adopt(welcome, await importKeyPair(await generateSecret()), 'own-device')).toEqual(invalid)
    expect(await eventually(joiner.practice.watch)).toBeNull()
    accepted(await joiner.pairing.adopt(welcome, pair, 'own-device'))
  })
})
