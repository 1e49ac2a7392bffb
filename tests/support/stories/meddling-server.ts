import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { WebSocket, WebSocketServer } from 'ws'

export type Direction = 'to-server' | 'to-client'

/** What a dishonest server does with one frame: passes it on, changed, doubled or not at all. `socket` counts from 0. */
export type Meddle = (frame: string, direction: Direction, socket: number) => readonly string[]

export type MeddlingServer = {
  readonly origin: string
  /** Every request for a page or a socket: method, address and headers. */
  readonly requests: readonly string[]
  /** Every frame that passed, before meddling. */
  readonly frames: readonly { readonly direction: Direction; readonly socket: number; readonly frame: string }[]
  meddle(how: Meddle): void
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
  const requests: string[] = []
  const clients: WebSocket[] = []
  const note = ({ method, url, rawHeaders }: IncomingMessage) => requests.push([method, url, ...rawHeaders].join('\n'))

  const http = createServer((incoming, outgoing) => {
    note(incoming)
    forward(incoming, outgoing, upstream)
  })
  const sockets = new WebSocketServer({ noServer: true, handleProtocols: (protocols) => [...protocols][0] ?? false })

  http.on('upgrade', (incoming, raw, head) => {
    note(incoming)
    sockets.handleUpgrade(incoming, raw, head, (client) => {
      const socket = clients.push(client) - 1
      const server = new WebSocket(`ws://localhost:${upstream}${incoming.url}`, client.protocol ? [client.protocol] : [], {
        headers: { origin: incoming.headers.origin ?? '' },
      })
      const early: string[] = []
      const pass = (direction: Direction, frame: string, target: WebSocket) => {
        frames.push({ direction, socket, frame })
        for (const changed of how(frame, direction, socket)) if (target.readyState === WebSocket.OPEN) target.send(changed)
      }
      client.on('message', (data) => {
        if (server.readyState === WebSocket.OPEN) pass('to-server', data.toString(), server)
        else early.push(data.toString())
      })
      server.on('open', () => {
        for (const frame of early.splice(0)) pass('to-server', frame, server)
      })
      server.on('message', (data) => pass('to-client', data.toString(), client))
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

function forward(incoming: IncomingMessage, outgoing: ServerResponse, port: number): void {
  const passed = request({ host: 'localhost', port, method: incoming.method, path: incoming.url, headers: incoming.headers }, (answer) => {
    outgoing.writeHead(answer.statusCode ?? 502, answer.headers)
    answer.pipe(outgoing)
  })
  passed.on('error', () => outgoing.destroy())
  incoming.pipe(passed)
}
