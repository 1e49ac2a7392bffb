import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { toBase64Url, utf8 } from '@alcove/shared/crypto/bytes'
import { recordHashOf } from '@alcove/shared/crypto/sealed-log'
import { expect, it } from 'vitest'
import { startServer } from '../../support/server.ts'
import { newLogId, newLogPractice, type RecordOptions, recordBy, snapshotOf } from '../../support/signaling/log-people.ts'
import { connectLog } from '../../support/signaling/log-socket.ts'
import { openTap } from '../../support/signaling/tap.ts'
import { findIn } from '../../support/store/search.ts'

const planted = [
  'Dr. Xanthippe Vrbová Zq2',
  'Wilhelmína-Zq6',
  'cries at night since Thursday Zq8',
  '+99 555 7317 7137',
  '{"date":"2026-11-23"',
]

it('what the server receives, stores and logs of the sealed log holds nothing of what was sealed', async () => {
  const server = await startServer({ env: { LOG_LEVEL: 'debug', ENROLMENT_CODE: 'planted enrolment code' } })
  const tap = await openTap(server.port)
  const origin = `http://localhost:${tap.port}`
  try {
    const practice = await newLogPractice()
    const { space, founder, statements, practiceKey } = practice
    const party = await connectLog(`ws://localhost:${tap.port}/log`, origin)
    expect(await party.outcome({ type: 'access', statements, enrolment: 'planted guess' })).toBe('enrolment-refused')
    await party.ask('access-kept', { type: 'access', statements, enrolment: 'planted enrolment code' })
    await party.authenticate(space, founder, origin)
    const log = newLogId()
    const written: Uint8Array<ArrayBuffer>[] = []
    const append = async (options: RecordOptions) => {
      const record = await recordBy(space, log, founder, { number: written.length + 1, ...options })
      written.push(record)
      return (await party.ask('appended', { type: 'append', log }, record)).message.at
    }
    // Short ones as they are, long ones packed: neither may be recognised.
    for (const text of planted) await append({ payload: utf8(text) })
    const end = await append({ payload: utf8(planted.join(' ').repeat(50)) })
    await append(snapshotOf(end, written.length + 1, utf8(planted.join())))
    await party.ask('records', { type: 'read', log, after: 0, jump: false })
    const locator = toBase64Url(new Uint8Array(32).fill(7))
    const kit = written[0] ?? new Uint8Array(0)
    await party.ask('kit-kept', { type: 'put-kit', locator }, kit)
    await party.ask('kit', { type: 'get-kit', locator })
    expect(await party.outcome({ type: 'append', log }, await recordBy(space, log, founder, { number: 99 }))).toBe('wrong-number')
    party.wire.cut()
    await server.stop()

    const folder = join(server.dataDir, 'sealed-log')
    const stored = Buffer.concat(readdirSync(folder).map((name) => readFileSync(join(folder, name))))
    const seen = Buffer.concat([tap.bytes(), stored, Buffer.from(server.output())])
    // The search sees what the server sees: what is sealed is there, as it was sealed.
    for (const record of written)
      expect([tap.bytes().includes(Buffer.from(record)), stored.includes(Buffer.from(record))]).toEqual([true, true])
    expect(stored.includes(space)).toBe(true)
    expect(findIn(seen, [...planted, toBase64Url(practiceKey)])).toEqual([])
    expect(seen.includes(Buffer.from(practiceKey))).toBe(false)
    // The code passes by, once, and stays nowhere.
    expect(findIn(Buffer.concat([stored, Buffer.from(server.output())]), ['planted enrolment code', 'planted guess'])).toEqual([])

    const output = server.output()
    const names = [
      space,
      log,
      founder.device,
      founder.tag,
      founder.member,
      locator,
      await recordHashOf(kit),
      statements[0] ?? '',
      '127.0.0.1',
      '::1',
    ]
    for (const name of names) expect(output).not.toContain(name)
    expect(output).toContain('"log-appended"')
    expect(output).toContain('"log-wrong-number"')
  } finally {
    await tap.close()
    await server.kill()
  }
})
