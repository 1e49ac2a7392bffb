import { randomBytes } from '@alcove/shared/crypto/bytes'
import { emptyLogHash, nextLogHash, readHeader, recordHashOf } from '@alcove/shared/crypto/sealed-log'
import type { DocumentId } from '@alcove/shared/domain/ids'
import { type LogPosition, snapshotAfterRecords } from '@alcove/shared/domain/sealed-log'
import { beforeAll, describe, expect, it } from 'vitest'
import {
  ackOf,
  type LogDevice,
  type LogPractice,
  newLogId,
  newLogPractice,
  recordBy,
  snapshotOf,
} from '../../../support/signaling/log-people.ts'
import { type LogParty, recordsIn } from '../../../support/signaling/log-wire.ts'
import { createLogWorld, type LogWorld, origin } from '../../../support/signaling/log-world.ts'

type Bytes = Uint8Array<ArrayBuffer>

let practice: LogPractice
let second: LogDevice
beforeAll(async () => {
  practice = await newLogPractice()
  second = await practice.newDevice({ member: practice.founder.member, administrator: true })
  await practice.allow([practice.founder, second])
})

async function opened(world: LogWorld = createLogWorld()) {
  await world.make(practice)
  return { world, first: await world.enter(practice), other: await world.enter(practice, second) }
}

const append = (party: LogParty, log: DocumentId, record: Bytes) => party.ask('appended', { type: 'append', log }, record)
const read = (party: LogParty, log: DocumentId, after = 0, jump = false) => party.ask('records', { type: 'read', log, after, jump })

describe('appending', () => {
  it('gives each record the next sequence and the running hash that everybody can compute', async () => {
    const { first, other } = await opened()
    const log = newLogId()
    let hash = await emptyLogHash(practice.space, log)
    const written: Bytes[] = []
    for (let sequence = 1; sequence <= 6; sequence++) {
      const [party, writer] = sequence % 2 === 1 ? [first, practice.founder] : [other, second]
      const record = await recordBy(practice.space, log, writer, { number: Math.ceil(sequence / 2) })
      hash = await nextLogHash(hash, await recordHashOf(record))
      expect((await append(party, log, record)).message).toMatchObject({ log, at: { sequence, hash }, tick: sequence })
      written.push(record)
    }
    const { message, body } = await read(other, log)
    expect(message).toMatchObject({ first: 1, snapshot: null, end: { sequence: 6, hash }, more: false })
    expect(recordsIn({ message, body })).toEqual(written)
    expect(recordsIn(await read(other, log, 4))).toEqual(written.slice(4))
    expect(recordsIn(await read(other, log, 6))).toEqual([])
  })

  it('answers the same record once more in the same way, and refuses another of its number', async () => {
    const { first, other } = await opened()
    const log = newLogId()
    const record = await recordBy(practice.space, log, practice.founder)
    const { message } = await append(first, log, record)
    await append(other, log, await recordBy(practice.space, log, second))
    const { id: _, ...again } = (await append(first, log, record)).message
    expect(again).toEqual({ type: 'appended', log, at: message.at, tick: message.tick })
    for (const number of [1, 3]) {
      const wrong = first.send({ type: 'append', log }, await recordBy(practice.space, log, practice.founder, { number }))
      expect((await first.answer(wrong)).message).toMatchObject({ type: 'refused', code: 'wrong-number', expected: 2 })
    }
    expect((await read(first, log)).message.end.sequence).toBe(2)
  })

  it('takes appends to one log in the order in which they came, though none waits for the answer', async () => {
    const { first } = await opened()
    const log = newLogId()
    const records = await Promise.all(
      Array.from({ length: 40 }, (_, index) => recordBy(practice.space, log, practice.founder, { number: index + 1 })),
    )
    const ids = records.map((record) => first.send({ type: 'append', log }, record))
    const answers = await Promise.all(ids.map(first.answer))
    expect(answers.map(({ message }) => message.type === 'appended' && message.at.sequence)).toEqual(ids.map((_, index) => index + 1))
    expect(recordsIn(await read(first, log))).toEqual(records)
  })

  it('refuses what this device did not sign for this place', async () => {
    const { world, first } = await opened()
    const log = newLogId()
    const record = await recordBy(practice.space, log, practice.founder)
    const changed = record.slice()
    changed[record.length - 70] = (changed[record.length - 70] ?? 0) ^ 1
    const wrong = [
      await recordBy(practice.space, log, second),
      await recordBy(practice.space, newLogId(), practice.founder),
      await recordBy((await newLogPractice()).space, log, practice.founder),
      changed,
    ]
    for (const bytes of wrong) expect(await first.outcome({ type: 'append', log }, bytes)).toBe('not-a-member')
    expect((await read(first, log)).message.end).toEqual({ sequence: 0, hash: await emptyLogHash(practice.space, log) })
    const { message } = await first.ask('heads', { type: 'changed', since: 0 })
    expect([message.heads, message.tick, world.hub.counts().spaces]).toEqual([[], 0, 1])
  })

  it('closes on whoever sends as a record what is none', async () => {
    const { first } = await opened()
    expect(await first.outcome({ type: 'append', log: newLogId() }, randomBytes(300))).toBe('malformed')
    expect(first.wire.closeCode()).toBe(1008)
  })

  it('says no more than it has: a position beyond the end is told', async () => {
    const { first } = await opened()
    const log = newLogId()
    await append(first, log, await recordBy(practice.space, log, practice.founder))
    expect(await first.outcome({ type: 'read', log, after: 2, jump: true })).toBe('beyond-end')
    expect(await first.outcome({ type: 'read', log: newLogId(), after: 1, jump: false })).toBe('beyond-end')
  })
})

