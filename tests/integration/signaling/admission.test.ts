import { issueTicket } from '@alcove/shared/crypto/admission'
import { hashText } from '@alcove/shared/crypto/bytes'
import type { TicketContents } from '@alcove/shared/protocol/peer-messages'
import { beforeAll, describe, expect, it } from 'vitest'
import { newCall, newHash, newPair, newRoom, noon, type TestRoom } from '../../support/crypto-people.ts'
import { createHubWorld, waitingGuest } from '../../support/signaling/hub-world.ts'
import { randomSealed } from '../../support/wire-client.ts'

let room: TestRoom
beforeAll(async () => {
  room = await newRoom()
})

async function oneWaiting(options?: Parameters<typeof createHubWorld>[0]) {
  const world = createHubWorld(options)
  const host = await world.host(room)
  const guest = await waitingGuest(world, room.room)
  return { world, host, guest, call: newCall() }
}

describe('a ticket', () => {
  it('opens the relay between the device that signed it and the guest', async () => {
    const { host, guest, call } = await oneWaiting()
    const ticket = await host.admit(guest.key, guest.sealed, call)
    host.send({ type: 'relay', to: guest.key, data: 'b2ZmZXI' })
    await host.sync()
    guest.send({ type: 'relay', to: 'host', data: 'YW5zd2Vy' })
    await guest.sync()
    expect(guest.of('admitted')).toEqual([{ type: 'admitted', ticket, certificate: room.certificate, roster: null, iceServers: [] }])
    expect(guest.of('relay')).toEqual([{ type: 'relay', from: 'host', data: 'b2ZmZXI' }])
    expect(host.of('relay')).toEqual([{ type: 'relay', from: guest.key, data: 'YW5zd2Vy' }])
  })

  const wrong: Record<string, () => Promise<Partial<TicketContents>>> = {
    'for another guest': async () => ({ guest: (await newPair()).publicKey as TicketContents['guest'] }),
    'for another knock': async () => ({ knock: await newHash() }),
    'for another room': async () => ({ room: (await newRoom()).room }),
    'from too far back': async () => ({ issuedAt: noon - 10 * 60_000, expiresAt: noon - 9 * 60_000 }),
    'from the future': async () => ({ issuedAt: noon + 10 * 60_000, expiresAt: noon + 11 * 60_000 }),
    'for longer than a minute': async () => ({ expiresAt: noon + 5 * 60_000 }),
  }
  for (const [what, change] of Object.entries(wrong)) {
    it(`${what} admits nobody`, async () => {
      const { host, guest, call } = await oneWaiting()
      await host.admit(guest.key, guest.sealed, call, await change())
      await host.sync()
      expect(host.errors()).toEqual(['ticket-refused'])
      expect(guest.of('admitted')).toEqual([])
    })
  }

  it('signed by another device admits nobody', async () => {
    const { host, guest, call } = await oneWaiting()
    const contents = { room: room.room, call, guest: guest.key, hostKey: room.device.publicKey, issuedAt: noon, expiresAt: noon + 60_000 }
    const ticket = await issueTicket(await newPair(), { ...contents, knock: await hashText(guest.sealed) })
    host.send({ type: 'admit', guest: guest.key, ticket })
    await host.sync()
    expect(host.errors()).toEqual(['ticket-refused'])
  })

  it('for one guest does not admit another', async () => {
    const { world, host, guest, call } = await oneWaiting()
    const other = await waitingGuest(world, room.room)
    host.send({ type: 'admit', guest: other.key, ticket: await host.ticket(guest.key, guest.sealed, call) })
    host.send({ type: 'admit', guest: other.key, ticket: await host.ticket(other.key, guest.sealed, call) })
    await host.sync()
    expect(host.errors()).toEqual(['ticket-refused', 'ticket-refused'])
    expect(other.of('admitted')).toEqual([])
  })

  it('admits once: the same one again does nothing', async () => {
    const { host, guest, call } = await oneWaiting()
    const ticket = await host.admit(guest.key, guest.sealed, call)
    host.send({ type: 'admit', guest: guest.key, ticket })
    await host.sync()
    expect(host.errors()).toEqual(['ticket-refused'])
    expect(guest.of('admitted')).toHaveLength(1)
  })

  it('answers no later knock, even a knock with the same words from another page load', async () => {
    const { host, guest, call } = await oneWaiting()
    const ticket = await host.ticket(guest.key, guest.sealed, call)
    guest.knock()
    await guest.sync()
    host.send({ type: 'admit', guest: guest.key, ticket })
    await host.sync()
    expect(host.errors()).toEqual(['ticket-refused'])
  })

  it('is refused when another knock overtakes it while its signature is checked', async () => {
    const { host, guest, call } = await oneWaiting()
    const ticket = await host.ticket(guest.key, guest.sealed, call)
    host.send({ type: 'admit', guest: guest.key, ticket })
    guest.knock()
    await Promise.all([host.sync(), guest.sync()])
    expect(host.errors()).toEqual(['ticket-refused'])
    expect(guest.of('admitted')).toEqual([])
  })

  it('does not come too late for a guest that has left meanwhile', async () => {
    const { host, guest, call } = await oneWaiting()
    guest.send({ type: 'leave' })
    await guest.sync()
    await host.admit(guest.key, guest.sealed, call)
    await host.sync()
    expect(host.errors()).toEqual(['ticket-refused'])
  })

  it('must be newer than the last one of its call', async () => {
    const { world, host, guest, call } = await oneWaiting()
    const other = await waitingGuest(world, room.room)
    const older = await host.ticket(other.key, other.sealed, call)
    await host.admit(guest.key, guest.sealed, call)
    host.send({ type: 'admit', guest: other.key, ticket: older })
    await host.sync()
    expect(host.errors()).toEqual(['ticket-refused'])
  })

  it('does not move a guest from one call to another', async () => {
    const { host, guest, call } = await oneWaiting()
    await host.admit(guest.key, guest.sealed, call)
    await host.admit(guest.key, guest.sealed, newCall())
    await host.sync()
    expect(host.errors()).toEqual(['ticket-refused'])
  })

  it('does not admit a fourth guest', async () => {
    const { world, host, guest, call } = await oneWaiting()
    const guests = [guest, ...(await Promise.all([1, 2, 3].map(() => waitingGuest(world, room.room))))]
    for (const each of guests) await host.admit(each.key, each.sealed, call)
    await host.sync()
    expect(guests.map((each) => each.of('admitted').length)).toEqual([1, 1, 1, 0])
    expect(host.errors()).toEqual(['ticket-refused'])
  })
})

