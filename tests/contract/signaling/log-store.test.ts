import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { randomBytes, toBase64Url } from '@alcove/shared/crypto/bytes'
import { asId, type DeviceKey, type DocumentId } from '@alcove/shared/domain/ids'
import type { DeviceTag, LogHash, RecordHash, SpaceId } from '@alcove/shared/domain/sealed-log'
import { afterEach, describe, expect, it } from 'vitest'
import { openLevelStore } from '../../../signaling/src/sealed-log/level-store.ts'
import type { LogStore, LogWrite, StoredKit, StoredLog, StoredRecord } from '../../../signaling/src/sealed-log/log-store.ts'
import { createMemoryLogStore } from '../../support/signaling/memory-log-store.ts'

const random = (length: number) => toBase64Url(randomBytes(length))
const newSpace = () => asId<SpaceId>(random(32))
const newLog = () => asId<DocumentId>(random(16))
const newHash = () => asId<LogHash>(random(32))
const newDevice = () => asId<DeviceKey>(random(65))

/** A disk: what is opened on it later has what was stored before. `fill`: there is no room any more. */
type Disk = { open(): Promise<LogStore>; fill(isFull: boolean): void; remove(): void }

const backends: readonly [string, () => Disk][] = [
  [
    'on LevelDB',
    () => {
      const folder = mkdtempSync(join(tmpdir(), 'alcove-log-'))
      let freeBytes = 1e9
      return {
        open: () => openLevelStore({ folder, keepFreeBytes: 1e6, freeBytes: async () => freeBytes }),
        fill(isFull) {
          freeBytes = isFull ? 1e6 + 100 : 1e9
        },
        remove: () => rmSync(folder, { recursive: true, force: true }),
      }
    },
  ],
  [
    'in memory',
    () => {
      const store = createMemoryLogStore()
      return { open: async () => store, fill: (isFull) => store.refuseWith(isFull ? 'full' : null), remove: () => {} }
    },
  ],
]

function recordOf(size: number, total = size): StoredRecord {
  return { bytes: new Uint8Array(size).map((_, index) => (index * 7 + size) & 0xff), hash: newHash(), total }
}

function logOf(change: Partial<StoredLog> = {}): StoredLog {
  const position = { sequence: 3, hash: newHash() }
  const tag = asId<DeviceTag>(random(16))
  return {
    tick: 9,
    end: position,
    total: 700,
    base: { sequence: 1, hash: newHash(), total: 100 },
    writers: new Map([[tag, { number: 2, record: asId<RecordHash>(random(32)), at: position, tick: 9 }]]),
    snapshots: [
      { sequence: 3, covers: { sequence: 1, hash: newHash(), total: 100 }, by: tag, writtenAt: 1_795_446_199_999, confirmed: true },
    ],
    ...change,
  }
}

const statement = (space: SpaceId, version: number, total = 100): LogWrite => ({
  type: 'statement',
  space,
  version,
  statement: `${'s'.repeat(50)}${version}`,
  total,
})
const everything = { maxCount: 1_000, maxBytes: 1e9 }

