import type { EpochId } from '@alcove/shared/domain/ids'
import {
  endSeenFrom,
  type LogReading,
  readBatch,
  standAtBeginning,
  startOf,
  wantsNewKey,
  wantsSnapshot,
} from '@alcove/shared/domain/log-reading'
import {
  type LogHash,
  type LogIncidentKind,
  snapshotAfterBytes,
  snapshotAfterManyRecords,
  snapshotAfterMuchBytes,
  snapshotAfterRecords,
} from '@alcove/shared/domain/sealed-log'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  append,
  catchUp,
  emptyHash,
  endOf,
  hashAt,
  type ModelDevice,
  type ModelLog,
  type ModelRecord,
  newDevice,
  newLog,
  read,
  take,
  weigh,
  write,
} from '../../../support/log/log-model.ts'

const epochs = [null]
const honest = () => {}
const all = { jump: false, most: 1000 }

/** Who writes, and whether they read before it; the first of them is the one that is lied to. */
const story = fc.array(fc.record({ who: fc.nat(2), reads: fc.boolean() }), { minLength: 12, maxLength: 30 })
type Story = readonly { readonly who: number; readonly reads: boolean }[]
type World = { readonly log: ModelLog; readonly devices: readonly ModelDevice[]; readonly made: number }

function go({ log: before, devices: then, made: already }: World, story: Story): World {
  let log = before
  let made = already
  const devices = [...then]
  for (const { who, reads } of story) {
    const device = devices[who]
    if (!device) continue
    const hasOwnUnread = log.records.filter(({ header }) => header.device === device.tag).length > (device.stand.seen.get(device.tag) ?? 0)
    const now = reads || hasOwnUnread ? catchUp(device, log, epochs, all, honest) : device
    const record = write(now, 'update', null, new Set([++made]), epochs)
    log = append(log, record) ?? log
    devices[who] = now
  }
  return { log, devices, made }
}

const start: World = { log: newLog, devices: ['victim', 'b', 'c'].map(newDevice), made: 0 }

/** The victim has read the first part, and asks for what came after it. */
function before(first: Story, second: Story): { readonly victim: ModelDevice; readonly log: ModelLog; readonly seenUpTo: number } {
  const early = go(start, first)
  const victim = catchUp(early.devices[0] ?? newDevice('victim'), early.log, epochs, all, honest)
  const later = go({ ...early, devices: [victim, ...early.devices.slice(1)] }, second)
  return { victim, log: later.log, seenUpTo: victim.stand.position.sequence }
}

/** All that a server gives to somebody who asks for it in pages, whatever it says; with what was noticed. */
function readAll(device: ModelDevice, log: ModelLog, how = { jump: false, most: 7 }) {
  const readings: LogReading[] = []
  const after = catchUp(device, log, epochs, how, (reading) => readings.push(reading))
  return { after, incidents: new Set(readings.flatMap(({ incidents }) => [...incidents])), last: readings.at(-1)?.next, readings }
}

function withRecords(log: ModelLog, records: readonly ModelRecord[]): ModelLog {
  return { ...log, records }
}

/** Whether the second can only be there because the first was. */
function buildsOn(one: ModelRecord, other: ModelRecord): boolean {
  const { device, number } = one.header
  return other.header.device === device ? other.header.number > number : (other.header.seen.get(device) ?? 0) >= number
}

function pairs(log: ModelLog, from: number) {
  return log.records.flatMap((one, index) =>
    index < from ? [] : log.records.flatMap((other, at) => (at > index && buildsOn(one, other) ? [{ one: index, other: at }] : [])),
  )
}

const attack = fc.record({ first: story, second: story, pick: fc.nat() })
const pickOf = <T>(choices: readonly T[], pick: number): T => {
  const chosen = choices[pick % choices.length]
  fc.pre(chosen !== undefined)
  return chosen as T
}

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

