import { backoffFirstMs, backoffLastMs, backoffMs } from '@alcove/shared/call/backoff'
import { fc } from '../../../support/property.ts'
import { expect, it } from 'vitest'

const nearlyOne = 1 - Number.EPSILON

it('waits anywhere below a limit that doubles from 0.3 s to 15 s', () => {
  expect([0, 1, 2, 3, 4, 5, 6, 50].map((attempt) => backoffMs(attempt, nearlyOne))).toEqual([
    300, 600, 1200, 2400, 4800, 9600, 15_000, 15_000,
  ])
  expect(backoffMs(3, 0)).toBe(0)
  expect(backoffMs(0, 0.5)).toBe(backoffFirstMs / 2)
})

it('never waits longer than the last limit nor less than nothing, however often it failed', () => {
  fc.assert(
    fc.property(fc.nat(), fc.double({ min: 0, max: nearlyOne, noNaN: true }), (attempt, random) => {
      const delayMs = backoffMs(attempt, random)
      expect(delayMs).toBeGreaterThanOrEqual(0)
      expect(delayMs).toBeLessThanOrEqual(backoffLastMs)
    }),
  )
})
