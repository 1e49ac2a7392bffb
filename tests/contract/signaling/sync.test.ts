import { createRequire } from 'node:module'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { decode } from '@alcove/shared/protocol/decode'
import { syncServerMessage } from '@alcove/shared/protocol/sync-messages'
import { connectSync, type Message, type SyncClient } from '../../support/signaling/sync-client.ts'
import { startOurs, startStock, type SyncServer } from '../../support/signaling/sync-servers.ts'
import { until } from '../../support/wire-client.ts'

const { WebSocket } = createRequire(import.meta.url)('ws') as typeof import('ws')

const servers = [
  ['Alcove', startOurs],
  ['y-webrtc itself', startStock],
] as const

describe.each(servers)('the signaling wire of y-webrtc, as the server of %s speaks it', (_name, start) => {
  let server: SyncServer
  let open: SyncClient[] = []
  const client = async (...topics: string[]) => {
    const one = await connectSync(server.url, server.origin)
    open.push(one)
    if (topics.length > 0) one.say({ type: 'subscribe', topics })
    await one.sync()
    return one
  }
  beforeAll(async () => {
    server = await start()
  })
  afterEach(() => {
    for (const one of open) one.cut()
    open = []
  })
  afterAll(() => server.stop())

  it('answers a ping', async () => {
    const a = await client()
    a.say({ type: 'ping' })
    await a.sync()
    await until(() => a.texts.length === 3, 'three pongs')
    expect(a.texts).toEqual(Array(3).fill('{"type":"pong"}'))
  })

  it('sends what is published to everybody in the topic, the sender too, to the byte and with their number', async () => {
    const [a, b, c] = [await client('one'), await client('one', 'two'), await client('two')]
    a.say('{"type":"publish","topic":"one","data":"QUJD"}')
    const expected = '{"type":"publish","topic":"one","data":"QUJD","clients":2}'
    await Promise.all([a.hears(1), b.hears(1)])
    await c.sync()
    expect([a, b, c].map((one) => one.texts.filter((text) => text !== '{"type":"pong"}'))).toEqual([[expected], [expected], []])
  })

  const published: readonly Message[] = [
    { type: 'publish', topic: 'one', data: { type: 'announce', from: '5a3c' } },
    {
      type: 'publish',
      topic: 'one',
      data: { type: 'signal', signal: { type: 'offer', sdp: 'v=0\r\no=- "quoted" \\ é 😀 \u2028\r\n' }, token: 1.5e12 },
    },
    { topic: 'one', extra: [1, null, true, { deep: [[]] }], data: 'x', type: 'publish' },
    { type: 'publish', topic: 'one', data: 'x', clients: 99 },
    { type: 'publish', topic: 'one' },
    { type: 'publish', topic: 'one', data: '' },
    { type: 'publish', topic: 'one', data: 'é"\\\n' },
    { type: 'publish', topic: 'one', data: 'x'.repeat(40_000) },
  ]
  it.each(published.map((message) => [JSON.stringify(message).slice(0, 90), message] as const))('passes on %s', async (_text, message) => {
    const [a, b] = [await client('one'), await client('one')]
    a.say(message)
    expect(await b.hears(1)).toEqual([{ ...message, clients: 2 }])
    expect(await a.hears(1)).toEqual([{ ...message, clients: 2 }])
  })

  it.each([
    '{ "type" : "publish", "topic" : "one", "data" : "x" }\n',
    '{"type":"ping","type":"publish","topic":"no","topic":"one","data":"x"}',
    '{"type":"publish","topic":"\\u006fne","data":"x"}',
    '{"type":"publish","topic":"one","data":{"a":-0,"b":1e400,"c":1.0,"__proto__":{"d":1}}}',
  ])('reads %s as JSON.parse does', async (text) => {
    const a = await client('one')
    a.say(text)
    expect(await a.hears(1)).toEqual([JSON.parse(JSON.stringify({ ...JSON.parse(text), clients: 1 }))])
  })

  it('takes messages of one sender in order', async () => {
    const [a, b] = [await client('one'), await client('one')]
    for (let i = 0; i < 50; i++) a.say({ type: 'publish', topic: 'one', data: String(i) })
    expect((await b.hears(50)).map(({ data }) => data)).toEqual(Array.from({ length: 50 }, (_, i) => String(i)))
  })

  it('counts a subscriber once, however often it subscribes, and one that is gone not at all', async () => {
    const [a, b, c] = [await client('one', 'one'), await client('one'), await client('one')]
    a.say({ type: 'subscribe', topics: ['one'] })
    b.say({ type: 'unsubscribe', topics: ['one', 'never'] })
    c.cut()
    await Promise.all([a.sync(), b.sync()])
    // A cut socket is noticed when the system says so.
    await until(async () => {
      const before = a.of('publish').length
      a.say({ type: 'publish', topic: 'one', data: 'x' })
      return (await a.hears(before + 1)).at(-1)?.clients === 1
    }, 'one to be left')
    await b.sync()
    expect(b.of('publish')).toEqual([])
  })

  it('skips topics that are no texts, and takes a message without topics', async () => {
    const a = await client()
    a.say({ type: 'subscribe', topics: [5, null, ['one'], 'one'] })
    a.say({ type: 'subscribe' })
    a.say({ type: 'subscribe', topics: null })
    a.say({ type: 'unsubscribe' })
    a.say({ type: 'publish', topic: 'one', data: 'x' })
    expect(await a.hears(1)).toEqual([{ type: 'publish', topic: 'one', data: 'x', clients: 1 }])
  })

  it.each(['null', '5', '"text"', '[]', '{}', '{"type":"shout","topics":["one"]}', '{"type":"publish"}', '{"type":5}'])(
    'passes over %s',
    async (text) => {
      const a = await client('one')
      a.say(text)
      await a.sync()
      a.say({ type: 'publish', topic: 'one', data: 'x' })
      expect(await a.hears(1)).toHaveLength(1)
      expect(a.closeCode()).toBeNull()
    },
  )
})

describe('what the server of Alcove does better', () => {
  let server: SyncServer
  beforeAll(async () => {
    server = await startOurs()
  })
  afterAll(() => server.stop())

  it('refuses to publish for whoever has not subscribed, and says so in a word that clients pass over', async () => {
    const [a, stranger] = [await connectSync(server.url, server.origin), await connectSync(server.url, server.origin)]
    a.say({ type: 'subscribe', topics: ['one'] })
    await a.sync()
    stranger.say({ type: 'publish', topic: 'one', data: 'x' })
    await stranger.sync()
    await a.sync()
    expect(a.of('publish')).toEqual([])
    expect(stranger.of('error')).toEqual([{ type: 'error', code: 'not-subscribed', topic: 'one' }])
    expect(stranger.texts.map((text) => decode(syncServerMessage, text, 1000).ok)).toEqual([true, true])
    stranger.cut()
    a.cut()
  })

  it('lets in only pages that it knows', async () => {
    const socket = new WebSocket(server.url, { origin: 'https://evil.example' })
    const status = await new Promise((resolve) => socket.on('error', (error) => resolve(error.message)))
    expect(status).toContain('403')
  })
})
