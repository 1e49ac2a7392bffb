import { beforeAll, describe, expect, it } from 'vitest'
import { newCall, newRoom, noon, type TestRoom } from '../../support/crypto-people.ts'
import { createHubWorld, waitingGuest } from '../../support/signaling/hub-world.ts'

let room: TestRoom
beforeAll(async () => {
  room = await newRoom()
})

describe('a knock', () => {
  it('reaches every device of the clinician as it is, and the guest hears only that it waits', async () => {
    const world = createHubWorld()
    const host = await world.host(room)
    const guest = await waitingGuest(world, room.room)
    expect(host.of('knock')).toEqual([{ type: 'knock', guest: guest.key, sealed: guest.sealed }])
    expect(guest.all().map(({ type }) => type)).toEqual(['hello', 'ready', 'waiting', 'pong'])
  })

  it('is listed, in order of arrival, for a clinician who comes later', async () => {
    const world = createHubWorld()
    const first = await waitingGuest(world, room.room)
    const second = await waitingGuest(world, room.room)
    await world.guest(room.room)
    const host = await world.host(room)
    const listing = { state: 'waiting', present: true, call: null }
    expect(host.of('ready')[0]?.guests).toEqual([
      { ...listing, guest: first.key, sealed: first.sealed },
      { ...listing, guest: second.key, sealed: second.sealed },
    ])
  })

  it('repeated keeps the place and replaces the words', async () => {
    const world = createHubWorld()
    const first = await waitingGuest(world, room.room)
    await waitingGuest(world, room.room)
    const again = first.knock()
    await first.sync()
    const host = await world.host(room)
    expect(host.of('ready')[0]?.guests[0]).toMatchObject({ guest: first.key, sealed: again })
  })

  it('is taken back by leave', async () => {
    const world = createHubWorld()
    const host = await world.host(room)
    const guest = await waitingGuest(world, room.room)
    guest.send({ type: 'leave' })
    await guest.sync()
    expect(host.of('presence')).toEqual([{ type: 'presence', guest: guest.key, presence: 'left' }])
    host.send({ type: 'note', guest: guest.key, sealed: 'AAAA' })
    await host.sync()
    expect(guest.of('note')).toEqual([])
    expect(host.errors()).toEqual(['not-a-member'])
  })
})

describe('before admission', () => {
  it('a guest can relay nothing, to the host or to anybody', async () => {
    const world = createHubWorld()
    const host = await world.host(room)
    const guest = await waitingGuest(world, room.room)
    const other = await waitingGuest(world, room.room)
    guest.send({ type: 'relay', to: 'host', data: 'AAAA' })
    guest.send({ type: 'relay', to: other.key, data: 'AAAA' })
    await guest.sync()
    expect(guest.errors()).toEqual(['not-a-member', 'not-a-member'])
    expect(host.of('relay')).toEqual([])
    expect(other.of('relay')).toEqual([])
  })

  it('nothing is relayed to a guest, and the host is told', async () => {
    const world = createHubWorld()
    const host = await world.host(room)
    const guest = await waitingGuest(world, room.room)
    host.send({ type: 'relay', to: guest.key, data: 'AAAA' })
    host.send({ type: 'relay', to: 'host', data: 'AAAA' })
    await host.sync()
    expect(host.errors()).toEqual(['not-a-member', 'not-a-member'])
    expect(guest.of('relay')).toEqual([])
  })

  it('a note reaches a waiting guest and nobody else', async () => {
    const world = createHubWorld()
    const host = await world.host(room)
    const guest = await waitingGuest(world, room.room)
    const other = await waitingGuest(world, room.room)
    const silent = await world.guest(room.room)
    host.send({ type: 'note', guest: guest.key, sealed: 'c2VhbGVk' })
    host.send({ type: 'note', guest: silent.key, sealed: 'c2VhbGVk' })
    await host.sync()
    expect(guest.of('note')).toEqual([{ type: 'note', sealed: 'c2VhbGVk' }])
    expect([...other.of('note'), ...silent.of('note')]).toEqual([])
    expect(host.errors()).toEqual(['not-a-member'])
  })

  it('a host of another room reaches nobody here', async () => {
    const world = createHubWorld()
    const thief = await world.host(await newRoom())
    const guest = await waitingGuest(world, room.room)
    thief.send({ type: 'note', guest: guest.key, sealed: 'AAAA' })
    thief.send({ type: 'dismiss', guest: guest.key })
    thief.send({ type: 'relay', to: guest.key, data: 'AAAA' })
    await thief.admit(guest.key, guest.sealed, newCall())
    await thief.admit(guest.key, guest.sealed, newCall(), { room: room.room })
    await thief.sync()
    await guest.sync()
    expect(guest.all().map(({ type }) => type)).toEqual(['hello', 'ready', 'waiting', 'pong', 'pong'])
    expect(thief.of('ready')[0]?.guests).toEqual([])
  })
})

describe('a declined guest', () => {
  it('hears its note, then the decision, and may knock again', async () => {
    const world = createHubWorld()
    const host = await world.host(room)
    const guest = await waitingGuest(world, room.room)
    host.send({ type: 'note', guest: guest.key, sealed: 'ZGVjbGluZWQ' })
    host.send({ type: 'dismiss', guest: guest.key })
    await host.sync()
    expect(guest.all().slice(-2)).toEqual([{ type: 'note', sealed: 'ZGVjbGluZWQ' }, { type: 'dismissed' }])
    await host.admit(guest.key, guest.sealed, newCall())
    await host.sync()
    expect(host.errors()).toEqual(['ticket-refused'])
    const again = guest.knock()
    await guest.sync()
    await host.admit(guest.key, again, newCall())
    await host.sync()
    expect(guest.of('admitted')).toHaveLength(1)
  })
})

it('answers a ping with its clock', async () => {
  const world = createHubWorld()
  const guest = await world.guest(room.room)
  world.clock.advance(1234)
  await guest.sync()
  expect(guest.of('pong')).toEqual([{ type: 'pong', now: noon + 1234 }])
})
