import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type RunningServer, startServer } from '../../support/server.ts'
import { createRandom, fuzzFrames, fuzzRequest } from '../../support/signaling/fuzz.ts'
import { measureMemory, probed } from '../../support/signaling/memory.ts'
import { closeCodeIn, frame, handshake, openRaw, type RawSocket } from '../../support/signaling/raw-socket.ts'
import { connectSync, type SyncClient } from '../../support/signaling/sync-client.ts'
import { until } from '../../support/wire-client.ts'

const long = process.env.ALCOVE_LONG === '1'
const wanted = long ? 100_000 : 2_000
const seed = Number(process.env.ALCOVE_SEED ?? (long ? Date.now() % 1e9 : 20_261_123))
/** All come from one address, and one of them has to fill a slow receiver's buffers. */
const lifted = {
  LIMIT_SOCKETS_PER_ADDRESS: '100000',
  LIMIT_HANDSHAKES_PER_ADDRESS_PER_MINUTE: '100000000',
  LIMIT_SYNC_MESSAGES_PER_SOCKET_PER_SECOND: '100000',
  LIMIT_SYNC_MESSAGE_BURST_PER_SOCKET: '100000',
  LIMIT_BUFFERED_BYTES_PER_SOCKET: '500000',
}

let server: RunningServer
let pair: readonly [SyncClient, SyncClient]
const url = () => `ws://localhost:${server.port}/sync`

beforeAll(async () => {
  server = await startServer({ env: { ...lifted, ...probed, LOG_LEVEL: 'debug' } })
  pair = [await connectSync(url(), server.origin), await connectSync(url(), server.origin)]
  for (const one of pair) one.say({ type: 'subscribe', topics: ['honest'] })
  await Promise.all(pair.map((one) => one.sync()))
})
afterAll(() => server.kill())

/** Two devices that only want to find each other: what the first says, both hear. */
async function honestRound(data = 'still here'): Promise<void> {
  const [first, second] = pair
  const before = second.of('publish').length
  first.say({ type: 'publish', topic: 'honest', data })
  await second.hears(before + 1)
  expect(second.of('publish').at(-1)).toEqual({ type: 'publish', topic: 'honest', data, clients: 2 })
  expect(pair.map((one) => one.closeCode())).toEqual([null, null])
}

async function openSync(): Promise<RawSocket> {
  const raw = await openRaw(server.port)
  raw.write(handshake(server.port, { path: '/sync' }))
  await until(() => raw.read().includes('\r\n\r\n'), 'the handshake')
  return raw
}

it.each([
  ['without a key', (request: string) => request.replace(/Sec-WebSocket-Key: .*\r\n/, '')],
  ['with half a key', (request: string) => request.replace('ub25jZQ==', '==')],
  ['of another version', (request: string) => request.replace('Version: 13', 'Version: 8')],
  ['of something else', (request: string) => request.replace('Upgrade: websocket', 'Upgrade: h2c')],
  ['that posts', (request: string) => request.replace('GET', 'POST')],
])('a handshake %s is refused with 400, and its connection ended', async (_what, spoil) => {
  const raw = await openRaw(server.port)
  raw.write(spoil(handshake(server.port, { path: '/sync' })))
  expect(await raw.closed(10_000)).toBe(true)
  expect(raw.read().toString()).toMatch(/^HTTP\/1.1 400 /)
})

describe('a frame that kills the stock server, or breaks a rule, closes its sender alone', () => {
  const cases: readonly [what: string, code: number, bytes: () => Buffer][] = [
    ['malformed JSON', 1008, () => frame('{"type":"subscribe"')],
    ['topics that are no list', 1008, () => frame('{"type":"subscribe","topics":5}')],
    ['a frame without a mask', 1002, () => frame('{"type":"ping"}', { masked: false })],
    ['bad UTF-8', 1007, () => frame(Buffer.from([0xc3, 0x28]))],
    ['binary', 1008, () => frame('{"type":"ping"}', { opcode: 2 })],
    ['a frame that claims more than 64 KiB', 1009, () => frame('', { claimedLength: 65_537n })],
    ['a frame that claims more than there is', 1009, () => frame('', { claimedLength: 2n ** 64n - 1n })],
    [
      'more than 32 fragments',
      1008,
      () => Buffer.concat([frame('a', { final: false }), ...Array(40).fill(frame('a', { opcode: 0, final: false }))]),
    ],
    ['a reserved bit', 1002, () => frame('{}', { reserved: 4 })],
    ['a long ping', 1002, () => frame('x'.repeat(126), { opcode: 9 })],
  ]
  it.each(cases)('%s: %i', async (_what, code, bytes) => {
    const raw = await openSync()
    raw.write(bytes())
    await until(() => closeCodeIn(raw.read()), 'a close frame')
    expect(closeCodeIn(raw.read())).toBe(code)
    await honestRound()
    raw.destroy()
  })

  it('a close is answered, and the connection ended', async () => {
    const raw = await openSync()
    raw.write(frame(Buffer.from([3, 232]), { opcode: 8 }))
    expect(await raw.closed(5_000)).toBe(true)
    expect(closeCodeIn(raw.read())).toBe(1000)
  })

  it('a ping is answered with what is in it', async () => {
    const raw = await openSync()
    raw.write(frame('hello', { opcode: 9 }))
    await until(() => raw.read().includes(Buffer.concat([Buffer.from([0x8a, 5]), Buffer.from('hello')])), 'a pong')
    raw.destroy()
  })

  it('a subscriber that does not read is cut off, and nobody else waits for it', async () => {
    const slow = await connectSync(url(), server.origin)
    slow.say({ type: 'subscribe', topics: ['honest'] })
    await slow.sync()
    slow.pause()
    const data = 'A'.repeat(60_000)
    const givenUp = async () => {
      pair[0].say({ type: 'publish', topic: 'honest', data })
      await Promise.all(pair.map((one) => one.sync()))
      return pair[0].of('publish').at(-1)?.clients === 2
    }
    await until(givenUp, 'the slow one to be given up', 50_000)
    await honestRound()
    expect(server.output()).toContain('LIMIT_BUFFERED_BYTES_PER_SOCKET')
    slow.cut()
  }, 60_000)
})

