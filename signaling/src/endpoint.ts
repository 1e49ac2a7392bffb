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

/** Answers a handshake with a status and a sentence for whoever looks. */
export function refuse(socket: Duplex, status: number, sentence: string): void {
  const reasons: Readonly<Record<number, string>> = {
    400: 'Bad Request',
    403: 'Forbidden',
    404: 'Not Found',
    429: 'Too Many Requests',
    503: 'Service Unavailable',
  }
  const body = `${sentence}\n`
  const retry = status === 429 || status === 503 ? 'Retry-After: 10\r\n' : ''
  socket.end(
    `HTTP/1.1 ${status} ${reasons[status] ?? ''}\r\nContent-Type: text/plain; charset=utf-8\r\n` +
      `Content-Length: ${Buffer.byteLength(body)}\r\n${retry}Connection: close\r\n\r\n${body}`,
    () => socket.destroy(),
  )
}
