import { type RawData, type WebSocket, WebSocketServer } from 'ws'
import { after, type Endpoint, restartCode } from './endpoint.ts'
import type { LimitName, Limits } from './limits.ts'
import { type CareDeps, SocketCare } from './socket-care.ts'
import type { Tally } from './tally.ts'

/** What a hub is given of a socket. `close` may be called more than once. */
export type WsConnection<Sent> = {
  /** The bucket that limits count by, not necessarily an address (client-address.ts). */
  readonly address: string
  /** The verified Origin header. */
  readonly origin: string
  send(sent: Sent): void
  close(code: number, reason: string): void
  /** Resolves when little of what was sent is still waiting, or the socket is gone. */
  drained(): Promise<void>
}

/** A hub's end of a socket. */
export type WsClient = {
  /** Resolves when it is dealt with. Null: it was refused at once. */
  message(data: RawData, isBinary: boolean): Promise<void> | null
  /** So much waits to be dealt with that the socket is read no further for now. `pending`: messages. */
  isBusy(pending: number): boolean
  /** A ping or pong came in. False when it came too often. */
  control(): boolean
  closed(): void
}

export type WsEndpointOptions<Sent> = {
  readonly path: string
  readonly protocol: string
  readonly maxFrameBytes: number
  readonly limits: Limits
  /** Of bytes that may wait for a slow receiver. */
  readonly bufferLimit: LimitName
  readonly tally: Tally
  /** Answers may be long: what leaves shows, too, that somebody is there. */
  readonly longAnswers: boolean
  connect(connection: WsConnection<Sent>): WsClient
  /** Before everybody is closed. */
  goaway?(spreadMs: number): void
  close(): void
}

const closeMs = 5_000
/** Bytes that wait for the receiver. */
const maxPongBacklog = 4 * 1024
/** With more than this waiting for its receiver a socket is not drained. */
const drainedBytes = 256 * 1024

/** The one door to ws: sockets in their care, read no faster than a hub can follow. */
export function createWsEndpoint<Sent extends string | Uint8Array>(options: WsEndpointOptions<Sent>): Endpoint {
  const { path, protocol, limits, bufferLimit, tally } = options
  const sockets = new Set<WebSocket>()
  const webSockets = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    perMessageDeflate: false,
    maxPayload: options.maxFrameBytes,
    maxFragments: 32,
    maxBufferedChunks: 256,
    autoPong: false,
    handleProtocols: () => protocol,
  })
  const careDeps: CareDeps = {
    now: Date.now,
    random: Math.random,
    after,
    maxBufferedBytes: limits[bufferLimit],
    onSlow: () => tally.count(bufferLimit),
  }
  // A protocol error (bad UTF-8, no mask, too long, too many fragments): ws closes, and says why in the close code.
  const onError = () => tally.count('protocol-error')

  function attach(socket: WebSocket, address: string, origin: string): void {
    sockets.add(socket)
    let waiting: (() => void)[] = []
    const isDrained = () => socket.bufferedAmount <= drainedBytes || socket.readyState !== socket.OPEN
    const wake = () => {
      const woken = waiting
      waiting = []
      for (const go of woken) go()
    }
    // A long answer goes out slowly and nothing comes in meanwhile.
    const onSent = () => {
      care.heard()
      if (isDrained()) wake()
    }
    const cared = {
      get bufferedAmount() {
        return socket.bufferedAmount
      },
      send: (sent: Sent) => (options.longAnswers ? socket.send(sent, onSent) : socket.send(sent)),
      ping: () => socket.ping(),
      terminate: () => socket.terminate(),
    }
    const care = new SocketCare<Sent>(cared, careDeps)
    const client = options.connect({
      address,
      origin,
      send: (sent) => care.send(sent),
      close: (code, reason) => close(socket, code, reason),
      drained: () => (isDrained() ? Promise.resolve() : new Promise((resolve) => waiting.push(resolve))),
    })
    let pending = 0
    socket.on('message', (data, isBinary) => {
      care.heard()
      const handled = client.message(data, isBinary)
      if (handled === null) return
      pending += 1
      if (client.isBusy(pending)) socket.pause()
      void handled.finally(() => {
        pending -= 1
        if (socket.isPaused && !client.isBusy(pending)) socket.resume()
      })
    })
    socket.on('pong', () => {
      care.heard()
      client.control()
    })
    socket.on('ping', (data) => {
      care.heard()
      // Whoever pings and reads nothing gets no more answers: they would pile up here.
      if (client.control() && socket.bufferedAmount < maxPongBacklog) socket.pong(data)
    })
    socket.on('error', onError)
    socket.on('close', () => {
      care.stop()
      sockets.delete(socket)
      client.closed()
      wake()
    })
  }

  return {
    path,
    protocol,
    enter({ request, stream, head, address, origin }) {
      webSockets.handleUpgrade(request, stream, head, (socket) => attach(socket, address, origin))
    },
    sockets: () => sockets.size,
    // A closed client comes back by itself.
    leave(spreadMs) {
      options.goaway?.(spreadMs)
      for (const socket of sockets) close(socket, restartCode, 'restart')
    },
    cut() {
      for (const socket of sockets) socket.terminate()
    },
    close: () => options.close(),
  }
}

/** Whoever does not answer the close is cut off. */
function close(socket: WebSocket, code: number, reason: string): void {
  socket.close(code, reason)
  const stop = after(closeMs, () => socket.terminate())
  socket.once('close', stop)
}
