import { graceMs } from '@alcove/shared/protocol/session-messages'
import { beforeAll, describe, expect, it } from 'vitest'
import { newCall, newRoom, type TestRoom } from '../../support/crypto-people.ts'
import { createHubWorld, waitingGuest, withOtherDevice } from '../../support/signaling/hub-world.ts'

let laptopRoom: TestRoom
let tabletRoom: TestRoom
beforeAll(async () => {
  laptopRoom = await newRoom()
  tabletRoom = await withOtherDevice(laptopRoom)
})

async function twoDevices() {
  const world = createHubWorld()
  const laptop = await world.host(laptopRoom)
  const tablet = await world.host(tabletRoom)
  const guest = await waitingGuest(world, laptopRoom.room)
  return { world, laptop, tablet, guest, call: newCall() }
}

describe('two devices of one clinician', () => {
  it('both hear the knock; the first Accept takes the guest from the other', async () => {
    const { laptop, tablet, guest, call } = await twoDevices()
    expect([laptop.of('knock').length, tablet.of('knock').length]).toEqual([1, 1])
    await laptop.admit(guest.key, guest.sealed, call)
    await laptop.sync()
    expect(tablet.of('presence')).toEqual([{ type: 'presence', guest: guest.key, presence: 'left', elsewhere: 'accepted' }])
    expect(laptop.of('presence')).toEqual([])
    await tablet.admit(guest.key, guest.sealed, newCall())
    await tablet.admit(guest.key, guest.sealed, call)
    await tablet.sync()
    expect(tablet.errors()).toEqual(['ticket-refused', 'ticket-refused'])
    expect(guest.of('admitted')).toHaveLength(1)
  })

  it('the other one hears nothing of the call and can do nothing in it', async () => {
    const { laptop, tablet, guest, call } = await twoDevices()
    await laptop.admit(guest.key, guest.sealed, call)
    await laptop.sync()
    tablet.send({ type: 'relay', to: guest.key, data: 'AAAA' })
    tablet.send({ type: 'dismiss', guest: guest.key })
    await tablet.roster(call, 1, [])
    await tablet.end(call)
    await tablet.sync()
    guest.send({ type: 'relay', to: 'host', data: 'SGk' })
    guest.knock()
    await guest.sync()
    expect(tablet.errors()).toEqual(['not-a-member', 'not-a-member', 'roster-refused', 'end-refused'])
    expect(tablet.of('relay')).toEqual([])
    expect(tablet.of('knock')).toHaveLength(1)
    expect(laptop.of('knock')).toHaveLength(2)
    expect([...guest.of('ended'), ...guest.of('dismissed'), ...guest.of('roster')]).toEqual([])
  })

  it('Decline on one takes the guest from the other', async () => {
    const { laptop, tablet, guest } = await twoDevices()
    tablet.send({ type: 'dismiss', guest: guest.key })
    await tablet.sync()
    expect(laptop.of('presence')).toMatchObject([{ presence: 'left', elsewhere: 'declined' }])
    expect(guest.of('dismissed')).toHaveLength(1)
  })

  it('a refusal that comes after the other device has accepted reaches nobody', async () => {
    const { laptop, tablet, guest, call } = await twoDevices()
    await laptop.admit(guest.key, guest.sealed, call)
    await laptop.sync()
    tablet.send({ type: 'dismiss', guest: guest.key })
    tablet.send({ type: 'note', guest: guest.key, sealed: 'SGk' })
    await tablet.sync()
    expect(tablet.errors()).toEqual(['not-a-member', 'not-a-member'])
    expect([...guest.of('note'), ...guest.of('dismissed')]).toEqual([])
  })

  it('the second hears of those in a call of the first when that one is gone for good, and may accept them', async () => {
    const { world, laptop, tablet, guest, call } = await twoDevices()
    await laptop.admit(guest.key, guest.sealed, call)
    await laptop.sync()
    laptop.wire.fall()
    world.clock.advance(graceMs - 1)
    expect(tablet.of('knock')).toHaveLength(1)
    await tablet.admit(guest.key, guest.sealed, newCall())
    await tablet.sync()
    expect(tablet.errors()).toEqual(['ticket-refused'])
    world.clock.advance(1)
    await tablet.sync()
    expect(tablet.of('knock')).toMatchObject([{}, { guest: guest.key, sealed: guest.sealed }])
    await tablet.admit(guest.key, guest.sealed, newCall())
    await tablet.sync()
    expect(guest.of('admitted')).toHaveLength(2)
  })

  it('the first comes back after all: the second is told that those in its call are not waiting', async () => {
    const { world, laptop, tablet, guest, call } = await twoDevices()
    await laptop.admit(guest.key, guest.sealed, call)
    await laptop.sync()
    laptop.wire.fall()
    world.clock.advance(graceMs)
    await tablet.sync()
    expect(tablet.of('knock')).toHaveLength(2)
    const before = tablet.of('presence').length
    const back = await world.host(laptopRoom)
    await tablet.sync()
    expect(back.of('ready')).toMatchObject([{ guests: [{ guest: guest.key, state: 'admitted', call }] }])
    expect(tablet.of('presence').slice(before)).toEqual([{ type: 'presence', guest: guest.key, presence: 'left', elsewhere: 'accepted' }])
    await tablet.admit(guest.key, guest.sealed, newCall())
    await tablet.sync()
    expect(tablet.errors()).toEqual(['ticket-refused'])
  })

  it('the second takes over by dismissing when the first is gone for good', async () => {
    const { world, laptop, tablet, guest, call } = await twoDevices()
    await laptop.admit(guest.key, guest.sealed, call)
    await laptop.sync()
    laptop.wire.fall()
    world.clock.advance(graceMs)
    tablet.send({ type: 'dismiss', guest: guest.key })
    await tablet.sync()
    const again = guest.knock()
    await guest.sync()
    await tablet.admit(guest.key, again, newCall())
    await tablet.sync()
    expect(guest.of('admitted')).toHaveLength(2)
    expect(tablet.errors()).toEqual([])
  })
})
