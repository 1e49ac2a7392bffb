import { isKeyPrivate } from '@alcove/shared/domain/practice-roll'
import { describe, expect, it } from 'vitest'
import { noon } from '../../../../support/crypto-people.ts'
import { createMemoryDevice } from '../../../../support/fakes/memory-device.ts'
import { invite, inviteColleague, keyOf, meet, placeOf } from '../../../../support/store/devices.ts'
import { accepted, setUp } from '../../../../support/store/examples.ts'

describe('a device that hears of a removal with a disk that is full from then on', () => {
  it('still knows who was removed, and that the key it holds is no longer only the practice’s', async () => {
    const [founder, phone, desk] = [1, 2, 3].map(() => createMemoryDevice({ now: () => noon }))
    if (!founder || !phone || !desk) throw new Error('No devices')
    const boss = await founder.open()
    await setUp(boss)
    const removed = await keyOf(await invite(boss, phone, { kind: 'own-device' }))
    const colleague = await inviteColleague(boss, desk, 'Kim', ['scheduler'])
    await meet(boss, colleague)
    const before = await placeOf(colleague, ({ roll }) => roll.devices.has(removed))
    expect(isKeyPrivate(before.roll, before.epoch)).toBe(true)

    accepted(await boss.people.removeDevice(removed))
    const document = boss.sync.practiceDocument()
    const update = await boss.sync.updateFor(document, await colleague.sync.vector(document))
    const stop = colleague.sync.watchUpdates(() => desk.disk.fail('QuotaExceededError'))
    accepted(await colleague.sync.apply(document, update))
    const after = await placeOf(colleague, ({ roll }) => !roll.devices.has(removed))
    expect(after.epoch).toBeNull()
    expect(isKeyPrivate(after.roll, after.epoch)).toBe(false)

    // In the document they could be deleted by anybody: whoever brings them is not told that they are kept.
    stop()
    const entries = await boss.chain.entries()
    expect(await colleague.chain.take(entries)).toEqual({ ok: false, error: 'storage-full' })
    desk.disk.fail(null)
    expect(accepted(await colleague.chain.take(entries))).toBe(0)
    accepted(await boss.practice.changeTelehealth('premium'))
    await meet(boss, colleague)
    const healed = await placeOf(colleague, ({ epoch }) => epoch !== null)
    expect(isKeyPrivate(healed.roll, healed.epoch)).toBe(true)
    await Promise.all([founder.close(), phone.close(), desk.close()])
  })
})
