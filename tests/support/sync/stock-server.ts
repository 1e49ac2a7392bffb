import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { root } from '../source-graph.ts'

export type StockServer = {
  readonly url: string
  /** SIGKILL. */
  kill(): Promise<void>
  /** On the same port. */
  restart(): Promise<void>
}

/** The server that comes with y-webrtc, in a process of its own: what any client of that wire must get along with. */
export async function startStockServer(): Promise<StockServer> {
  const port = await freePort()
  let child = await begin(port)
  async function kill(): Promise<void> {
    if (child.exitCode !== null || child.signalCode !== null) return
    const ended = once(child, 'close')
    child.kill('SIGKILL')
    await ended
  }
  return {
    url: `ws://127.0.0.1:${port}/sync`,
    kill,
    async restart() {
      await kill()
      child = await begin(port)
    },
  }
}

async function begin(port: number): Promise<ChildProcess> {
  const child = spawn(process.execPath, ['node_modules/y-webrtc/bin/server.js'], {
    cwd: root,
    env: { PATH: process.env.PATH, PORT: String(port) },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const ended = once(child, 'exit').then(() => Promise.reject(new Error('y-webrtc’s server ended')))
  await Promise.race([once(child.stdout, 'data'), ended])
  ended.catch(() => undefined)
  return child
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}
