import { scaleDownBy, videoHeightLimit } from '@alcove/shared/call/quality'
import { expect, it } from 'vitest'

it('limits cameras to 360 lines above two people', () => {
  expect([1, 2, 3, 4].map(videoHeightLimit)).toEqual([null, null, 360, 360])
})

it('scales down to the limit and never up', () => {
  expect(scaleDownBy(720, 360)).toBe(2)
  expect(scaleDownBy(480, 360)).toBeCloseTo(4 / 3)
  expect(scaleDownBy(180, 360)).toBe(1)
  expect(scaleDownBy(720, null)).toBe(1)
  expect(scaleDownBy(undefined, 360)).toBe(1)
})
