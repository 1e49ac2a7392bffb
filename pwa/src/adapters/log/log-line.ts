import { backoffMs } from '@alcove/shared/call/backoff'
import { type Bytes, fromUtf8, utf8 } from '@alcove/shared/crypto/bytes'
import { err, ok, type Result } from '@alcove/shared/domain/result'
import { decode } from '@alcove/shared/protocol/decode'
import { createFrameAssembler, cutMessage, type FrameAssembler } from '@alcove/shared/protocol/log-frames'
import { logProtocol, logServerMessage, maxLogJsonBytes, maxLogMessageBytes } from '@alcove/shared/protocol/log-messages'
import type { LogConnection, LogFailure, LogLine, LogLineEvent, LogReply, LogRequest } from '../../log-ports.ts'
import type { Clock, Stop } from '../../ports.ts'
import { replyTo } from './answers.ts'

/** What is used of a browser's WebSocket. */
export type LogSocket = Pick<WebSocket, 'close'> & {
  readonly bufferedAmount: number
  send(frame: Bytes): void
  onmessage: ((event: MessageEvent) => void) | null
  onclose: (() => void) | null
}

export type LogLineDeps = {
  /** `wss://clinic.example/log` */
  readonly url: string
  readonly clock: Clock
  /** A number in [0, 1), for the backoff. */
  readonly random: () => number
  /** Binary messages as array buffers. */
  readonly openSocket: (url: string, protocol: string) => LogSocket
}

type Answer = Result<LogReply, LogFailure>
type Asked = { readonly request: LogRequest; readonly sentAt: number; readonly answer: (answer: Answer) => void }
/** In the queue, not cut into frames yet: what waits costs no second copy. */
type Waiting = { readonly request: LogRequest; readonly body: Bytes; readonly answer: (answer: Answer) => void }

/** One socket; another one takes its place when it is lost. */
type Socket = {
  readonly socket: LogSocket
  readonly assembler: FrameAssembler
  readonly asked: Map<number, Asked>
  readonly queue: Waiting[]
  /** Of the message that is being sent. */
  frames: Bytes[]
  /** Epoch ms; null before `hello`. */
  openedAt: number | null
  heardAt: number
  /** When something came that was no `pong`, or the browser sent more of ours. */
  movedAt: number
  buffered: number
  /** The server said that it is asked too much. */
  slowed: boolean
}

const helloWithinMs = 10_000
const lookEveryMs = 10_000
/** Nothing heard for so long: `ping`. */
const quietMs = 20_000
/** A `ping` that nothing answers, or a request while nothing else moves. */
const pongWithinMs = 10_000
const answerWithinMs = 60_000
const answerAtLastMs = 10 * 60_000
/** Open for less than this: the server sends us away, and is left alone for longer each time. */
const steadyAfterMs = 5_000
/** Whom the server told to slow down begins here: up to 10 s. */
const slowedAttempt = 5
/** What the browser may hold of ours; it does not say when it has sent it. */
const maxBufferedBytes = 1024 * 1024
const lookAgainMs = 25

/**
 * `/log`: requests and answers over one WebSocket, back by itself. Whatever the server sends is read by one decoder; what
 * is none of this protocol, or no answer to what was asked, ends the connection.
 */
export function createLogLine(deps: LogLineDeps): LogLine {
  return { open: (listen) => openLine(deps, listen) }
}

