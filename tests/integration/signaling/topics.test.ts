import { describe, expect, it } from 'vitest'
import { type Limits, limitDefaults } from '../../../signaling/src/limits.ts'
import { createTopicHub } from '../../../signaling/src/topic-hub.ts'
import { noon } from '../../support/crypto-people.ts'
import { createManualClock } from '../../support/session/manual-clock.ts'

/** The real hub, and clients that keep what they are sent. */
function createWorld(limits: Partial<Limits> = {}) {
  const clock = createManualClock(noon)
  const reached: string[] = []
  const hub = createTopicHub({
    now: clock.now,
    limits: { ...limitDefaults, ...limits },
    report: (event) => reached.push(event.type === 'limit' ? event.limit : event.reason),
  })
  function connect(...topics: string[]) {
    const received: string[] = []
    let closed: number | null = null
    const client = hub.connect({
      send(frame) {
        const bytes = Buffer.from(frame)
        received.push(bytes.subarray((bytes[1] ?? 0) < 126 ? 2 : 4).toString())
      },
      close(code) {
        closed = code
      },
    })
    const say = (message: unknown) => client.receive(Buffer.from(typeof message === 'string' ? message : JSON.stringify(message)))
    if (topics.length > 0) say({ type: 'subscribe', topics })
    return {
      received,
      closed: () => client.closed(),
      refuseBinary: () => client.refuseBinary(),
      closeCode: () => closed,
      say,
      subscribe: (...names: string[]) => say({ type: 'subscribe', topics: names }),
      unsubscribe: (...names: string[]) => say({ type: 'unsubscribe', topics: names }),
      publish: (topic: string, data: unknown) => say({ type: 'publish', topic, data }),
    }
  }
  return { hub, clock, reached, connect }
}

const error = (code: string, topic: string | null = null) => JSON.stringify({ type: 'error', code, topic })

describe('a topic', () => {
  it('passes everything on to everybody in it, the sender too, with their number, and to nobody else', () => {
    const { connect } = createWorld()
    const [a, b, c] = [connect('one'), connect('one'), connect('two')]
    a.publish('one', 'x')
    const sent = '{"type":"publish","topic":"one","data":"x","clients":2}'
    expect([a.received, b.received, c.received]).toEqual([[sent], [sent], []])
  })

  it('is not for those who have left it, or are gone', () => {
    const { hub, connect } = createWorld()
    const [a, b, c] = [connect('one'), connect('one'), connect('one')]
    b.unsubscribe('one', 'never')
    c.closed()
    c.closed()
    a.publish('one', 'x')
    expect(a.received).toEqual(['{"type":"publish","topic":"one","data":"x","clients":1}'])
    expect([b.received, c.received]).toEqual([[], []])
    expect(hub.counts()).toEqual({ connections: 2, topics: 1, subscriptions: 1 })
  })

  it('is forgotten with the last one in it', () => {
    const { hub, connect } = createWorld()
    const [a, b] = [connect('one', 'two'), connect('two')]
    a.unsubscribe('one')
    a.closed()
    expect(hub.counts()).toEqual({ connections: 1, topics: 1, subscriptions: 1 })
    b.closed()
    expect(hub.counts()).toEqual({ connections: 0, topics: 0, subscriptions: 0 })
  })

  it('counts nobody twice', () => {
    const { hub, connect } = createWorld({ LIMIT_TOPICS_PER_SOCKET: 1 })
    const a = connect('one', 'one')
    a.subscribe('one')
    a.publish('one', 'x')
    expect(a.received).toEqual(['{"type":"publish","topic":"one","data":"x","clients":1}'])
    expect(hub.counts().subscriptions).toBe(1)
  })

  it('is closed to those who only know its name: publishing takes a subscription', () => {
    const { connect } = createWorld()
    const [a, stranger] = [connect('one'), connect()]
    stranger.publish('one', 'x')
    stranger.publish('none', 'x')
    stranger.publish('one', { type: 'announce' })
    expect(a.received).toEqual([])
    expect(stranger.received).toEqual([error('not-subscribed', 'one'), error('not-subscribed', 'none'), error('not-subscribed', 'one')])
    expect(stranger.closeCode()).toBeNull()
  })

  it('carries what clients without a password send, objects with an old count in them', () => {
    const { connect } = createWorld()
    const [a, b] = [connect('one'), connect('one')]
    a.say({ type: 'publish', clients: 77, topic: 'one', data: { type: 'announce', from: 'é' } })
    expect(b.received).toEqual(['{"type":"publish","clients":2,"topic":"one","data":{"type":"announce","from":"é"}}'])
  })
})

it('a ping is answered', () => {
  const a = createWorld().connect()
  a.say({ type: 'ping' })
  expect(a.received).toEqual(['{"type":"pong"}'])
})

