import { graceMs } from '@alcove/shared/protocol/session-messages'
import { beforeAll, describe, expect, it } from 'vitest'
import { newCall, newRoom, type TestRoom } from '../../support/crypto-people.ts'
import { createHubWorld, waitingGuest, withOtherDevice } from '../../support/signaling/hub-world.ts'

let room: TestRoom
beforeAll(async () => {
  room = await newRoom()
})

async function inCall() {
  const world = createHubWorld()
  const host = await world.host(room)
  const guest = await waitingGuest(world, room.room)
  const call = newCall()
  await host.admit(guest.key, guest.sealed, call)
  await host.sync()
  return { world, host, guest, call }
}

describe('a guest whose socket is lost', () => {
  it('keeps its place in the queue within the grace, without knocking again', async () => {
    const world = createHubWorld()
    const host = await world.host(room)
    const first = await waitingGuest(world, room.room)
    const second = await waitingGuest(world, room.room)
    first.wire.fall()
    world.clock.advance(graceMs - 1)
    const back = await world.guest(room.room, { pair: first.pair })
    expect(back.of('ready')[0]?.state).toBe('waiting')
    expect(host.of('presence').map(({ presence }) => presence)).toEqual(['away', 'back'])
    expect(host.of('knock')).toHaveLength(2)
    const later = await world.host(await withOtherDevice(room))
    expect(later.of('ready')[0]?.guests.map(({ guest }) => guest)).toEqual([first.key, second.key])
  })

  it('is listed as away meanwhile, and has left when the grace is over', async () => {
    const world = createHubWorld()
    const guest = await waitingGuest(world, room.room)
    guest.wire.fall()
    const host = await world.host(room)
    expect(host.of('ready')[0]?.guests).toMatchObject([{ guest: guest.key, present: false }])
    world.clock.advance(graceMs)
    expect(host.of('presence')).toEqual([{ type: 'presence', guest: guest.key, presence: 'left' }])
    const back = await world.guest(room.room, { pair: guest.pair })
    expect(back.of('ready')[0]?.state).toBe('new')
  })

  it('keeps its admission within the grace: the same channel goes on', async () => {
    const { world, host, guest } = await inCall()
    guest.wire.fall()
    const back = await world.guest(room.room, { pair: guest.pair })
    host.send({ type: 'relay', to: guest.key, data: 'YmFjaw' })
    await host.sync()
    back.send({ type: 'relay', to: 'host', data: 'aGVyZQ' })
    await back.sync()
    expect(back.all().map(({ type }) => type)).toEqual(['hello', 'ready', 'relay', 'pong'])
    expect(back.of('ready')[0]?.state).toBe('admitted')
    expect(host.of('relay')).toHaveLength(1)
  })

  it('gets the newest roster when it is back', async () => {
    const { world, host, guest, call } = await inCall()
    guest.wire.fall()
    const roster = await host.roster(call, 1, [{ guest: guest.key, sealed: guest.sealed }])
    await host.sync()
    const back = await world.guest(room.room, { pair: guest.pair })
    expect(back.of('roster')).toEqual([{ type: 'roster', roster }])
  })

  it('learns on its return of the note and the decision that it missed', async () => {
    const world = createHubWorld()
    const host = await world.host(room)
    const guest = await waitingGuest(world, room.room)
    guest.wire.fall()
    host.send({ type: 'note', guest: guest.key, sealed: 'b2xk' })
    host.send({ type: 'note', guest: guest.key, sealed: 'bmV3' })
    host.send({ type: 'dismiss', guest: guest.key })
    await host.sync()
    const back = await world.guest(room.room, { pair: guest.pair })
    expect(back.all().slice(1)).toMatchObject([{ type: 'ready', state: 'new' }, { type: 'note', sealed: 'bmV3' }, { type: 'dismissed' }])
    back.wire.fall()
    const again = await world.guest(room.room, { pair: guest.pair })
    expect(
      again
        .all()
        .slice(1)
        .map(({ type }) => type),
    ).toEqual(['ready'])
  })

  it('learns that it was admitted meanwhile, or that its call has ended', async () => {
    const world = createHubWorld()
    const host = await world.host(room)
    const guest = await waitingGuest(world, room.room)
    guest.wire.fall()
    const call = newCall()
    const ticket = await host.admit(guest.key, guest.sealed, call)
    await host.sync()
    const back = await world.guest(room.room, { pair: guest.pair })
    expect(back.all().slice(1)).toMatchObject([
      { type: 'ready', state: 'admitted' },
      { type: 'admitted', ticket },
    ])
    back.wire.fall()
    const end = await host.end(call)
    await host.sync()
    const ended = await world.guest(room.room, { pair: guest.pair })
    expect(ended.all().slice(1)).toMatchObject([
      { type: 'ready', state: 'new' },
      { type: 'ended', end },
    ])
  })

  it('is replaced by its own newer socket, which the older one is told', async () => {
    const { world, host, guest } = await inCall()
    const newer = await world.guest(room.room, { pair: guest.pair })
    expect(guest.errors()).toEqual(['replaced'])
    expect(guest.wire.isOpen()).toBe(false)
    expect(newer.of('ready')[0]?.state).toBe('admitted')
    expect(host.of('presence')).toEqual([])
    guest.wire.fall()
    await newer.sync()
    world.clock.advance(graceMs * 2)
    expect(newer.wire.isOpen()).toBe(true)
    expect(host.of('presence')).toEqual([])
  })

  it('that is half-open is replaced as well, and nothing that went to it comes again', async () => {
    const { world, host, guest } = await inCall()
    guest.wire.cut()
    host.send({ type: 'relay', to: guest.key, data: 'bG9zdA' })
    await host.sync()
    const back = await world.guest(room.room, { pair: guest.pair })
    host.send({ type: 'relay', to: guest.key, data: 'bmV4dA' })
    await host.sync()
    expect(back.of('relay')).toEqual([{ type: 'relay', from: 'host', data: 'bmV4dA' }])
  })
})

