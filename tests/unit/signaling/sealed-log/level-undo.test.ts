import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { asId } from '@alcove/shared/domain/ids'
import type { SpaceId } from '@alcove/shared/domain/sealed-log'
import { ClassicLevel } from 'classic-level'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { openLevelStore } from '../../../../signaling/src/sealed-log/level-store.ts'
import type { LogStore } from '../../../../signaling/src/sealed-log/log-store.ts'

/** A disk that fails: what it did not take shows all the same once the database is opened anew, as LevelDB's may. */
const disk = { failingWrites: 0, failingReads: 0, left: null as object[] | null }
type Level = { open(): Promise<void>; batch(rows: object[], options?: object): Promise<void>; getMany(keys: string[]): Promise<unknown> }
const level = ClassicLevel.prototype as unknown as Level
const { open, batch, getMany } = level

function breakDisk(): void {
  vi.spyOn(level, 'open').mockImplementation(async function (this: Level) {
    await open.call(this)
    const { left } = disk
    disk.left = null
    if (left !== null) await batch.call(this, left)
  })
  vi.spyOn(level, 'batch').mockImplementation(function (this: Level, rows, options) {
    if (disk.failingWrites === 0) return batch.call(this, rows, options)
    disk.failingWrites -= 1
    disk.left ??= rows
    return Promise.reject(new Error('The disk did not write'))
  })
  vi.spyOn(level, 'getMany').mockImplementation(function (this: Level, keys) {
    if (disk.failingReads === 0) return getMany.call(this, keys)
    disk.failingReads -= 1
    return Promise.reject(new Error('The disk did not read'))
  })
}

let folder: string
let store: LogStore
let faults: string[]
const [space, other] = [asId<SpaceId>('s'.repeat(43)), asId<SpaceId>('t'.repeat(43))]
const commit = (of: SpaceId, statement: string) => store.commit([{ type: 'statement', space: of, version: 0, statement, total: 1 }])
const newestOf = async (of: SpaceId) => (await store.readAccess(of))?.newest ?? null

beforeEach(async () => {
  breakDisk()
  vi.useFakeTimers({ toFake: ['performance'] })
  folder = mkdtempSync(join(tmpdir(), 'alcove-undo-'))
  faults = []
  store = await openLevelStore({ folder, keepFreeBytes: 0, report: (error) => faults.push((error as Error).message) })
  expect(await commit(space, 'first')).toBe('stored')
})
afterEach(async () => {
  Object.assign(disk, { failingWrites: 0, failingReads: 0, left: null })
  await store.close()
  rmSync(folder, { recursive: true, force: true })
  vi.useRealTimers()
  vi.restoreAllMocks()
})

it('undoes a write that failed, also when it could not be read at once what was there before', async () => {
  Object.assign(disk, { failingWrites: 1, failingReads: 2 })
  expect(await commit(space, 'second')).toBe('failed')
  expect(faults).toEqual(['The disk did not read', 'The disk did not write'])
  // Nothing is written over it as long as it cannot be undone, and nothing of it is shown.
  vi.advanceTimersByTime(1_000)
  expect(await commit(other, 'x')).toBe('failed')
  expect([await newestOf(space), await newestOf(other)]).toEqual(['first', null])
  vi.advanceTimersByTime(1_000)
  expect(await commit(other, 'x')).toBe('stored')
  expect([await newestOf(space), await newestOf(other), store.spaces()]).toEqual(['first', 'x', 2])
  await store.close()
  store = await openLevelStore({ folder, keepFreeBytes: 0 })
  expect([await newestOf(space), await newestOf(other), store.spaces()]).toEqual(['first', 'x', 2])
})

it('shows nothing of a write that failed while the undoing itself fails, says so, and undoes it as soon as it can', async () => {
  disk.failingWrites = 2
  expect(await commit(space, 'second')).toBe('failed')
  vi.advanceTimersByTime(1_000)
  expect(await commit(other, 'x')).toBe('failed')
  expect(faults).toEqual(['The disk did not write', 'The disk did not write'])
  await expect(newestOf(space)).rejects.toThrow('not undone yet')
  // Whoever reads is enough for it to be tried again.
  vi.advanceTimersByTime(1_000)
  expect(await newestOf(space)).toBe('first')
  expect([await commit(other, 'x'), await newestOf(other)]).toEqual(['stored', 'x'])
})
