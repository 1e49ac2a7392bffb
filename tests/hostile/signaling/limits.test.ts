import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { opcodes } from '../../../signaling/src/web-socket/frames.ts'
import { newCall, newRoom } from '../../support/crypto-people.ts'
import { type RunningServer, startServer } from '../../support/server.ts'
import { closeCodeIn, frame, handshake, openRaw } from '../../support/signaling/raw-socket.ts'
import { connectGuest, connectHost, openWebSocket, until, type Wire } from '../../support/wire-client.ts'

const now = () => Date.now()
const wsUrl = (server: RunningServer) => `ws://localhost:${server.port}/session`

async function withServer(env: Record<string, string>, test: (server: RunningServer) => Promise<void>): Promise<void> {
  const server = await startServer({ env })
  try {
    await test(server)
  } finally {
    await server.kill()
  }
}

/** The answer to a handshake: status line and body. */
async function answerTo(server: RunningServer, request: string): Promise<string> {
  const raw = await openRaw(server.port)
  raw.write(request)
  await until(async () => raw.read().includes('\r\n\r\n') || (await raw.closed(0)), 'an answer')
  await raw.closed(raw.read().toString().startsWith('HTTP/1.1 101') ? 0 : 5_000)
  raw.destroy()
  return raw.read().toString()
}

describe('pings and pongs of the WebSocket itself count as messages', () => {
  it.each([
    ['/session', 'ping', 'LIMIT_MESSAGES_PER_SOCKET_PER_SECOND', 'LIMIT_MESSAGE_BURST_PER_SOCKET', opcodes.ping],
    ['/session', 'pong', 'LIMIT_MESSAGES_PER_SOCKET_PER_SECOND', 'LIMIT_MESSAGE_BURST_PER_SOCKET', opcodes.pong],
    ['/sync', 'ping', 'LIMIT_SYNC_MESSAGES_PER_SOCKET_PER_SECOND', 'LIMIT_SYNC_MESSAGE_BURST_PER_SOCKET', opcodes.ping],
    ['/sync', 'pong', 'LIMIT_SYNC_MESSAGES_PER_SOCKET_PER_SECOND', 'LIMIT_SYNC_MESSAGE_BURST_PER_SOCKET', opcodes.pong],
  ])('on %s: a flood of %ss is told so, then closed', async (path, _what, rate, burst, opcode) => {
    await withServer({ [rate]: '1', [burst]: '10' }, async (server) => {
      const raw = await openRaw(server.port)
      raw.write(handshake(server.port, { path }))
      await until(() => raw.read().includes('\r\n\r\n'), 'the handshake')
      raw.write(Buffer.concat(Array.from({ length: 40 }, () => frame('are you there', { opcode }))))
      await until(() => closeCodeIn(raw.read()) === 1008, 'the end')
      const said = raw.read().toString('latin1')
      expect(said).toContain('rate-limited')
      expect(said.split('are you there').length - 1).toBe(opcode === opcodes.ping ? 10 : 0)
      expect(server.output()).toContain(rate)
    })
  })

  it.each([
    ['ping', opcodes.ping],
    ['pong', opcodes.pong],
  ])('on /log, from whoever has not proven who it is: a flood of %ss is told so, then closed', async (_what, opcode) => {
    await withServer({}, async (server) => {
      const raw = await openRaw(server.port)
      raw.write(handshake(server.port, { path: '/log', headers: ['Sec-WebSocket-Protocol: alcove.log.1'] }))
      await until(() => raw.read().includes('keepsLogs'), 'the greeting')
      raw.write(Buffer.concat(Array.from({ length: 400 }, () => frame('are you there', { opcode }))))
      await until(() => closeCodeIn(raw.read()) === 1008, 'the end')
      const said = raw.read().toString('latin1')
      expect(said).toContain('rate-limited')
      // Its 60 at a stretch, and what comes back to it while they are counted.
      expect(said.split('are you there').length - 1).toBeLessThan(200)
      expect(said.includes('are you there')).toBe(opcode === opcodes.ping)
      expect(server.output()).toContain('LIMIT_LOG_MESSAGES_PER_SOCKET_PER_SECOND')
    })
  })
})