describe('a host whose socket is lost', () => {
  it('finds its call and its people as they were', async () => {
    const { world, host, guest, call } = await inCall()
    const waiting = await waitingGuest(world, room.room)
    host.wire.fall()
    guest.send({ type: 'relay', to: 'host', data: 'AAAA' })
    await guest.sync()
    world.clock.advance(graceMs - 1)
    const back = await world.host(room)
    expect(back.of('ready')[0]?.guests).toEqual([
      { guest: guest.key, state: 'admitted', present: true, sealed: guest.sealed, call },
      { guest: waiting.key, state: 'waiting', present: true, sealed: waiting.sealed, call: null },
    ])
    back.send({ type: 'relay', to: guest.key, data: 'YmFjaw' })
    await back.sync()
    expect(guest.of('relay')).toHaveLength(1)
    expect(guest.errors()).toEqual([])
  })

  it('finds its call even after the grace, while somebody is in it', async () => {
    const { world, host, guest, call } = await inCall()
    host.wire.fall()
    world.clock.advance(graceMs * 10)
    const back = await world.host(room)
    expect(back.of('ready')[0]?.guests).toMatchObject([{ guest: guest.key, state: 'admitted', call }])
    const end = await back.end(call)
    await back.sync()
    expect(guest.of('ended')).toMatchObject([{ end }])
  })

  it('is replaced by its own newer socket', async () => {
    const { world, host, guest } = await inCall()
    const newer = await world.host(room)
    guest.send({ type: 'relay', to: 'host', data: 'AAAA' })
    await guest.sync()
    expect(host.errors()).toEqual(['replaced'])
    expect(newer.of('relay')).toHaveLength(1)
    expect(host.of('relay')).toEqual([])
  })
})

