import { signAuthentication } from '@alcove/shared/crypto/signed'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { newCall, newPair, newRoom, type TestRoom } from '../../support/crypto-people.ts'
import { type RunningServer, startServer } from '../../support/server.ts'
import { createRandom, fuzzFrames, fuzzRequest, type Random } from '../../support/signaling/fuzz.ts'
import { measureMemory, probed } from '../../support/signaling/memory.ts'
import { frame, handshake, openRaw, type RawSocket } from '../../support/signaling/raw-socket.ts'
import { connectGuest, connectHost, openWebSocket, until } from '../../support/wire-client.ts'

const long = process.env.ALCOVE_LONG === '1'
const wanted = long ? 200_000 : 5_000
/** Another one each time in the long suite; a failure names it. */
const seed = Number(process.env.ALCOVE_SEED ?? (long ? Date.now() % 1e9 : 20_261_123))
/** The hostile ones come from one address, all at once: what keeps them out in real life is lifted here. */
const lifted = {
  LIMIT_SOCKETS_PER_ADDRESS: '100000',
  LIMIT_HANDSHAKES_PER_ADDRESS_PER_MINUTE: '100000000',
  LIMIT_KNOCKS_PER_ADDRESS_PER_MINUTE: '100000000',
}
const atOnce = 40

type Tally = { handshakes: number; frames: number; rounds: number }

describe(`hostile bytes (seed ${seed})`, () => {
  let server: RunningServer
  let room: TestRoom
  beforeAll(async () => {
    server = await startServer({ env: { ...lifted, ...probed, LOG_LEVEL: 'info' } })
    room = await newRoom(Date.now())
  })
  afterAll(() => server.kill())

  /** A connection that is an authenticated guest or host of some room, so that the fuzz gets past the door. */
  async function authenticated(raw: RawSocket, role: 'guest' | 'host'): Promise<void> {
    raw.write(handshake(server.port))
    const hello = await until(() => /\{"type":"hello"[^}]*\}/.exec(raw.read().toString('latin1'))?.[0], 'hello')
    const { connection, nonce } = JSON.parse(hello)
    const fields = { origin: server.origin, connection, nonce, role, room: room.room }
    if (role === 'guest') {
      const pair = await newPair()
      const signature = await signAuthentication(pair, fields)
      raw.write(frame(JSON.stringify({ type: 'authenticate', role, room: room.room, guestKey: pair.publicKey, signature })))
    } else {
      const signature = await signAuthentication(room.device, fields)
      const { roomKey, certificate } = room
      raw.write(frame(JSON.stringify({ type: 'authenticate', role, room: room.room, roomKey, certificate, signature })))
    }
    await until(() => raw.read().includes('"ready"'), 'ready')
  }

  /** One connection: strange from the first byte, from the first frame, or after a good beginning. */
  async function attack(random: Random, tally: Tally): Promise<void> {
    const raw = await openRaw(server.port)
    const kind = random.below(10)
    tally.handshakes += 1
    if (kind < 3) {
      raw.write(fuzzRequest(random, server.port))
    } else if (kind < 7) {
      raw.write(handshake(server.port))
      await until(() => raw.read().includes('"hello"'), 'hello')
      raw.write(fuzzFrames(random))
      tally.frames += 1
    } else {
      await authenticated(raw, kind === 7 ? 'host' : 'guest')
      for (let i = 0; i < 20 && raw.socket.writable; i++) {
        raw.write(fuzzFrames(random))
        tally.frames += 1
      }
    }
    // Some wait for the answer, some are gone at once, some stay half-open until the end.
    const leaving = random.below(4)
    if (leaving === 0) await raw.closed(50)
    if (leaving === 1) raw.socket.resetAndDestroy()
    else if (leaving !== 2) raw.destroy()
    else halfOpen.push(raw)
    if (halfOpen.length > 200) halfOpen.shift()?.destroy()
  }
  const halfOpen: RawSocket[] = []

  async function attackUntil(count: number, random: Random, tally: Tally): Promise<void> {
    const attackers = Array.from({ length: atOnce }, async () => {
      while (tally.handshakes + tally.frames < count) await attack(random, tally)
    })
    await Promise.all(attackers)
    for (const raw of halfOpen.splice(0)) raw.destroy()
  }

  /** Two people who only want to talk: connect, knock, accept, talk in both directions. */
  async function honestRound(): Promise<void> {
    const own = await newRoom(Date.now())
    const open = () => openWebSocket(`ws://localhost:${server.port}/session`, server.origin)
    const host = await connectHost(await open(), server.origin, own, Date.now)
    await host.next('ready')
    const guest = await connectGuest(await open(), server.origin, own.room)
    await guest.next('ready')
    const sealed = guest.knock()
    await host.next('knock')
    await host.admit(guest.key, sealed, newCall())
    await guest.next('admitted')
    host.send({ type: 'relay', to: guest.key, data: 'b2ZmZXI' })
    expect(await guest.next('relay')).toEqual({ type: 'relay', from: 'host', data: 'b2ZmZXI' })
    guest.send({ type: 'relay', to: 'host', data: 'YW5zd2Vy' })
    expect(await host.next('relay')).toEqual({ type: 'relay', from: guest.key, data: 'YW5zd2Vy' })
    expect([...host.errors(), ...guest.errors()]).toEqual([])
    guest.wire.cut()
    host.wire.cut()
  }

  it(
    `${wanted} frames and handshakes neither stop the server, nor stay in its memory, nor keep an honest pair apart`,
    async () => {
      const random = createRandom(seed)
      // First everything once, so that caches are filled and code is compiled before memory is compared.
      await attackUntil(1_000, random, { handshakes: 0, frames: 0, rounds: 0 })
      await honestRound()
      const before = await settledMemory()

      const tally: Tally = { handshakes: 0, frames: 0, rounds: 0 }
      let attacking = true
      const honest = (async () => {
        while (attacking) {
          await honestRound()
          tally.rounds += 1
        }
      })()
      await attackUntil(wanted, random, tally)
      attacking = false
      await honest

      expect(tally.handshakes + tally.frames).toBeGreaterThanOrEqual(wanted)
      expect(tally.rounds).toBeGreaterThan(0)
      const health = await fetch(`${server.origin}/healthz`)
      expect([health.status, await health.json()]).toEqual([200, { status: 'ok' }])
      const after = await settledMemory()
      expect(after.handles - before.handles).toBeLessThan(20)
      expect((after.heapBytes - before.heapBytes) / 2 ** 20).toBeLessThan(4)
      expect((after.externalBytes - before.externalBytes) / 2 ** 20).toBeLessThan(4)
      expect(server.output()).not.toMatch(/"fault"|"withheld"|"crash"/)
    },
    long ? 3_600_000 : 110_000,
  )

  /** Once every socket of the attackers is gone. */
  async function settledMemory() {
    return until(
      async () => {
        const memory = await measureMemory(server)
        const sockets = await fetch(`${server.origin}/healthz`).then((health) => health.ok && memory.handles < 40)
        return sockets ? memory : null
      },
      'the sockets to be closed',
      60_000,
    )
  }
})
