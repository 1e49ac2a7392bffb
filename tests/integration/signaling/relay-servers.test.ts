import { beforeAll, describe, expect, it } from 'vitest'
import { createEnrolment } from '../../../signaling/src/enrolment.ts'
import { createIceSource } from '../../../signaling/src/ice-source.ts'
import { newCall, newRoom, noon, type TestRoom } from '../../support/crypto-people.ts'
import { createHubWorld, waitingGuest } from '../../support/signaling/hub-world.ts'

const stun = { urls: ['stun:stun.example:3478'] }
const relay = { secret: 'a secret of coturn', urls: ['turn:turn.example:3478'], ttlMs: 900_000, enrolmentCode: 'open sesame' }

let room: TestRoom
beforeAll(async () => {
  room = await newRoom()
})

function withRelay() {
  let count = 0
  const ice = createIceSource({ iceServers: [stun], relay }, () => `call${++count}`)
  return createHubWorld({ ice, enrolment: createEnrolment(relay.secret, relay.enrolmentCode) })
}

function turnIn(servers: readonly { urls: readonly string[] }[] | undefined): boolean {
  return servers?.some(({ urls }) => urls.some((url) => url.startsWith('turn'))) ?? false
}

describe('relay credentials', () => {
  it('need no enrolment where there are none: everybody gets what is configured', async () => {
    const world = createHubWorld({ ice: createIceSource({ iceServers: [stun], relay: null }, () => 'x') })
    const host = await world.host(room)
    const guest = await waitingGuest(world, room.room)
    await host.admit(guest.key, guest.sealed, newCall())
    host.send({ type: 'enrol', code: 'open sesame' })
    await host.sync()
    expect(host.of('ready')[0]).toMatchObject({ iceServers: [stun], enrolment: 'not-needed' })
    expect(guest.of('admitted')[0]?.iceServers).toEqual([stun])
    expect(host.errors()).toEqual(['not-allowed'])
  })

  it('are kept from a room that has not enrolled and from its guests', async () => {
    const world = withRelay()
    const host = await world.host(room)
    host.send({ type: 'enrol', code: 'a guess' })
    const guest = await waitingGuest(world, room.room)
    await host.admit(guest.key, guest.sealed, newCall())
    await host.sync()
    expect(host.of('ready')[0]).toMatchObject({ iceServers: [stun], enrolment: 'required' })
    expect(host.errors()).toEqual(['enrolment-refused'])
    expect(guest.of('admitted')[0]?.iceServers).toEqual([stun])
  })

  it('are given to whoever shows the code, and later to whoever shows the proof, also after a restart', async () => {
    const world = withRelay()
    const host = await world.host(room)
    host.send({ type: 'enrol', code: 'open sesame' })
    await host.sync()
    const enrolled = host.of('enrolled')[0]
    expect(turnIn(enrolled?.iceServers)).toBe(true)
    const again = await world.restarted().host(room, { enrolment: enrolled?.enrolment ?? '' })
    expect(again.of('ready')[0]?.enrolment).toBe('done')
    expect(turnIn(again.of('ready')[0]?.iceServers)).toBe(true)
    const thief = await world.host(await newRoom(), { enrolment: enrolled?.enrolment ?? '' })
    expect(thief.of('ready')[0]?.enrolment).toBe('required')
    expect(turnIn(thief.of('ready')[0]?.iceServers)).toBe(false)
  })

  it('reach a guest with its admission and not before, each with credentials of its own', async () => {
    const world = withRelay()
    const host = await world.host(room)
    host.send({ type: 'enrol', code: 'open sesame' })
    const guest = await waitingGuest(world, room.room)
    await guest.sync()
    expect(guest.wire.received.join()).not.toContain('turn:')
    await host.admit(guest.key, guest.sealed, newCall())
    await host.sync()
    const [, mine] = guest.of('admitted')[0]?.iceServers ?? []
    const [, theirs] = host.of('enrolled')[0]?.iceServers ?? []
    expect(mine?.username).toMatch(new RegExp(`^${(noon + relay.ttlMs) / 1000}:call\\d+$`))
    expect(mine?.username).not.toBe(theirs?.username)
  })

  it('are renewed at half their life for those in the session, and for nobody else', async () => {
    const world = withRelay()
    const host = await world.host(room)
    host.send({ type: 'enrol', code: 'open sesame' })
    const guest = await waitingGuest(world, room.room)
    const waiting = await waitingGuest(world, room.room)
    const stranger = await world.host(await newRoom())
    await host.admit(guest.key, guest.sealed, newCall())
    await host.sync()
    world.clock.advance(relay.ttlMs / 2)
    await Promise.all([guest.sync(), waiting.sync(), stranger.sync()])
    expect(turnIn(host.of('ice-servers')[0]?.iceServers)).toBe(true)
    expect(turnIn(guest.of('ice-servers')[0]?.iceServers)).toBe(true)
    expect([...waiting.of('ice-servers'), ...stranger.of('ice-servers')]).toEqual([])
    host.send({ type: 'dismiss', guest: guest.key })
    await host.sync()
    world.clock.advance(relay.ttlMs / 2)
    expect(guest.of('ice-servers')).toHaveLength(1)
    expect(host.of('ice-servers')).toHaveLength(2)
  })
})
