import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type RunningServer, startServer } from '../../support/server.ts'
import { openRaw } from '../../support/signaling/raw-socket.ts'
import { openWebSocket, until } from '../../support/wire-client.ts'

/** How long the server waits for whom. At once, because waiting is all that these tests do. */
describe.concurrent('the patience of the server', () => {
  let server: RunningServer
  beforeAll(async () => {
    server = await startServer()
  })
  afterAll(() => server.kill())

  it('ends with slow headers', async () => {
    const slow = await openRaw(server.port)
    slow.write('GET /session HTTP/1.1\r\nHost: localhost\r\n')
    const dripping = setInterval(() => slow.write('X-Drip: 1\r\n'), 500)
    expect(await slow.closed(12_000)).toBe(true)
    clearInterval(dripping)
    expect(slow.read().toString()).toMatch(/^(HTTP\/1.1 (400|408)|$)/)
  })

  it('ends with a body that never comes', async () => {
    const slow = await openRaw(server.port)
    slow.write('POST /session HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\n')
    expect(await slow.closed(15_000)).toBe(true)
  })

  it('ends with a stranger who does not prove itself', async () => {
    const stranger = await openWebSocket(`ws://localhost:${server.port}/session`, server.origin)
    await until(() => stranger.closeCode(), 'the close of a stranger', 15_000)
    expect(stranger.closeCode()).toBe(1008)
    expect(stranger.received.at(-1)).toContain('not-authenticated')
  })

  it('ends with sockets that do not answer when it has to go', async () => {
    const leaving = await startServer()
    const silent = await openWebSocket(`ws://localhost:${leaving.port}/session`, leaving.origin)
    silent.pause()
    expect(await leaving.stop()).toBe(0)
    silent.cut()
  })
})
