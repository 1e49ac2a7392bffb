import { toBase64Url } from '@alcove/shared/crypto/bytes'
import { deriveKitKeys, openKit } from '@alcove/shared/crypto/recovery-kit'
import type { AppointmentDraft } from '@alcove/shared/domain/appointment'
import type { DeviceKey, MemberId } from '@alcove/shared/domain/ids'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { RestoreState } from '../../../pwa/src/features/recovery/recovery-state.ts'
import { type Computer, createRecoveryWorld, type RecoveryWorld } from '../../support/recovery/recovery-world.ts'

let world: RecoveryWorld
beforeEach(() => {
  world = createRecoveryWorld()
})
afterEach(() => world.close())

/** What a watcher is told at once. */
function seen<T>(watch: (tell: (value: T) => void) => () => void): readonly T[] {
  const told: T[] = []
  watch((value) => told.push(value))()
  return told
}

async function work(computer: Computer): Promise<void> {
  const { patients, schedule, practice } = await computer.store()
  const sam = await patients.save(null, { firstName: 'Sam', lastName: 'Fox' })
  const [clinicianId] = seen<MemberId>((tell) => practice.watch((state) => state && tell(state.me.id)))
  if (!sam.ok || !clinicianId) throw new Error('It was not saved')
  const draft: AppointmentDraft = {
    type: 'therapy-session',
    patientId: sam.value.id,
    clinicianId,
    start: { date: '2026-11-24', time: '10:00', zone: 'America/New_York' },
    durationMinutes: 50,
    useTelehealth: true,
    status: 'booked',
  }
  const saved = await schedule.save(null, draft)
  if (!saved.ok) throw new Error('It was not saved')
  await computer.current()
}

async function shownBy(computer: Computer) {
  const { patients, schedule, vault, practice, people } = await computer.store()
  const [me] = seen<string | undefined>((tell) => practice.watch((state) => tell(state?.me.name)))
  const [devices] = seen((tell: (labels: readonly string[]) => void) =>
    people.watch((state) => tell(state?.devices.map(({ label }) => label) ?? [])),
  )
  const appointments = await new Promise<number>((resolve) => {
    schedule.watchRange(0, Number.MAX_SAFE_INTEGER, (found) => resolve(found.length))
  })
  const names = await new Promise<readonly string[]>((resolve) => {
    patients.watch((all) => resolve(all.map(({ firstName }) => firstName)))
  })
  return { me, names, appointments, room: (await vault.hostIdentity())?.roomId ?? null, devices }
}

async function changedKit(change: (bytes: Uint8Array<ArrayBuffer>) => Uint8Array<ArrayBuffer>) {
  const laptop = await world.found()
  const { secret, locator } = await laptop.makeKit()
  const kit = await world.disk.readKit(locator)
  if (kit) await world.disk.commit([{ type: 'kit', locator, kit: { ...kit, bytes: change(kit.bytes) } }])
  return secret
}

const failed = (reason: string): RestoreState => ({ kind: 'failed', reason }) as RestoreState

