import { type ChildProcess, spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startOurs, startStock, type SyncServer } from '../../support/signaling/sync-servers.ts'
import { until } from '../../support/wire-client.ts'

const script = fileURLToPath(new URL('../../support/signaling/y-webrtc-client.mjs', import.meta.url))

type Client = { readonly pid: number; said(): string; stop(): void }

function startClient(server: SyncServer, room: string, password: string): Client {
  const child: ChildProcess = spawn(process.execPath, [script, server.url, server.origin, room, password], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let said = ''
  child.stdout?.on('data', (bytes) => {
    said += String(bytes)
  })
  return { pid: child.pid ?? 0, said: () => said, stop: () => child.kill('SIGKILL') }
}

describe.each([
  ['Alcove', startOurs],
  ['y-webrtc itself', startStock],
] as const)('unmodified y-webrtc clients at the server of %s', (_name, start) => {
  let server: SyncServer
  const clients: Client[] = []
  const client = (room: string, password: string) => {
    clients.push(startClient(server, room, password))
    return clients.at(-1) as Client
  }
  beforeAll(async () => {
    server = await start()
  })
  afterAll(async () => {
    for (const one of clients) one.stop()
    await server.stop()
  })

  it.each([
    ['with a password', 'secret'],
    ['without one', ''],
  ])('find each other in a room %s, and offer and answer', async (_what, password) => {
    const room = `room ${password}`
    const [first, second] = [client(room, password), client(room, password)]
    const answered = () => [first, second].find((one) => one.said().includes('remote answer'))
    const from = await until(answered, 'an answer')
    const to = from === first ? second : first
    expect(from.said()).toContain(`remote answer v=0 answer of ${to.pid}`)
    expect(to.said()).toContain(`remote offer v=0 offer of ${from.pid}`)
    expect([from.said(), to.said()].every((said) => said.includes('peers 1 1') && !said.includes('closed'))).toBe(true)
  })

  it('do not find those of another room, or with another password', async () => {
    const alone = client('elsewhere', 'secret')
    const wrong = client('room secret', 'guessed')
    await until(() => alone.said().includes('open') && wrong.said().includes('open'), 'both to be connected')
    // Others come after them, whose meeting shows that messages had the time to arrive.
    const pair = [client('room secret', 'secret'), client('later', ''), client('later', '')]
    await until(() => pair.every((one) => one.said().includes('peers')), 'the others to meet')
    expect([alone.said(), wrong.said()].map((said) => said.includes('peers'))).toEqual([false, false])
  })
})
