import type { Socket } from 'node:net'
import { maxSyncFrameBytes } from '@alcove/shared/protocol/sync-messages'
import { after, type Endpoint, refuse, restartCode, type Visitor } from './endpoint.ts'
import type { Limits } from './limits.ts'
import { type CareDeps, SocketCare } from './socket-care.ts'
import type { Tally } from './tally.ts'
import type { Subscriber, TopicConnection, TopicHub } from './topic-hub.ts'
import { acceptHandshake } from './web-socket/handshake.ts'
import { ServerSocket, type SocketListener } from './web-socket/server-socket.ts'

/**
 * `/sync`: where devices of a practice find each other, with y-webrtc. What is published goes out as it came in, so this
 * endpoint has WebSockets of its own: ws would frame it anew for every receiver (docs/decisions/0011).
 */
export function createSyncEndpoint(hub: TopicHub, limits: Limits, tally: Tally): Endpoint {
  const devices = new Set<Device>()
  const shared: Shared = {
    hub,
    devices,
    onBroken: () => tally.count('protocol-error'),
    care: {
      now: Date.now,
      random: Math.random,
      after,
      maxBufferedBytes: limits.LIMIT_BUFFERED_BYTES_PER_SOCKET,
      onSlow: () => tally.count('LIMIT_BUFFERED_BYTES_PER_SOCKET'),
    },
  }
  return {
    path: '/sync',
    protocol: null,
    enter({ request, stream, head }) {
      const answer = acceptHandshake(request)
      if (answer === null) return refuse(stream, 400, 'This is no WebSocket handshake.')
      stream.write(answer)
      new Device(shared, stream).start(head)
    },
    sockets: () => devices.size,
    // The wire has no word for it. A closed client comes back by itself.
    leave() {
      for (const device of devices) device.close(restartCode, 'restart')
    },
    cut() {
      for (const device of devices) device.terminate()
    },
    close: () => {},
  }
}

type Shared = {
  readonly hub: TopicHub
  readonly devices: Set<Device>
  readonly care: CareDeps
  onBroken(): void
}

/** One socket, cared for, and its place in the hub. A class, since there are thousands. */
class Device implements SocketListener, TopicConnection {
  private readonly shared: Shared
  private readonly socket: ServerSocket
  private readonly care: SocketCare<Uint8Array>
  private readonly subscriber: Subscriber

  constructor(shared: Shared, stream: Visitor['stream']) {
    this.shared = shared
    // The connection of an upgrade is a TCP one, in TLS or not.
    const connection = stream as Socket
    connection.setTimeout(0)
    connection.setNoDelay()
    this.socket = new ServerSocket(stream, maxSyncFrameBytes, this)
    this.care = new SocketCare(this.socket, shared.care)
    this.subscriber = shared.hub.connect(this)
    shared.devices.add(this)
  }

  start(head: Buffer): void {
    this.socket.start(head)
  }

  send(frame: Uint8Array): void {
    this.care.send(frame)
  }

  close(code: number, reason: string): void {
    this.socket.close(code, reason)
  }

  terminate(): void {
    this.socket.terminate()
  }

  onText(payload: Buffer): void {
    this.subscriber.receive(payload)
  }

  onBinary(): void {
    this.subscriber.refuseBinary()
  }

  onControl(): boolean {
    return this.subscriber.control()
  }

  onHeard(): void {
    this.care.heard()
  }

  onBroken(): void {
    this.shared.onBroken()
  }

  onClosed(): void {
    this.care.stop()
    this.shared.devices.delete(this)
    this.subscriber.closed()
  }
}
