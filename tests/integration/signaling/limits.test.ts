import { beforeAll, describe, expect, it } from 'vitest'
import type { Limits } from '../../../signaling/src/limits.ts'
import { createEnrolment } from '../../../signaling/src/enrolment.ts'
import { newCall, newRoom, type TestRoom } from '../../support/crypto-people.ts'
import { createHubWorld, type HubWorld, waitingGuest, withOtherDevice } from '../../support/signaling/hub-world.ts'

let room: TestRoom
beforeAll(async () => {
  room = await newRoom()
})

function world(limits: Partial<Limits>): HubWorld {
  return createHubWorld({ limits, enrolment: createEnrolment('0123456789abcdef', 'open sesame') })
}

function reached(hub: HubWorld): string[] {
  return [...new Set(hub.events.flatMap((event) => (event.type === 'limit' ? [event.limit] : [])))]
}

describe('LIMIT_MESSAGES_PER_SOCKET_PER_SECOND and LIMIT_MESSAGE_BURST_PER_SOCKET', () => {
  const limits = { LIMIT_MESSAGES_PER_SOCKET_PER_SECOND: 2, LIMIT_MESSAGE_BURST_PER_SOCKET: 5 }

  it('drop what is too much, say so once a second, and let the rest pass later', async () => {
    const hub = world(limits)
    const guest = await hub.guest(room.room)
    for (let i = 0; i < 8; i++) guest.send({ type: 'ping' })
    await guest.wire.settled()
    expect(guest.of('pong')).toHaveLength(4)
    expect(guest.errors()).toEqual(['rate-limited'])
    expect(guest.of('error')[0]?.fatal).toBe(false)
    hub.clock.advance(1000)
    guest.send({ type: 'ping' })
    await guest.wire.settled()
    expect(guest.of('pong')).toHaveLength(5)
    expect(reached(hub)).toEqual(['LIMIT_MESSAGES_PER_SOCKET_PER_SECOND'])
  })

  it('cut off who goes on and on', async () => {
    const hub = world(limits)
    const guest = await hub.guest(room.room)
    for (let i = 0; i < 20; i++) guest.send({ type: 'ping' })
    await guest.wire.settled()
    expect(guest.of('error').at(-1)).toEqual({ type: 'error', code: 'rate-limited', fatal: true })
    expect(guest.wire.isOpen()).toBe(false)
  })
})

it('LIMIT_ROOMS refuses another room and leaves the known ones alone', async () => {
  const hub = world({ LIMIT_ROOMS: 1 })
  await waitingGuest(hub, room.room)
  const elsewhere = await hub.guest((await newRoom()).room)
  expect(elsewhere.errors()).toEqual(['server-full'])
  const host = await hub.host(room)
  expect(host.of('ready')).toHaveLength(1)
  expect(reached(hub)).toEqual(['LIMIT_ROOMS'])
})

it('LIMIT_HOSTS_PER_ROOM refuses another device', async () => {
  const hub = world({ LIMIT_HOSTS_PER_ROOM: 1 })
  await hub.host(room)
  const second = await hub.host(await withOtherDevice(room))
  expect(second.errors()).toEqual(['room-full'])
  expect((await hub.host(room)).of('ready')).toHaveLength(1)
  expect(reached(hub)).toEqual(['LIMIT_HOSTS_PER_ROOM'])
})

it('LIMIT_WAITING_PER_ROOM tells the next one that the room is full, until somebody goes', async () => {
  const hub = world({ LIMIT_WAITING_PER_ROOM: 2 })
  const host = await hub.host(room)
  const first = await waitingGuest(hub, room.room)
  await waitingGuest(hub, room.room)
  const third = await waitingGuest(hub, room.room)
  expect(third.errors()).toEqual(['room-full'])
  expect(third.of('waiting')).toEqual([])
  expect(third.wire.isOpen()).toBe(true)
  expect(host.of('knock')).toHaveLength(2)
  await host.admit(first.key, first.sealed, newCall())
  await host.sync()
  third.knock()
  await third.sync()
  expect(third.of('waiting')).toHaveLength(1)
  expect(reached(hub)).toEqual(['LIMIT_WAITING_PER_ROOM'])
})