describe('what is no message', () => {
  it.each(['{"type":', '{"type":"subscribe","topics":5}', '', '{"type":"unsubscribe","topics":{}}'])(
    '%j closes its sender alone',
    (text) => {
      const { hub, connect, reached } = createWorld()
      const [a, b, wild] = [connect('one'), connect('one'), connect('one')]
      wild.say(text)
      wild.publish('one', 'later')
      expect([wild.received, wild.closeCode()]).toEqual([[error('malformed')], 1008])
      a.publish('one', 'x')
      expect(b.received).toEqual(['{"type":"publish","topic":"one","data":"x","clients":2}'])
      expect(hub.counts()).toEqual({ connections: 2, topics: 1, subscriptions: 2 })
      expect(reached).toEqual(['sync-malformed'])
    },
  )

  it('in binary closes its sender', () => {
    const a = createWorld().connect('one')
    a.refuseBinary()
    a.refuseBinary()
    expect([a.received, a.closeCode()]).toEqual([[error('malformed')], 1008])
  })

  it.each(['null', '5', '[]', '{}', '{"type":"shout"}', '{"type":"publish"}', '{"type":"publish","topic":5,"data":"x"}'])(
    'but JSON is passed over, as y-webrtc passes over it: %s',
    (text) => {
      const a = createWorld().connect('one')
      a.say(text)
      expect([a.received, a.closeCode()]).toEqual([[], null])
    },
  )
})

describe('a limit', () => {
  it('LIMIT_SOCKETS_PER_TOPIC keeps the next one out until somebody goes', () => {
    const { connect, reached } = createWorld({ LIMIT_SOCKETS_PER_TOPIC: 2 })
    const [a, b, c] = [connect('one'), connect('one'), connect('one')]
    expect(c.received).toEqual([error('topic-full', 'one')])
    a.publish('one', 'x')
    expect([b.received.length, c.received.length]).toEqual([1, 1])
    b.closed()
    c.subscribe('one')
    a.publish('one', 'y')
    expect(c.received.at(-1)).toContain('"clients":2')
    expect(reached).toEqual(['LIMIT_SOCKETS_PER_TOPIC'])
  })

  it('LIMIT_TOPICS_PER_SOCKET refuses another topic, not those that it has', () => {
    const { connect, reached } = createWorld({ LIMIT_TOPICS_PER_SOCKET: 2 })
    const a = connect('one', 'two', 'three')
    expect(a.received).toEqual([error('topic-refused', 'three')])
    a.unsubscribe('one')
    a.subscribe('three', 'two')
    a.publish('three', 'x')
    expect(a.received).toHaveLength(2)
    expect(reached).toEqual(['LIMIT_TOPICS_PER_SOCKET'])
  })

  it('LIMIT_TOPICS refuses a new topic, not one that somebody is in', () => {
    const { connect, reached } = createWorld({ LIMIT_TOPICS: 1 })
    const [a, b] = [connect('one'), connect('two')]
    b.subscribe('one')
    a.publish('one', 'x')
    expect(b.received).toEqual([error('server-full', 'two'), '{"type":"publish","topic":"one","data":"x","clients":2}'])
    expect(reached).toEqual(['LIMIT_TOPICS'])
  })

  it('a name of more than 256 characters is no topic, and is not sent back whole', () => {
    const { hub, connect } = createWorld()
    const a = connect('x'.repeat(257))
    expect(a.received).toEqual([error('topic-refused', 'x'.repeat(256))])
    expect(hub.counts().topics).toBe(0)
  })

  it('LIMIT_SYNC_MESSAGES_PER_SOCKET_PER_SECOND drops what is beyond it, and says so once a second', () => {
    const { connect, clock, reached } = createWorld({
      LIMIT_SYNC_MESSAGES_PER_SOCKET_PER_SECOND: 1,
      LIMIT_SYNC_MESSAGE_BURST_PER_SOCKET: 3,
    })
    const [a, b] = [connect('one'), connect('one')]
    for (let i = 0; i < 4; i++) a.publish('one', String(i))
    expect(b.received).toHaveLength(2)
    expect(a.received.filter((text) => text === error('rate-limited'))).toHaveLength(1)
    clock.advance(1_000)
    a.publish('one', 'again')
    expect(b.received).toHaveLength(3)
    expect(new Set(reached)).toEqual(new Set(['LIMIT_SYNC_MESSAGES_PER_SOCKET_PER_SECOND']))
  })

  it('whoever goes on for as long as a burst (LIMIT_SYNC_MESSAGE_BURST_PER_SOCKET) is closed', () => {
    const { connect } = createWorld({ LIMIT_SYNC_MESSAGES_PER_SOCKET_PER_SECOND: 1, LIMIT_SYNC_MESSAGE_BURST_PER_SOCKET: 3 })
    const a = connect()
    for (let i = 0; i < 6; i++) a.say({ type: 'ping' })
    expect(a.closeCode()).toBeNull()
    a.say({ type: 'ping' })
    expect([a.closeCode(), a.received.at(-1)]).toEqual([1008, error('rate-limited')])
  })
})

it('a subscriber that is cut off while being sent to does not keep the others from it', () => {
  const { hub, connect } = createWorld()
  const a = connect('one')
  const slow = hub.connect({ send: () => slow.closed(), close: () => {} })
  slow.receive(Buffer.from('{"type":"subscribe","topics":["one"]}'))
  const b = connect('one')
  a.publish('one', 'x')
  expect(b.received).toHaveLength(1)
  expect(hub.counts().subscriptions).toBe(2)
})
