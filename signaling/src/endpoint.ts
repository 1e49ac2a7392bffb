import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'

/** A request for a WebSocket that may come in. */
export type Visitor = {
  readonly request: IncomingMessage
  /** The connection, and what came on it after the request. */
  readonly stream: Duplex
  readonly head: Buffer
  /** The bucket that limits count by, not necessarily an address (client-address.ts). */
  readonly address: string
  /** The verified Origin header. */
  readonly origin: string
}

/** What one path of the server speaks. server.ts keeps the door; the handshake and everything after it is here. */
export type Endpoint = {
  /** `/session` */
  readonly path: string
  /** The subprotocol that a client must offer; null where there is none. */
  readonly protocol: string | null
  enter(visitor: Visitor): void
  sockets(): number
  /** Says goodbye to everybody and closes; returns are spread over `spreadMs`, where the wire has a word for it. */
  leave(spreadMs: number): void
  /** Cuts off whoever is still there. */
  cut(): void
  /** Stops its timers. */
  close(): void
}

/** RFC 6455, 7.4.1: the service restarts. */
export const restartCode = 1012

/** Never keeps the process alive. */
export function after(delayMs: number, run: () => void): () => void {
  const timer = setTimeout(run, delayMs)
  timer.unref()
  return () => clearTimeout(timer)
}
