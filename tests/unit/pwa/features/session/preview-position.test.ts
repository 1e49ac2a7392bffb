import { fc } from '../../../../support/property.ts'
import { describe, expect, it } from 'vitest'
import {
  defaultPosition,
  edgePx,
  formatPosition,
  fromPoint,
  parsePosition,
  placeOf,
  pressed,
  stepPx,
  toPoint,
} from '../../../../../pwa/src/features/session/preview-position.ts'

const stage = { width: 1000, height: 700 }
const preview = { width: 200, height: 150 }
const share = fc.double({ min: -3, max: 3, noNaN: true })
const size = fc.record({ width: fc.integer({ min: 0, max: 4000 }), height: fc.integer({ min: 0, max: 3000 }) })
const key = fc.constantFrom('ArrowLeft', 'ArrowRight', 'ArrowUp', 'ArrowDown')

describe('the place of the preview', () => {
  it('stands at the bottom right, off the edges, until it is moved', () => {
    expect(toPoint(defaultPosition, stage, preview)).toEqual({ left: 1000 - 200 - edgePx, top: 700 - 150 - edgePx })
  })

  it('S28 goes one step per key and a bigger one with Shift', () => {
    const start = fromPoint({ left: 400, top: 300 }, stage, preview)
    const right = toPoint(pressed(start, 'ArrowRight', false, stage, preview), stage, preview)
    const up = toPoint(pressed(start, 'ArrowUp', true, stage, preview), stage, preview)
    expect(right).toEqual({ left: 400 + stepPx, top: 300 })
    expect(up.left).toBe(400)
    expect(up.top).toBeLessThan(300 - stepPx)
  })

  it('stays inside a stage that has room for it, whatever is pressed and however the window changes', () => {
    fc.assert(
      fc.property(share, share, fc.array(fc.tuple(key, fc.boolean(), size)), (across, down, steps) => {
        let position = { across, down }
        for (const [arrow, big, area] of steps) {
          position = pressed(position, arrow, big, area, preview)
          const { left, top } = toPoint(position, area, preview)
          if (area.width >= preview.width + 2 * edgePx) expect(left + preview.width).toBeLessThanOrEqual(area.width - edgePx)
          if (area.height >= preview.height + 2 * edgePx) expect(top + preview.height).toBeLessThanOrEqual(area.height - edgePx)
          expect(left).toBeGreaterThanOrEqual(edgePx)
          expect(top).toBeGreaterThanOrEqual(edgePx)
        }
      }),
    )
  })

  it('keeps its share of the way when the window changes', () => {
    const middle = fromPoint({ left: 400, top: 275 }, stage, preview)
    const { left, top } = toPoint(middle, { width: 500, height: 350 }, preview)
    expect(left).toBe((500 - 200) / 2)
    expect(top).toBe((350 - 150) / 2)
  })

  it('is remembered as text and read back', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1, noNaN: true }), fc.double({ min: 0, max: 1, noNaN: true }), (across, down) => {
        const back = parsePosition(formatPosition({ across, down }))
        expect(back.across).toBeCloseTo(across, 3)
        expect(back.down).toBeCloseTo(down, 3)
      }),
    )
  })

  it('reads nonsense as the default and never throws', () => {
    for (const text of [null, 'x', '1,2,3', 'NaN,1', '0.5', '{}']) expect(parsePosition(text)).toEqual(defaultPosition)
    fc.assert(
      fc.property(fc.string(), (text) => {
        const { across, down } = parsePosition(text)
        expect(across >= 0 && across <= 1 && down >= 0 && down <= 1).toBe(true)
      }),
    )
  })

  it('has a name for each ninth of the stage', () => {
    expect(placeOf({ across: 0, down: 0 })).toBe('top-left')
    expect(placeOf({ across: 0.5, down: 0.5 })).toBe('middle-middle')
    expect(placeOf({ across: 1, down: 1 })).toBe('bottom-right')
  })
})