describe('a limit before the upgrade answers with its name', () => {
  it('LIMIT_SOCKETS_PER_ADDRESS: 429, and a place is free again after a close', async () => {
    await withServer({ LIMIT_SOCKETS_PER_ADDRESS: '2' }, async (server) => {
      const open: Wire[] = [await openWebSocket(wsUrl(server), server.origin), await openWebSocket(wsUrl(server), server.origin)]
      const refused = await answerTo(server, handshake(server.port))
      expect(refused).toMatch(/^HTTP\/1.1 429 /)
      expect(refused).toContain('LIMIT_SOCKETS_PER_ADDRESS')
      expect(refused).toContain('Retry-After')
      open[0]?.cut()
      await until(async () => (await answerTo(server, handshake(server.port))).startsWith('HTTP/1.1 101'), 'a free place')
      expect(server.output()).toContain('LIMIT_SOCKETS_PER_ADDRESS')
    })
  })

  it('LIMIT_SOCKETS: 503', async () => {
    await withServer({ LIMIT_SOCKETS: '1' }, async (server) => {
      await openWebSocket(wsUrl(server), server.origin)
      expect(await answerTo(server, handshake(server.port))).toMatch(/^HTTP\/1.1 503 [\s\S]*LIMIT_SOCKETS\)/)
    })
  })

  it('LIMIT_HANDSHAKES_PER_ADDRESS_PER_MINUTE: 429', async () => {
    await withServer({ LIMIT_HANDSHAKES_PER_ADDRESS_PER_MINUTE: '3' }, async (server) => {
      const answers: string[] = []
      for (let i = 0; i < 4; i++) answers.push((await answerTo(server, handshake(server.port))).slice(9, 12))
      expect(answers).toEqual(['101', '101', '101', '429'])
    })
  })

  it('LIMIT_SOCKETS_PER_ADDRESS counts behind a proxy by the forwarded address', async () => {
    await withServer({ LIMIT_SOCKETS_PER_ADDRESS: '1', TRUST_PROXY: '1', PUBLIC_ORIGIN: 'https://alcove.example' }, async (server) => {
      const origin = 'https://alcove.example'
      const from = (address: string) => openWebSocket(wsUrl(server), origin, { 'X-Forwarded-For': `6.6.6.6, ${address}` })
      await from('192.0.2.1')
      await from('192.0.2.2')
      await expect(from('192.0.2.1')).rejects.toThrow('refused with 429')
    })
  })

  it('LIMIT_CONNECTIONS_PER_ADDRESS: the same for one address', async () => {
    await withServer({ LIMIT_CONNECTIONS_PER_ADDRESS: '2' }, async (server) => {
      const idle = await Promise.all([1, 2].map(() => openRaw(server.port)))
      const extra = await openRaw(server.port)
      expect(await extra.closed(5_000)).toBe(true)
      idle[0]?.destroy()
      await until(
        async () =>
          (await answerTo(server, 'GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n').catch(() => '')).includes('200 OK'),
        'a free place',
      )
      idle[1]?.destroy()
      expect(server.output()).toContain('LIMIT_CONNECTIONS_PER_ADDRESS')
    })
  })

  it('LIMIT_CONNECTIONS: TCP connections beyond it are dropped, those within go on', async () => {
    await withServer({ LIMIT_CONNECTIONS: '3' }, async (server) => {
      const idle = await Promise.all([1, 2, 3].map(() => openRaw(server.port)))
      const extra = await openRaw(server.port)
      expect(await extra.closed(5_000)).toBe(true)
      idle[0]?.write('GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n')
      await until(() => idle[0]?.read().includes('200 OK'), 'health')
      for (const one of idle) one.destroy()
    })
  })
})

