import { maxLogFrameBytes } from '@alcove/shared/protocol/log-frames'
import { logProtocol } from '@alcove/shared/protocol/log-messages'
import { type WebSocket, WebSocketServer } from 'ws'
import { after, type Endpoint, restartCode } from './endpoint.ts'
import type { Limits } from './limits.ts'
import type { LogHub } from './log-hub.ts'
import { SocketCare } from './socket-care.ts'
import type { Tally } from './tally.ts'

/** Messages of one socket, and their bytes, that may wait for the disk before its socket is read no further. */
const maxPending = 64
const maxPendingBytes = 4 * 1024 * 1024
/** With more than this waiting for its receiver, a socket is read to no further records. */
const drainedBytes = 256 * 1024
const closeMs = 5_000
/** Bytes that wait for the receiver. */
const maxPongBacklog = 4 * 1024

/** `/log`: the sealed log. */
export function createLogEndpoint(hub: LogHub, limits: Limits, tally: Tally): Endpoint {
  const sockets = new Set<WebSocket>()
  const webSockets = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    perMessageDeflate: false,
    maxPayload: maxLogFrameBytes,
    maxFragments: 32,
    maxBufferedChunks: 256,
    autoPong: false,
    handleProtocols: () => logProtocol,
  })
  const careDeps = {
    now: Date.now,
    random: Math.random,
    after,
    maxBufferedBytes: limits.LIMIT_LOG_BUFFERED_BYTES_PER_SOCKET,
    onSlow: () => tally.count('LIMIT_LOG_BUFFERED_BYTES_PER_SOCKET'),
  }
  const onError = () => tally.count('protocol-error')

  function attach(socket: WebSocket, address: string, origin: string): void {
    sockets.add(socket)
    let waiting: (() => void)[] = []
    const wakeWaiting = () => {
      const woken = waiting
      waiting = []
      for (const wake of woken) wake()
    }
    // A long answer goes out slowly and nothing comes in meanwhile: what leaves shows that somebody is there.
    const onSent = () => {
      care.heard()
      if (socket.bufferedAmount <= drainedBytes) wakeWaiting()
    }
    const cared = {
      get bufferedAmount() {
        return socket.bufferedAmount
      },
      send: (frame: Uint8Array) => socket.send(frame, onSent),
      ping: () => socket.ping(),
      terminate: () => socket.terminate(),
    }
    const care = new SocketCare<Uint8Array>(cared, careDeps)
    const client = hub.connect({
      address,
      origin,
      send: (frame) => care.send(frame),
      close: (code, reason) => close(socket, code, reason),
      drained: () =>
        socket.bufferedAmount <= drainedBytes || socket.readyState !== socket.OPEN
          ? Promise.resolve()
          : new Promise((resolve) => waiting.push(resolve)),
    })
    let pending = 0
    const isBusy = () => pending >= maxPending || client.unansweredBytes() > maxPendingBytes
    socket.on('message', (data, isBinary) => {
      care.heard()
      if (!isBinary) return client.refuseText()
      pending += 1
      const handled = client.receive(bytesOf(data))
      if (isBusy()) socket.pause()
      void handled.finally(() => {
        pending -= 1
        if (socket.isPaused && !isBusy()) socket.resume()
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
      wakeWaiting()
    })
  }

  return {
    path: '/log',
    protocol: logProtocol,
    enter({ request, stream, head, address, origin }) {
      webSockets.handleUpgrade(request, stream, head, (socket) => attach(socket, address, origin))
    },
    sockets: () => sockets.size,
    // A closed client comes back by itself.
    leave() {
      for (const socket of sockets) close(socket, restartCode, 'restart')
    },
    cut() {
      for (const socket of sockets) socket.terminate()
    },
    close: hub.close,
  }
}

/** What ws gives with its usual `binaryType`; the hub keeps no view of it. */
function bytesOf(data: unknown): Uint8Array<ArrayBuffer> {
  return data instanceof Uint8Array ? new Uint8Array(data) : new Uint8Array(0)
}

/** Whoever does not answer the close is cut off. */
function close(socket: WebSocket, code: number, reason: string): void {
  socket.close(code, reason)
  const stop = after(closeMs, () => socket.terminate())
  socket.once('close', stop)
}
