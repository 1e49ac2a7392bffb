import type { DocumentId } from '@alcove/shared/domain/ids'
import { asId } from '@alcove/shared/domain/ids'
import { type LogServerMessage, maxLogMessageBytes } from '@alcove/shared/protocol/log-messages'
import { fc } from '../../../../support/property.ts'
import { describe, expect, it } from 'vitest'
import { createLogLine, logUrl } from '../../../../../pwa/src/adapters/log/log-line.ts'
import type { LogFailure, LogLineEvent, LogReply } from '../../../../../pwa/src/log-ports.ts'
import { createFakeLogSocket, type FakeLogSocket, framesOf } from '../../../../support/log/fake-log-socket.ts'
import { createManualClock } from '../../../../support/session/manual-clock.ts'

type Bytes = Uint8Array<ArrayBuffer>
const log = asId<DocumentId>('A'.repeat(22))
const hash = 'A'.repeat(43)
const at = { sequence: 1, hash }
const hello = { type: 'hello', connection: 'A'.repeat(22), nonce: hash, keepsLogs: true } as const
const appended = (id: number) => ({ type: 'appended', id, log, at, tick: 1 }) as const
const records = (id: number, lengths: number[], more = {}) =>
  ({ type: 'records', id, log, first: 1, snapshot: null, lengths, end: at, more: false, ...more }) as const

function open(options: { readonly hello?: boolean } = {}) {
  const clock = createManualClock()
  const sockets: FakeLogSocket[] = []
  const asked: { readonly url: string; readonly protocol: string }[] = []
  const events: LogLineEvent[] = []
  const line = createLogLine({
    url: 'wss://clinic.example/log',
    clock,
    random: () => 0.5,
    openSocket(url, protocol) {
      asked.push({ url, protocol })
      const socket = createFakeLogSocket()
      sockets.push(socket)
      return socket
    },
  })
  const connection = line.open((event) => events.push(event))
  const last = () => {
    const found = sockets.at(-1)
    if (!found) throw new Error('No socket')
    return found
  }
  /** Time passes; the server answers each ping. */
  function rest(forMs: number, until = () => false): void {
    for (let ms = 0; ms < forMs && !until(); ms += 1_000) {
      clock.advance(1_000)
      const socket = last()
      for (const { message } of socket.heard.filter(({ message: { type } }) => type === 'ping')) {
        if (!ponged.has(message.id)) socket.tell({ type: 'pong', id: message.id, now: 1 })
        ponged.add(message.id)
      }
    }
  }
  const ponged = new Set<number>()
  if (options.hello !== false) last().tell(hello)
  const kinds = () => events.map(({ type }) => type)
  return { clock, rest, sockets, asked, events, kinds, connection, last }
}

/** What a promise gave by now. */
function watched<T>(promise: Promise<T>) {
  const box: { value: T | null } = { value: null }
  void promise.then((value) => {
    box.value = value
  })
  return box
}
const settle = () => new Promise((resolve) => setImmediate(resolve))
const lost = { ok: false, error: { code: 'lost' } }

