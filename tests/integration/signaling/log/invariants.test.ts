import { recordHashOf } from '@alcove/shared/crypto/sealed-log'
import type { DocumentId } from '@alcove/shared/domain/ids'
import type { LogPosition, RecordHash } from '@alcove/shared/domain/sealed-log'
import { describe, expect, it } from 'vitest'
import { createRandom, type Random } from '../../../support/signaling/fuzz.ts'
import { auditLog } from '../../../support/signaling/log-audit.ts'
import {
  ackOf,
  type LogDevice,
  type LogPractice,
  newLogId,
  newLogPractice,
  type RecordOptions,
  recordBy,
  snapshotOf,
} from '../../../support/signaling/log-people.ts'
import type { LogParty } from '../../../support/signaling/log-wire.ts'
import { createLogWorld, type LogWorld } from '../../../support/signaling/log-world.ts'
import { createMemoryLogStore } from '../../../support/signaling/memory-log-store.ts'

type Bytes = Uint8Array<ArrayBuffer>

const long = process.env.ALCOVE_LONG === '1'
const runs = long ? 300 : 8
const steps = long ? 200 : 90
const seed = Number(process.env.ALCOVE_SEED ?? (long ? Date.now() % 1e9 : 20_261_123))

/** Logs that had been pruned when they were looked at. */
let pruned = 0

type ModelLog = {
  readonly log: DocumentId
  readonly acknowledged: Map<number, RecordHash>
  readonly positions: LogPosition[]
  readonly snapshots: LogPosition[]
  /** Of each device the newest record, and how many it has written. */
  readonly newest: Map<LogDevice, { readonly record: Bytes; readonly number: number }>
}

/** A practice whose devices come, go, write and are removed, on a server that is restarted and whose disk fails at times. */
async function live(random: Random): Promise<void> {
  const store = createMemoryLogStore()
  const practice = await newLogPractice()
  const devices = [practice.founder, await practice.newDevice({ administrator: true }), await practice.newDevice({ administrator: true })]
  await practice.allow(devices)
  let world: LogWorld = createLogWorld({ store })
  await world.make(practice)
  const parties = new Map<LogDevice, LogParty>()
  const logs: ModelLog[] = Array.from({ length: 3 }, () => ({
    log: newLogId(),
    acknowledged: new Map(),
    positions: [],
    snapshots: [],
    newest: new Map(),
  }))
  const partyOf = async (device: LogDevice): Promise<LogParty> => {
    const known = parties.get(device)
    if (known) return known
    const party = await world.enter(practice, device)
    parties.set(device, party)
    return party
  }

  async function append(one: ModelLog, device: LogDevice, options: RecordOptions): Promise<boolean> {
    const number = (one.newest.get(device)?.number ?? 0) + 1
    const record = await recordBy(practice.space, one.log, device, { ...options, number })
    const party = await partyOf(device)
    const { message } = await party.answer(party.send({ type: 'append', log: one.log }, record))
    if (message.type !== 'appended') return false
    one.acknowledged.set(message.at.sequence, await recordHashOf(record))
    one.positions.push(message.at)
    one.newest.set(device, { record, number })
    return true
  }

  async function step(): Promise<void> {
    const one = random.pick(logs)
    const device = random.pick(devices)
    switch (random.below(12)) {
      case 0: {
        const covers = one.positions.at(-1 - random.below(3))
        if (covers && (await append(one, device, snapshotOf(covers, 0)))) one.snapshots.push(covers)
        return
      }
      case 1: {
        const covers = one.snapshots.at(-1 - random.below(2))
        if (covers) await append(one, device, ackOf(covers, 0))
        return
      }
      case 2: {
        // The answer was lost: the same once more changes nothing.
        const again = one.newest.get(device)
        if (again) await (await partyOf(device)).ask('appended', { type: 'append', log: one.log }, again.record)
        return
      }
      case 3: {
        world = createLogWorld({ store })
        parties.clear()
        return
      }
      case 4: {
        store.refuseWith(random.pick(['full', 'failed']))
        expect(await append(one, device, {})).toBe(false)
        store.refuseWith(null)
        return
      }
      case 5: {
        const others = await practice.newDevice({ member: practice.founder.member, administrator: true })
        const [removed] = devices.splice(1, 1, others)
        await practice.allow(devices)
        await (await partyOf(practice.founder)).ask('access-kept', {
          type: 'access',
          statements: practice.statements.slice(-1),
          enrolment: null,
        })
        if (removed && parties.has(removed)) await expect(append(one, removed, {})).rejects.toThrow('closed')
        return
      }
      default:
        expect(await append(one, device, {})).toBe(true)
    }
  }

  for (let i = 0; i < steps; i++) await step()
  await holds(practice, world, logs)
  await holds(practice, createLogWorld({ store }), logs)
  const used = (inWorld: LogWorld) => usedBytes(inWorld, practice)
  // What was counted while it happened is what a start counts.
  expect(await used(world)).toBe(await used(createLogWorld({ store })))
}

async function usedBytes(world: LogWorld, practice: LogPractice): Promise<number | undefined> {
  return (await world.enter(practice)).all().find((message) => message.type === 'ready')?.usedBytes
}

/** Every log is whole from its beginning or from a snapshot, holds what was acknowledged and nothing else, and two snapshots once it was pruned. */
async function holds(practice: LogPractice, world: LogWorld, logs: readonly ModelLog[]): Promise<void> {
  const party = await world.enter(practice)
  for (const { log, acknowledged, snapshots } of logs) {
    const { first, end, records } = await auditLog(party, practice.space, log)
    expect(end.sequence).toBe(Math.max(0, ...acknowledged.keys()))
    for (const [sequence, { record }] of records) expect([sequence, acknowledged.get(sequence)]).toEqual([sequence, record])
    expect(records.size).toBe(end.sequence - first + 1)
    if (first > 1) pruned += 1
    if (first > 1) expect(snapshots.length).toBeGreaterThanOrEqual(2)
  }
  const { message } = await party.ask('heads', { type: 'changed', since: 0 })
  expect(message.heads.map(({ end }) => end.sequence).toSorted()).toEqual(
    logs.flatMap(({ acknowledged }) => (acknowledged.size > 0 ? [Math.max(...acknowledged.keys())] : [])).toSorted(),
  )
}

describe(`a space through restarts, failures and removals (seed ${seed})`, () => {
  it.each(Array.from({ length: runs }, (_, index) => seed + index))('holds what it acknowledged (%s)', (run) => live(createRandom(run)))

  it('met pruning on its way', () => {
    expect(pruned).toBeGreaterThan(0)
  })
})
