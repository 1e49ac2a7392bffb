import type { Socket } from 'node:net'
import { maxSyncFrameBytes } from '@alcove/shared/protocol/sync-messages'
import { after, type Endpoint, restartCode } from './endpoint.ts'
import type { Limits } from './limits.ts'
import { careFor } from './socket-care.ts'
import type { Tally } from './tally.ts'
import type { TopicHub } from './topic-hub.ts'
import { acceptHandshake } from './web-socket/handshake.ts'
import { openServerSocket, type ServerSocket } from './web-socket/server-socket.ts'

/**
 * `/sync`: where devices of a practice find each other, with y-webrtc. What is published goes out as it came in, so this
 * endpoint has its own WebSockets: ws would copy, wrap and frame it anew for every receiver (docs/decisions).
 */
export function createSyncEndpoint(hub: TopicHub, limits: Limits, tally: Tally): Endpoint {
  const sockets = new Set<ServerSocket>()
  const careDeps = {
    now: Date.now,
    random: Math.random,
    after,
    maxBufferedBytes: limits.LIMIT_BUFFERED_BYTES_PER_SOCKET,
    onSlow: () => tally.count('LIMIT_BUFFERED_BYTES_PER_SOCKET'),
  }
  const onError = () => tally.count('protocol-error')

  return {
    path: '/sync',
    protocol: null,
    enter({ request, stream, head }) {
      const answer = acceptHandshake(request)
      if (answer === null) return void stream.end('HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n')
      // The connection of an upgrade is a TCP one, in TLS or not.
      const connection = stream as Socket
      connection.setTimeout(0)
      connection.setNoDelay()
      stream.write(answer)
      const socket = openServerSocket(stream, head, {
        maxBytes: maxSyncFrameBytes,
        onText: (payload) => client.receive(payload),
        onBinary: () => client.refuseBinary(),
        heard: () => care.heard(),
        onError,
        onClosed() {
          care.stop()
          sockets.delete(socket)
          client.closed()
        },
      })
      const care = careFor<Uint8Array>(socket, careDeps)
      const client = hub.connect({ send: care.send, close: socket.close })
      sockets.add(socket)
    },
    sockets: () => sockets.size,
    // The wire has no word for it. A closed client comes back by itself, after a random while.
    leave() {
      for (const socket of sockets) socket.close(restartCode, 'restart')
    },
    cut() {
      for (const socket of sockets) socket.terminate()
    },
    close: () => {},
  }
}