it('forgets a room when nobody is left in it', async () => {
  const { world, host, guest } = await inCall()
  host.wire.fall()
  guest.wire.fall()
  expect(world.hub.counts()).toMatchObject({ connections: 0, rooms: 1, calls: 1 })
  world.clock.advance(graceMs)
  expect(world.hub.counts()).toEqual({ connections: 0, rooms: 0, hosts: 0, guests: 0, calls: 0 })
})

describe('a server that was killed and started anew', () => {
  it('takes everybody in again: those who waited knock, who was admitted gets a fresh ticket', async () => {
    const { world, guest, call } = await inCall()
    const waiting = [await waitingGuest(world, room.room), await waitingGuest(world, room.room)]
    const after = world.restarted()
    const host = await after.host(room)
    expect(host.of('ready')[0]?.guests).toEqual([])
    const back = await Promise.all([guest, ...waiting].map(({ pair }) => after.guest(room.room, { pair })))
    expect(back.map((each) => each.of('ready')[0]?.state)).toEqual(['new', 'new', 'new'])
    for (const each of back) {
      each.knock()
      await each.sync()
    }
    expect(host.of('knock').map(({ guest: key }) => key)).toEqual([guest.key, ...waiting.map(({ key }) => key)])
    const sealed = host.of('knock')[0]?.sealed ?? ''
    await host.admit(guest.key, sealed, call)
    host.send({ type: 'relay', to: guest.key, data: 'YWdhaW4' })
    await host.sync()
    expect(back.map((each) => each.of('admitted').length)).toEqual([1, 0, 0])
    expect(back[0]?.of('relay')).toHaveLength(1)
  })

  it('does nothing with tickets and ends from before', async () => {
    const { world, guest, host, call } = await inCall()
    const ticket = await host.ticket(guest.key, guest.sealed, call)
    const end = await host.end(newCall())
    const after = world.restarted()
    const again = await after.host(room)
    const back = await after.guest(room.room, { pair: guest.pair })
    back.knock()
    await back.sync()
    again.send({ type: 'admit', guest: guest.key, ticket })
    again.send({ type: 'end', end })
    await again.sync()
    expect(again.errors()).toEqual(['ticket-refused'])
    expect(back.all().map(({ type }) => type)).toEqual(['hello', 'ready', 'waiting', 'pong'])
  })
})

describe('a network that holds, loses and reorders', () => {
  it('admits all the same when the knock was held back', async () => {
    const world = createHubWorld()
    const host = await world.host(room)
    const guest = await world.guest(room.room)
    guest.wire.hold()
    const sealed = guest.knock()
    expect(host.of('knock')).toEqual([])
    guest.wire.release()
    await guest.sync()
    await host.admit(guest.key, sealed, newCall())
    await host.sync()
    expect(guest.of('admitted')).toHaveLength(1)
  })

  it('ends in the newest of two rosters, whichever comes first', async () => {
    const { host, guest, call } = await inCall()
    host.wire.hold()
    await host.roster(call, 1, [])
    const newest = await host.roster(call, 2, [{ guest: guest.key, sealed: guest.sealed }])
    host.wire.release((texts) => [...texts].reverse())
    await host.sync()
    expect(guest.of('roster')).toEqual([{ type: 'roster', roster: newest }])
    expect(host.errors()).toEqual(['roster-refused'])
  })

  it('lets a lost ticket be followed by another for the same knock', async () => {
    const world = createHubWorld()
    const host = await world.host(room)
    const guest = await waitingGuest(world, room.room)
    const call = newCall()
    guest.wire.hold()
    await host.admit(guest.key, guest.sealed, call)
    await host.sync()
    guest.wire.lose()
    guest.wire.release()
    const second = await host.admit(guest.key, guest.sealed, call)
    await host.sync()
    expect(guest.of('admitted')).toMatchObject([{ ticket: second }])
  })
})
