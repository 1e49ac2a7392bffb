import { createServer, request } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { type RunningServer, startServer } from './server.ts'

export type UpdatingServer = {
  readonly origin: string
  readonly server: RunningServer
  /** From now on the app's service worker is another one, as after a deployment. */
  deploy(): void
  stop(): Promise<void>
}

/** The built server behind a proxy that can pretend that a new version was put there. */
export async function startUpdatingServer(): Promise<UpdatingServer> {
  let version = 0
  let target = 0
  const proxy = createServer((incoming, outgoing) => {
    const isWorker = incoming.url === '/service-worker.js'
    const { 'if-none-match': _, ...headers } = incoming.headers
    const onward = request({ port: target, path: incoming.url, method: incoming.method, headers }, (answer) => {
      const { 'content-length': _length, 'content-encoding': encoding, ...rest } = answer.headers
      const changed = isWorker && version > 0 && encoding === undefined
      outgoing.writeHead(answer.statusCode ?? 502, changed ? rest : answer.headers)
      answer.pipe(outgoing, { end: false })
      answer.on('end', () => outgoing.end(changed ? `\n// version ${version}\n` : undefined))
    })
    onward.on('error', () => outgoing.destroy())
    if (isWorker) onward.setHeader('accept-encoding', 'identity')
    incoming.pipe(onward)
  })
  proxy.on('upgrade', (incoming, socket, head) => {
    const onward = connect(target, '127.0.0.1', () => {
      const headers = incoming.rawHeaders.flatMap((name, index, all) => (index % 2 === 0 ? [`${name}: ${all[index + 1]}`] : []))
      onward.write(`${incoming.method} ${incoming.url} HTTP/1.1\r\n${headers.join('\r\n')}\r\n\r\n`)
      onward.write(head)
      socket.pipe(onward).pipe(socket)
    })
    onward.on('error', () => socket.destroy())
    socket.on('error', () => onward.destroy())
  })
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve))
  const origin = `http://localhost:${(proxy.address() as AddressInfo).port}`
  const server = await startServer({ env: { PUBLIC_ORIGIN: origin } })
  target = server.port
  return {
    origin,
    server,
    deploy() {
      version += 1
    },
    async stop() {
      proxy.closeAllConnections()
      await new Promise((resolve) => proxy.close(resolve))
      await server.stop()
    },
  }
}