it(
  `${wanted} hostile frames and handshakes (seed ${seed}) neither stop it, nor stay in its memory, nor keep an honest pair apart`,
  async () => {
    const random = createRandom(seed)
    let sent = 0
    async function attack(): Promise<void> {
      const raw = await openRaw(server.port)
      sent += 1
      if (random.below(10) < 2) raw.write(fuzzRequest(random, server.port).replaceAll('/session', '/sync'))
      else {
        raw.write(handshake(server.port, { path: '/sync' }))
        await until(() => raw.read().includes('\r\n\r\n'), 'the handshake')
        if (random.below(2) === 0) raw.write(frame('{"type":"subscribe","topics":["honest","other"]}'))
        for (let i = 0; i < 10 && raw.socket.writable; i++, sent++) raw.write(fuzzFrames(random))
      }
      if (random.below(3) === 0) await raw.closed(20)
      if (random.below(2) === 0) raw.socket.resetAndDestroy()
      else raw.destroy()
    }
    const attackUntil = (count: number) =>
      Promise.all(
        Array.from({ length: 16 }, async () => {
          while (sent < count) await attack()
        }),
      )
    await attackUntil(500)
    const before = await settled()
    await honestRound()
    let attacking = true
    const honest = (async () => {
      // Hostile ones are in the same topic for a while: they are counted, and harm nothing else.
      for (let round = 0; attacking; round++) {
        const [first, second] = pair
        first.say({ type: 'publish', topic: 'honest', data: `round ${round}` })
        await until(() => second.of('publish').at(-1)?.data === `round ${round}`, 'an honest message')
        await new Promise((resolve) => setTimeout(resolve, 50))
      }
    })()
    await attackUntil(500 + wanted)
    attacking = false
    await honest
    const after = await settled()
    await honestRound('after all that')
    expect(after.handles - before.handles).toBeLessThan(20)
    expect((after.heapBytes - before.heapBytes) / 2 ** 20).toBeLessThan(4)
    expect((after.externalBytes - before.externalBytes) / 2 ** 20).toBeLessThan(4)
    expect(server.output()).not.toMatch(/"fault"|"crash"/)
  },
  long ? 3_600_000 : 60_000,
)

/** Once every socket of the attackers is gone. */
function settled() {
  return until(
    async () => {
      const memory = await measureMemory(server)
      return memory.handles < 40 ? memory : null
    },
    'the sockets to be closed',
    60_000,
  )
}

it('no topic, and nothing that was published, is ever logged', async () => {
  const [topic, data] = ['Plantedtopic-5f2c', 'Planteddata-77aa']
  const [a, stranger] = [await connectSync(url(), server.origin), await connectSync(url(), server.origin)]
  a.say({ type: 'subscribe', topics: [topic, `${topic}${'x'.repeat(300)}`] })
  a.say({ type: 'publish', topic, data })
  await a.sync()
  stranger.say({ type: 'publish', topic, data })
  stranger.say({ type: 'subscribe', topics: Array.from({ length: 70 }, (_, i) => `${topic}-${i}`) })
  await stranger.sync()
  stranger.say(`{"type":"publish","topic":"${topic}","data":"${data}`)
  await until(() => stranger.closeCode(), 'the close')
  expect([a.of('publish').length, stranger.of('error').length]).toEqual([1, 8])
  a.cut()
  // Told to go, it says so to the others, and ends in order.
  expect(await server.stop()).toBe(0)
  await until(() => pair.every((one) => one.closeCode()), 'the others to be closed')
  expect(pair.map((one) => one.closeCode())).toEqual([1012, 1012])
  expect(server.output()).toContain('LIMIT_TOPICS_PER_SOCKET')
  expect(server.output()).toContain('sync-malformed')
  for (const planted of [topic, data, 'honest', '127.0.0.1']) expect(server.output()).not.toContain(planted)
})
