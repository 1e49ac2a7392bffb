import { backoffMs } from '@alcove/shared/call/backoff'
import { decode } from '@alcove/shared/protocol/decode'
import type { GenericSchema } from '@alcove/shared/protocol/schema'
import { type ClientToServerMessage, type ErrorCode, type ServerMessage, sessionProtocol } from '@alcove/shared/protocol/session-messages'
import type { Clock, Socket, SocketEvent, SocketState, Stop } from '../../ports.ts'

/** What is used of a browser's WebSocket. */
export type WebSocketLike = Pick<WebSocket, 'send' | 'close'> & {
  onmessage: ((event: MessageEvent) => void) | null
  onclose: (() => void) | null
}

export type SessionSocketDeps = {
  /** `wss://clinic.example/session` */
  readonly url: string
  readonly clock: Clock
  /** A number in [0, 1), for the backoff. */
  readonly random: () => number
  readonly openSocket: (url: string, protocol: string) => WebSocketLike
}

type Hello = Extract<ServerMessage, { type: 'hello' }>
type Refusal = { readonly code: ErrorCode; readonly minimum?: number }

function refusalOf({ code, minimum }: Extract<ServerMessage, { type: 'error' }>): Refusal {
  return minimum === undefined ? { code } : { code, minimum }
}

export type SessionSocketOptions<Incoming extends ServerMessage> = {
  readonly schema: GenericSchema<unknown, Incoming>
  readonly authenticate: (hello: Hello) => Promise<ClientToServerMessage>
  readonly listen: (event: SocketEvent<Incoming>) => void
}

const maxIncomingLength = 512 * 1024
const readyWithinMs = 10_000
const pingEveryMs = 20_000
const pongWithinMs = 10_000
/** A server that is full or wants less of us is left alone for this long at least. */
const refusedMs = 15_000
/** No honest server sends anybody away for longer. */
const goawayMs = 60_000

/** Somebody else must act first: trying again by itself would only repeat it. */
const finalCodes: readonly ErrorCode[] = ['replaced', 'authentication-failed', 'not-allowed']

/**
 * A session socket that comes back by itself until it is closed. A socket counts as open from `ready` on. A silent one
 * is noticed by an unanswered ping: the browser may take minutes to say that a network is gone.
 */
export function createSessionSocket<Incoming extends ServerMessage, Outgoing extends ClientToServerMessage>(
  deps: SessionSocketDeps,
  options: SessionSocketOptions<Incoming>,
): Socket<Outgoing> {
  const { clock } = deps
  let state: SocketState = { kind: 'connecting' }
  let current: { readonly socket: WebSocketLike; ready: boolean; refused: Refusal | null; heardAt: number } | null = null
  let attempt = 0
  /** A server that goes away says when to come back; usually it closes before that. */
  let returnAt: number | null = null
  let pingSentAt: number | null = null
  let closed = false
  let timers: Stop[] = []
  let stopPongTimer: Stop = () => {}

  connect()

  function connect(): void {
    drop()
    returnAt = null
    const socket = deps.openSocket(deps.url, sessionProtocol)
    const connection = { socket, ready: false, refused: null, heardAt: clock.now() }
    current = connection
    setState({ kind: 'connecting' })
    socket.onclose = () => {
      if (current?.socket === socket) lost()
    }
    socket.onmessage = (event) => {
      if (current?.socket === socket && typeof event.data === 'string') receive(socket, event.data)
    }
    timers.push(clock.after(readyWithinMs, () => lost()))
  }

  function receive(socket: WebSocketLike, text: string): void {
    const decoded = decode(options.schema, text, maxIncomingLength)
    // A server that cannot be understood is no server; what it meant would only be guessed.
    if (!decoded.ok || !current) return
    const message: ServerMessage = decoded.value
    current.heardAt = clock.now()
    switch (message.type) {
      case 'hello':
        return void prove(socket, message)
      case 'ready':
        current.ready = true
        attempt = 0
        stopTimers()
        timers.push(clock.every(pingEveryMs, ping))
        setState({ kind: 'open' })
        break
      case 'pong':
        if (pingSentAt !== null) options.listen({ type: 'clock', offsetMs: message.now - (pingSentAt + clock.now()) / 2 })
        pingSentAt = null
        return
      case 'error':
        if (message.fatal) current.refused = refusalOf(message)
        break
      case 'goaway':
        returnAt = clock.now() + Math.min(message.reconnectInMs, goawayMs)
        timers.push(clock.after(returnAt - clock.now(), connect))
        return
    }
    if (current.ready) options.listen({ type: 'message', message: decoded.value })
  }

  async function prove(socket: WebSocketLike, hello: Hello): Promise<void> {
    options.listen({ type: 'clock', offsetMs: hello.now - clock.now() })
    const message = await options.authenticate(hello)
    if (current?.socket === socket) socket.send(JSON.stringify(message))
  }

  function ping(): void {
    if (!current) return
    const sentAt = clock.now()
    pingSentAt = sentAt
    current.socket.send(JSON.stringify({ type: 'ping' }))
    stopPongTimer()
    stopPongTimer = clock.after(pongWithinMs, () => current && current.heardAt < sentAt && lost())
  }

  function lost(): void {
    const refused = current?.refused ?? null
    drop()
    if (closed) return
    if (refused !== null && finalCodes.includes(refused.code)) return setState({ kind: 'refused', ...refused })
    const announcedMs = returnAt === null ? 0 : Math.max(0, returnAt - clock.now())
    const delayMs = Math.max(announcedMs, backoffMs(attempt, deps.random())) + (refused === null ? 0 : refusedMs)
    attempt += 1
    timers.push(clock.after(delayMs, connect))
    setState(refused === null ? { kind: 'waiting-to-retry', retryAt: clock.now() + delayMs } : { kind: 'refused', ...refused })
  }

  function drop(): void {
    stopTimers()
    pingSentAt = null
    const before = current
    current = null
    if (!before) return
    before.socket.onclose = null
    before.socket.onmessage = null
    before.socket.close()
  }

  function stopTimers(): void {
    for (const stop of [...timers, stopPongTimer]) stop()
    timers = []
  }

  function setState(next: SocketState): void {
    state = next
    options.listen({ type: 'state', state })
  }

  return {
    send(message) {
      if (!current?.ready) return false
      current.socket.send(JSON.stringify(message))
      return true
    },
    reconnectNow() {
      if (closed) return
      if (state.kind === 'open') return ping()
      if (state.kind === 'connecting') return
      attempt = 0
      connect()
    },
    close() {
      closed = true
      drop()
    },
  }
}