describe('the line to the log', () => {
  it('is open once the server has said hello, and asks for its protocol', async () => {
    const { asked, kinds, last, connection } = open({ hello: false })
    expect(asked).toEqual([{ url: 'wss://clinic.example/log', protocol: 'alcove.log.1' }])
    expect(await connection.ask({ type: 'ping' })).toEqual(lost)
    last().tell(hello)
    expect(kinds()).toEqual(['open'])
    expect(last().heard).toEqual([])
  })

  it('gives each request its own answer, in whatever order they come', async () => {
    const { last, connection } = open()
    const body = new Uint8Array([1, 2, 3])
    const first = connection.ask({ type: 'append', log }, body)
    const second = connection.ask({ type: 'read', log, after: 0, jump: true })
    const third = connection.ask({ type: 'append', log }, body)
    expect(last().heard.map(({ message }) => message)).toEqual([
      { type: 'append', log, id: 1 },
      { type: 'read', log, after: 0, jump: true, id: 2 },
      { type: 'append', log, id: 3 },
    ])
    expect(last().heard[0]?.body).toEqual(body)
    last().tell({ type: 'refused', id: 3, code: 'wrong-number', expected: 7 })
    last().tell(records(2, [2, 1]), body)
    last().tell(appended(1))
    expect(await first).toEqual({ ok: true, value: { message: appended(1), body: new Uint8Array() } })
    expect(await second).toEqual({ ok: true, value: { message: records(2, [2, 1]), body } })
    expect(await third).toEqual({ ok: false, error: { code: 'wrong-number', expected: 7 } })
  })

  it('tells of changes by others', () => {
    const { events, last } = open()
    const head = { type: 'head', log, end: at, tick: 4 } as const
    last().tell(head)
    expect(events.slice(1)).toEqual([{ type: 'head', head }])
  })

  it('carries megabytes both ways, in frames of 60,000 bytes', async () => {
    const { last, connection } = open()
    const body = new Uint8Array(3_000_000).map((_, i) => i * 7)
    const asked = connection.ask({ type: 'read', log, after: 0, jump: false })
    last().tell(records(1, [body.length]), body)
    const reply = await asked
    expect(reply.ok && reply.value.body.length).toBe(body.length)
    expect(reply.ok && reply.value.body.every((byte, i) => byte === body[i])).toBe(true)
    void connection.ask({ type: 'append', log }, body)
    expect(last().heard[1]?.body.length).toBe(body.length)
    expect(Math.max(...last().frames)).toBe(60_000)
  })

  it('gives the browser no more than a megabyte at a time, and goes on as that is sent', () => {
    const { last, connection, clock } = open()
    const socket = last()
    socket.stuck = true
    for (let i = 0; i < 3; i++) void connection.ask({ type: 'append', log }, new Uint8Array(1_500_000))
    clock.advance(5_000)
    expect(socket.bufferedAmount).toBeLessThan(1_200_000)
    for (let i = 0; i < 100 && socket.heard.length < 3; i++) {
      socket.bufferedAmount = 0
      clock.advance(100)
    }
    expect(socket.heard.map(({ message }) => message.id)).toEqual([1, 2, 3])
    expect(socket.closed).toBe(false)
  })

  it('tells whoever waits when the connection is lost, and comes back later and later', async () => {
    const { last, connection, clock, sockets, kinds } = open()
    const waiting = connection.ask({ type: 'append', log })
    last().fall()
    expect(await waiting).toEqual(lost)
    expect(await connection.ask({ type: 'ping' })).toEqual(lost)
    expect(kinds()).toEqual(['open', 'lost'])
    const waits: number[] = []
    for (let i = 0; i < 6; i++) {
      const before = clock.now()
      const count = sockets.length
      while (sockets.length === count) clock.advance(10)
      waits.push(clock.now() - before)
      last().fall()
    }
    expect(waits).toEqual(waits.toSorted((a, b) => a - b))
    expect(waits[5]).toBeGreaterThan(10 * (waits[0] ?? 0))
    expect(kinds()).toEqual(['open', ...Array<string>(7).fill('lost')])
  })

  it('comes back at once when it is told to hurry, and soon after a connection that had lasted', () => {
    const { last, connection, clock, rest, sockets } = open()
    rest(60_000)
    last().fall()
    clock.advance(160)
    expect(sockets).toHaveLength(2)
    last().fall()
    connection.hurry()
    expect(sockets).toHaveLength(3)
    last().tell(hello)
    connection.hurry()
    expect(last().heard.at(-1)?.message.type).toBe('ping')
  })

  it('stays away for longer when the server says that it asks too much', () => {
    const { last, clock, rest, sockets, connection } = open()
    rest(60_000)
    const asked = watched(connection.ask({ type: 'append', log }))
    last().tell({ type: 'refused', id: null, code: 'rate-limited' })
    last().fall()
    clock.advance(4_000)
    expect(sockets).toHaveLength(1)
    clock.advance(10_000)
    expect(sockets).toHaveLength(2)
    last().tell(hello)
    rest(60_000)
    last().fall()
    clock.advance(160)
    expect(sockets).toHaveLength(3)
    return settle().then(() => expect(asked.value).toEqual(lost))
  })

  it('notices that nothing comes any more: no hello, no pong, no answer', async () => {
    const silent = open({ hello: false })
    silent.clock.advance(10_000)
    expect(silent.kinds()).toEqual(['lost'])

    const gone = open()
    gone.clock.advance(35_000)
    expect(gone.sockets[0]?.heard.map(({ message }) => message.type)).toContain('ping')
    expect(gone.kinds()).toEqual(['open', 'lost'])

    const ponging = open()
    const asked = watched(ponging.connection.ask({ type: 'append', log }))
    ponging.rest(60_000)
    expect(asked.value).toBeNull()
    ponging.rest(20_000, () => ponging.kinds().length > 1)
    await settle()
    expect(asked.value).toEqual(lost)
    expect(ponging.kinds()).toEqual(['open', 'lost'])
  })

  it('lets a slow upload take its time, and a slow answer', async () => {
    const { last, connection, clock, kinds } = open()
    const socket = last()
    socket.stuck = true
    const up = watched(connection.ask({ type: 'append', log }, new Uint8Array(900_000)))
    for (let s = 0; s < 300; s++) {
      socket.bufferedAmount = Math.max(0, socket.bufferedAmount - 3_000)
      clock.advance(1_000)
    }
    socket.stuck = false
    socket.bufferedAmount = 0
    socket.tell(appended(1))
    await settle()
    expect(up.value).toMatchObject({ ok: true })
    const down = watched(connection.ask({ type: 'read', log, after: 0, jump: false }))
    const body = new Uint8Array(600_000)
    const id = socket.heard.at(-1)?.message.id ?? 0
    for (const frame of framesOf(records(id, [body.length]), body)) {
      clock.advance(15_000)
      socket.throwIn(frame.buffer)
    }
    await settle()
    expect(down.value).toMatchObject({ ok: true })
    expect(kinds()).toEqual(['open'])
  })

  it('is silent after it was closed', async () => {
    const { last, connection, clock, kinds, sockets } = open()
    const waiting = connection.ask({ type: 'append', log })
    connection.close()
    expect(await waiting).toEqual(lost)
    expect(last().closed).toBe(true)
    expect(await connection.ask({ type: 'ping' })).toEqual(lost)
    connection.hurry()
    clock.advance(120_000)
    expect(kinds()).toEqual(['open'])
    expect(sockets).toHaveLength(1)
  })

  it('finds the log beside the page', () => {
    expect(logUrl({ protocol: 'https:', host: 'clinic.example' })).toBe('wss://clinic.example/log')
    expect(logUrl({ protocol: 'http:', host: 'localhost:8080' })).toBe('ws://localhost:8080/log')
  })
})