describe('a restore from the kit and the log alone', () => {
  it('gives back the practice with its waiting room, on an empty device', async () => {
    const laptop = await world.found()
    await work(laptop)
    const { secret } = await laptop.makeKit()
    expect(await laptop.drill(secret)).toMatchObject({ kind: 'finished', complete: true })
    const before = await shownBy(laptop)
    laptop.lose()
    const fresh = world.empty()
    const restoring = world.restore(fresh, secret)
    expect(await restoring.settled()).toEqual({ kind: 'restored', practice: 'Willow Practice' })
    expect(restoring.steps).toEqual(['kit', 'people', 'practice', 'joining', 'storing'])
    await fresh.current()
    expect(await shownBy(fresh)).toEqual({ ...before, devices: ['Chrome on Linux', 'Firefox on Windows'] })
  })

  it('works again with the same kit, and after the practice got new keys meanwhile', async () => {
    const laptop = await world.found()
    const phone = await world.join(laptop)
    const { secret } = await laptop.makeKit()
    await laptop.current()
    const { people } = await laptop.store()
    const [other] = seen<DeviceKey>((tell) =>
      people.watch((state) => {
        for (const { key, isThis } of state?.devices ?? []) if (!isThis) tell(key)
      }),
    )
    expect(other && (await people.removeDevice(other))).toEqual({ ok: true, value: undefined })
    phone.lose()
    await work(laptop)
    laptop.lose()
    for (const fresh of [world.empty(), world.empty()]) {
      expect(await world.restore(fresh, secret).settled()).toMatchObject({ kind: 'restored' })
      await fresh.current()
      expect(await shownBy(fresh)).toMatchObject({ names: ['Sam'], appointments: 1, room: expect.any(String) })
    }
  })

  it('reads what was written under every practice key that there was before the kit', async () => {
    const laptop = await world.found()
    const { people } = await laptop.store()
    for (let round = 0; round < 2; round++) {
      await work(laptop)
      const phone = await world.join(laptop)
      const [other] = seen<DeviceKey>((tell) =>
        people.watch((state) => {
          for (const { key, isThis } of state?.devices ?? []) if (!isThis) tell(key)
        }),
      )
      expect(other && (await people.removeDevice(other))).toEqual({ ok: true, value: undefined })
      phone.lose()
      await laptop.current()
    }
    const { secret } = await laptop.makeKit()
    expect(await laptop.drill(secret)).toMatchObject({ kind: 'finished', complete: true })
    laptop.lose()
    const fresh = world.empty()
    expect(await world.restore(fresh, secret).settled()).toMatchObject({ kind: 'restored' })
    await fresh.current()
    expect(await shownBy(fresh)).toMatchObject({ names: ['Sam', 'Sam'], appointments: 2, room: expect.any(String) })
  })

  it('makes a clinician who administers nothing whole again, with the own waiting room', async () => {
    const laptop = await world.found()
    const { practice } = await laptop.store()
    const added = await practice.addMember({ name: 'Dr. Kofi Mensah', roles: ['clinician'] })
    if (!added.ok) throw new Error(added.error)
    const kofi = await world.join(laptop, added.value.id)
    const { secret } = await kofi.makeKit()
    await kofi.current()
    expect(await kofi.drill(secret)).toMatchObject({ kind: 'finished', complete: true })
    const before = await shownBy(kofi)
    kofi.lose()
    laptop.lose()
    const fresh = world.empty()
    expect(await world.restore(fresh, secret).settled()).toMatchObject({ kind: 'restored' })
    await fresh.current()
    const { me, room } = await shownBy(fresh)
    expect({ me, room }).toEqual({ me: 'Dr. Kofi Mensah', room: before.room })
  })

  it('goes on while the server is started anew', async () => {
    const laptop = await world.found()
    await work(laptop)
    const { secret } = await laptop.makeKit()
    expect(await laptop.drill(secret)).toMatchObject({ kind: 'finished' })
    laptop.lose()
    const fresh = world.empty()
    const restoring = world.restore(fresh, secret)
    world.restart()
    expect(await restoring.settled()).toMatchObject({ kind: 'restored' })
  })
})

