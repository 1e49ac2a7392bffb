import './node-version.mjs'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { createInterface } from 'node:readline'
import { ensureInstalled } from './install.mjs'
import { main, root, tools } from './run.mjs'

await main(async () => {
  await ensureInstalled()
  const port = process.env.PORT ?? '8080'
  const signalingPort = String(await freePort())
  const pages = spawn(process.execPath, [tools.vite, '--clearScreen', 'false'], {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...process.env, PORT: port, ALCOVE_SIGNALING_PORT: signalingPort },
  })
  // Restarts at every change; the pages reconnect by themselves, as after any restart of the server.
  const server = spawn(process.execPath, [tools.tsx, 'watch', '--clear-screen=false', 'signaling/src/main.ts'], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, HOST: '127.0.0.1', PORT: signalingPort, PUBLIC_ORIGIN: `http://localhost:${port}` },
  })
  for (const stream of [server.stdout, server.stderr]) {
    createInterface({ input: stream }).on('line', (line) => console.log(`  server: ${line}`))
  }
  console.log(`Alcove in development: http://localhost:${port}`)

  const children = [pages, server]
  const stop = () => {
    for (const child of children) child.kill('SIGTERM')
  }
  process.once('SIGINT', stop)
  process.once('SIGTERM', stop)
  const [code] = await Promise.race(children.map((child) => once(child, 'exit')))
  stop()
  process.exitCode = code ?? 0
})

async function freePort() {
  const probe = createServer().listen(0, '127.0.0.1')
  await once(probe, 'listening')
  const { port } = probe.address()
  probe.close()
  return port
}
