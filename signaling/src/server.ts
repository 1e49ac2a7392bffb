import { createServer as createHttpServer, type IncomingMessage, type Server } from 'node:http'
import { createServer as createHttpsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'
import { clientAddress } from './client-address.ts'
import type { Config } from './config.ts'
import { createDoor } from './door.ts'
import { after, type Endpoint, refuse } from './endpoint.ts'
import { isAllowedOrigin } from './origin.ts'
import { createPages } from './pages.ts'
import { securityHeaders } from './security-headers.ts'
import type { StaticFiles } from './static-files.ts'
import type { Tally } from './tally.ts'

/** The one door to http and https. */
export type ServerDeps = {
  readonly config: Config
  /** PEM; null for plain HTTP. */
  readonly certificate: { readonly cert: string | Buffer; readonly key: string | Buffer } | null
  /** Null serves the endpoints alone. */
  readonly files: StaticFiles | null
  readonly endpoints: readonly Endpoint[]
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
const drainMs = 10_000
const idleLookMs = 250

/** Rejects when it cannot listen (EADDRINUSE and the like). */
export async function startServer(deps: ServerDeps): Promise<RunningServer> {
  const { config, certificate, tally } = deps
  const { limits } = config
  const door = createDoor(limits)
  let draining = false

  const pages = createPages({
    files: deps.files,
    isReady: () => !draining,
    headers: (request) =>
      securityHeaders({
        host: request.headers.host,
        path: (request.url ?? '/').replace(/\?.*$/, ''),
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

  const endpoints = new Map(deps.endpoints.map((endpoint) => [endpoint.path, endpoint]))

  /** Why this handshake is not accepted: a status, and a sentence for whoever looks. */
  function refusalOf(request: IncomingMessage, endpoint: Endpoint | undefined, address: string): readonly [number, string] | null {
    const { origin, host } = request.headers
    if (endpoint === undefined) return [404, 'There is nothing here.']
    if (draining) return [503, 'This server is going away.']
    if (!isAllowedOrigin(origin, host, config.publicOrigins)) return [403, 'Pages of this origin may not connect (PUBLIC_ORIGIN).']
    if (endpoint.protocol !== null && !offers(request, endpoint.protocol)) return [400, `This endpoint speaks ${endpoint.protocol}.`]
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
    const endpoint = endpoints.get(request.url?.split(/[?#]/)[0] ?? '')
    const refusal = refusalOf(request, endpoint, address)
    if (refusal !== null) {
      const [status, sentence] = refusal
      tally.count(`handshake-${status}`)
      return refuse(socket, status, sentence)
    }
    socket.once('close', () => door.leave(address))
    endpoint?.enter({ request, stream: socket, head, address, origin: request.headers.origin ?? '' })
  })

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
    // A page that is on its way in gets its answer on a connection that is kept open then.
    const stopIdle = setInterval(() => server.closeIdleConnections(), idleLookMs)
    // 500 returns a second at most, and no needless wait for the few of a small practice.
    const sockets = deps.endpoints.reduce((total, endpoint) => total + endpoint.sockets(), 0)
    const spreadMs = Math.min(20_000, Math.max(1_000, sockets * 2))
    for (const endpoint of deps.endpoints) endpoint.leave(spreadMs)
    const stop = after(drainMs, () => {
      for (const endpoint of deps.endpoints) endpoint.cut()
      server.closeAllConnections()
    })
    await closed
    stop()
    clearInterval(stopIdle)
    for (const endpoint of deps.endpoints) endpoint.close()
    tally.flush()
  }

  return { port: (server.address() as AddressInfo).port, sockets: door.sockets, drain }
}

function offers(request: IncomingMessage, protocol: string): boolean {
  const offered = String(request.headers['sec-websocket-protocol'] ?? '').split(',')
  return offered.some((name) => name.trim() === protocol)
}