describe('waking the others', () => {
  it('tells who asked of each change, the writer by its answer alone', async () => {
    const { first, other, world } = await opened()
    const third = await world.enter(practice, second)
    await other.ask('heads', { type: 'changed', since: 0 })
    const log = newLogId()
    const { message } = await append(first, log, await recordBy(practice.space, log, practice.founder))
    expect(other.heads()).toEqual([{ type: 'head', log, end: message.at, tick: 1 }])
    expect([first.heads(), third.heads()]).toEqual([[], []])
  })

  it('tells a device that comes back what changed since, in pages, in the order of the changes', async () => {
    const { first, other } = await opened()
    const logs = Array.from({ length: 5 }, newLogId)
    const [changedTwice] = logs
    if (!changedTwice) throw new Error('no logs')
    for (const log of logs) await append(first, log, await recordBy(practice.space, log, practice.founder))
    await append(first, changedTwice, await recordBy(practice.space, changedTwice, practice.founder, { number: 2 }))
    const { message } = await other.ask('heads', { type: 'changed', since: 2 })
    expect(message.heads.map(({ log, end }) => [log, end.sequence])).toEqual([...logs.slice(2).map((log) => [log, 1]), [changedTwice, 2]])
    expect([message.tick, message.more]).toEqual([6, false])
    expect((await other.ask('heads', { type: 'changed', since: 6 })).message).toMatchObject({ heads: [], tick: 6 })
  })
})

/** A log of so many records by the first device, and its positions. */
async function filled(first: LogParty, log: DocumentId, count: number): Promise<LogPosition[]> {
  const positions: LogPosition[] = []
  for (let number = 1; number <= count; number++) {
    positions.push((await append(first, log, await recordBy(practice.space, log, practice.founder, { number }))).message.at)
  }
  return positions
}
const at = (positions: readonly LogPosition[], sequence: number): LogPosition => {
  const position = positions[sequence - 1]
  if (!position) throw new Error(`no position ${sequence}`)
  return position
}