describe.each(backends)('a store of sealed logs %s', (_name, createDisk) => {
  let disks: Disk[] = []
  const newDisk = () => {
    const disk = createDisk()
    disks.push(disk)
    return disk
  }
  afterEach(() => {
    for (const disk of disks) disk.remove()
    disks = []
  })

  it('has nothing at first', async () => {
    const store = await newDisk().open()
    const space = newSpace()
    expect(store.spaces()).toBe(0)
    expect(await store.readSpace(space)).toBeNull()
    expect(await store.readAccess(space)).toBeNull()
    expect(await store.readStatements(space, 0, 10)).toEqual([])
    expect(await store.readRecords(space, newLog(), { first: 1, last: 9, ...everything })).toEqual([])
    expect(await store.readKit(random(32))).toBeNull()
    await store.close()
  })

  it('has what was stored, also when it is opened again', async () => {
    const disk = newDisk()
    const [space, log, locator, device] = [newSpace(), newLog(), random(32), newDevice()]
    const records = [recordOf(300), recordOf(70_000, 70_300), recordOf(1, 70_301)]
    const kit: StoredKit = { space, device, bytes: randomBytes(500) }
    const state = logOf()
    const first = await disk.open()
    const outcome = await first.commit([
      statement(space, 0, 51),
      statement(space, 1, 102),
      ...records.map((record, index): LogWrite => ({ type: 'record', space, log, sequence: index + 1, record })),
      { type: 'log', space, log, state },
      { type: 'kit', locator, kit },
    ])
    expect(outcome).toBe('stored')
    await first.close()
    const again = await disk.open()
    expect(again.spaces()).toBe(1)
    expect(await again.readSpace(space)).toEqual({
      statements: { version: 1, newest: `${'s'.repeat(50)}1`, bytes: 102 },
      logs: new Map([[log, state]]),
      kits: new Map([[locator, { device, size: 500 }]]),
    })
    expect(await again.readAccess(space)).toEqual({ version: 1, newest: `${'s'.repeat(50)}1`, bytes: 102 })
    expect(await again.readRecords(space, log, { first: 1, last: 3, ...everything })).toEqual(records)
    expect(await again.readKit(locator)).toEqual(kit)
    await again.close()
  })

  it('keeps spaces apart, and logs', async () => {
    const store = await newDisk().open()
    const [space, other, log, otherLog] = [newSpace(), newSpace(), newLog(), newLog()]
    const own = recordOf(10)
    await store.commit([
      statement(space, 0),
      statement(other, 0),
      { type: 'record', space, log, sequence: 1, record: own },
      { type: 'record', space, log: otherLog, sequence: 2, record: recordOf(11) },
      { type: 'record', space: other, log, sequence: 2, record: recordOf(12) },
      { type: 'log', space: other, log, state: logOf() },
      { type: 'kit', locator: random(32), kit: { space: other, device: newDevice(), bytes: randomBytes(9) } },
    ])
    expect(store.spaces()).toBe(2)
    expect(await store.readRecords(space, log, { first: 1, last: 9, ...everything })).toEqual([own])
    const read = await store.readSpace(space)
    expect([read?.logs.size, read?.kits.size]).toEqual([0, 0])
    await store.close()
  })

  it('gives records in order of their numbers, as many as are wanted and fit, but always one', async () => {
    const store = await newDisk().open()
    const [space, log] = [newSpace(), newLog()]
    const sizes = new Map([9, 10, 11, 99, 100, 255, 256, 65_536, 4_294_967_296].map((sequence, index) => [sequence, 100 + index]))
    const writes = [...sizes].map(([sequence, size]): LogWrite => ({ type: 'record', space, log, sequence, record: recordOf(size) }))
    await store.commit(writes.reverse())
    const lengths = async (range: Partial<{ first: number; last: number; maxCount: number; maxBytes: number }>) => {
      const read = await store.readRecords(space, log, { first: 9, last: 11, ...everything, ...range })
      return read.map(({ bytes }) => bytes.length)
    }
    expect(await lengths({})).toEqual([100, 101, 102])
    expect(await lengths({ first: 10, last: 10 })).toEqual([101])
    expect(await lengths({ maxCount: 2 })).toEqual([100, 101])
    expect(await lengths({ maxBytes: 201 })).toEqual([100, 101])
    expect(await lengths({ maxBytes: 200 })).toEqual([100])
    expect(await lengths({ maxBytes: 1 })).toEqual([100])
    expect(await lengths({ first: 4_294_967_296, last: 4_294_967_296 })).toEqual([108])
    await store.close()
  })

  it('gives statements in order of their versions, from one on', async () => {
    const store = await newDisk().open()
    const space = newSpace()
    for (let version = 0; version < 20; version++) await store.commit([statement(space, version)])
    const versions = async (from: number, count: number) =>
      (await store.readStatements(space, from, count)).map((text) => Number(text.slice(50)))
    expect(await versions(0, 64)).toEqual(Array.from({ length: 20 }, (_, index) => index))
    expect(await versions(8, 5)).toEqual([8, 9, 10, 11, 12])
    expect(await versions(20, 5)).toEqual([])
    expect([(await store.readSpace(space))?.statements.version, store.spaces()]).toEqual([19, 1])
    await store.close()
  })

  it('removes what is pruned and kits that are taken away, and replaces what is written again', async () => {
    const store = await newDisk().open()
    const [space, log, locator] = [newSpace(), newLog(), random(32)]
    const records = [1, 2, 3, 4].map((sequence): LogWrite => ({ type: 'record', space, log, sequence, record: recordOf(sequence) }))
    const kit = (size: number): LogWrite => ({ type: 'kit', locator, kit: { space, device: newDevice(), bytes: randomBytes(size) } })
    await store.commit([statement(space, 0), ...records, kit(20), { type: 'log', space, log, state: logOf() }])
    const state = logOf({ tick: 12, snapshots: [], writers: new Map() })
    await store.commit([{ type: 'prune', space, log, first: 1, last: 2 }, { type: 'log', space, log, state }, kit(30)])
    const left = await store.readRecords(space, log, { first: 3, last: 4, ...everything })
    expect(left.map(({ bytes }) => bytes.length)).toEqual([3, 4])
    expect(await store.readRecords(space, log, { first: 1, last: 2, ...everything })).toEqual([])
    const read = await store.readSpace(space)
    expect([read?.logs.get(log), read?.kits.get(locator)?.size]).toEqual([state, 30])
    await store.commit([{ type: 'no-kit', locator, space }])
    expect([await store.readKit(locator), (await store.readSpace(space))?.kits.size]).toEqual([null, 0])
    await store.close()
  })

  it('says that commits are stored in the order in which they were given, however many at once', async () => {
    const disk = newDisk()
    const store = await disk.open()
    const [space, log] = [newSpace(), newLog()]
    const done: number[] = []
    await Promise.all(
      Array.from({ length: 200 }, async (_, index) => {
        await store.commit([{ type: 'record', space, log, sequence: index + 1, record: recordOf(index + 1) }])
        done.push(index)
      }),
    )
    expect(done).toEqual(Array.from({ length: 200 }, (_, index) => index))
    await store.close()
    const again = await disk.open()
    const read = await again.readRecords(space, log, { first: 1, last: 200, ...everything })
    expect(read.map(({ bytes }) => bytes.length)).toEqual(Array.from({ length: 200 }, (_, index) => index + 1))
    await again.close()
  })

  it('stores all or nothing when there is no room, reads as ever, and stores again when there is', async () => {
    const disk = newDisk()
    const store = await disk.open()
    const [space, other, log] = [newSpace(), newSpace(), newLog()]
    const before = recordOf(50)
    await store.commit([statement(space, 0), { type: 'record', space, log, sequence: 1, record: before }])
    disk.fill(true)
    const late: LogWrite = { type: 'record', space, log, sequence: 2, record: recordOf(5_000) }
    expect(await Promise.all([store.commit([statement(other, 0), late]), store.commit([late])])).toEqual(['full', 'full'])
    expect(await store.readRecords(space, log, { first: 1, last: 9, ...everything })).toEqual([before])
    expect([await store.readSpace(other), store.spaces()]).toEqual([null, 1])
    disk.fill(false)
    expect(await store.commit([late])).toBe('stored')
    expect(await store.readRecords(space, log, { first: 1, last: 9, ...everything })).toHaveLength(2)
    await store.close()
  })
})
