import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type RunningServer, startServer } from '../../support/server.ts'
import { type LogPractice, newLogId, newLogPractice, recordBy } from '../../support/signaling/log-people.ts'
import { connectLog } from '../../support/signaling/log-socket.ts'
import { recordsIn } from '../../support/signaling/log-wire.ts'
import { until } from '../../support/wire-client.ts'

let server: RunningServer
let practice: LogPractice
beforeAll(async () => {
  server = await startServer()
  practice = await newLogPractice()
  const stranger = await connect()
  await stranger.ask('access-kept', { type: 'access', statements: practice.statements, enrolment: null })
})
afterAll(() => server.kill())

const connect = () => connectLog(`ws://localhost:${server.port}/log`, server.origin)
async function enter() {
  const party = await connect()
  await party.authenticate(practice.space, practice.founder, server.origin)
  return party
}

/** Does not get shorter when it is packed. */
function noise(length: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(length)
  for (let at = 0; at < length; at += 65_536) crypto.getRandomValues(bytes.subarray(at, at + 65_536))
  return bytes
}

describe('long records over a real socket', () => {
  it('go there and back, and whoever does not read them holds up nobody', async () => {
    const [writer, idle, reader] = [await enter(), await enter(), await enter()]
    const log = newLogId()
    const records = [noise(7_000_000), noise(3_000_000), noise(7_000_000)]
    const sealed = await Promise.all(
      records.map((payload, index) => recordBy(practice.space, log, practice.founder, { number: index + 1, payload })),
    )
    const ids = sealed.map((record) => writer.send({ type: 'append', log }, record))
    for (const id of ids) expect((await writer.answer(id)).message.type).toBe('appended')
    // Asks for 17 MB again and again, and takes none of it.
    idle.pause()
    for (let i = 0; i < 20; i++) for (const after of [0, 1, 2]) idle.send({ type: 'read', log, after, jump: false })
    for (const [after, record] of sealed.entries()) {
      const answer = await reader.ask('records', { type: 'read', log, after, jump: false })
      expect(answer.message.first).toBe(after + 1)
      expect(Buffer.from(recordsIn(answer)[0] ?? []).equals(record)).toBe(true)
    }
    const short = await recordBy(practice.space, log, practice.founder, { number: 4 })
    expect((await writer.ask('appended', { type: 'append', log }, short)).message.at.sequence).toBe(4)
    // One answer at most waits for it, not all that it asked for.
    expect(server.output()).not.toContain('LIMIT_LOG_BUFFERED_BYTES_PER_SOCKET')
    idle.wire.cut()
  })
})

describe('a server that is told to go (SIGTERM)', () => {
  it('closes with 1012, ends in order, and has everything when it is back', async () => {
    const party = await enter()
    const log = newLogId()
    const records = await Promise.all(
      Array.from({ length: 20 }, (_, index) => recordBy(practice.space, log, practice.founder, { number: index + 1 })),
    )
    const answers = records.map((record) => party.answer(party.send({ type: 'append', log }, record)))
    await Promise.all(answers)
    expect(await server.stop()).toBe(0)
    await until(() => party.wire.closeCode(), 'the close')
    expect(party.wire.closeCode()).toBe(1012)
    await server.restart()
    expect(recordsIn(await (await enter()).ask('records', { type: 'read', log, after: 0, jump: false }))).toEqual(records)
  })
})

describe('a server that others reach', () => {
  it('keeps no logs without a code, and says so to the operator and to the devices', async () => {
    const open = await startServer({ env: { HOST: '0.0.0.0' } })
    try {
      const party = await connectLog(`ws://localhost:${open.port}/log`, open.origin)
      expect((await party.hello()).keepsLogs).toBe(false)
      expect(open.output()).toContain('ENROLMENT_CODE')
    } finally {
      await open.kill()
    }
  })
})
