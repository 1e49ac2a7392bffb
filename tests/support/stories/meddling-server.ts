import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type RawData, WebSocket, WebSocketServer } from 'ws'

export type Direction = 'to-server' | 'to-client'

/** What a dishonest server does with one frame: passes it on, changed, doubled or not at all. `socket` counts from 0. */
export type Meddle = (frame: string, direction: Direction, socket: number) => readonly string[]

export type MeddlingServer = {
  readonly origin: string
  /** Every request for a page or a socket: method, address and headers. */
  readonly requests: readonly string[]
  /** Every frame of text that passed, before meddling. */
  readonly frames: readonly { readonly direction: Direction; readonly socket: number; readonly frame: string }[]
  /** Every frame of bytes; nobody meddles with them here. */
  readonly bytes: readonly { readonly direction: Direction; readonly socket: number; readonly frame: Buffer }[]
  meddle(how: Meddle): void
  /** Sockets at these addresses (`/sync`) are not reached any more, also those that are open; all are again with none. */
  refuse(...paths: readonly string[]): void
  /** Says something of its own to a client. */
  inject(socket: number, frame: string): void
  /** Where the honest server is; set once it runs, since it must be told this origin first. */
  forwardTo(port: number): void
  close(): Promise<void>
}

/** Stands where a dishonest operator would: between both sides and an honest hub, reading and changing what it likes. */
export async function startMeddlingServer(): Promise<MeddlingServer> {
  let upstream = 0
  let how: Meddle = (frame) => [frame]
  const frames: { direction: Direction; socket: number; frame: string }[] = []
  const bytes: { direction: Direction; socket: number; frame: Buffer }[] = []
  const requests: string[] = []
  const clients: WebSocket[] = []
  const paths: string[] = []
  let refused: readonly string[] = []
  const note = ({ method, url, rawHeaders }: IncomingMessage) => requests.push([method, url, ...rawHeaders].join('\n'))

  const http = createServer((incoming, outgoing) => {
    note(incoming)
    forward(incoming, outgoing, upstream)
  })
  const sockets = new WebSocketServer({ noServer: true, handleProtocols: (protocols) => [...protocols][0] ?? false })

  http.on('upgrade', (incoming, raw, head) => {
    note(incoming)
    if (refused.includes(incoming.url ?? '')) return void raw.destroy()
    sockets.handleUpgrade(incoming, raw, head, (client) => {
      const socket = clients.push(client) - 1
      paths[socket] = incoming.url ?? ''
      const server = new WebSocket(`ws://localhost:${upstream}${incoming.url}`, client.protocol ? [client.protocol] : [], {
        headers: { origin: incoming.headers.origin ?? '' },
      })
      const early: (string | Buffer)[] = []
      const pass = (direction: Direction, frame: string | Buffer, target: WebSocket) => {
        if (typeof frame !== 'string') {
          bytes.push({ direction, socket, frame })
          return target.send(frame)
        }
        frames.push({ direction, socket, frame })
        for (const changed of how(frame, direction, socket)) if (target.readyState === WebSocket.OPEN) target.send(changed)
      }
      client.on('message', (data, isBinary) => {
        const frame = frameOf(data, isBinary)
        if (server.readyState === WebSocket.OPEN) pass('to-server', frame, server)
        else early.push(frame)
      })
      server.on('open', () => {
        for (const frame of early.splice(0)) pass('to-server', frame, server)
      })
      server.on('message', (data, isBinary) => pass('to-client', frameOf(data, isBinary), client))
      client.on('close', () => server.close())
      server.on('close', () => client.close())
      client.on('error', () => server.terminate())
      server.on('error', () => client.terminate())
    })
  })

  await new Promise<void>((resolve) => http.listen(0, resolve))
  const { port } = http.address() as AddressInfo
  return {
    origin: `http://localhost:${port}`,
    requests,
    frames,
    bytes,
    refuse(...addresses) {
      refused = addresses
      for (const [socket, client] of clients.entries()) if (refused.includes(paths[socket] ?? '')) client.terminate()
    },
    meddle: (next) => {
      how = next
    },
    inject: (socket, frame) => clients[socket]?.send(frame),
    forwardTo: (serverPort) => {
      upstream = serverPort
    },
    close: async () => {
      for (const client of clients) client.terminate()
      http.closeAllConnections()
      await new Promise((resolve) => http.close(resolve))
    },
  }
}

function frameOf(data: RawData, isBinary: boolean): string | Buffer {
  return isBinary ? Buffer.from(data as Buffer) : data.toString()
}

function forward(incoming: IncomingMessage, outgoing: ServerResponse, port: number): void {
  const passed = request({ host: 'localhost', port, method: incoming.method, path: incoming.url, headers: incoming.headers }, (answer) => {
    outgoing.writeHead(answer.statusCode ?? 502, answer.headers)
    answer.pipe(outgoing)
  })
  passed.on('error', () => outgoing.destroy())
  incoming.pipe(passed)
}