describe('a restore that cannot be', () => {
  it.each([
    ['of words that the server does not know', 'unknown-kit', async () => new Uint8Array(16).fill(7)],
    [
      'with a kit that was replaced',
      'unknown-kit',
      async () => {
        const laptop = await world.found()
        const { secret, locator } = await laptop.makeKit()
        await laptop.makeKit()
        await laptop.current()
        const keeper = await laptop.keepKits()
        await expect.poll(async () => world.disk.readKit(locator), { timeout: 15_000 }).toBeNull()
        keeper.close()
        return secret
      },
    ],
    [
      'with a kit that was taken back',
      'revoked',
      async () => {
        const laptop = await world.found()
        const kit = await laptop.makeKit()
        expect(await laptop.drill(kit.secret)).toMatchObject({ kind: 'finished' })
        await (await laptop.store()).people.removeDevice(kit.device)
        await laptop.current()
        await laptop.current()
        laptop.lose()
        return kit.secret
      },
    ],
    [
      'from a server that has lost its disk',
      'unknown-kit',
      async () => {
        const laptop = await world.found()
        const { secret } = await laptop.makeKit()
        laptop.lose()
        world.disk.clear()
        world.restart()
        return secret
      },
    ],
    ['with a kit of a newer Alcove', 'newer', () => changedKit((bytes) => Uint8Array.from([2, ...bytes.slice(1)]))],
    [
      'with a kit that somebody spoiled on the server',
      'broken-kit',
      () => changedKit((bytes) => bytes.map((byte, i) => (i === 200 ? byte ^ 1 : byte))),
    ],
    [
      'from a server that has the kit, and has lost the practice',
      'incomplete',
      async () => {
        const laptop = await world.found()
        const { secret, locator } = await laptop.makeKit()
        laptop.lose()
        const kit = await world.disk.readKit(locator)
        world.disk.clear()
        if (kit) await world.disk.commit([{ type: 'kit', locator, kit }])
        world.restart()
        return secret
      },
    ],
    [
      'from a server that is away',
      'no-server',
      async () => {
        world.cut()
        return new Uint8Array(16)
      },
    ],
  ])('%s says so: %s', async (_what, reason, prepare) => {
    const secret = await prepare()
    const fresh = world.empty()
    expect(await world.restore(fresh, secret).settled()).toEqual(failed(reason))
    expect(fresh.device.disk.rows('chain')).toEqual([])
  })

  it('because the disk is full says so, and goes on from there without the server hearing of it twice', async () => {
    const laptop = await world.found()
    await work(laptop)
    const { secret } = await laptop.makeKit()
    expect(await laptop.drill(secret)).toMatchObject({ kind: 'finished' })
    laptop.lose()
    const fresh = world.empty()
    await fresh.store()
    fresh.device.disk.fail('QuotaExceededError')
    const restoring = world.restore(fresh, secret)
    expect(await restoring.settled()).toEqual(failed('storage-full'))
    fresh.device.disk.fail(null)
    restoring.again()
    expect(await restoring.settled()).toMatchObject({ kind: 'restored' })
    await fresh.current()
    expect((await shownBy(fresh)).devices).toHaveLength(2)
  })

  it('because the server has no room says so, and goes on from there once it has', async () => {
    const laptop = await world.found()
    await work(laptop)
    const { secret } = await laptop.makeKit()
    expect(await laptop.drill(secret)).toMatchObject({ kind: 'finished' })
    laptop.lose()
    world.disk.refuseWith('full')
    const fresh = world.empty()
    const restoring = world.restore(fresh, secret)
    expect(await restoring.settled()).toEqual(failed('server-full'))
    expect(fresh.device.disk.rows('chain')).toEqual([])
    world.disk.refuseWith(null)
    restoring.again()
    expect(await restoring.settled()).toMatchObject({ kind: 'restored' })
    await fresh.current()
    expect((await shownBy(fresh)).devices).toHaveLength(2)
  })

  it('because there is a practice says so, and changes nothing', async () => {
    const laptop = await world.found()
    const { secret } = await laptop.makeKit()
    expect(await laptop.drill(secret)).toMatchObject({ kind: 'finished' })
    expect(await world.restore(laptop, secret).settled()).toEqual(failed('practice-here'))
  })

  it('because somebody called it off leaves nothing behind', async () => {
    const laptop = await world.found()
    const { secret } = await laptop.makeKit()
    expect(await laptop.drill(secret)).toMatchObject({ kind: 'finished' })
    const fresh = world.empty()
    await fresh.store()
    world.restore(fresh, secret).cancel()
    await laptop.current()
    expect(fresh.device.disk.rows('keys').map((row) => (row as { name: string }).name)).toEqual(['device'])
    expect((await shownBy(laptop)).devices).toHaveLength(1)
  })
})