describe('a frame limit closes with the code that RFC 6455 has for it', () => {
  let server: RunningServer
  beforeAll(async () => {
    server = await startServer()
  })
  afterAll(() => server.kill())

  const cases: [what: string, code: number, bytes: () => Buffer][] = [
    ['a frame that claims more than 64 KiB', 1009, () => frame('', { claimedLength: 65_537n })],
    [
      'fragments that add up to more than 64 KiB',
      1009,
      () => Buffer.concat([frame(Buffer.alloc(40_000, 97), { final: false }), frame(Buffer.alloc(40_000, 97), { opcode: 0 })]),
    ],
    [
      'more than 32 fragments',
      1008,
      () => Buffer.concat([frame('a', { final: false }), ...Array.from({ length: 40 }, () => frame('a', { opcode: 0, final: false }))]),
    ],
    ['bad UTF-8', 1007, () => frame(Buffer.from([0xff, 0xfe, 0xfd]))],
    ['a frame without a mask', 1002, () => frame('{}', { masked: false })],
    ['a reserved bit', 1002, () => frame('{}', { reserved: 4 })],
    ['an unknown opcode', 1002, () => frame('{}', { opcode: 5 })],
    ['a continuation of nothing', 1002, () => frame('{}', { opcode: 0 })],
    ['binary', 1008, () => frame('{"type":"ping"}', { opcode: 2 })],
    ['an authenticate of more than 8 KiB', 1008, () => frame(`{"type":"authenticate","role":"${'x'.repeat(9_000)}"}`)],
  ]
  for (const [what, code, bytes] of cases) {
    it(`${what}: ${code}`, async () => {
      const raw = await openRaw(server.port)
      raw.write(handshake(server.port))
      await until(() => raw.read().includes('"hello"'), 'hello')
      raw.write(bytes())
      await until(() => closeCodeIn(raw.read()), 'a close frame')
      expect(closeCodeIn(raw.read())).toBe(code)
      raw.destroy()
    })
  }
})

describe('LIMIT_BUFFERED_BYTES_PER_SOCKET', () => {
  it('cuts off a receiver that does not read, and nobody else notices', async () => {
    await withServer(
      {
        LIMIT_BUFFERED_BYTES_PER_SOCKET: '200000',
        LIMIT_MESSAGES_PER_SOCKET_PER_SECOND: '100000',
        LIMIT_MESSAGE_BURST_PER_SOCKET: '100000',
      },
      async (server) => {
        const room = await newRoom(Date.now())
        const host = await connectHost(await openWebSocket(wsUrl(server), server.origin), server.origin, room, now)
        await host.next('ready')
        const wire = await openWebSocket(wsUrl(server), server.origin)
        const guest = await connectGuest(wire, server.origin, room.room)
        const sealed = guest.knock()
        await host.next('knock')
        await host.admit(guest.key, sealed, newCall())
        await guest.next('admitted')
        wire.pause()
        const data = 'A'.repeat(50_000)
        await until(() => {
          host.send({ type: 'relay', to: guest.key, data })
          return host.of('presence').some(({ presence }) => presence === 'away')
        }, 'the slow guest to be given up')
        await host.sync()
        expect(host.wire.isOpen()).toBe(true)
        await until(() => server.output().includes('LIMIT_BUFFERED_BYTES_PER_SOCKET'), 'a line in the log')
        wire.cut()
      },
    )
  }, 60_000)
})

describe('the handshake', () => {
  let server: RunningServer
  beforeAll(async () => {
    server = await startServer()
  })
  afterAll(() => server.kill())

  const refusals: [what: string, status: number, request: (port: number) => string][] = [
    ['of a page from elsewhere', 403, (port) => handshake(port, { origin: 'https://evil.example' })],
    ['of a page of another port', 403, (port) => handshake(port, { origin: `http://localhost:${port + 1}` })],
    ['without an origin', 403, (port) => handshake(port).replace(/Origin: .*\r\n/, '')],
    ['at another path', 404, (port) => handshake(port, { path: '/other' })],
    ['without the subprotocol', 400, (port) => handshake(port).replace(/Sec-WebSocket-Protocol: .*\r\n/, '')],
    ['with another subprotocol', 400, (port) => handshake(port).replace('alcove.session.1', 'alcove.session.2')],
    ['without a key', 400, (port) => handshake(port).replace(/Sec-WebSocket-Key: .*\r\n/, '')],
    ['of another WebSocket version', 400, (port) => handshake(port).replace('Version: 13', 'Version: 12')],
  ]
  for (const [what, status, request] of refusals) {
    it(`${what} is refused with ${status}`, async () => {
      expect(await answerTo(server, request(server.port))).toMatch(new RegExp(`^HTTP/1.1 ${status} `))
    })
  }

  it('never agrees on compression', async () => {
    const answer = await answerTo(server, handshake(server.port, { headers: ['Sec-WebSocket-Extensions: permessage-deflate'] }))
    expect(answer).toMatch(/^HTTP\/1.1 101 /)
    expect(answer).not.toMatch(/permessage-deflate/i)
  })

  it('takes eight KiB of headers and no more', async () => {
    expect(await answerTo(server, handshake(server.port, { headers: [`X-Long: ${'a'.repeat(9_000)}`] }))).toMatch(/^HTTP\/1.1 4\d\d /)
  })
})
