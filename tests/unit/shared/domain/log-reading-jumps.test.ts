import type { EpochId } from '@alcove/shared/domain/ids'
import { type LogReading, readBatch, standAtBeginning, startOf, wantsNewKey, wantsSnapshot } from '@alcove/shared/domain/log-reading'
import {
  type LogHash,
  type LogIncidentKind,
  snapshotAfterBytes,
  snapshotAfterManyRecords,
  snapshotAfterMuchBytes,
  snapshotAfterRecords,
} from '@alcove/shared/domain/sealed-log'
import { fc } from '../../../support/property.ts'
import { describe, expect, test } from 'vitest'
import {
  append,
  catchUp,
  emptyHash,
  endOf,
  type ModelRecord,
  newDevice,
  newLog,
  read,
  tagNamed,
  take,
  weigh,
  write,
} from '../../../support/log/log-model.ts'

import { all, attack, epochs, go, honest, readAll, type Story, start } from '../../../support/log/log-stories.ts'

fc.configureGlobal({ numRuns: 50 })

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

test.each([
  ['by a removed device under a key of its own is not begun at, and no server is blamed', 'void', []],
  ['that does not open is not begun at, and the server is blamed', 'broken', ['forged']],
] as const)('a snapshot %s', (_what, state, incidents) => {
  const header: ModelRecord['header'] = {
    kind: 'snapshot',
    device: tagNamed('removed'),
    number: 3,
    epoch: 'its own' as EpochId,
    seen: new Map(),
    covers: { sequence: 4, hash: 'there' as LogHash },
  }
  const record: ModelRecord = { header, content: new Set(), state }
  const answer = { records: [record], first: 5, snapshot: 5, end: { sequence: 5, hash: 'end' as LogHash }, more: false }
  const stand = standAtBeginning(emptyHash)
  expect(readBatch(stand, weigh(stand, answer), epochs, tagNamed('me'))).toEqual({ stand, taken: [], incidents, next: 'stuck' })
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

describe('a log whose beginning is gone, but for a snapshot under a key that came to nothing', () => {
  const covers = { sequence: 4, hash: 'there' as LogHash }
  const record = (kind: 'snapshot' | 'ack' | 'update', device: string, number: number, state: ModelRecord['state']): ModelRecord => {
    const header = { kind, device: tagNamed(device), number, epoch: 'vain' as EpochId, seen: new Map([[tagNamed('other'), 2]]) }
    return { header: { ...header, covers: kind === 'update' ? null : covers }, content: new Set([number]), state }
  }
  const fresh = standAtBeginning(emptyHash)
  function answer(state: ModelRecord['state'], acks: readonly ModelRecord[], how: { isOldest?: boolean; from?: number } = {}) {
    const later = record('update', 'writer', 4, 'open')
    const records = [record('snapshot', 'writer', 3, state), ...acks, { ...later, header: { ...later.header, epoch: null } }]
    const stand = { ...fresh, position: { sequence: 4, hash: covers.hash } }
    const hashes = weigh(stand, { records, first: 5, snapshot: null, end: fresh.position, more: false }).records.map(({ hash }) => hash)
    const end = { sequence: 4 + records.length, hash: hashes.at(-1) ?? emptyHash }
    const batch = { ...weigh(stand, { records, first: 5, snapshot: 5, end, more: false }), isOldest: how.isOldest ?? true }
    return readBatch({ ...fresh, position: { ...fresh.position, sequence: how.from ?? 0 } }, batch, [null], tagNamed('me'))
  }
  const confirmed = record('ack', 'other', 3, 'open')

  test.each(['open', 'void'] as const)('is read from there when another device has confirmed it (%s)', (state) => {
    const reading = answer(state, [confirmed])
    expect(reading).toMatchObject({ next: 'done', incidents: [], taken: [2], stand: { position: { sequence: 7 }, epoch: null } })
    expect(reading.stand.seen).toEqual(
      new Map([
        [tagNamed('writer'), 4],
        [tagNamed('other'), 3],
      ]),
    )
  })

  test.each([
    ['nobody has confirmed it', () => answer('open', [])],
    ['its writer has', () => answer('void', [record('ack', 'writer', 4, 'open')])],
    ['the one who confirmed it is nobody', () => answer('void', [record('ack', 'other', 3, 'forged')])],
    [
      'it was confirmed as another log’s',
      () => answer('open', [{ ...confirmed, header: { ...confirmed.header, covers: { ...covers, hash: emptyHash } } }]),
    ],
    ['what confirms it does not open', () => answer('open', [{ ...confirmed, state: 'broken' }])],
    ['there may be older records', () => answer('open', [confirmed], { isOldest: false })],
    ['something of it was read before', () => answer('open', [confirmed], { from: 2 })],
  ])('is not begun there when %s', (_why, read) => {
    expect(read()).toMatchObject({ next: 'stuck', taken: [], incidents: [] })
  })
})
