import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

export type StubbedPage = { readonly origin: string; close(): Promise<void> }

/**
 * The server's pages at an address of their own, where `/join` first gets a RTCPeerConnection that connects nobody: for
 * browsers without one, whose driver cannot run anything before the page's own program.
 */
export async function serveWithPeerConnection(target: string): Promise<StubbedPage> {
  const server = createServer(async (request, response) => {
    if (request.url === '/stub.js') {
      response.writeHead(200, { 'content-type': 'text/javascript' }).end('globalThis.RTCPeerConnection = class RTCPeerConnection {}')
      return
    }
    const answer = await fetch(new URL(request.url ?? '/', target))
    const headers = Object.fromEntries(
      [...answer.headers].filter(([name]) => !/^(content-(encoding|length)|transfer-encoding|connection)$/.test(name)),
    )
    const body = Buffer.from(await answer.arrayBuffer())
    const isPage = request.url?.startsWith('/join')
    response.writeHead(answer.status, headers)
    response.end(isPage ? body.toString('utf8').replace('<head>', '<head><script src="/stub.js"></script>') : body)
  })
  server.listen(0, 'localhost')
  await once(server, 'listening')
  return {
    origin: `http://localhost:${(server.address() as AddressInfo).port}`,
    async close() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}