describe('snapshots', () => {
  it('are taken where they cover what the server has, and not one so soon after another', async () => {
    const { first, other } = await opened()
    const log = newLogId()
    const positions = await filled(first, log, 60)
    const snapshot = (covers: LogPosition, number = 1) =>
      recordBy(practice.space, log, second, snapshotOf(covers, number)).then((record) => other.outcome({ type: 'append', log }, record))
    expect(await snapshot({ ...at(positions, 5), sequence: 6 })).toBe('wrong-cover')
    expect(await snapshot({ ...at(positions, 60), sequence: 61 })).toBe('wrong-cover')
    expect(await snapshot(at(positions, 5))).toBe('appended')
    const enough = 5 + snapshotAfterRecords / 4
    expect(await snapshot(at(positions, enough - 1), 2)).toBe('superseded')
    expect(await snapshot(at(positions, 4), 2)).toBe('superseded')
    expect(await snapshot(at(positions, enough), 2)).toBe('appended')
  })

  it('also follow each other sooner when there is much in between', async () => {
    const { first } = await opened()
    const log = newLogId()
    const one = at(await filled(first, log, 1), 1)
    const big = (
      await append(first, log, await recordBy(practice.space, log, practice.founder, { number: 2, payload: randomBytes(65_000) }))
    ).message.at
    await append(first, log, await recordBy(practice.space, log, practice.founder, snapshotOf(one, 3)))
    const second = await recordBy(practice.space, log, practice.founder, snapshotOf(big, 4))
    expect(await first.outcome({ type: 'append', log }, second)).toBe('appended')
  })

  it('let a reader who may jump begin behind what the newest covers', async () => {
    const { first, other } = await opened()
    const log = newLogId()
    const positions = await filled(first, log, 8)
    const record = await recordBy(practice.space, log, second, snapshotOf(at(positions, 6), 1))
    await append(other, log, record)
    const jumped = await read(other, log, 2, true)
    expect([jumped.message.first, jumped.message.snapshot, jumped.message.lengths.length]).toEqual([7, 9, 3])
    const newest = recordsIn(jumped).at(-1)
    expect(newest && readHeader(newest)?.covers).toEqual(at(positions, 6))
    expect((await read(other, log, 2)).message).toMatchObject({ first: 3, snapshot: null })
    expect((await read(other, log, 6, true)).message).toMatchObject({ first: 7, snapshot: null })
  })
})

describe('pruning', () => {
  async function withTwo(world: LogWorld = createLogWorld()) {
    const { first, other } = await opened(world)
    const log = newLogId()
    const positions = await filled(first, log, 60)
    await append(other, log, await recordBy(practice.space, log, second, snapshotOf(at(positions, 5), 1)))
    await append(other, log, await recordBy(practice.space, log, second, snapshotOf(at(positions, 60), 2)))
    return { first, other, log, positions, world }
  }

  it('waits for the word of another device than the writer, and keeps two snapshots', async () => {
    const { first, other, log, positions } = await withTwo()
    expect((await read(first, log)).message.first).toBe(1)
    await append(other, log, await recordBy(practice.space, log, second, ackOf(at(positions, 5), 3)))
    expect((await read(first, log)).message.first).toBe(1)
    await append(first, log, await recordBy(practice.space, log, practice.founder, ackOf(at(positions, 60), 61)))
    expect((await read(first, log)).message.first).toBe(1)
    await append(first, log, await recordBy(practice.space, log, practice.founder, ackOf(at(positions, 5), 62)))
    // What is gone makes whoever would need it jump, no further than it has to unless it may; the rest is read as ever.
    expect((await read(first, log)).message).toMatchObject({ first: 6, snapshot: 61 })
    expect((await read(first, log, 0, true)).message).toMatchObject({ first: 61, snapshot: 62 })
    expect((await read(first, log, 5)).message).toMatchObject({ first: 6, snapshot: null })
    const kept = recordsIn(await read(first, log, 5)).map((record) => readHeader(record)?.kind)
    expect(kept.filter((kind) => kind === 'snapshot')).toHaveLength(2)
  })

  it('needs no word after 30 days', async () => {
    const { first, other, log, positions, world } = await withTwo()
    world.clock.advance(30 * 24 * 60 * 60 * 1000)
    await append(other, log, await recordBy(practice.space, log, second, ackOf(at(positions, 60), 3)))
    expect((await read(first, log)).message.first).toBe(6)
  })

  it('gives the room back that it made', async () => {
    const { first, log, positions, world } = await withTwo()
    const usedBytes = async () => (await world.connect().authenticate(practice.space, second, origin)).message.usedBytes
    const before = await usedBytes()
    await append(first, log, await recordBy(practice.space, log, practice.founder, ackOf(at(positions, 5), 61)))
    expect(await usedBytes()).toBeLessThan(before)
  })

  it('knows a word about a snapshot that is not there', async () => {
    const { first, log, positions } = await withTwo()
    const record = await recordBy(practice.space, log, practice.founder, ackOf(at(positions, 7), 61))
    expect(await first.outcome({ type: 'append', log }, record)).toBe('wrong-cover')
  })
})
