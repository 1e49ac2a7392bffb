import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { get } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { newRoom } from '../../support/crypto-people.ts'
import { type RunningServer, startServer } from '../../support/server.ts'
import { root } from '../../support/source-graph.ts'
import { connectHost, openWebSocket } from '../../support/wire-client.ts'

/** What a person reads who starts the server wrongly. */
async function failure(env: Record<string, string>, args: string[] = []): Promise<{ code: number; stderr: string }> {
  const run = promisify(execFile)(process.execPath, ['dist/signaling/main.js', ...args], {
    cwd: root,
    env: { PATH: process.env.PATH, ...env },
  })
  const error = await run.then(
    () => null,
    (thrown: { code: number; stderr: string }) => thrown,
  )
  if (error === null) throw new Error('It started')
  return error
}

describe('a server that is started wrongly', () => {
  it('ends with every mistake in a sentence of its own', async () => {
    const { code, stderr } = await failure({ PORT: 'eighty', TLS_CERT: 'cert.pem', LIMIT_ROOM: '1' })
    expect(code).toBe(1)
    expect(stderr.trim().split('\n')).toEqual([
      'Alcove cannot start:',
      '  PORT must be a whole number from 0 to 65535.',
      '  TLS_CERT is set but TLS_KEY is not.',
      '  LIMIT_ROOM is not a limit of this server.',
    ])
  })

  it('says that the port is in use', async () => {
    const first = await startServer()
    expect((await failure({ PORT: String(first.port) })).stderr).toContain(`port ${first.port} is in use. Set PORT to another one.`)
    await first.kill()
  })

  it('says that the certificate cannot be read', async () => {
    const readable = join(root, 'package.json')
    const without = (one: 'TLS_CERT' | 'TLS_KEY') =>
      failure({ TLS_CERT: readable, TLS_KEY: readable, PORT: '0', [one]: '/nowhere/one.pem' })
    expect((await without('TLS_CERT')).stderr).toContain('TLS_CERT cannot be read')
    expect((await without('TLS_KEY')).stderr).toContain('TLS_KEY cannot be read')
  })
})

describe('--lan', () => {
  let folder: string
  let server: RunningServer
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'alcove-lan-'))
    server = await startServer({ args: ['--lan'], env: { STATE_DIR: folder } })
  })
  afterAll(async () => {
    await server.kill()
    await rm(folder, { recursive: true })
  })

  it('serves HTTPS with a certificate of its own and says where', async () => {
    expect(server.output()).toMatch(/^Alcove is running at https:\/\/localhost:\d+\n/)
    const headers = await new Promise<Record<string, unknown>>((resolve, reject) => {
      get(`${server.origin}/healthz`, { rejectUnauthorized: false }, (response) => {
        response.resume()
        resolve({ status: response.statusCode, ...response.headers })
      }).on('error', reject)
    })
    expect(headers).toMatchObject({ status: 200, 'content-security-policy': expect.stringContaining(`wss://localhost:${server.port}`) })
    // A browser would insist on HTTPS for a year, and this certificate is for an afternoon.
    expect(headers).not.toHaveProperty('strict-transport-security')
  })

  it('takes session sockets over TLS', async () => {
    const room = await newRoom(Date.now())
    const wire = await openWebSocket(`wss://localhost:${server.port}/session`, server.origin, {}, { rejectUnauthorized: false })
    const host = await connectHost(wire, server.origin, room, Date.now)
    expect(await host.next('ready')).toMatchObject({ enrolment: 'not-needed' })
    wire.cut()
  })
})

it('without PUBLIC_ORIGIN, and with it, pages of strangers are refused', async () => {
  const open = await startServer()
  await expect(openWebSocket(`ws://localhost:${open.port}/session`, 'https://evil.example')).rejects.toThrow('refused with 403')
  await open.kill()
  const named = await startServer({ env: { PUBLIC_ORIGIN: 'https://alcove.example' } })
  await expect(openWebSocket(`ws://localhost:${named.port}/session`, named.origin)).rejects.toThrow('refused with 403')
  const wire = await openWebSocket(`ws://localhost:${named.port}/session`, 'https://alcove.example')
  expect(wire.isOpen()).toBe(true)
  await named.kill()
})