describe('a jump', () => {
  /** b writes a snapshot; afterwards things go on. */
  function withSnapshot(first: Story, second: Story) {
    const early = go(start, first)
    const writer = catchUp(early.devices[1] ?? newDevice('b'), early.log, epochs, all, honest)
    const log = append(early.log, write(writer, 'snapshot', writer.stand.position, writer.local, epochs))
    if (!log) throw new Error('An honest snapshot')
    const later = go(
      {
        ...early,
        log,
        devices: [early.devices[0], catchUp(writer, log, epochs, all, honest), early.devices[2]].flatMap((one) => one ?? []),
      },
      second,
    )
    return { log: later.log, at: early.log.records.length + 1 }
  }

  test('onto a snapshot gives what reading everything gives', () => {
    fc.assert(
      fc.property(attack, ({ first, second }) => {
        const { log, at } = withSnapshot(first, second)
        const [slow, quick] = [false, true].map((jump) => readAll(newDevice('fresh'), log, { jump, most: 4 }))
        const comparable = (device = newDevice('none')) => ({ ...device, told: null, past: null })
        expect(comparable(quick?.after)).toEqual(comparable(slow?.after))
        expect(quick?.incidents.size).toBe(0)
        for (const { taken } of quick?.readings ?? []) expect(new Set(taken).size).toBe(taken.length)
        expect(quick?.after.stand).toMatchObject({ position: endOf(log), snapshotAt: at, recordsSince: log.records.length - at })
      }),
    )
  })

  test('over records that the snapshot does not have is found out, own ones or those of others', () => {
    fc.assert(
      fc.property(attack, ({ first, second, pick }) => {
        const { log } = withSnapshot(first, second)
        const mine = pick % 2 === 0
        const device = newDevice('fresh')
        const stand = {
          ...device.stand,
          position: { sequence: 1, hash: 'h' as LogHash },
          seen: new Map([[mine ? device.tag : newDevice('other').tag, 7]]),
        }
        const { reading } = take({ ...device, stand }, read(log, 1, true, 100), epochs)
        expect(reading).toMatchObject({ next: 'heal', incidents: [mine ? 'rolled-back' : 'withheld'] satisfies LogIncidentKind[] })
      }),
    )
  })

  test('onto a snapshot that is not signed, does not open, covers something else or is none leads nowhere', () => {
    const { log, at } = withSnapshot([{ who: 0, reads: true }], [{ who: 1, reads: true }])
    const snapshot = log.records[at - 1]
    if (!snapshot) throw new Error('It is there')
    const { header } = snapshot
    const strange = [
      { ...snapshot, state: 'forged' as const },
      { ...snapshot, state: 'broken' as const },
      { ...snapshot, header: { ...header, covers: { sequence: 5, hash: emptyHash } } },
      { ...snapshot, header: { ...header, kind: 'ack' as const } },
      { ...snapshot, header: { ...header, kind: 'update' as const, covers: null } },
    ]
    for (const record of strange) {
      const answer = { records: [record, ...log.records.slice(at)], first: at, snapshot: at, end: endOf(log), more: false }
      const { reading, device } = take(newDevice('fresh'), answer, epochs)
      expect(reading.next).toBe('stuck')
      expect(reading.incidents).toHaveLength(1)
      expect(device.known.size).toBe(0)
    }
  })

  test('to a snapshot of an older practice key than what was read already leads nowhere', () => {
    const { log, at } = withSnapshot([{ who: 0, reads: true }], [])
    const later = 'later' as EpochId
    const device = { ...newDevice('fresh'), keys: 2 }
    const stand = { ...device.stand, epoch: later }
    const { reading } = take({ ...device, stand }, read(log, 0, true, 100), [null, later])
    expect(at).toBe(2)
    expect(reading).toMatchObject({ next: 'stuck', incidents: ['forged'] })
  })
})