it('LIMIT_WAITING_PER_ROOM never keeps somebody out who waits already', async () => {
  const hub = world({ LIMIT_WAITING_PER_ROOM: 1 })
  const guest = await waitingGuest(hub, room.room)
  guest.knock()
  await guest.sync()
  expect(guest.of('waiting')).toHaveLength(2)
  expect(guest.errors()).toEqual([])
})

it('LIMIT_WAITING_PER_ROOM_AND_ADDRESS keeps one stranger from filling the room', async () => {
  const hub = world({ LIMIT_WAITING_PER_ROOM_AND_ADDRESS: 1 })
  await waitingGuest(hub, room.room, { address: '192.0.2.66' })
  const second = await waitingGuest(hub, room.room, { address: '192.0.2.66' })
  const patient = await waitingGuest(hub, room.room, { address: '198.51.100.7' })
  expect(second.errors()).toEqual(['room-full'])
  expect(patient.of('waiting')).toHaveLength(1)
  expect(reached(hub)).toEqual(['LIMIT_WAITING_PER_ROOM_AND_ADDRESS'])
})

it('LIMIT_KNOCKS_PER_ADDRESS_PER_MINUTE slows one address, not another', async () => {
  const hub = world({ LIMIT_KNOCKS_PER_ADDRESS_PER_MINUTE: 2 })
  const guest = await waitingGuest(hub, room.room)
  guest.knock()
  guest.knock()
  await guest.sync()
  expect(guest.errors()).toEqual(['rate-limited'])
  const other = await waitingGuest(hub, room.room, { address: '198.51.100.7' })
  expect(other.of('waiting')).toHaveLength(1)
  hub.clock.advance(30_000)
  guest.knock()
  await guest.sync()
  expect(guest.of('waiting')).toHaveLength(3)
  expect(reached(hub)).toEqual(['LIMIT_KNOCKS_PER_ADDRESS_PER_MINUTE'])
})

it('LIMIT_KNOCKS_PER_ROOM_PER_MINUTE spares the clinician, not other rooms', async () => {
  const hub = world({ LIMIT_KNOCKS_PER_ROOM_PER_MINUTE: 1 })
  await waitingGuest(hub, room.room)
  const second = await waitingGuest(hub, room.room, { address: '198.51.100.7' })
  expect(second.errors()).toEqual(['rate-limited'])
  const elsewhere = await waitingGuest(hub, (await newRoom()).room)
  expect(elsewhere.errors()).toEqual([])
  expect(reached(hub)).toEqual(['LIMIT_KNOCKS_PER_ROOM_PER_MINUTE'])
})

it('LIMIT_NOTES_PER_GUEST_PER_MINUTE spares the guest', async () => {
  const hub = world({ LIMIT_NOTES_PER_GUEST_PER_MINUTE: 1 })
  const host = await hub.host(room)
  const guest = await waitingGuest(hub, room.room)
  host.send({ type: 'note', guest: guest.key, sealed: 'b25l' })
  host.send({ type: 'note', guest: guest.key, sealed: 'dHdv' })
  await host.sync()
  expect(guest.of('note')).toHaveLength(1)
  expect(host.errors()).toEqual(['rate-limited'])
  expect(reached(hub)).toEqual(['LIMIT_NOTES_PER_GUEST_PER_MINUTE'])
})

it('LIMIT_ENROLMENTS_PER_ADDRESS_PER_MINUTE stops guessing, even the right guess', async () => {
  const hub = world({ LIMIT_ENROLMENTS_PER_ADDRESS_PER_MINUTE: 1 })
  const host = await hub.host(room)
  host.send({ type: 'enrol', code: 'a guess' })
  host.send({ type: 'enrol', code: 'open sesame' })
  await host.sync()
  expect(host.errors()).toEqual(['enrolment-refused', 'rate-limited'])
  expect(reached(hub)).toEqual(['LIMIT_ENROLMENTS_PER_ADDRESS_PER_MINUTE'])
})
