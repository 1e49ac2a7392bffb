import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { root } from './source-graph.ts'

export type ServerOptions = {
  /** 0, the default, lets the system choose. */
  readonly port?: number
  /** The server gets these and nothing of the environment of the tests but PATH, and a DATA_DIR of its own. */
  readonly env?: Readonly<Record<string, string>>
  /** Flags, as after `npm start --`. */
  readonly args?: readonly string[]
}

export type RunningServer = {
  readonly port: number
  /** As printed: `http://localhost:<port>`. */
  readonly origin: string
  readonly pid: number
  /** Where it stores what must survive. */
  readonly dataDir: string
  /** Every byte that it wrote to stdout and stderr, over all its lives. */
  output(): string
  /** SIGKILL: nothing is saved, no socket is closed in an orderly way. */
  kill(): Promise<void>
  /** SIGTERM. @returns the exit code. */
  stop(): Promise<number | null>
  /** The same port and settings again, after `kill` or `stop`; with more settings, from now on. */
  restart(env?: Readonly<Record<string, string>>): Promise<void>
}

const startTimeoutMs = 20_000

/** The built server in a process of its own. Resolves once it has printed its address, rejects when it ends before. */
export async function startServer(options: ServerOptions = {}): Promise<RunningServer> {
  const written: Buffer[] = []
  const output = () => Buffer.concat(written).toString('utf8')
  let port = options.port ?? 0
  let more: Readonly<Record<string, string>> = {}
  const dataDir = mkdtempSync(join(tmpdir(), 'alcove-data-'))
  process.once('exit', () => rmSync(dataDir, { recursive: true, force: true }))
  let life = await begin()

  async function begin(): Promise<{ readonly child: ChildProcess; readonly origin: string }> {
    const child = spawn(process.execPath, ['--enable-source-maps', 'dist/signaling/main.js', ...(options.args ?? [])], {
      cwd: root,
      env: { PATH: process.env.PATH, DATA_DIR: dataDir, ...options.env, ...more, PORT: String(port) },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    const from = written.length
    const origin = await new Promise<string>((resolve, reject) => {
      const said = () => Buffer.concat(written.slice(from)).toString('utf8')
      const timer = setTimeout(() => {
        child.kill('SIGKILL')
        reject(new Error(`The server printed no address in ${startTimeoutMs} ms:\n${said()}`))
      }, startTimeoutMs)
      const hear = (bytes: Buffer) => {
        written.push(bytes)
        const address = /https?:\/\/localhost:\d+/.exec(said())
        if (!address) return
        clearTimeout(timer)
        resolve(address[0])
      }
      child.stdout.on('data', hear)
      child.stderr.on('data', hear)
      child.once('exit', (code) => {
        clearTimeout(timer)
        reject(new Error(`The server ended with code ${code}:\n${said()}`))
      })
    })
    port = Number(new URL(origin).port)
    return { child, origin }
  }

  async function end(signal: 'SIGKILL' | 'SIGTERM'): Promise<number | null> {
    const { child } = life
    if (child.exitCode !== null || child.signalCode !== null) return child.exitCode
    const ended = once(child, 'close')
    child.kill(signal)
    await ended
    return child.exitCode
  }

  return {
    get port() {
      return port
    },
    get origin() {
      return life.origin
    },
    get pid() {
      return life.child.pid ?? 0
    },
    dataDir: options.env?.DATA_DIR ?? dataDir,
    output,
    kill: async () => void (await end('SIGKILL')),
    stop: () => end('SIGTERM'),
    async restart(env = {}) {
      more = { ...more, ...env }
      await end('SIGKILL')
      life = await begin()
    },
  }
}