function openLine(deps: LogLineDeps, listen: (event: LogLineEvent) => void): LogConnection {
  const { clock } = deps
  let current: Socket | null = null
  let nextId = 1
  let attempt = 0
  let closed = false
  let stopRetry: Stop | null = null
  let stopLooking: Stop | null = null
  let stopHello: Stop = () => {}
  let stopPong: Stop | null = null
  let stopFlow: Stop | null = null

  function connect(): void {
    stopRetry?.()
    stopRetry = null
    const now = clock.now()
    const socket = deps.openSocket(deps.url, logProtocol)
    const line: Socket = {
      socket,
      assembler: createFrameAssembler(),
      asked: new Map(),
      queue: [],
      frames: [],
      openedAt: null,
      heardAt: now,
      movedAt: now,
      buffered: 0,
      slowed: false,
    }
    current = line
    socket.onmessage = ({ data }) => {
      if (current !== line) return
      line.heardAt = clock.now()
      if (data instanceof ArrayBuffer) take(line, new Uint8Array(data))
      else lost()
    }
    socket.onclose = () => {
      if (current === line) lost()
    }
    stopHello = clock.after(helloWithinMs, lost)
  }

  // --- what comes --------------------------------------------------------------------------------------------------------

  function take(line: Socket, frame: Bytes): void {
    const taken = line.assembler.take(frame, maxLogMessageBytes)
    if (taken.kind === 'message') receive(line, taken.message.json, taken.message.body)
    else if (taken.kind === 'waiting') line.movedAt = clock.now()
    else lost()
  }

  function receive(line: Socket, json: Bytes, body: Bytes): void {
    const decoded = decode(logServerMessage, fromUtf8(json) ?? '', maxLogJsonBytes)
    if (!decoded.ok) return lost()
    const message = decoded.value
    if (message.type !== 'pong') line.movedAt = clock.now()
    if (message.type === 'refused') line.slowed ||= message.code === 'rate-limited'
    if ((message.type === 'hello') !== (line.openedAt === null)) return lost()
    switch (message.type) {
      case 'hello':
        line.openedAt = clock.now()
        stopHello()
        stopLooking = clock.every(lookEveryMs, () => look(line))
        return listen({ type: 'open', hello: message })
      case 'head':
        return listen({ type: 'head', head: message })
      case 'refused': {
        if (message.id === null) return
        const { expected } = message
        const asked = taken(line, message.id)
        return asked ? asked.answer(err({ code: message.code, ...(expected === undefined ? {} : { expected }) })) : lost()
      }
      default: {
        const asked = taken(line, message.id)
        const reply = asked && replyTo(asked.request, message, body)
        if (reply) return asked.answer(ok(reply))
        asked?.answer(err({ code: 'lost' }))
        lost()
      }
    }
  }

  function taken(line: Socket, id: number): Asked | null {
    const asked = line.asked.get(id) ?? null
    line.asked.delete(id)
    return asked
  }

  // --- what goes ---------------------------------------------------------------------------------------------------------

  function flow(line: Socket): void {
    while (current === line && line.socket.bufferedAmount < maxBufferedBytes) {
      const frame = line.frames.shift() ?? nextFrame(line)
      if (!frame) return
      line.socket.send(frame)
    }
    if (current !== line || stopFlow) return
    stopFlow = clock.after(lookAgainMs, () => {
      stopFlow = null
      flow(line)
    })
  }

  function nextFrame(line: Socket): Bytes | null {
    const next = line.queue.shift()
    if (!next) return null
    const id = nextId++
    line.asked.set(id, { request: next.request, sentAt: clock.now(), answer: next.answer })
    line.frames = cutMessage({ json: utf8(JSON.stringify({ ...next.request, id })), body: next.body })
    return line.frames.shift() ?? null
  }

  function ask(line: Socket, request: LogRequest, body: Bytes = new Uint8Array()): Promise<Answer> {
    return new Promise((answer) => {
      line.queue.push({ request, body, answer })
      flow(line)
    })
  }

  // --- whether it is still there -----------------------------------------------------------------------------------------

  function look(line: Socket): void {
    const now = clock.now()
    const { bufferedAmount } = line.socket
    const isSending = bufferedAmount > 0
    if (bufferedAmount < line.buffered) line.movedAt = now
    line.buffered = bufferedAmount
    const [oldest] = line.asked.values()
    const waitedMs = oldest ? now - oldest.sentAt : 0
    if (Math.min(waitedMs, now - line.movedAt) > answerWithinMs || waitedMs > answerAtLastMs) return lost()
    // Behind megabytes of ours a pong may be long in coming.
    if (!isSending && now - line.heardAt >= quietMs) ping(line)
  }

  function ping(line: Socket): void {
    if (stopPong) return
    const sentAt = clock.now()
    void ask(line, { type: 'ping' })
    stopPong = clock.after(pongWithinMs, () => {
      stopPong = null
      if (current === line && line.heardAt < sentAt && line.socket.bufferedAmount === 0) lost()
    })
  }

  function lost(): void {
    const line = drop()
    if (!line || closed) return
    if (line.slowed) attempt = Math.max(attempt, slowedAttempt)
    else if (line.openedAt !== null && clock.now() - line.openedAt > steadyAfterMs) attempt = 0
    stopRetry = clock.after(backoffMs(attempt, deps.random()), connect)
    attempt += 1
    listen({ type: 'lost' })
  }

  /** Whoever waits for an answer gets none. */
  function drop(): Socket | null {
    const line = current
    current = null
    stopHello()
    stopPong?.()
    stopLooking?.()
    stopFlow?.()
    stopPong = stopLooking = stopFlow = null
    if (!line) return null
    line.socket.onmessage = line.socket.onclose = null
    line.socket.close()
    for (const { answer } of [...line.asked.values(), ...line.queue]) answer(err({ code: 'lost' }))
    return line
  }

  connect()
  return {
    async ask(request, body) {
      return current && current.openedAt !== null ? ask(current, request, body) : err({ code: 'lost' })
    },
    hurry() {
      if (closed) return
      if (current) return current.openedAt === null ? undefined : ping(current)
      attempt = 0
      connect()
    },
    close() {
      closed = true
      stopRetry?.()
      drop()
    },
  }
}

/** The log of the server that this page came from. */
export function logUrl(location: Pick<Location, 'protocol' | 'host'>): string {
  return `${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/log`
}

/** What is set on it takes fewer arguments than a browser gives; TypeScript compares what is read instead. */
export function openLogSocket(url: string, protocol: string): LogSocket {
  const socket = new WebSocket(url, protocol)
  socket.binaryType = 'arraybuffer'
  return socket as LogSocket
}
