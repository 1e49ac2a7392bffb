import { graceMs } from '@alcove/shared/protocol/session-messages'
import { beforeAll, describe, expect, it } from 'vitest'
import { dayMs, hourMs, newCall, newRoom, noon, type TestRoom } from '../../support/crypto-people.ts'
import { createHubWorld, waitingGuest, withOtherDevice } from '../../support/signaling/hub-world.ts'

let laptopRoom: TestRoom
let phoneRoom: TestRoom
beforeAll(async () => {
  laptopRoom = await newRoom()
  phoneRoom = await withOtherDevice(laptopRoom)
})

/** A guest in a call of the laptop, while the phone is connected. */
async function callOnLaptop() {
  const world = createHubWorld()
  const laptop = await world.host(laptopRoom)
  const phone = await world.host(phoneRoom)
  const guest = await waitingGuest(world, laptopRoom.room)
  const call = newCall()
  await laptop.admit(guest.key, guest.sealed, call)
  await laptop.roster(call, 5, [{ guest: guest.key, sealed: guest.sealed }])
  await laptop.sync()
  await guest.sync()
  const device = phoneRoom.device.publicKey
  return { world, laptop, phone, guest, call, handOver: { type: 'hand-over' as const, call, device } }
}

describe('a call that is handed to another device', () => {
  it('is announced to both devices, with its guests to the new one, and with nothing to the guests', async () => {
    const { laptop, phone, guest, call, handOver } = await callOnLaptop()
    const before = guest.all().length
    laptop.send(handOver)
    await laptop.sync()
    const listing = { guest: guest.key, state: 'admitted', present: true, sealed: guest.sealed, call }
    expect(phone.of('handed-over')).toEqual([{ type: 'handed-over', call, device: handOver.device, guests: [listing] }])
    expect(laptop.of('handed-over')).toEqual([{ type: 'handed-over', call, device: handOver.device, guests: [] }])
    expect(guest.all()).toHaveLength(before)
  })

  it('goes on with a fresh ticket of the new device, which answers the same knock, and its newer roster', async () => {
    const { world, laptop, phone, guest, call, handOver } = await callOnLaptop()
    laptop.send(handOver)
    await laptop.sync()
    world.clock.advance(1)
    const ticket = await phone.admit(guest.key, guest.sealed, call)
    await phone.roster(call, 5, [{ guest: guest.key, sealed: guest.sealed }])
    await phone.roster(call, 6, [{ guest: guest.key, sealed: guest.sealed }])
    await phone.sync()
    expect(phone.errors()).toEqual(['roster-refused'])
    expect(guest.of('admitted').at(-1)).toMatchObject({ ticket, certificate: phoneRoom.certificate, roster: null })
    expect(guest.of('roster')).toHaveLength(2)
    phone.send({ type: 'relay', to: guest.key, data: 'SGk' })
    guest.send({ type: 'relay', to: 'host', data: 'T2g' })
    await Promise.all([phone.sync(), guest.sync()])
    expect(guest.of('relay')).toMatchObject([{ from: 'host', data: 'SGk' }])
    expect(phone.of('relay')).toMatchObject([{ from: guest.key, data: 'T2g' }])
    await phone.end(call)
    await phone.sync()
    expect(guest.of('ended')).toMatchObject([{ certificate: phoneRoom.certificate }])
  })

  it('lets the first device do nothing in it any more, and hear nothing of it', async () => {
    const { laptop, guest, call, handOver } = await callOnLaptop()
    laptop.send(handOver)
    laptop.send({ type: 'relay', to: guest.key, data: 'AAAA' })
    laptop.send({ type: 'dismiss', guest: guest.key })
    await laptop.admit(guest.key, guest.sealed, call)
    await laptop.roster(call, 7, [])
    await laptop.end(call)
    laptop.send(handOver)
    await laptop.sync()
    guest.send({ type: 'relay', to: 'host', data: 'SGk' })
    await guest.sync()
    expect(laptop.errors()).toEqual([
      'not-a-member',
      'not-a-member',
      'ticket-refused',
      'roster-refused',
      'end-refused',
      'hand-over-refused',
    ])
    expect(laptop.of('relay')).toEqual([])
    expect(guest.of('ended')).toEqual([])
  })

  it('can be given back', async () => {
    const { laptop, phone, guest, handOver } = await callOnLaptop()
    laptop.send(handOver)
    await laptop.sync()
    phone.send({ ...handOver, device: laptopRoom.device.publicKey })
    await phone.sync()
    laptop.send({ type: 'relay', to: guest.key, data: 'SGk' })
    await laptop.sync()
    expect(laptop.of('handed-over').map(({ guests }) => guests.length)).toEqual([0, 1])
    expect(guest.of('relay')).toHaveLength(1)
    expect(laptop.errors()).toEqual([])
  })

  it('can be taken back by the device that gave it, once, should the other one have died', async () => {
    const { laptop, phone, guest, call, handOver } = await callOnLaptop()
    const back = { ...handOver, device: laptopRoom.device.publicKey }
    laptop.send(handOver)
    laptop.send(back)
    await laptop.sync()
    expect(laptop.errors()).toEqual([])
    expect(laptop.of('handed-over').at(-1)).toMatchObject({ call, device: back.device, guests: [{ guest: guest.key }] })
    phone.send(handOver)
    await phone.sync()
    expect(phone.errors()).toEqual(['hand-over-refused'])
    laptop.send({ type: 'relay', to: guest.key, data: 'SGk' })
    await laptop.sync()
    expect(guest.of('relay')).toHaveLength(1)
  })

  it('keeps the guest, and the knocks of a reloaded page, with the new device', async () => {
    const { world, laptop, phone, guest, call, handOver } = await callOnLaptop()
    laptop.send(handOver)
    await laptop.sync()
    guest.wire.fall()
    const back = await world.guest(laptopRoom.room, { pair: guest.pair })
    expect(back.of('ready')).toMatchObject([{ state: 'admitted' }])
    expect(back.of('roster')).toEqual([])
    const sealed = back.knock()
    await back.sync()
    expect(phone.of('knock').at(-1)).toMatchObject({ guest: guest.key, sealed })
    expect(laptop.of('knock').filter((knock) => knock.sealed === sealed)).toEqual([])
    world.clock.advance(1)
    await phone.admit(guest.key, sealed, call)
    await phone.sync()
    expect(back.of('admitted')).toHaveLength(1)
  })
})

