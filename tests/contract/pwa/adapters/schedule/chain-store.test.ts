import { hashText } from '@alcove/shared/crypto/bytes'
import { generateEpoch, sealEpochKey, signEntry } from '@alcove/shared/crypto/chain'
import { generateSecret, importKeyPair } from '@alcove/shared/crypto/identity'
import { asId, type EntryHash } from '@alcove/shared/domain/ids'
import { describe, expect, it } from 'vitest'
import type { Store } from '../../../../../pwa/src/adapters/schedule/open-store.ts'
import { noon } from '../../../../support/crypto-people.ts'
import { wholeBackends } from '../../../../support/store/backends.ts'
import { invite, inviteColleague, keyOf, meet, peopleOf, placeOf, stateOf, useDevices } from '../../../../support/store/devices.ts'
import { accepted, eventually, setUp } from '../../../../support/store/examples.ts'

describe.each(wholeBackends)('the chain for other devices $name', ({ createDevice }) => {
  let now = noon
  const { device, founder } = useDevices(() => createDevice(() => now))

  /** What `asking` says on the handover topic, and what `answering` says to that. */
  async function handOver(asking: Store, answering: Store) {
    const have = await answering.chain.openHandover((await asking.chain.have()) ?? '')
    if (have?.type !== 'have') throw new Error('Not understood')
    const answer = await answering.chain.answer(have)
    const message = answer === null ? null : await asking.chain.openHandover(answer)
    return message?.type === 'entries' ? accepted(await asking.chain.takeBatches(message.batches)) : null
  }

  it('has nothing to say without a practice', async () => {
    const { chain } = await device().open()
    expect(await chain.entries()).toEqual([])
    expect(await chain.have()).toBeNull()
    expect(await chain.openHandover('AAAA')).toBeNull()
    expect(await chain.take([])).toEqual({ ok: false, error: 'not-allowed' })
    expect(await chain.takeBatches([])).toEqual({ ok: false, error: 'not-allowed' })
    expect(await chain.tend()).toEqual({ ok: true, value: undefined })
  })

  it('gives entries parents first, takes those of others once, and keeps them over a restart', async () => {
    const there = device()
    const boss = await there.open()
    await setUp(boss)
    const desk = await inviteColleague(boss, device(), 'Ada Admin', ['administrator'])
    accepted(await desk.practice.addMember({ name: 'Kim', roles: ['scheduler'] }))
    accepted(await desk.practice.changeTelehealth('off'))
    const [older, newer] = [await boss.chain.entries(), await desk.chain.entries()]
    expect(newer.slice(0, older.length)).toEqual(older)
    const fresh = newer.slice(older.length)
    expect(fresh).toHaveLength(2)
    // Children before their parents wait for them.
    expect(accepted(await boss.chain.take(fresh.slice(1)))).toBe(1)
    expect((await stateOf(boss)).practice.telehealth).toBe('basic')
    expect(accepted(await boss.chain.take(newer))).toBe(1)
    expect(accepted(await boss.chain.take(newer))).toBe(0)
    expect((await stateOf(boss)).practice.telehealth).toBe('off')
    expect(await boss.chain.entries()).toEqual(newer)
    await there.close()
    expect(await (await there.open()).chain.entries()).toEqual(newer)
  })

  it('takes nothing that is not signed by the device that it names, or by a device of another practice', async () => {
    const boss = await founder()
    const state = await stateOf(boss)
    const entries = await boss.chain.entries()
    const stranger = await importKeyPair(await generateSecret())
    const heads = (await placeOf(boss)).roll.heads
    const forged = await signEntry({ parents: [...heads], at: 1, operations: [{ type: 'change-telehealth', tier: 'premium' }] }, stranger)
    const other = await founder()
    const cut = `${entries[0]?.slice(0, -3)}AAA`
    expect(accepted(await boss.chain.take([cut, 'nonsense']))).toBe(0)
    expect(await peopleOf(boss, ({ reports }) => reports.length > 0)).toMatchObject({ reports: [{ kind: 'unsigned', what: 'entry' }] })
    now += 25 * 60 * 60 * 1000
    expect(await peopleOf(boss)).toMatchObject({ reports: [] })
    // Who is not in the practice cannot make it worry.
    expect(accepted(await boss.chain.take([cut, 'nonsense', 'more'], true))).toBe(0)
    expect(await peopleOf(boss)).toMatchObject({ reports: [] })
    accepted(await boss.chain.take(['nonsense']))
    accepted(await boss.chain.take([forged.signed, ...(await other.chain.entries())]))
    expect(await stateOf(boss)).toEqual(state)
    const { reports } = await peopleOf(boss, (people) => people.reports.length === 2)
    expect(reports[1]).toMatchObject({ kind: 'refused', refusal: { entry: forged.hash, reason: 'unknown-author' } })
    expect(await boss.chain.entries()).not.toContain((await other.chain.entries())[0])
  })

  it('hands over a new practice key to a device that was away, and nothing to the one that was removed', async () => {
    const boss = await founder()
    const away = await inviteColleague(boss, device(), 'Dr. Chen', ['clinician'])
    const stolen = await invite(boss, device(), { kind: 'own-device' }, 'A phone')
    await meet(boss, away)
    const before = await stolen.chain.entries()
    accepted(await boss.people.removeDevice(await keyOf(stolen)))
    const removal = (await boss.chain.entries()).filter((entry) => !before.includes(entry))
    accepted(await boss.practice.addMember({ name: 'Secret Newcomer', roles: ['scheduler'] }))
    const now = await placeOf(boss)
    expect(now.epoch).not.toBeNull()

    // Away knows only the old topic; on the handover topic it learns the rest.
    expect((await placeOf(away)).epoch).toBeNull()
    expect(await handOver(away, boss)).toBeGreaterThan(1)
    const there = await placeOf(away, ({ epoch }) => epoch === now.epoch)
    expect(there).toMatchObject({ topic: now.topic, password: now.password })
    expect((await stateOf(away)).members.map(({ name }) => name)).toContain('Secret Newcomer')
    expect(await handOver(away, boss)).toBeNull()

    // The removed one opens what led to its removal, and forgets everything.
    const have = await boss.chain.openHandover((await stolen.chain.have()) ?? '')
    if (have?.type !== 'have') throw new Error('Not understood')
    const answer = await stolen.chain.openHandover((await boss.chain.answer(have)) ?? '')
    if (answer?.type !== 'entries') throw new Error('No answer')
    expect(accepted(await stolen.chain.takeBatches(answer.batches))).toBe(removal.length)
    expect(await eventually(stolen.people.watchRemoval, (told) => told !== null)).toMatchObject({ by: 'Dr. Rivera' })
    expect(await stolen.chain.entries()).toEqual([])
  })

  it('tends to a device that was let in while the key was changed', async () => {
    const boss = await founder()
    const other = await inviteColleague(boss, device(), 'Ada Admin', ['administrator'])
    const gone = await inviteColleague(boss, device(), 'Gone', ['scheduler'])
    await meet(boss, other)
    accepted(await boss.people.removeMember((await stateOf(gone)).me.id))
    const newcomer = await inviteColleague(other, device(), 'Kim', ['scheduler'])
    accepted(await boss.chain.take(await other.chain.entries()))
    accepted(await boss.chain.tend())
    const newcomerKey = await keyOf(newcomer)
    const now = await placeOf(boss, ({ roll }) => roll.epoch?.holders.has(newcomerKey) === true)
    const entries = (await boss.chain.entries()).length
    accepted(await boss.chain.tend())
    expect(await boss.chain.entries()).toHaveLength(entries)
    expect(await handOver(newcomer, boss)).toBeGreaterThan(0)
    await placeOf(newcomer, ({ topic }) => topic === now.topic)
  })

  it('gives the key with the answer to a device that was let in while it was made, without waiting for the chain', async () => {
    const boss = await founder()
    const other = await inviteColleague(boss, device(), 'Ada Admin', ['administrator'])
    const gone = await inviteColleague(boss, device(), 'Gone', ['scheduler'])
    await meet(boss, other)
    accepted(await boss.people.removeMember((await stateOf(gone)).me.id))
    const newcomer = await inviteColleague(other, device(), 'Kim', ['scheduler'])
    accepted(await boss.chain.take(await other.chain.entries()))
    accepted(await boss.practice.addMember({ name: 'Later', roles: ['scheduler'] }))
    expect(await handOver(newcomer, boss)).toBeGreaterThan(1)
    const now = await placeOf(boss)
    expect(now.epoch).not.toBeNull()
    await placeOf(newcomer, ({ topic }) => topic === now.topic)
    // Somebody who knows the handover topic can make up a key, but no practice key of ours.
    const { epoch, key } = await generateEpoch()
    const root = asId<EntryHash>(await hashText((await boss.chain.entries())[0] ?? ''))
    const [sealed] = await sealEpochKey(key, { root, epoch }, [await keyOf(newcomer)])
    expect(accepted(await newcomer.chain.takeBatches([{ epoch, key: sealed?.sealed ?? null, sealed: 'AAAA' }]))).toBe(0)
    expect((await placeOf(newcomer)).epoch).toBe(now.epoch)
  })

  it('makes another key when two removals at once left it with a removed device', async () => {
    const boss = await founder()
    const other = await inviteColleague(boss, device(), 'Ada Admin', ['administrator'])
    const one = await inviteColleague(boss, device(), 'One', ['scheduler'])
    const two = await inviteColleague(boss, device(), 'Two', ['scheduler'])
    await meet(boss, other)
    accepted(await boss.people.removeMember((await stateOf(one)).me.id))
    accepted(await other.people.removeMember((await stateOf(two)).me.id))
    accepted(await boss.chain.take(await other.chain.entries()))
    accepted(await other.chain.take(await boss.chain.entries()))
    const both = await placeOf(boss)
    const leaked = [...(both.roll.epoch?.holders ?? [])].filter((key) => !both.roll.devices.has(key))
    expect(leaked).toHaveLength(1)
    accepted(await boss.chain.tend())
    accepted(await other.chain.take(await boss.chain.entries()))
    const here = await placeOf(boss, ({ epoch }) => epoch !== both.epoch)
    const there = await placeOf(other, ({ epoch }) => epoch === here.epoch)
    expect(there).toMatchObject({ epoch: here.epoch, topic: here.topic, password: here.password })
    expect([...(here.roll.epoch?.holders ?? [])].every((key) => here.roll.devices.has(key))).toBe(true)
  })

  /** A member with a changed program gives up an own device, and seals nonsense to the devices of these as the new key. */
  async function garble(boss: Store, author: Store, victims: readonly Store[]): Promise<void> {
    const phone = await invite(author, device(), { kind: 'own-device' }, 'A phone')
    const place = await placeOf(author)
    const { epoch, key } = await generateEpoch()
    const root = asId<EntryHash>(await hashText((await boss.chain.entries())[0] ?? ''))
    const cheated = new Set<string>(await Promise.all(victims.map(keyOf)))
    const gone = await keyOf(phone)
    const stay = [...place.roll.devices.keys()].filter((each) => each !== gone)
    const sealed = await sealEpochKey(key, { root, epoch }, stay)
    const keys = sealed.map((one) =>
      cheated.has(one.device) ? { ...one, sealed: sealed[0]?.sealed.replace(/^.{40}/, 'B'.repeat(40)) ?? '' } : one,
    )
    const { signed } = await signEntry(
      {
        parents: [...place.roll.heads],
        at: 1,
        operations: [
          { type: 'remove-device', device: gone },
          { type: 'rekey', epoch, keys },
        ],
      },
      place.device,
    )
    accepted(await author.chain.take([signed]))
    for (const store of [boss, ...victims]) accepted(await store.chain.take(await author.chain.entries()))
  }

  it('makes another key when an administrator’s device was given one that does not open', async () => {
    const boss = await founder()
    const chen = await inviteColleague(boss, device(), 'Dr. Chen', ['clinician'])
    const desk = await inviteColleague(boss, device(), 'Jo Desk', ['scheduler'])
    await meet(boss, chen)
    await garble(boss, chen, [boss, desk])
    const stuck = await placeOf(boss)
    expect(stuck.epoch).not.toBe(stuck.roll.epoch?.id)
    accepted(await desk.chain.tend())
    expect((await placeOf(desk)).roll.heads).toEqual(stuck.roll.heads)

    accepted(await boss.chain.tend())
    const now = await placeOf(boss, ({ epoch }) => epoch !== stuck.epoch)
    expect(now.epoch).toBe(now.roll.epoch?.id)
    for (const store of [chen, desk]) {
      accepted(await store.chain.take(await boss.chain.entries()))
      await placeOf(store, ({ topic }) => topic === now.topic)
    }
    const entries = await boss.chain.entries()
    accepted(await boss.chain.tend(true))
    expect(await boss.chain.entries()).toEqual(entries)
  })

  it('makes another key when nobody gives it the present one for long', async () => {
    const boss = await founder()
    const chen = await inviteColleague(boss, device(), 'Dr. Chen', ['clinician'])
    await meet(boss, chen)
    const phone = await invite(chen, device(), { kind: 'own-device' })
    const place = await placeOf(chen)
    const { epoch } = await generateEpoch()
    const { signed } = await signEntry(
      {
        parents: [...place.roll.heads],
        at: 1,
        operations: [
          { type: 'remove-device', device: await keyOf(phone) },
          { type: 'rekey', epoch, keys: [] },
        ],
      },
      place.device,
    )
    accepted(await boss.chain.take([...(await chen.chain.entries()), signed]))
    accepted(await boss.chain.tend())
    const stuck = await placeOf(boss, ({ roll }) => roll.epoch?.id === epoch)
    expect(stuck.epoch).toBeNull()
    accepted(await boss.chain.tend(true))
    const now = await placeOf(boss, ({ epoch: held }) => held !== null)
    expect(now.epoch).toBe(now.roll.epoch?.id)
  })

  it('gives a key that somebody garbled for one device with the answer, once that one asks', async () => {
    const boss = await founder()
    const chen = await inviteColleague(boss, device(), 'Dr. Chen', ['clinician'])
    const desk = await inviteColleague(boss, device(), 'Jo Desk', ['scheduler'])
    await meet(boss, chen)
    await garble(boss, chen, [desk])
    const now = await placeOf(boss, ({ epoch }) => epoch !== null)
    expect((await placeOf(desk)).epoch).toBeNull()
    expect(await handOver(desk, boss)).toBe(0)
    expect((await placeOf(desk, ({ epoch }) => epoch !== null)).topic).toBe(now.topic)
    expect(await handOver(desk, boss)).toBeNull()
  })

  it('answers nobody who has everything, and says what it has to practice devices alone', async () => {
    const boss = await founder()
    const phone = await invite(boss, device(), { kind: 'own-device' })
    expect(await handOver(phone, boss)).toBeNull()
    const stranger = await founder()
    expect(await stranger.chain.openHandover((await boss.chain.have()) ?? '')).toBeNull()
    const have = { type: 'have', device: await keyOf(stranger), epoch: null, heads: [asId<EntryHash>('A'.repeat(43))] } as const
    const answer = await boss.chain.answer({ ...have, heads: [...have.heads] })
    expect(await stranger.chain.openHandover(answer ?? '')).toBeNull()
  })
})
