import { serverToGuestMessage, type ServerToGuestMessage } from '@alcove/shared/protocol/session-messages'
import { describe, expect, it } from 'vitest'
import { createSessionSocket, type WebSocketLike } from '../../../../../pwa/src/adapters/signaling/session-socket.ts'
import { sessionUrl } from '../../../../../pwa/src/adapters/signaling/create-signaling.ts'
import type { SocketEvent } from '../../../../../pwa/src/ports.ts'
import { createManualClock } from '../../../../support/session/manual-clock.ts'

const hello = { type: 'hello', version: 1, nonce: 'n'.repeat(43), connection: 'c'.repeat(22), now: 5_000_000 }
const ready = { type: 'ready', role: 'guest', now: 5_000_000, state: 'new' }

function open() {
  const clock = createManualClock(1_000_000)
  const events: SocketEvent<ServerToGuestMessage>[] = []
  const sockets: (WebSocketLike & {
    readonly sent: string[]
    readonly hear: (message: object) => void
    readonly fall: () => void
    closed: boolean
  })[] = []
  const socket = createSessionSocket(
    {
      url: 'wss://clinic.example/session',
      clock,
      random: () => 0.5,
      openSocket() {
        const made = {
          onmessage: null as WebSocketLike['onmessage'],
          onclose: null as WebSocketLike['onclose'],
          sent: [] as string[],
          closed: false,
          send: (text: unknown) => void made.sent.push(String(text)),
          close: () => {
            made.closed = true
          },
          hear: (message: object) => made.onmessage?.({ data: JSON.stringify(message) } as MessageEvent),
          fall: () => made.onclose?.(),
        }
        sockets.push(made)
        return made
      },
    },
    {
      schema: serverToGuestMessage,
      listen: (event) => void events.push(event),
      authenticate: async () => ({ type: 'ping' }),
    },
  )
  const states = () => events.flatMap((event) => (event.type === 'state' ? [event.state.kind] : []))
  const last = () => {
    const found = sockets.at(-1)
    if (!found) throw new Error('No socket')
    return found
  }
  async function become(): Promise<void> {
    last().hear(hello)
    await Promise.resolve()
    await Promise.resolve()
    last().hear(ready)
  }
  return { clock, events, sockets, socket, states, last, become }
}

describe('a session socket', () => {
  it('authenticates at hello, is open from ready on, and tells how the clocks differ', async () => {
    const { events, become, states, last, socket } = open()
    expect(socket.send({ type: 'ping' })).toBe(false)
    await become()
    expect(states()).toEqual(['connecting', 'open'])
    expect(last().sent).toEqual(['{"type":"ping"}'])
    expect(events).toContainEqual({ type: 'clock', offsetMs: 4_000_000 })
    expect(events.at(-1)).toEqual({ type: 'message', message: ready })
    expect(socket.send({ type: 'leave' })).toBe(true)
  })

  it('comes back with full jitter, slower and slower, and fast again after it was open', async () => {
    const { sockets, clock, last, become, states } = open()
    const delays: number[] = []
    for (let attempt = 0; attempt < 7; attempt++) {
      last().fall()
      const from = clock.now()
      const count = sockets.length
      while (sockets.length === count) clock.advance(10)
      delays.push(clock.now() - from)
    }
    expect(delays).toEqual([150, 300, 600, 1200, 2400, 4800, 7500])
    await become()
    last().fall()
    clock.advance(150)
    expect(states().slice(-3)).toEqual(['open', 'waiting-to-retry', 'connecting'])
  })

  it('gives up on a server that says nothing', () => {
    const { sockets, clock, states } = open()
    clock.advance(10_000)
    expect(states()).toEqual(['connecting', 'waiting-to-retry'])
    clock.advance(200)
    expect(sockets).toHaveLength(2)
    expect(sockets[0]?.closed).toBe(true)
  })

  it('notices a dead line by an unanswered ping, and keeps one that answers', async () => {
    const { clock, become, last, states } = open()
    await become()
    for (let i = 0; i < 5; i++) {
      clock.advance(20_000)
      expect(last().sent.at(-1)).toBe('{"type":"ping"}')
      last().hear({ type: 'pong', now: clock.now() })
    }
    expect(states().at(-1)).toBe('open')
    clock.advance(20_000)
    clock.advance(10_000)
    expect(states().at(-1)).toBe('waiting-to-retry')
  })

  it('measures the clocks anew at every pong, in the middle of the round trip', async () => {
    const { clock, become, last, events } = open()
    await become()
    clock.advance(20_000)
    clock.advance(400)
    last().hear({ type: 'pong', now: clock.now() - 200 + 1000 })
    expect(events.at(-1)).toEqual({ type: 'clock', offsetMs: 1000 })
  })

  it.each(['replaced', 'authentication-failed'] as const)('does not come back by itself after %s, but when asked', async (code) => {
    const { clock, become, last, states, sockets, socket } = open()
    await become()
    last().hear({ type: 'error', code, fatal: true })
    last().fall()
    clock.advance(10 * 60_000)
    expect(states().at(-1)).toBe('refused')
    expect(sockets).toHaveLength(1)
    socket.reconnectNow()
    expect(sockets).toHaveLength(2)
  })

  it('leaves a full server alone for a while, and says so', async () => {
    const { clock, last, states, sockets } = open()
    last().hear({ type: 'error', code: 'server-full', fatal: true })
    last().fall()
    clock.advance(14_000)
    expect(states().at(-1)).toBe('refused')
    expect(sockets).toHaveLength(1)
    clock.advance(2000)
    expect(sockets).toHaveLength(2)
  })

  it('comes back when the server that goes away said so', async () => {
    const { clock, become, last, sockets } = open()
    await become()
    last().hear({ type: 'goaway', reconnectInMs: 3000 })
    clock.advance(2999)
    expect(sockets).toHaveLength(1)
    clock.advance(1)
    expect(sockets).toHaveLength(2)
  })

  it('waits as long as the server that goes away said, though that closes at once', async () => {
    const { clock, become, last, sockets } = open()
    await become()
    last().hear({ type: 'goaway', reconnectInMs: 3000 })
    last().fall()
    clock.advance(2999)
    expect(sockets).toHaveLength(1)
    clock.advance(1)
    expect(sockets).toHaveLength(2)
  })

  it('is not sent away for good', async () => {
    const { clock, become, last, sockets } = open()
    await become()
    last().hear({ type: 'goaway', reconnectInMs: Number.MAX_SAFE_INTEGER })
    last().fall()
    clock.advance(60_000)
    expect(sockets).toHaveLength(2)
  })

  it('does not hear what it cannot understand, nor what comes before ready or after the end', async () => {
    const { events, become, last, socket } = open()
    last().hear({ type: 'waiting' })
    last().hear({ type: 'waiting', more: true })
    await become()
    const before = events.length
    last().hear({ type: 'knock', guest: 'x', sealed: 'y' })
    socket.close()
    last().hear({ type: 'waiting' })
    expect(events).toHaveLength(before)
    expect(last().closed).toBe(true)
  })

  it('does not wait when asked to come back now', () => {
    const { last, sockets, socket } = open()
    last().fall()
    socket.reconnectNow()
    expect(sockets).toHaveLength(2)
    socket.reconnectNow()
    expect(sockets).toHaveLength(2)
  })
})

it('the session endpoint is beside the page, encrypted when the page is', () => {
  expect(sessionUrl({ protocol: 'https:', host: 'clinic.example' })).toBe('wss://clinic.example/session')
  expect(sessionUrl({ protocol: 'http:', host: 'localhost:8080' })).toBe('ws://localhost:8080/session')
})