describe('what a hostile server sends', () => {
  const noise = new Uint8Array([1, 2, 3])
  const wrong: [string, (socket: FakeLogSocket) => void][] = [
    ['text', (socket) => socket.throwIn('{"type":"pong","id":1,"now":1}')],
    ['nothing', (socket) => socket.throwIn(new ArrayBuffer(0))],
    ['noise', (socket) => socket.throwIn(noise.buffer)],
    ['a frame that goes on and is short', (socket) => socket.throwIn(new Uint8Array(100).fill(1).buffer)],
    ['JSON that is none', (socket) => socket.throwIn(new Uint8Array([0, 0, 0, 0, 2, 123, 34]).buffer)],
    ['a JSON longer than the message', (socket) => socket.throwIn(new Uint8Array([0, 0, 0, 0, 9, 123]).buffer)],
    ['text that is no UTF-8', (socket) => socket.throwIn(new Uint8Array([0, 0, 0, 0, 1, 255]).buffer)],
    ['a second hello', (socket) => socket.tell(hello)],
    ['a message of another kind', (socket) => socket.tell({ type: 'welcome', id: 1 })],
    ['an answer to nothing', (socket) => socket.tell(appended(9))],
    ['a refusal of nothing', (socket) => socket.tell({ type: 'refused', id: 9, code: 'failed' })],
    ['an answer of another kind', (socket) => socket.tell({ type: 'pong', id: 1, now: 1 })],
    ['an answer about another log', (socket) => socket.tell({ ...records(1, [3]), log: 'Q'.repeat(22) }, noise)],
    ['records that are fewer than their lengths', (socket) => socket.tell(records(1, [2, 2]), noise)],
    ['records that are more than their lengths', (socket) => socket.tell(records(1, [2]), noise)],
    ['records that were not asked for', (socket) => socket.tell(records(1, [3], { first: 0 }), noise)],
    ['a negative length', (socket) => socket.tell(records(1, [4, -1]), noise)],
    ['a message without end', (socket) => endless(socket)],
  ]

  function endless(socket: FakeLogSocket): void {
    const frame = new Uint8Array(60_000)
    frame[0] = 1
    let sent = 0
    while (!socket.closed && sent < 3 * maxLogMessageBytes) {
      socket.throwIn(frame.slice().buffer)
      sent += frame.length
    }
    expect(sent).toBeLessThanOrEqual(maxLogMessageBytes + 60_000)
  }

  it.each(wrong)('ends the connection and answers nobody: %s', async (_what, send) => {
    const { last, connection, kinds, sockets, clock } = open()
    const socket = last()
    const asked = connection.ask({ type: 'read', log, after: 0, jump: true })
    send(socket)
    expect(socket.closed).toBe(true)
    expect(await asked).toEqual(lost)
    expect(kinds()).toEqual(['open', 'lost'])
    // What still comes over the old socket is nothing any more.
    socket.tell(hello)
    expect(kinds()).toEqual(['open', 'lost'])
    clock.advance(20_000)
    expect(sockets.length).toBeGreaterThan(1)
  })

  it('ends a connection that begins with something else than hello', () => {
    for (const message of [{ type: 'head', log, end: at, tick: 4 }, appended(1), { type: 'refused', id: null, code: 'off' }]) {
      const { last, kinds } = open({ hello: false })
      last().tell(message)
      expect(kinds()).toEqual(['lost'])
    }
  })

  it('never throws and never gives an answer that was not one, whatever bytes come', async () => {
    const good: LogServerMessage[] = [
      { ...hello },
      appended(1) as LogServerMessage,
      records(2, [3]) as LogServerMessage,
      { type: 'refused', id: 3, code: 'space-full' },
    ]
    const mutated = fc.tuple(fc.constantFrom(...good), fc.nat(), fc.nat({ max: 255 })).map(([message, where, byte]) => {
      const [frame] = framesOf(message, message.type === 'records' ? noise : new Uint8Array())
      const bytes: Bytes = frame ?? new Uint8Array()
      bytes[where % bytes.length] = byte
      return bytes
    })
    const bytes = fc.uint8Array({ maxLength: 80 }).map((array) => Uint8Array.from(array))
    await fc.assert(
      fc.asyncProperty(fc.array(fc.oneof(mutated, bytes), { maxLength: 6 }), async (frames) => {
        const { last, connection } = open()
        const asked = [
          connection.ask({ type: 'append', log }),
          connection.ask({ type: 'read', log, after: 0, jump: true }),
          connection.ask({ type: 'ping' }),
        ]
        for (const frame of frames) last().throwIn(frame.slice().buffer)
        connection.close()
        const answers = await Promise.all(asked)
        const kinds = ['appended', 'records', 'pong']
        for (const [i, answer] of answers.entries()) {
          if (answer.ok) expect((answer.value satisfies LogReply).message.type).toBe(kinds[i])
          else expect(typeof (answer.error satisfies LogFailure).code).toBe('string')
        }
      }),
      { numRuns: 300 },
    )
  })
})