describe('an admitted guest that knocks again', () => {
  it('keeps its place, but nothing passes until a new ticket answers the new knock', async () => {
    const { world, host, guest, call } = await oneWaiting()
    await host.admit(guest.key, guest.sealed, call)
    await host.sync()
    const again = guest.knock()
    guest.send({ type: 'relay', to: 'host', data: 'AAAA' })
    await guest.sync()
    host.send({ type: 'relay', to: guest.key, data: 'b2xk' })
    await host.sync()
    expect(host.of('knock')).toHaveLength(2)
    expect(host.errors()).toEqual([])
    expect(guest.errors()).toEqual(['not-a-member'])
    expect(guest.of('relay')).toEqual([])

    await host.admit(guest.key, again, call)
    host.send({ type: 'relay', to: guest.key, data: 'bmV3' })
    await host.sync()
    expect(guest.of('admitted')).toHaveLength(2)
    expect(guest.of('relay')).toEqual([{ type: 'relay', from: 'host', data: 'bmV3' }])
    expect(world.events.filter(({ type }) => type === 'withheld')).toEqual([])
  })
})

describe('an end', () => {
  it('takes everybody out of the call, and nobody can be admitted to it again', async () => {
    const { world, host, guest, call } = await oneWaiting()
    const waiting = await waitingGuest(world, room.room)
    await host.admit(guest.key, guest.sealed, call)
    const end = await host.end(call)
    await host.admit(waiting.key, waiting.sealed, call)
    host.send({ type: 'relay', to: guest.key, data: 'AAAA' })
    await host.sync()
    guest.send({ type: 'relay', to: 'host', data: 'AAAA' })
    await guest.sync()
    expect(guest.of('ended')).toEqual([{ type: 'ended', end, certificate: room.certificate }])
    expect(waiting.of('ended')).toEqual([])
    expect(host.errors()).toEqual(['ticket-refused', 'not-a-member'])
    expect(guest.errors()).toEqual(['not-a-member'])
  })

  it('replayed, or of another call, does nothing', async () => {
    const { host, guest, call } = await oneWaiting()
    const former = await host.end(newCall())
    await host.admit(guest.key, guest.sealed, call)
    host.send({ type: 'end', end: former })
    await host.sync()
    expect(guest.of('ended')).toEqual([])
    const end = await host.end(call)
    await host.sync()
    const again = guest.knock()
    await guest.sync()
    const restarted = newCall()
    await host.admit(guest.key, again, restarted)
    host.send({ type: 'end', end })
    host.send({ type: 'relay', to: guest.key, data: 'c3RpbGwgaGVyZQ' })
    await host.sync()
    expect(guest.of('ended')).toHaveLength(1)
    expect(guest.of('relay')).toHaveLength(1)
  })

  it('by somebody else does nothing', async () => {
    const { world, host, guest, call } = await oneWaiting()
    await host.admit(guest.key, guest.sealed, call)
    const thief = await world.host(await newRoom())
    thief.send({ type: 'end', end: await host.end(newCall()) })
    await thief.sync()
    expect(thief.errors()).toEqual(['end-refused'])
    expect(guest.of('ended')).toEqual([])
  })

  it('leaves its members able to get a note and to knock for a restart', async () => {
    const { host, guest, call } = await oneWaiting()
    await host.admit(guest.key, guest.sealed, call)
    await host.end(call)
    host.send({ type: 'note', guest: guest.key, sealed: 'cmVzdGFydA' })
    await host.sync()
    expect(guest.of('note')).toEqual([{ type: 'note', sealed: 'cmVzdGFydA' }])
    const again = guest.knock(randomSealed())
    await guest.sync()
    await host.admit(guest.key, again, newCall())
    await host.sync()
    expect(guest.of('admitted')).toHaveLength(2)
  })
})
