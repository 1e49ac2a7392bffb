import { maxFrameBytes, sessionProtocol } from '@alcove/shared/protocol/session-messages'
import { type WebSocket, WebSocketServer } from 'ws'
import { after, type Endpoint, restartCode } from './endpoint.ts'
import type { Limits } from './limits.ts'
import type { SessionHub } from './session-hub.ts'
import { SocketCare } from './socket-care.ts'
import type { Tally } from './tally.ts'

/** Frames of one socket that may wait for a signature to be checked before its socket is read no further. */
const maxPending = 16
const closeMs = 5_000
/** Bytes that wait for the receiver. */
const maxPongBacklog = 4 * 1024

/** `/session`: waiting rooms, admission and relay. */
export function createSessionEndpoint(hub: SessionHub, limits: Limits, tally: Tally): Endpoint {
  const sockets = new Set<WebSocket>()
  const webSockets = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    perMessageDeflate: false,
    maxPayload: maxFrameBytes,
    maxFragments: 32,
    maxBufferedChunks: 256,
    autoPong: false,
    handleProtocols: () => sessionProtocol,
  })
  const careDeps = {
    now: Date.now,
    random: Math.random,
    after,
    maxBufferedBytes: limits.LIMIT_BUFFERED_BYTES_PER_SOCKET,
    onSlow: () => tally.count('LIMIT_BUFFERED_BYTES_PER_SOCKET'),
  }
  // A protocol error (bad UTF-8, no mask, too long, too many fragments): ws closes, and says why in the close code.
  const onError = () => tally.count('protocol-error')

  function attach(socket: WebSocket, address: string, origin: string): void {
    sockets.add(socket)
    const care = new SocketCare<string>(socket, careDeps)
    const client = hub.connect({ address, origin, send: (text) => care.send(text), close: (code, reason) => close(socket, code, reason) })
    let pending = 0
    socket.on('message', (data, isBinary) => {
      care.heard()
      if (isBinary) return client.refuseBinary()
      pending += 1
      if (pending === maxPending) socket.pause()
      void client.receive(data.toString()).finally(() => {
        pending -= 1
        if (pending === maxPending - 1) socket.resume()
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
    })
  }

  return {
    path: '/session',
    protocol: sessionProtocol,
    enter({ request, stream, head, address, origin }) {
      webSockets.handleUpgrade(request, stream, head, (socket) => attach(socket, address, origin))
    },
    sockets: () => sockets.size,
    leave(spreadMs) {
      hub.goaway(spreadMs)
      for (const socket of sockets) close(socket, restartCode, 'restart')
    },
    cut() {
      for (const socket of sockets) socket.terminate()
    },
    close: hub.close,
  }
}

/** Whoever does not answer the close is cut off. */
function close(socket: WebSocket, code: number, reason: string): void {
  socket.close(code, reason)
  const stop = after(closeMs, () => socket.terminate())
  socket.once('close', stop)
}