describe.each([
  ['keeps no logs any more', 'no-logs', { keepsLogs: false }],
  ['is asked too often', 'busy', { limits: { LIMIT_KIT_READS_PER_ADDRESS_PER_MINUTE: 0 } }],
] as const)('with a server that %s', (_what, reason, change) => {
  it(`a restore and a test of a kit say so: ${reason}`, async () => {
    const laptop = await world.found()
    const { secret } = await laptop.makeKit()
    world.restart(change)
    expect(await world.restore(world.empty(), secret).settled()).toEqual(failed(reason))
    expect(await laptop.drill(secret)).toEqual({ kind: 'failed', reason })
  })
})

describe('a kit for which there is no room on the server', () => {
  it('is not shown, and does not take the place of the one before', async () => {
    const laptop = await world.found()
    const { secret } = await laptop.makeKit()
    await laptop.current()
    world.disk.refuseWith('full')
    await expect(laptop.makeKit()).rejects.toThrow('server-full')
    world.disk.refuseWith(null)
    expect(await laptop.drill(secret)).toMatchObject({ kind: 'finished', complete: true })
  })
})

describe('the server', () => {
  it('has of a kit neither the secret nor anything that it opens', async () => {
    const laptop = await world.found()
    await work(laptop)
    const { secret } = await laptop.makeKit()
    expect(await laptop.drill(secret)).toMatchObject({ kind: 'finished' })
    expect(await world.restore(world.empty(), secret).settled()).toMatchObject({ kind: 'restored' })
    const stored = Buffer.from(world.disk.dump())
    const kit = (await laptop.kits())[0]?.kept
    const opened = kit && (await openKit(await deriveKitKeys(secret), kit.sealed))
    if (!opened?.ok) throw new Error('The kit does not open')
    const { foundingKey, device, practice, member } = opened.value
    const keys = [Buffer.from(secret), ...[foundingKey, device].map((text) => Buffer.from(text, 'base64url'))]
    expect(keys.map((bytes) => stored.includes(bytes))).toEqual([false, false, false])
    expect([toBase64Url(secret), foundingKey, device, practice, member].filter((text) => stored.includes(text))).toEqual([])
    // The search would have found it.
    expect(stored.includes(Buffer.from(kit?.sealed ?? []))).toBe(true)
  })
})

describe('a test of a kit', () => {
  it('does not take the words of another kit, or of none', async () => {
    const laptop = await world.found()
    const old = await laptop.makeKit()
    await laptop.makeKit()
    expect(await laptop.drill(old.secret)).toEqual({ kind: 'failed', reason: 'other-kit' })
    expect(await laptop.drill(new Uint8Array(16))).toEqual({ kind: 'failed', reason: 'other-kit' })
    expect((await laptop.kits()).map(({ drilledAt }) => drilledAt)).toEqual([null])
  })

  it('counts what would come back, and remembers that it did', async () => {
    const laptop = await world.found()
    await work(laptop)
    const { secret } = await laptop.makeKit()
    expect(await laptop.drill(secret)).toMatchObject({
      kind: 'finished',
      complete: true,
      result: { people: 1, appointments: { here: 1, there: 1 }, patients: { here: 1, there: 1 }, room: true },
    })
    expect((await laptop.kits()).map(({ drilledAt }) => drilledAt)).toEqual([expect.any(Number)])
  })

  it('stores nothing and lets nobody in', async () => {
    const laptop = await world.found()
    const { secret } = await laptop.makeKit()
    await laptop.drill(secret)
    expect((await shownBy(laptop)).devices).toEqual(['Chrome on Linux'])
  })

  it('says that the server has lost what it kept', async () => {
    const laptop = await world.found()
    const { secret } = await laptop.makeKit()
    world.disk.clear()
    world.restart()
    expect(await laptop.drill(secret)).toEqual({ kind: 'failed', reason: 'unknown-kit' })
  })
})
