import { asId } from '@alcove/shared/domain/ids'
import type { DeviceTag, LogHash } from '@alcove/shared/domain/sealed-log'
import { fc } from '../../../support/property.ts'
import { describe, expect, it } from 'vitest'
import type { StoredLog, StoredSnapshot } from '../../../../signaling/src/sealed-log/log-store.ts'
import { prune } from '../../../../signaling/src/sealed-log/pruning.ts'

const now = 1_795_446_000_000
const dayMs = 24 * 60 * 60 * 1000
const hash = asId<LogHash>('h')
const position = (sequence: number) => ({ sequence, hash, total: sequence * 100 })
const snapshot = (sequence: number, covers: number, change: Partial<StoredSnapshot> = {}): StoredSnapshot => ({
  sequence,
  covers: position(covers),
  by: asId<DeviceTag>('d'),
  writtenAt: now,
  confirmed: false,
  ...change,
})
function logWith(...snapshots: readonly StoredSnapshot[]): StoredLog {
  return { tick: 1, end: position(1_000), total: 100_000, base: position(0), writers: new Map(), snapshots }
}
const confirmed = { confirmed: true }

describe('what may go', () => {
  it.each([
    ['nothing without a snapshot', [], null],
    ['nothing for the only one', [snapshot(110, 100, confirmed)], null],
    ['nothing that no other device has looked at', [snapshot(110, 100), snapshot(210, 200)], null],
    ['nothing for the newest', [snapshot(110, 100), snapshot(210, 200, confirmed)], null],
    ['what the older of two covers', [snapshot(110, 100, confirmed), snapshot(210, 200)], 100],
    ['what the last but one covers', [snapshot(110, 100, confirmed), snapshot(210, 200, confirmed), snapshot(310, 300)], 200],
    ['what an older one covers, if that one is safe', [snapshot(110, 100, confirmed), snapshot(210, 200), snapshot(310, 300)], 100],
    ['what was covered 30 days ago', [snapshot(110, 100, { writtenAt: now - 30 * dayMs }), snapshot(210, 200)], 100],
    ['nothing before that', [snapshot(110, 100, { writtenAt: now - 30 * dayMs + 1 }), snapshot(210, 200)], null],
  ])('%s', (_what, snapshots, last) => {
    const pruned = prune(logWith(...snapshots), now)
    expect(pruned && [pruned.first, pruned.last, pruned.state.base.sequence]).toEqual(last && [1, last, last])
  })

  it('is always less than what two snapshots need, and never a snapshot that is kept', () => {
    const step = fc.record({
      covers: fc.integer({ min: 1, max: 50 }),
      later: fc.integer({ min: 1, max: 60 }),
      confirmed: fc.boolean(),
      age: fc.nat(60),
    })
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 8 }), (steps) => {
        let [covers, sequence] = [0, 0]
        const snapshots = steps.map((one) => {
          covers = Math.min(covers + one.covers, sequence + one.covers)
          sequence = Math.max(sequence, covers) + one.later
          return snapshot(sequence, covers, { confirmed: one.confirmed, writtenAt: now - one.age * dayMs })
        })
        const log = { ...logWith(...snapshots), end: position(sequence + 1) }
        const pruned = prune(log, now)
        if (pruned === null) return
        expect([pruned.first, pruned.last]).toEqual([1, pruned.state.base.sequence])
        const kept = pruned.state.snapshots
        expect(kept.length).toBeGreaterThanOrEqual(2)
        expect(kept.at(-1)).toEqual(snapshots.at(-1))
        // What is left can be read: from a kept snapshot's cover on, all records are there.
        for (const one of kept.slice(-2)) expect(one.covers.sequence).toBeGreaterThanOrEqual(pruned.last)
        for (const one of kept) expect(one.sequence).toBeGreaterThan(pruned.last)
        expect(prune(pruned.state, now)).toBeNull()
      }),
    )
  })
})
