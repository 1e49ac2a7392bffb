import { issueCertificate } from '@alcove/shared/crypto/admission'
import type { KeyPair } from '@alcove/shared/crypto/identity'
import { sign } from '@alcove/shared/crypto/signed'
import type { RoomId } from '@alcove/shared/domain/ids'
import { beforeAll, describe, expect, it } from 'vitest'
import type { Epochs } from '../../../signaling/src/session-hub/epochs.ts'
import { dayMs, newCall, newPair, newRoom, noon, type TestRoom } from '../../support/crypto-people.ts'
import { createHubWorld, createMemoryEpochs, waitingGuest } from '../../support/signaling/hub-world.ts'

let room: TestRoom
beforeAll(async () => {
  room = await newRoom()
})

/** Another device of the room, or the same one, certified at this epoch. */
async function certified(epoch: number, device?: KeyPair): Promise<TestRoom> {
  const own = device ?? (await newPair())
  const validity = { notBeforeAt: noon - dayMs, expiresAt: noon + dayMs, epoch }
  return { ...room, device: own, certificate: await issueCertificate(room.roomPair, room.room, own.publicKey, validity) }
}

const statement = (epoch: number, by = room.roomPair, about: RoomId = room.room) => sign('minimum-epoch', { room: about, epoch }, by)
const raise = async (epoch: number) => ({ type: 'raise-epoch' as const, statement: await statement(epoch) })

describe('a room whose minimum epoch is raised', () => {
  it('closes the lost device at once, takes its place and its calls away, and answers it the same ever after', async () => {
    const world = createHubWorld()
    const lost = await world.host(await certified(0))
    const laptop = await world.host(await certified(1))
    const guest = await waitingGuest(world, room.room)
    await lost.admit(guest.key, guest.sealed, newCall())
    await lost.sync()
    laptop.send(await raise(1))
    await laptop.sync()
    expect(laptop.of('epoch-raised')).toEqual([{ type: 'epoch-raised', epoch: 1 }])
    expect(lost.errors()).toEqual(['certificate-refused'])
    expect(lost.wire.closeCode()).toBe(1008)
    expect(world.hub.counts()).toMatchObject({ connections: 2, hosts: 1, guests: 1 })
    laptop.send({ type: 'dismiss', guest: guest.key })
    await laptop.sync()
    expect(guest.of('dismissed')).toHaveLength(1)
    const again = await world.host(lost.room)
    expect(again.errors()).toEqual(['certificate-refused'])
    expect(again.of('ready')).toEqual([])
    expect(world.hub.counts()).toMatchObject({ connections: 2, hosts: 1 })
  })

  it('keeps the lost device out after the server was restarted, also from an empty room', async () => {
    const world = createHubWorld()
    const laptop = await world.host(await certified(3))
    laptop.send(await raise(3))
    await laptop.sync()
    const after = world.restarted()
    expect((await after.host(await certified(2))).errors()).toEqual(['certificate-refused'])
    expect(after.hub.counts()).toEqual({ connections: 0, rooms: 0, hosts: 0, guests: 0, calls: 0 })
    expect((await after.host(await certified(3))).of('ready')).toHaveLength(1)
  })

  it('closes the sender, too, when it has no newer certificate yet, after it was told that all is stored', async () => {
    const world = createHubWorld()
    const device = await newPair()
    const laptop = await world.host(await certified(0, device))
    laptop.send(await raise(1))
    await laptop.wire.settled()
    expect(laptop.of('epoch-raised')).toHaveLength(1)
    expect(laptop.errors()).toEqual(['certificate-refused'])
    expect((await world.host(await certified(1, device))).of('ready')).toHaveLength(1)
  })

  it('is told to a device of the room whose certificate is too low, and to nobody else', async () => {
    const world = createHubWorld()
    const [laptop, lost] = [await world.host(await certified(7)), await world.host(await certified(0))]
    laptop.send(await raise(7))
    await laptop.sync()
    const again = await world.host(await certified(6))
    const refusal = { type: 'error', code: 'certificate-refused', fatal: true, minimum: 7 }
    for (const refused of [lost, again]) expect(refused.of('error')).toEqual([refusal])
    const stranger = await newRoom()
    const posing = await world.host({ ...stranger, room: room.room })
    expect(posing.of('error')).toEqual([{ type: 'error', code: 'authentication-failed', fatal: true }])
  })

  it('rises by a thousand at a time at the most, so that nobody is left behind for good', async () => {
    const world = createHubWorld()
    const laptop = await world.host(await certified(2 ** 40))
    for (const epoch of [2 ** 40, 1001, 1000, 2001, 2000]) laptop.send(await raise(epoch))
    await laptop.sync()
    expect(laptop.errors()).toEqual(['epoch-refused', 'epoch-refused', 'epoch-refused'])
    expect(laptop.of('epoch-raised').map(({ epoch }) => epoch)).toEqual([1000, 2000])
  })

  it('never goes down', async () => {
    const world = createHubWorld()
    const laptop = await world.host(await certified(5))
    for (const epoch of [5, 4, 5]) laptop.send(await raise(epoch))
    await laptop.sync()
    expect(laptop.of('epoch-raised').map(({ epoch }) => epoch)).toEqual([5, 5, 5])
    expect((await world.host(await certified(4))).errors()).toEqual(['certificate-refused'])
  })

  it('is raised by the word of its own room key alone', async () => {
    const world = createHubWorld()
    const other = await newRoom()
    const device = await certified(0)
    const host = await world.host(device)
    const forged = [
      await statement(9, device.device),
      await statement(9, other.roomPair),
      await statement(9, other.roomPair, other.room),
      await statement(9, room.roomPair, other.room),
      await sign('certificate', { room: room.room, epoch: 9 }, room.roomPair),
    ]
    for (const one of forged) host.send({ type: 'raise-epoch', statement: one })
    await host.sync()
    expect(host.errors()).toEqual(forged.map(() => 'epoch-refused'))
    expect((await world.host(await certified(0))).of('ready')).toHaveLength(1)
  })

  it('leaves other rooms alone', async () => {
    const world = createHubWorld()
    const laptop = await world.host(await certified(1))
    laptop.send(await raise(1))
    await laptop.sync()
    expect((await world.host(await newRoom())).of('ready')).toHaveLength(1)
  })

  it('lets nobody in between who authenticates while it is being stored', async () => {
    const memory = createMemoryEpochs()
    let store = () => {}
    const slow: Epochs = {
      minimum: memory.minimum,
      raise: (...args) =>
        new Promise((resolve) => {
          store = () => resolve(memory.raise(...args))
        }),
    }
    const world = createHubWorld({ epochs: slow })
    const laptop = await world.host(await certified(1))
    laptop.send(await raise(1))
    await new Promise((resolve) => setTimeout(resolve, 0))
    const lost = await world.host(await certified(0))
    expect(lost.of('ready')).toHaveLength(1)
    store()
    await laptop.wire.settled()
    expect(lost.errors()).toEqual(['certificate-refused'])
  })
})

