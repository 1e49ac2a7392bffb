import { issueCertificate } from '@alcove/shared/crypto/admission'
import { randomBytes, toBase64Url } from '@alcove/shared/crypto/bytes'
import { signAuthentication } from '@alcove/shared/crypto/signed'
import { beforeAll, describe, expect, it } from 'vitest'
import { dayMs, newPair, newRoom, noon, type TestRoom } from '../../support/crypto-people.ts'
import { createHubWorld, origin } from '../../support/signaling/hub-world.ts'
import { connectGuest, connectHost } from '../../support/wire-client.ts'

let room: TestRoom
beforeAll(async () => {
  room = await newRoom()
})

describe('a host', () => {
  it('is ready when its certificate chains to the room and its signature answers the hello', async () => {
    const host = await createHubWorld().host(room)
    expect(host.of('ready')).toEqual([{ type: 'ready', role: 'host', now: noon, guests: [], iceServers: [], enrolment: 'not-needed' }])
  })

  const forgeries: Record<string, (real: TestRoom) => Promise<Partial<TestRoom>>> = {
    'another device than the certified one': async () => ({ device: await newPair() }),
    'a certificate by another room key': async (real) => {
      const other = await newPair()
      const validity = { notBeforeAt: noon - dayMs, expiresAt: noon + dayMs, epoch: 0 }
      return { certificate: await issueCertificate(other, real.room, real.device.publicKey, validity) }
    },
    'its own room key for a stolen room id': async () => {
      const thief = await newRoom()
      return { roomKey: thief.roomKey, certificate: thief.certificate, device: thief.device }
    },
    'an expired certificate': async (real) => {
      const validity = { notBeforeAt: noon - 20 * dayMs, expiresAt: noon - dayMs, epoch: 0 }
      return { certificate: await issueCertificate(real.roomPair, real.room, real.device.publicKey, validity) }
    },
    'a certificate for longer than thirty days': async (real) => {
      const validity = { notBeforeAt: noon - dayMs, expiresAt: noon + 31 * dayMs, epoch: 0 }
      return { certificate: await issueCertificate(real.roomPair, real.room, real.device.publicKey, validity) }
    },
    'a room key that is no point': async () => ({ roomKey: toBase64Url(randomBytes(65)) }),
  }
  for (const [what, forge] of Object.entries(forgeries)) {
    it(`is refused with ${what}`, async () => {
      const world = createHubWorld()
      const host = await world.host({ ...room, ...(await forge(room)) })
      expect(host.errors()).toEqual(['authentication-failed'])
      expect(host.wire.closeCode()).toBe(1008)
      expect(world.hub.counts()).toMatchObject({ connections: 0, rooms: 0 })
    })
  }

  it('is refused when its signature was made for another origin', async () => {
    const wire = createHubWorld().pair()
    const host = await connectHost(wire, 'https://evil.example', room, () => noon)
    await wire.settled()
    expect(host.errors()).toEqual(['authentication-failed'])
  })

  it('is refused when somebody passes on its answer to another connection', async () => {
    const world = createHubWorld()
    const theirs = world.pair()
    const mine = world.pair()
    const { connection, nonce } = JSON.parse(mine.received[0] ?? '')
    const signature = await signAuthentication(room.device, { origin, connection, nonce, role: 'host', room: room.room })
    const { roomKey, certificate } = room
    const answer = JSON.stringify({ type: 'authenticate', role: 'host', room: room.room, roomKey, certificate, signature })
    theirs.send(answer)
    mine.send(answer)
    await Promise.all([theirs.settled(), mine.settled()])
    expect(theirs.closeCode()).toBe(1008)
    expect(mine.isOpen()).toBe(true)
  })
})

describe('a guest', () => {
  it('learns the same of an unknown room, an absent clinician and a busy one', async () => {
    const world = createHubWorld()
    const [unknown, absent] = [(await newRoom()).room, await newRoom()]
    const left = await world.host(absent)
    left.wire.fall()
    await world.host(room)
    const seen = await Promise.all([unknown, absent.room, room.room].map(async (id) => (await world.guest(id)).all().slice(1)))
    expect(seen[0]).toEqual([{ type: 'ready', role: 'guest', now: noon, state: 'new' }])
    expect(seen[1]).toEqual(seen[0])
    expect(seen[2]).toEqual(seen[0])
  })

  it('is refused when it cannot sign for its key', async () => {
    const wire = createHubWorld().pair()
    const guest = await connectGuest(wire, origin, room.room, { ...(await newPair()), publicKey: (await newPair()).publicKey })
    await wire.settled()
    expect(guest.errors()).toEqual(['authentication-failed'])
  })

  it('leaves no trace when it goes before it has knocked', async () => {
    const world = createHubWorld()
    const guest = await world.guest(room.room)
    guest.wire.fall()
    expect(world.hub.counts()).toEqual({ connections: 0, rooms: 0, hosts: 0, guests: 0, calls: 0 })
  })
})

describe('a stranger', () => {
  it('is cut off after ten seconds', async () => {
    const world = createHubWorld()
    const wire = world.pair()
    world.clock.advance(9_999)
    expect(wire.isOpen()).toBe(true)
    world.clock.advance(1)
    expect(wire.received.at(-1)).toBe('{"type":"error","code":"not-authenticated","fatal":true}')
    expect(wire.isOpen()).toBe(false)
  })

  const openings: Record<string, [text: string, code: string]> = {
    'that knocks first': ['{"type":"knock","sealed":"AAAA"}', 'not-authenticated'],
    'that pings first': ['{"type":"ping"}', 'not-authenticated'],
    'that sends no JSON': ['{"type":', 'malformed'],
    'that sends null': ['null', 'malformed'],
    'that names another prototype': ['{"__proto__":{"type":"ping"}}', 'malformed'],
    'that sends more than an authenticate': [`"${'x'.repeat(9_000)}"`, 'too-large'],
  }
  for (const [what, [text, code]] of Object.entries(openings)) {
    it(`${what} is told "${code}" and cut off`, async () => {
      const wire = createHubWorld().pair()
      wire.send(text)
      await wire.settled()
      expect(wire.received.at(-1)).toBe(`{"type":"error","code":"${code}","fatal":true}`)
      expect(wire.isOpen()).toBe(false)
    })
  }

  it('that goes while its signature is checked is not seated', async () => {
    const world = createHubWorld()
    const wire = world.pair()
    await connectGuest(wire, origin, room.room)
    wire.fall()
    await wire.settled()
    expect(world.hub.counts()).toMatchObject({ connections: 0, guests: 0, rooms: 0 })
  })
})

describe('whoever speaks out of turn', () => {
  it('is told that a guest may not admit, and that a host does not knock', async () => {
    const world = createHubWorld()
    const guest = await world.guest(room.room)
    guest.wire.send(JSON.stringify({ type: 'dismiss', guest: guest.key }))
    await guest.wire.settled()
    expect(guest.errors()).toEqual(['not-allowed'])
    const host = await world.host(room)
    host.wire.send('{"type":"leave"}')
    await host.wire.settled()
    expect(host.errors()).toEqual(['not-allowed'])
  })

  it('harms nobody else', async () => {
    const world = createHubWorld()
    const host = await world.host(room)
    const calm = await world.guest(room.room)
    const wild = await world.guest(room.room)
    wild.wire.send('[]')
    await wild.wire.settled()
    expect(wild.wire.isOpen()).toBe(false)
    await calm.sync()
    await host.sync()
    expect(calm.wire.isOpen() && host.wire.isOpen()).toBe(true)
  })
})
