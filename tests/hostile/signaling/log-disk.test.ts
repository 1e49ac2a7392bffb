import { execFileSync } from 'node:child_process'
import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { randomBytes } from '@alcove/shared/crypto/bytes'
import { recordHashOf } from '@alcove/shared/crypto/sealed-log'
import type { RecordHash } from '@alcove/shared/domain/sealed-log'
import { expect, it } from 'vitest'
import { type RunningServer, startServer } from '../../support/server.ts'
import { auditLog } from '../../support/signaling/log-audit.ts'
import { newLogId, newLogPractice, recordBy } from '../../support/signaling/log-people.ts'
import { connectLog } from '../../support/signaling/log-socket.ts'
import { until } from '../../support/wire-client.ts'

const connect = (server: RunningServer) => connectLog(`ws://localhost:${server.port}/log`, server.origin)

it('a server whose disk has too little left says that it is full, and takes nothing', async () => {
  const server = await startServer({ env: { LIMIT_FREE_DISK_BYTES: '999999999999' } })
  try {
    const { statements } = await newLogPractice()
    expect(await (await connect(server)).outcome({ type: 'access', statements, enrolment: null })).toBe('server-full')
    expect((await fetch(`${server.origin}/healthz`)).status).toBe(200)
  } finally {
    await server.kill()
  }
})

/** The disk that is full for this process (RLIMIT_FSIZE): no file of it grows beyond this. */
function limitFiles({ pid }: RunningServer, bytes: number | 'unlimited'): void {
  execFileSync('prlimit', ['--pid', String(pid), `--fsize=${bytes}:unlimited`])
}

it('a disk that is full in the middle of a write is told, can still be read, loses nothing, and is written again when there is room', async () => {
  const server = await startServer()
  try {
    const practice = await newLogPractice()
    const log = newLogId()
    const stranger = await connect(server)
    await stranger.ask('access-kept', { type: 'access', statements: practice.statements, enrolment: null })
    const enter = async () => {
      const party = await connect(server)
      await party.authenticate(practice.space, practice.founder, server.origin)
      return party
    }
    const party = await enter()
    const acknowledged: RecordHash[] = []
    const append = async (): Promise<string> => {
      const record = await recordBy(practice.space, log, practice.founder, { number: acknowledged.length + 1, payload: randomBytes(1_000) })
      const outcome = await party.outcome({ type: 'append', log }, record)
      if (outcome === 'appended') acknowledged.push(await recordHashOf(record))
      return outcome
    }
    for (let i = 0; i < 20; i++) expect(await append()).toBe('appended')
    const folder = join(server.dataDir, 'sealed-log')
    const largest = Math.max(...readdirSync(folder).map((name) => statSync(join(folder, name)).size))
    limitFiles(server, largest + 10_000)
    let outcome = await append()
    for (let i = 0; i < 20 && outcome === 'appended'; i++) outcome = await append()
    expect(outcome).toBe('server-full')
    expect(acknowledged.length).toBeLessThan(40)
    const kept = async (reader = party) => {
      const { records } = await auditLog(reader, practice.space, log)
      return [...records.values()].map(({ record }) => record)
    }
    expect(await kept()).toEqual(acknowledged)
    expect(await append()).toBe('server-full')
    expect(await (await connect(server)).outcome({ type: 'get-kit', locator: 'k'.repeat(43) })).toBe('unknown-kit')

    limitFiles(server, 'unlimited')
    await until(async () => (await append()) === 'appended', 'the server to write again', 20_000)
    for (let i = 0; i < 5; i++) expect(await append()).toBe('appended')
    expect(await kept()).toEqual(acknowledged)
    await server.kill()
    await server.restart()
    expect(await kept(await enter())).toEqual(acknowledged)
    expect(server.output()).not.toMatch(/"fault"|"crash"/)
  } finally {
    await server.kill()
  }
})
