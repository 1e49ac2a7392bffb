import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { connect, createServer } from 'node:net'
import { networkInterfaces, tmpdir } from 'node:os'
import { join } from 'node:path'
import { findProgram } from '../../scripts/browsers.mjs'

export type TurnServer = {
  /** What the server of ours is told (docs/DEPLOY.md). */
  readonly env: Readonly<Record<string, string>>
  stop(): Promise<void>
}

const startTimeoutMs = 15_000

/** coturn, as docs/DEPLOY.md sets it up, on an address of this computer that browsers send to. */
export async function startTurnServer(): Promise<TurnServer> {
  const program = findProgram('turnServer')
  if (program === null) throw new Error('coturn is not installed; `npm test` installs it, or says how')
  const folder = await mkdtemp(join(tmpdir(), 'alcove-turn-'))
  const address = ownAddress()
  const port = await freePort(address)
  const secret = 'a secret of the tests only'
  const child = spawn(
    program,
    [
      ...['-n', '--no-cli', '--no-tls', '--no-dtls', '--no-multicast-peers', '--fingerprint'],
      ...['--use-auth-secret', `--static-auth-secret=${secret}`, '--realm=turn.example'],
      ...[`--listening-ip=${address}`, `--relay-ip=${address}`, `--listening-port=${port}`],
      ...['--log-file=stdout', '--simple-log', `--pidfile=${join(folder, 'pid')}`, `--db=${join(folder, 'turndb')}`],
      // Where that one address is the loopback: elsewhere it makes no difference.
      '--allow-loopback-peers',
    ],
    { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] },
  )
  await listening(child, port, address)
  return {
    env: {
      TURN_SECRET: secret,
      TURN_URLS: `turn:${address}:${port}?transport=udp,turn:${address}:${port}?transport=tcp`,
      ENROLMENT_CODE: 'open sesame',
    },
    async stop() {
      if (child.exitCode === null && child.signalCode === null) {
        const ended = once(child, 'close')
        child.kill('SIGKILL')
        await ended
      }
      await rm(folder, { recursive: true, force: true })
    },
  }
}

/** Browsers send nothing to the loopback address by way of ICE, where the computer has another one. */
function ownAddress(): string {
  const all = Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? [])
  return all.find(({ family, internal }) => family === 'IPv4' && !internal)?.address ?? '127.0.0.1'
}

async function freePort(address: string): Promise<number> {
  const server = createServer()
  server.listen(0, address)
  await once(server, 'listening')
  const bound = server.address()
  server.close()
  await once(server, 'close')
  if (bound === null || typeof bound === 'string') throw new Error('The system gave no port')
  return bound.port
}

/** It says nothing that could be waited for, so it is asked: whoever takes a connection also takes datagrams. */
async function listening(child: ChildProcess, port: number, address: string): Promise<void> {
  let said = ''
  const hear = (bytes: Buffer) => {
    said += bytes.toString('utf8')
  }
  child.stdout?.on('data', hear)
  child.stderr?.on('data', hear)
  const until = Date.now() + startTimeoutMs
  while (Date.now() < until) {
    if (child.exitCode !== null) throw new Error(`coturn ended with code ${child.exitCode}:\n${said}`)
    if (await takesConnection(port, address)) return
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  throw new Error(`coturn did not listen in ${startTimeoutMs} ms:\n${said}`)
}

function takesConnection(port: number, host: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, host)
    socket.once('connect', () => {
      socket.destroy()
      resolve(true)
    })
    socket.once('error', () => resolve(false))
  })
}
