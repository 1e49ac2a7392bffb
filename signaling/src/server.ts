import { createServer as createHttpServer, type IncomingMessage, type Server } from 'node:http'
import { createServer as createHttpsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'
import { maxFrameBytes, sessionProtocol } from '@alcove/shared/protocol/session-messages'
import { type WebSocket, WebSocketServer } from 'ws'
import { clientAddress } from './client-address.ts'
import type { Config } from './config.ts'
import { createDoor } from './door.ts'
import { isAllowedOrigin } from './origin.ts'
import { createPages } from './pages.ts'
import { securityHeaders } from './security-headers.ts'
import type { SessionHub } from './session-hub.ts'
import { careFor } from './socket-care.ts'
import type { StaticFiles } from './static-files.ts'
import type { Tally } from './tally.ts'

/** The one door to http, https and ws. */
export type ServerDeps = {
  readonly config: Config
  /** PEM; null for plain HTTP. */
  readonly certificate: { readonly cert: string | Buffer; readonly key: string | Buffer } | null
  /** Null serves the session endpoint alone. */
  readonly files: StaticFiles | null
  readonly hub: SessionHub
  readonly tally: Tally
}

export type RunningServer = {
  readonly port: number
  sockets(): number
  /** Stops accepting, tells everybody to come back later, closes. Resolves when all is closed, 10 s later at most. */
  drain(): Promise<void>
}

/** Slow headers, slow requests and idle connections end by themselves (Node: http.createServer). */
const httpOptions = {
  headersTimeout: 5_000,
  requestTimeout: 10_000,
  connectionsCheckingInterval: 2_000,
  keepAliveTimeout: 10_000,
  maxHeaderSize: 8 * 1024,
}
const sweepEveryMs = 30_000
/** Frames of one socket that may wait for a signature to be checked before its socket is read no further. */
const maxPending = 16
const drainMs = 10_000
const closeMs = 5_000
/** RFC 6455, 7.4.1: the service restarts. */
const restartCode = 1012

/** Rejects when it cannot listen (EADDRINUSE and the like). */
export async function startServer(deps: ServerDeps): Promise<RunningServer> {
  const { config, certificate, hub, tally } = deps
  const { limits } = config
  const door = createDoor(limits)
  const sockets = new Set<WebSocket>()
  let draining = false

  const pages = createPages({
    files: deps.files,
    isReady: () => !draining,
    headers: (request) =>
      securityHeaders({
        host: request.headers.host,
        publicOrigins: config.publicOrigins,
        secure: certificate !== null,
        strictTransport:
          !config.lan && (certificate !== null || config.publicOrigins?.every((origin) => origin.startsWith('https:')) === true),
      }),
  })
  const server: Server =
    certificate === null ? createHttpServer(httpOptions, pages) : createHttpsServer({ ...httpOptions, ...certificate }, pages)
  server.maxConnections = limits.LIMIT_CONNECTIONS
  server.maxHeadersCount = 64
  server.on('connection', (socket) => {
    if (config.trustedProxies > 0) return
    const address = clientAddress(socket.remoteAddress, undefined, 0)
    if (door.connect(address)) return void socket.once('close', () => door.disconnect(address))
    tally.count('LIMIT_CONNECTIONS_PER_ADDRESS')
    socket.destroy()
  })
  server.on('drop', () => tally.count('LIMIT_CONNECTIONS'))
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
    if (socket.writable && error.code !== 'ECONNRESET') socket.end('HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n')
    socket.destroy()
  })

  const webSockets = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    perMessageDeflate: false,
    maxPayload: maxFrameBytes,
    maxFragments: 32,
    maxBufferedChunks: 256,
    handleProtocols: () => sessionProtocol,
  })

  /** Why this handshake is not accepted: a status, and a sentence for whoever looks. */
  function refusalOf(request: IncomingMessage, address: string): readonly [number, string] | null {
    const { origin, host } = request.headers
    if (request.url?.split(/[?#]/)[0] !== '/session') return [404, 'There is nothing here.']
    if (draining) return [503, 'This server is going away.']
    if (!isAllowedOrigin(origin, host, config.publicOrigins)) return [403, 'Pages of this origin may not connect (PUBLIC_ORIGIN).']
    const offered = String(request.headers['sec-websocket-protocol'] ?? '')
      .split(',')
      .map((name) => name.trim())
    if (!offered.includes(sessionProtocol)) return [400, `This endpoint speaks ${sessionProtocol}.`]
    const limit = door.enter(address, Date.now())
    if (limit === null) return null
    tally.count(limit)
    return [limit === 'LIMIT_SOCKETS' ? 503 : 429, `Too many connections (${limit}).`]
  }

  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    socket.on('error', () => socket.destroy())
    const forwarded = request.headers['x-forwarded-for']
    const address = clientAddress(
      request.socket.remoteAddress,
      Array.isArray(forwarded) ? forwarded.join() : forwarded,
      config.trustedProxies,
    )
    const refusal = refusalOf(request, address)
    if (refusal !== null) {
      const [status, sentence] = refusal
      tally.count(`handshake-${status}`)
      return refuse(socket, status, sentence)
    }
    socket.once('close', () => door.leave(address))
    const origin = request.headers.origin ?? ''
    webSockets.handleUpgrade(request, socket, head, (webSocket) => attach(webSocket, address, origin))
  })

  function attach(socket: WebSocket, address: string, origin: string): void {
    sockets.add(socket)
    const care = careFor(socket, {
      now: Date.now,
      random: Math.random,
      after,
      maxBufferedBytes: limits.LIMIT_BUFFERED_BYTES_PER_SOCKET,
      onSlow: () => tally.count('LIMIT_BUFFERED_BYTES_PER_SOCKET'),
    })
    const client = hub.connect({ address, origin, send: care.send, close: (code, reason) => close(socket, code, reason) })
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
    socket.on('pong', care.heard)
    // A protocol error (bad UTF-8, no mask, too long, too many fragments): ws closes, and says why in the close code.
    socket.on('error', () => tally.count('protocol-error'))
    socket.on('close', () => {
      care.stop()
      sockets.delete(socket)
      client.closed()
    })
  }

  const stopSweeping = setInterval(() => {
    door.sweep(Date.now())
    tally.flush()
  }, sweepEveryMs)
  stopSweeping.unref()

  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(config.port, config.host, () => {
      server.off('error', reject)
      resolve()
    })
  })
  server.on('error', () => tally.count('server-error'))

  async function drain(): Promise<void> {
    draining = true
    clearInterval(stopSweeping)
    const closed = new Promise<void>((resolve) => server.close(() => resolve()))
    server.closeIdleConnections()
    // 500 returns a second at most, and no needless wait for the few of a small practice.
    hub.goaway(Math.min(20_000, Math.max(1_000, sockets.size * 2)))
    for (const socket of sockets) close(socket, restartCode, 'restart')
    const stop = after(drainMs, () => {
      for (const socket of sockets) socket.terminate()
      server.closeAllConnections()
    })
    await closed
    stop()
    hub.close()
    tally.flush()
  }

  return { port: (server.address() as AddressInfo).port, sockets: door.sockets, drain }
}

/** Whoever does not answer the close is cut off. */
function close(socket: WebSocket, code: number, reason: string): void {
  socket.close(code, reason)
  const stop = after(closeMs, () => socket.terminate())
  socket.once('close', stop)
}

/** Never keeps the process alive. */
function after(delayMs: number, run: () => void): () => void {
  const timer = setTimeout(run, delayMs)
  timer.unref()
  return () => clearTimeout(timer)
}

function refuse(socket: Duplex, status: number, sentence: string): void {
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