describe('a minimum epoch that cannot be kept', () => {
  for (const outcome of ['full', 'failed'] as const) {
    it(`is refused with "not-stored" (${outcome}), and nobody is closed`, async () => {
      const world = createHubWorld({ epochs: { minimum: () => 0, raise: async () => outcome } })
      const lost = await world.host(await certified(0))
      const laptop = await world.host(await certified(1))
      laptop.send(await raise(1))
      await laptop.sync()
      expect(laptop.errors()).toEqual(['not-stored'])
      expect(lost.wire.isOpen()).toBe(true)
      const reached = world.events.flatMap((event) => (event.type === 'limit' ? [event.limit] : []))
      expect(reached).toEqual(outcome === 'full' ? ['LIMIT_MINIMUM_EPOCHS'] : [])
    })
  }

  it('LIMIT_MINIMUM_EPOCHS_PER_ADDRESS_PER_HOUR keeps one address from filling the store with rooms, and slows no room that has one', async () => {
    const world = createHubWorld({ limits: { LIMIT_MINIMUM_EPOCHS_PER_ADDRESS_PER_HOUR: 2 } })
    const first = async (epoch: number, address?: string) => {
      const made = await newRoom()
      const host = await world.host(made, address === undefined ? {} : { address })
      host.send({ type: 'raise-epoch', statement: await statement(epoch, made.roomPair, made.room) })
      await host.wire.settled()
      return host
    }
    const laptop = await world.host(await certified(3))
    laptop.send(await raise(1))
    await laptop.sync()
    // What raises nothing is not stored.
    expect((await first(0)).of('epoch-raised')).toEqual([{ type: 'epoch-raised', epoch: 0 }])
    expect((await first(1)).of('epoch-raised')).toEqual([{ type: 'epoch-raised', epoch: 1 }])
    expect((await first(1)).errors()).toEqual(['rate-limited'])
    expect(world.events).toContainEqual({ type: 'limit', limit: 'LIMIT_MINIMUM_EPOCHS_PER_ADDRESS_PER_HOUR' })
    expect((await first(1, '198.51.100.7')).of('epoch-raised')).toHaveLength(1)
    laptop.send(await raise(2))
    await laptop.sync()
    expect(laptop.of('epoch-raised').at(-1)).toEqual({ type: 'epoch-raised', epoch: 2 })
    world.clock.advance(40 * 60_000)
    expect((await first(1)).of('epoch-raised')).toHaveLength(1)
  })

  it('LIMIT_EPOCH_RAISES_PER_ADDRESS_PER_MINUTE slows one address, not another', async () => {
    const world = createHubWorld({ limits: { LIMIT_EPOCH_RAISES_PER_ADDRESS_PER_MINUTE: 1 } })
    const laptop = await world.host(await certified(2))
    laptop.send(await raise(1))
    laptop.send(await raise(2))
    await laptop.sync()
    expect(laptop.errors()).toEqual(['rate-limited'])
    const elsewhere = await world.host(await certified(2), { address: '198.51.100.7' })
    elsewhere.send(await raise(2))
    await elsewhere.sync()
    expect(elsewhere.of('epoch-raised')).toEqual([{ type: 'epoch-raised', epoch: 2 }])
  })
})