it('a device whose own certificate has expired gives no call away, and takes none back', async () => {
  const expiring = await withOtherDevice(laptopRoom)
  const world = createHubWorld()
  const giver = await world.host(expiring)
  const heir = await world.host(laptopRoom)
  const guest = await waitingGuest(world, laptopRoom.room)
  const call = newCall()
  await giver.admit(guest.key, guest.sealed, call)
  await giver.sync()
  const handOver = { type: 'hand-over' as const, call, device: laptopRoom.device.publicKey }
  world.clock.advance(dayMs - hourMs)
  giver.send(handOver)
  await giver.sync()
  expect(heir.of('handed-over')).toHaveLength(1)
  world.clock.advance(2 * hourMs)
  giver.send({ ...handOver, device: expiring.device.publicKey })
  await giver.sync()
  expect(giver.errors()).toEqual(['hand-over-refused'])
  heir.send({ type: 'relay', to: guest.key, data: 'SGk' })
  await heir.sync()
  expect(guest.of('relay')).toHaveLength(1)
})

describe('a call is not handed', () => {
  const refused: Record<string, (world: Awaited<ReturnType<typeof callOnLaptop>>) => Promise<void> | void> = {
    'to a device that is not there': (at) => at.laptop.send({ ...at.handOver, device: laptopRoom.roomKey }),
    'to the device that has it': (at) => at.laptop.send({ ...at.handOver, device: laptopRoom.device.publicKey }),
    'when there is no such call': (at) => at.laptop.send({ ...at.handOver, call: newCall() }),
    'to a device whose certificate has expired since it connected': (at) => {
      at.world.clock.advance(dayMs + hourMs)
      at.laptop.send(at.handOver)
    },
    'to a device whose socket is lost': (at) => {
      at.phone.wire.fall()
      at.laptop.send(at.handOver)
    },
  }
  for (const [what, ask] of Object.entries(refused)) {
    it(what, async () => {
      const at = await callOnLaptop()
      await ask(at)
      await at.laptop.sync()
      expect(at.laptop.errors()).toEqual(['hand-over-refused'])
      at.laptop.send({ type: 'relay', to: at.guest.key, data: 'SGk' })
      await at.laptop.sync()
      expect(at.guest.of('relay')).toHaveLength(1)
    })
  }

  it('by a device whose call it is not', async () => {
    const { phone, handOver, laptop } = await callOnLaptop()
    phone.send(handOver)
    phone.send({ ...handOver, device: laptopRoom.device.publicKey })
    await phone.sync()
    expect(phone.errors()).toEqual(['hand-over-refused', 'hand-over-refused'])
    expect(laptop.of('handed-over')).toEqual([])
  })
})

it('a new owner that is gone for good leaves the guest to the others', async () => {
  const { world, laptop, phone, guest, handOver } = await callOnLaptop()
  laptop.send(handOver)
  await laptop.sync()
  phone.wire.fall()
  world.clock.advance(graceMs)
  laptop.send({ type: 'dismiss', guest: guest.key })
  await laptop.sync()
  expect(guest.of('dismissed')).toHaveLength(1)
  expect(world.clock.now()).toBe(noon + graceMs)
})
