import { describe, expect, it } from 'vitest'
import { createRelay, type RelaySocket, syncUrl } from '../../../../../pwa/src/adapters/signaling/relay.ts'
import { createManualClock } from '../../../../support/session/manual-clock.ts'

type Fake = RelaySocket & {
  readonly sent: Record<string, unknown>[]
  readonly hear: (message: unknown) => void
  readonly rise: () => void
  readonly fall: () => void
  closed: boolean
}

function open() {
  const clock = createManualClock()
  const sockets: Fake[] = []
  const urls: string[] = []
  const relay = createRelay({
    url: 'wss://clinic.example/sync',
    clock,
    random: () => 0.5,
    openSocket(url) {
      urls.push(url)
      const made: Fake = {
        onopen: null,
        onmessage: null,
        onclose: null,
        sent: [],
        closed: false,
        send: (text: unknown) => void made.sent.push(JSON.parse(String(text))),
        close: () => {
          made.closed = true
        },
        hear: (message) => made.onmessage?.({ data: typeof message === 'string' ? message : JSON.stringify(message) } as MessageEvent),
        rise: () => made.onopen?.(),
        fall: () => made.onclose?.(),
      }
      sockets.push(made)
      return made
    },
  })
  const last = () => {
    const found = sockets.at(-1)
    if (!found) throw new Error('No socket')
    return found
  }
  function join(topic: string) {
    const heard: string[] = []
    const place = relay.join(topic, (event) => void heard.push(event.type === 'message' ? event.data : event.type))
    return { heard, ...place }
  }
  return { relay, clock, sockets, urls, last, join }
}

const published = (topic: string, data: unknown) => ({ type: 'publish', topic, data, clients: 2 })

describe('the relay', () => {
  it('takes part in a topic once the socket is open, and publishes only then', () => {
    const { join, last, urls } = open()
    const me = join('a')
    expect(urls).toEqual(['wss://clinic.example/sync'])
    expect(me.publish('early')).toBe(false)
    last().rise()
    expect(me.heard).toEqual(['open'])
    expect(me.publish('hello')).toBe(true)
    expect(last().sent).toEqual([
      { type: 'subscribe', topics: ['a'] },
      { type: 'publish', topic: 'a', data: 'hello' },
    ])
  })

  it('gives others messages, and one’s own not back, however often the same words are said', () => {
    const { join, last } = open()
    const me = join('a')
    last().rise()
    me.publish('x')
    me.publish('x')
    for (let i = 0; i < 3; i++) last().hear(published('a', 'x'))
    last().hear(published('b', 'elsewhere'))
    expect(me.heard).toEqual(['open', 'x'])
  })

  it('carries what one part of the page says to another part in the same topic', async () => {
    const { join, last, sockets } = open()
    const one = join('a')
    last().rise()
    const other = join('a')
    await Promise.resolve()
    one.publish('x')
    last().hear(published('a', 'x'))
    expect([one.heard, other.heard]).toEqual([['open'], ['open', 'x']])
    expect(sockets).toHaveLength(1)
    expect(last().sent.filter(({ type }) => type === 'subscribe')).toHaveLength(1)
  })

  it('ignores whatever is not a message of this wire', () => {
    const { join, last } = open()
    const me = join('a')
    last().rise()
    for (const strange of ['', '{', 'null', '[]', published('a', { type: 'announce' }), { type: 'publish' }, { type: 'error' }]) {
      last().hear(strange)
    }
    last().hear(published('a', 'y'.repeat(70_000)))
    expect(me.heard).toEqual(['open'])
    expect(me.publish('z'.repeat(70_000))).toBe(false)
  })

  it('comes back after the socket fell, later and later, and takes part in every topic again', () => {
    const { join, last, sockets, clock } = open()
    const one = join('a')
    const two = join('b')
    const delays: number[] = []
    for (let attempt = 0; attempt < 4; attempt++) {
      last().fall()
      const from = clock.now()
      const count = sockets.length
      while (sockets.length === count) clock.advance(10)
      delays.push(clock.now() - from)
    }
    expect(delays).toEqual([150, 300, 600, 1200])
    last().rise()
    expect(last().sent).toEqual([{ type: 'subscribe', topics: ['a', 'b'] }])
    expect([one.heard, two.heard]).toEqual([
      ['lost', 'open'],
      ['lost', 'open'],
    ])
    clock.advance(6_000)
    last().fall()
    expect(one.publish('x')).toBe(false)
    clock.advance(150)
    last().rise()
    expect(one.heard).toEqual(['lost', 'open', 'lost', 'open'])
  })

  it('backs off from a server that opens the door and closes it again', () => {
    const { join, last, sockets, clock } = open()
    join('a')
    for (const delay of [150, 300, 600]) {
      last().rise()
      last().fall()
      const count = sockets.length
      clock.advance(delay - 10)
      expect(sockets).toHaveLength(count)
      clock.advance(10)
      expect(sockets).toHaveLength(count + 1)
    }
  })

  it('notices a dead line by an unanswered ping, and at once when told to hurry', () => {
    const { relay, join, last, clock } = open()
    const me = join('a')
    last().rise()
    for (let i = 0; i < 3; i++) {
      clock.advance(20_000)
      expect(last().sent.at(-1)).toEqual({ type: 'ping' })
      last().hear({ type: 'pong' })
    }
    clock.advance(1)
    relay.hurry()
    clock.advance(10_000)
    expect(me.heard).toEqual(['open', 'lost'])
  })

  it('gives up on a door that does not open, and hurries when told to', () => {
    const { relay, join, sockets, clock } = open()
    join('a')
    clock.advance(10_000)
    expect(sockets[0]?.closed).toBe(true)
    relay.hurry()
    expect(sockets).toHaveLength(2)
  })

  it('leaves a topic when nobody is in it any more, and the server after the last one', () => {
    const { join, last, sockets, clock } = open()
    const places = ['a', 'a', 'b'].map(join)
    last().rise()
    places[0]?.leave()
    expect(last().sent).toHaveLength(1)
    places[1]?.leave()
    places[1]?.leave()
    expect(last().sent.at(-1)).toEqual({ type: 'unsubscribe', topics: ['a'] })
    places[2]?.leave()
    expect(last().closed).toBe(true)
    expect(places[2]?.publish('x')).toBe(false)
    clock.advance(60_000)
    expect(sockets).toHaveLength(1)
    join('c')
    expect(sockets).toHaveLength(2)
  })

  it('has the address of the server that the page came from', () => {
    expect(syncUrl({ protocol: 'https:', host: 'clinic.example' })).toBe('wss://clinic.example/sync')
    expect(syncUrl({ protocol: 'http:', host: 'localhost:8080' })).toBe('ws://localhost:8080/sync')
  })
})
