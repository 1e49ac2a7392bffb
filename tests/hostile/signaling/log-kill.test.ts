import { appendFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { randomBytes } from '@alcove/shared/crypto/bytes'
import { readHeader, recordHashOf } from '@alcove/shared/crypto/sealed-log'
import type { DocumentId } from '@alcove/shared/domain/ids'
import type { LogPosition, RecordHash } from '@alcove/shared/domain/sealed-log'
import { expect, it } from 'vitest'
import { type RunningServer, startServer } from '../../support/server.ts'
import { createRandom, type Random } from '../../support/signaling/fuzz.ts'
import { auditLog } from '../../support/signaling/log-audit.ts'
import { ackOf, type LogDevice, newLogId, newLogPractice, recordBy, snapshotOf } from '../../support/signaling/log-people.ts'
import { connectLog } from '../../support/signaling/log-socket.ts'
import type { LogParty } from '../../support/signaling/log-wire.ts'
import { until } from '../../support/wire-client.ts'

const long = process.env.ALCOVE_LONG === '1'
/** Side by side, each with a server of its own. */
const servers = 2
const kills = (long ? 200 : 20) / servers
const seed = Number(process.env.ALCOVE_SEED ?? (long ? Date.now() % 1e9 : 20_261_123))

/** What one log was acknowledged to hold, and what is under way in it. */
type Expected = {
  readonly log: DocumentId
  readonly acknowledged: Map<number, RecordHash>
  end: LogPosition | null
  next: number
  pruned: number
}

/** A practice that writes while its server is killed. */
async function createWriter(server: RunningServer, random: Random) {
  const practice = await newLogPractice()
  const reader = await practice.newDevice({ member: practice.founder.member, administrator: true })
  await practice.allow([practice.founder, reader])
  const logs: Expected[] = Array.from({ length: 2 }, () => ({ log: newLogId(), acknowledged: new Map(), end: null, next: 1, pruned: 0 }))
  const connect = async (device: LogDevice) => {
    const party = await connectLog(`ws://localhost:${server.port}/log`, server.origin)
    await party.authenticate(practice.space, device, server.origin)
    return party
  }
  const stranger = await connectLog(`ws://localhost:${server.port}/log`, server.origin)
  await stranger.ask('access-kept', { type: 'access', statements: practice.statements, enrolment: null })
  return { practice, reader, logs, connect, random }
}
type Writer = Awaited<ReturnType<typeof createWriter>>

/** Writes without waiting, in all logs at once, until so many were acknowledged; returns while others are under way. */
async function writeUntil({ practice, logs, random }: Writer, party: LogParty, wanted: number): Promise<void> {
  let acknowledged = 0
  for (let sent = 0; acknowledged < wanted; sent++) {
    if (sent - acknowledged > 30) await until(() => sent - acknowledged <= 30 || !party.wire.isOpen(), 'an acknowledgement')
    const one = random.pick(logs)
    const size = random.below(20) === 0 ? 60_000 : 200
    const record = await recordBy(practice.space, one.log, practice.founder, { number: one.next, payload: randomBytes(size) })
    one.next += 1
    const hash = await recordHashOf(record)
    const id = party.send({ type: 'append', log: one.log }, record)
    void party.answer(id).then(
      ({ message }) => {
        if (message.type !== 'appended') throw new Error(`refused: ${message.type === 'refused' ? message.code : ''}`)
        acknowledged += 1
        one.acknowledged.set(message.at.sequence, hash)
        if (one.end === null || message.at.sequence > one.end.sequence) one.end = message.at
      },
      () => {},
    )
  }
}

/** Nothing acknowledged is missing or elsewhere, the chain leads to the end, each writer's numbers have no gap. */
async function audit({ practice, logs }: Writer, party: LogParty, reader: LogParty): Promise<void> {
  for (const one of logs) {
    const { first, end, records } = await auditLog(reader, practice.space, one.log)
    expect(end.sequence).toBeGreaterThanOrEqual(Math.max(0, ...one.acknowledged.keys()))
    for (const [sequence, record] of one.acknowledged)
      if (sequence >= first) expect([sequence, records.get(sequence)?.record]).toEqual([sequence, record])
    const numbers = new Map<string, number>()
    for (const { bytes } of records.values()) {
      const header = readHeader(bytes)
      if (!header) throw new Error('no record')
      const before = numbers.get(header.device)
      if (before !== undefined) expect(header.number).toBe(before + 1)
      numbers.set(header.device, header.number)
    }
    // What was under way is there or is not; the server says what is next.
    const wrong = await recordBy(practice.space, one.log, practice.founder, { number: 1_000_000 })
    const { message } = await party.answer(party.send({ type: 'append', log: one.log }, wrong))
    if (message.type !== 'refused' || message.expected === undefined) throw new Error('took a wrong number')
    one.next = message.expected
    one.end = end
    one.pruned = first - 1
  }
}

/** Two snapshots and the word of the other device, so that records go while the server is killed. */
async function tidyUp({ practice, reader, logs }: Writer, party: LogParty, other: LogParty, readers: Map<DocumentId, number>) {
  for (const one of logs) {
    if (one.end === null || one.end.sequence - one.pruned < 60) continue
    const snapshot = await recordBy(practice.space, one.log, practice.founder, snapshotOf(one.end, one.next))
    const { message } = await party.answer(party.send({ type: 'append', log: one.log }, snapshot))
    if (message.type !== 'appended') continue
    one.next += 1
    one.acknowledged.set(message.at.sequence, await recordHashOf(snapshot))
    const number = (readers.get(one.log) ?? 0) + 1
    const ack = await recordBy(practice.space, one.log, reader, ackOf(one.end, number))
    const answer = (await other.answer(other.send({ type: 'append', log: one.log }, ack))).message
    if (answer.type !== 'appended') continue
    readers.set(one.log, number)
    one.acknowledged.set(answer.at.sequence, await recordHashOf(ack))
  }
}

/** What a crash of the whole computer may leave: a record that was begun at the end of the database's log. */
function tear(server: RunningServer, random: Random): void {
  const folder = join(server.dataDir, 'sealed-log')
  const newest = readdirSync(folder)
    .filter((name) => name.endsWith('.log'))
    .sort()
    .at(-1)
  if (newest !== undefined) appendFileSync(join(folder, newest), random.bytes(1 + random.below(300)))
}

async function survive(server: RunningServer, random: Random): Promise<number> {
  const writer = await createWriter(server, random)
  const readers = new Map<DocumentId, number>()
  let party = await writer.connect(writer.practice.founder)
  let pruned = 0
  for (let kill = 1; kill <= kills; kill++) {
    await writeUntil(writer, party, 10 + random.below(25))
    await server.kill()
    if (kill % 2 === 0) tear(server, random)
    await server.restart()
    party = await writer.connect(writer.practice.founder)
    const other = await writer.connect(writer.reader)
    await audit(writer, party, other)
    await tidyUp(writer, party, other, readers)
    pruned = Math.max(pruned, ...writer.logs.map((one) => one.pruned))
  }
  return pruned
}

it(
  `${kills * servers} kills (-9) in the middle of writes lose nothing that was acknowledged, and leave no gap (seed ${seed})`,
  async () => {
    const running = await Promise.all(Array.from({ length: servers }, () => startServer()))
    try {
      const pruned = await Promise.all(running.map((server, index) => survive(server, createRandom(seed + index))))
      // The kills met pruning, too.
      expect(Math.min(...pruned)).toBeGreaterThan(0)
    } finally {
      await Promise.all(running.map((server) => server.kill()))
    }
  },
  long ? 1_200_000 : 110_000,
)