describe('behind a newer practice key', () => {
  const later = 'later' as EpochId
  const keys = [null, later]
  const anew = { ...newDevice('a'), keys: 2 }

  function mixed() {
    const first = write(newDevice('removed'), 'update', null, new Set([1]), keys)
    const second = write(anew, 'update', null, new Set([2]), keys)
    const third: ModelRecord = { ...first, header: { ...first.header, number: 2 }, content: new Set([3]) }
    return [first, second, third].reduce((log, record) => append(log, record) ?? log, newLog)
  }

  test('what a device writes with the older one has no effect, and it is no incident: an honest one may not know yet', () => {
    const { after, incidents, last } = (() => {
      const readings: LogReading[] = []
      const after = catchUp({ ...newDevice('fresh'), keys: 2 }, mixed(), keys, all, (reading) => readings.push(reading))
      return { after, incidents: readings.flatMap((reading) => reading.incidents), last: readings.at(-1)?.next }
    })()
    expect([...after.known]).toEqual([1, 2])
    expect(incidents).toEqual([])
    expect(last).toBe('done')
    expect(after.stand.seen.get(newDevice('removed').tag)).toBe(2)
  })

  test('a device that has not that key stops before it, and goes on from there when it has', () => {
    const log = mixed()
    const { reading, device } = take(newDevice('fresh'), read(log, 0, false, 10), keys)
    expect(reading).toMatchObject({ next: 'wait', incidents: [], stand: { position: { sequence: 1 } } })
    expect([...device.known]).toEqual([1])
    const after = catchUp({ ...device, keys: 2 }, log, keys, all, honest)
    expect([...after.known]).toEqual([1, 2])
  })

  test('and of a practice key that the chain does not have, nothing has effect', () => {
    const [first] = mixed().records
    if (!first) throw new Error('It is there')
    const odd: ModelRecord = { ...first, header: { ...first.header, epoch: 'nobody knows' as EpochId } }
    const answer = { records: [odd], first: 1, snapshot: null, end: endOf({ ...newLog, records: [odd] }), more: false }
    const stand = standAtBeginning(emptyHash)
    expect(readBatch(stand, weigh(stand, answer), keys, anew.tag)).toMatchObject({
      taken: [],
      next: 'done',
      incidents: [],
      stand: { epoch: null },
    })
  })

  test('even where the device itself stands at such a key, by what its chain said before', () => {
    const [first] = mixed().records
    if (!first) throw new Error('It is there')
    const odd: ModelRecord = { ...first, header: { ...first.header, epoch: 'nobody knows' as EpochId } }
    const answer = { records: [odd], first: 1, snapshot: null, end: endOf({ ...newLog, records: [odd] }), more: false }
    const stand = { ...standAtBeginning(emptyHash), epoch: 'forgotten' as EpochId }
    expect(readBatch(stand, weigh(stand, answer), keys, anew.tag).taken).toEqual([])
  })

  test('a log that has only older ones wants a record of the newest', () => {
    const stand = { ...standAtBeginning(emptyHash), position: { sequence: 3, hash: emptyHash } }
    expect(wantsNewKey(stand, keys)).toBe(true)
    expect(wantsNewKey({ ...stand, epoch: later }, keys)).toBe(false)
    expect(wantsNewKey(standAtBeginning(emptyHash), keys)).toBe(false)
  })
})

test('a snapshot is due when what came after the newest one is as long as that one; after very much in any case', () => {
  const stand = { ...standAtBeginning(emptyHash), recordsSince: snapshotAfterRecords, bytesSince: snapshotAfterBytes }
  expect(wantsSnapshot(standAtBeginning(emptyHash))).toBe(false)
  expect(wantsSnapshot(stand)).toBe(true)
  expect(wantsSnapshot({ ...stand, recordsSince: snapshotAfterRecords - 1 })).toBe(false)
  expect(wantsSnapshot({ ...stand, bytesSince: snapshotAfterBytes - 1 })).toBe(false)
  expect(wantsSnapshot({ ...stand, snapshotBytes: snapshotAfterBytes + 1 })).toBe(false)
  expect(wantsSnapshot({ ...stand, snapshotBytes: snapshotAfterBytes + 1, recordsSince: snapshotAfterManyRecords })).toBe(true)
  const few = { ...stand, recordsSince: 1, bytesSince: 2 * snapshotAfterMuchBytes }
  expect(wantsSnapshot(few)).toBe(true)
  expect(wantsSnapshot({ ...few, snapshotBytes: snapshotAfterMuchBytes + 1 })).toBe(false)
})

test('an answer begins where the device stands, or at what a snapshot covers', () => {
  const stand = { ...standAtBeginning(emptyHash), position: { sequence: 4, hash: 'here' as LogHash } }
  expect(startOf(stand, { first: 5, snapshot: null }, () => null)).toBe('here')
  expect(startOf(stand, { first: 9, snapshot: null }, () => null)).toBeNull()
  expect(startOf(stand, { first: 3, snapshot: 3 }, () => null)).toBeNull()
})
