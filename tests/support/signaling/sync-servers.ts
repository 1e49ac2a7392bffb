import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { startServer } from '../server.ts'
import { root } from '../source-graph.ts'
import { until } from '../wire-client.ts'

/** A server that speaks y-webrtc's signaling wire: ours, or the one in y-webrtc's own package. */
export type SyncServer = {
  readonly name: 'Alcove' | 'y-webrtc'
  readonly port: number
  readonly pid: number
  /** `ws://localhost:<port>/sync` */
  readonly url: string
  readonly origin: string
  stop(): Promise<void>
}

export async function startOurs(env: Readonly<Record<string, string>> = {}): Promise<SyncServer> {
  const server = await startServer({ env })
  const { port, pid, origin } = server
  return { name: 'Alcove', port, pid, url: `ws://localhost:${port}/sync`, origin, stop: server.kill }
}

/** `bin/server.js` as npm installed it. It takes no free port by itself. */
export async function startStock(env: Readonly<Record<string, string>> = {}): Promise<SyncServer> {
  const port = await freePort()
  const child: ChildProcess = spawn(process.execPath, [join(root, 'node_modules/y-webrtc/bin/server.js')], {
    env: { PATH: process.env.PATH, ...env, PORT: String(port) },
    stdio: ['ignore', 'pipe', 'ignore'],
    cwd: root,
  })
  await once(child.stdout ?? child, 'data')
  const origin = `http://localhost:${port}`
  await until(
    () =>
      fetch(origin).then(
        (answer) => answer.ok,
        () => false,
      ),
    'y-webrtc',
  )
  async function stop(): Promise<void> {
    if (child.exitCode !== null || child.signalCode !== null) return
    const ended = once(child, 'exit')
    child.kill('SIGKILL')
    await ended
  }
  return { name: 'y-webrtc', port, pid: child.pid ?? 0, url: `ws://localhost:${port}/sync`, origin, stop }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}
