import { endSeenFrom, standAtBeginning } from '@alcove/shared/domain/log-reading'
import type { LogHash } from '@alcove/shared/domain/sealed-log'
import { fc } from '../../../support/property.ts'
import { describe, expect, test } from 'vitest'
import { catchUp, emptyHash, hashAt, type ModelRecord, newDevice, newLog, read, take, write } from '../../../support/log/log-model.ts'

import {
  all,
  attack,
  before,
  epochs,
  go,
  honest,
  pairs,
  pickOf,
  readAll,
  start,
  story,
  withRecords,
} from '../../../support/log/log-stories.ts'

fc.configureGlobal({ numRuns: 50 })

describe('a server that', () => {
  test('swaps two records of which one was built on the other is found out', () => {
    fc.assert(
      fc.property(attack, ({ first, second, pick }) => {
        const { victim, log, seenUpTo } = before(first, second)
        const { one, other } = pickOf(pairs(log, seenUpTo), pick)
        const swapped = [...log.records]
        ;[swapped[one], swapped[other]] = [log.records[other] as ModelRecord, log.records[one] as ModelRecord]
        expect(readAll(victim, withRecords(log, swapped)).incidents).toContain('withheld')
      }),
    )
  })

  test('leaves out a record that somebody built upon is found out, and the rest is read', () => {
    fc.assert(
      fc.property(attack, ({ first, second, pick }) => {
        const { victim, log, seenUpTo } = before(first, second)
        const { one } = pickOf(pairs(log, seenUpTo), pick)
        const { incidents, after } = readAll(victim, withRecords(log, log.records.toSpliced(one, 1)))
        expect(incidents).toEqual(new Set(['withheld']))
        const left = log.records.filter((_, index) => index !== one).flatMap(({ content }) => [...content])
        expect([...after.known].sort()).toEqual(left.sort())
      }),
    )
  })

  test('leaves out, changes or moves what this device has read already does not get further: it begins anew', () => {
    fc.assert(
      fc.property(attack, ({ first, second, pick }) => {
        const { victim, log, seenUpTo } = before(first, second)
        const at = pick % seenUpTo
        const { incidents, last } = readAll(victim, withRecords(log, log.records.toSpliced(at, 1)))
        expect([...incidents].some((kind) => kind === 'forked' || kind === 'rolled-back')).toBe(true)
        expect(last).toBe('heal')
      }),
    )
  })

  test('gives a record once more is found out, and it counts once', () => {
    fc.assert(
      fc.property(attack, fc.nat(), ({ first, second, pick }, where) => {
        const { victim, log, seenUpTo } = before(first, second)
        const original = pickOf(log.records, pick)
        const earliest = Math.max(seenUpTo, log.records.indexOf(original) + 1)
        const at = earliest + (where % (log.records.length - earliest + 1))
        const { incidents, last } = readAll(victim, withRecords(log, log.records.toSpliced(at, 0, original)))
        expect(incidents).toEqual(new Set(['replayed']))
        expect(last).toBe('done')
      }),
    )
  })

  test('shows an older state, whether it goes on from there or not, is found out', () => {
    fc.assert(
      fc.property(attack, fc.integer({ min: 1, max: 5 }), story, ({ first, pick }, lost, third) => {
        const world = go(start, first)
        const victim = catchUp(world.devices[0] ?? newDevice('victim'), world.log, epochs, all, honest)
        const older = withRecords(world.log, world.log.records.slice(0, Math.max(0, world.log.records.length - lost)))
        const alone = readAll(victim, older)
        expect(alone.incidents).toEqual(new Set(['rolled-back']))
        expect(alone.last).toBe('heal')
        // It forgot, and others who know nothing of that go on.
        const others = { log: older, devices: [newDevice('x'), newDevice('y'), newDevice('z')], made: 1000 }
        const grown = go(others, third.slice(0, 1 + (pick % third.length)))
        const { incidents, last } = readAll(victim, grown.log)
        expect([...incidents].some((kind) => kind === 'forked' || kind === 'rolled-back')).toBe(true)
        expect(last).toBe('heal')
      }),
    )
  })

  test('lost everything is found out, and healing begins at an empty log', () => {
    const { log, devices } = go(start, [{ who: 0, reads: true }])
    const victim = catchUp(devices[0] ?? newDevice('victim'), log, epochs, all, honest)
    expect(readAll(victim, newLog)).toMatchObject({ incidents: new Set(['rolled-back']), last: 'heal' })
    const healed = readAll({ ...victim, stand: standAtBeginning(emptyHash), known: new Set() }, newLog)
    expect(healed).toMatchObject({ incidents: new Set(), last: 'done' })
    expect(healed.after.known.size).toBe(0)
    expect(healed.after.local.size).toBe(1)
  })

  test('shows two devices two logs is found out when they compare, and when one is shown what the other built upon', () => {
    fc.assert(
      fc.property(story, story, story, (first, second, third) => {
        const early = go(start, first)
        const here = go(early, [...second, { who: 0, reads: true }])
        const there = go(early, [...third, { who: 1, reads: true }, { who: 2, reads: true }])
        const victim = catchUp(here.devices[0] ?? newDevice('victim'), here.log, epochs, all, honest)
        const length = Math.min(here.log.records.length, there.log.records.length)
        const standing = catchUp(newDevice('x'), withRecords(here.log, here.log.records.slice(0, length)), epochs, all, honest)
        expect(endSeenFrom(standing.stand, { sequence: length, hash: hashAt(there.log, length) })).toBe('forked')
        // `b` takes a snapshot of its own log, and the server puts it into the other.
        const other = catchUp(there.devices[1] ?? newDevice('b'), there.log, epochs, all, honest)
        const strange = write(other, 'snapshot', other.stand.position, other.local, epochs)
        const { incidents } = readAll(victim, withRecords(here.log, [...here.log.records, strange]))
        expect(incidents.size).toBeGreaterThan(0)
      }),
    )
  })

  test('takes a snapshot of another log over is found out by its hash, when all else fits', () => {
    const { log, devices } = go(start, [
      { who: 0, reads: true },
      { who: 0, reads: true },
    ])
    const reader = catchUp(devices[0] ?? newDevice('victim'), log, epochs, all, honest)
    const writer = catchUp(newDevice('b'), log, epochs, all, honest)
    const strange = write(writer, 'snapshot', { sequence: 2, hash: 'of another log' as LogHash }, new Set(), epochs)
    expect(readAll(reader, withRecords(log, [...log.records, strange])).incidents).toEqual(new Set(['forked']))
  })

  test('gives a word about what is still to come is found out', () => {
    const { log } = go(start, [{ who: 0, reads: true }])
    const early = write(
      { ...newDevice('b'), stand: { ...newDevice('b').stand, seen: new Map([[newDevice('victim').tag, 1]]) } },
      'ack',
      null,
      new Set(),
      epochs,
    )
    const ack: ModelRecord = { ...early, header: { ...early.header, covers: { sequence: 2, hash: emptyHash } } }
    expect(readAll(newDevice('fresh'), withRecords(log, [...log.records, ack])).incidents).toEqual(new Set(['withheld']))
  })

  test('makes records up, or changes them, is found out; they count for nothing and the log goes on', () => {
    fc.assert(
      fc.property(
        attack,
        fc.constantFrom('forged' as const, 'broken' as const),
        fc.boolean(),
        ({ first, second, pick }, state, replaces) => {
          const { victim, log, seenUpTo } = before(first, second)
          const at = seenUpTo + (pick % (log.records.length - seenUpTo))
          const original = pickOf(log.records.slice(seenUpTo), pick)
          // `broken` is signed by a device of the practice: it takes that device's next number.
          const isSigned = state === 'broken'
          const made: ModelRecord = { ...original, state, content: new Set([9999]) }
          const records = log.records.toSpliced(isSigned ? log.records.indexOf(original) : at, replaces || isSigned ? 1 : 0, made)
          const { incidents, last, after } = readAll(victim, withRecords(log, records))
          expect(incidents).toContain('forged')
          expect(last).toBe('done')
          expect(after.known.has(9999)).toBe(false)
        },
      ),
    )
  })

  test('says that there is more and does not give it, or gives what joins on to nothing, is found out', () => {
    fc.assert(
      fc.property(attack, ({ first, second }) => {
        const { victim, log } = before(first, second)
        const batch = read(log, victim.stand.position.sequence, false, 1000)
        const judge = (answer: Partial<typeof batch>) => take(victim, { ...batch, ...answer }, epochs).reading
        const stuck = { next: 'stuck', incidents: ['withheld'] }
        expect(judge({ records: [] })).toMatchObject(stuck)
        expect(judge({ records: batch.records.slice(0, -1) })).toMatchObject(stuck)
        expect(judge({ first: batch.first + 1, records: batch.records.slice(1) })).toMatchObject(stuck)
        expect(judge({ first: batch.first + 1, records: batch.records.slice(1), snapshot: batch.first + 1 })).toMatchObject(stuck)
        expect(judge({ first: batch.first - 1 })).toMatchObject(stuck)
      }),
    )
  })
})
