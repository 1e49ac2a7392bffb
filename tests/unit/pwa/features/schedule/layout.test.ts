import { fc } from '../../../../support/property.ts'
import { describe, expect, it } from 'vitest'
import { layoutDay, shortestDrawnMinutes } from '../../../../../pwa/src/features/schedule/layout.ts'
import { appointment, zone } from './examples.ts'

const day = '2026-11-24'
const columns = (appointments: Parameters<typeof layoutDay>[0]) =>
  layoutDay(appointments, day, zone).blocks.map(({ startMinute, column, columns: of }) => [startMinute, column, of])

describe('the layout of a day', () => {
  it('gives an appointment that overlaps nothing the whole width', () => {
    expect(columns([appointment(day, '09:00', 50), appointment(day, '10:00', 50)])).toEqual([
      [540, 0, 1],
      [600, 0, 1],
    ])
  })

  it('puts those that overlap side by side, also through a third', () => {
    expect(columns([appointment(day, '09:00', 60), appointment(day, '09:30', 60), appointment(day, '10:00', 60)])).toEqual([
      [540, 0, 2],
      [570, 1, 2],
      [600, 0, 2],
    ])
  })

  it('keeps short ones apart although they are drawn longer than they last', () => {
    expect(columns([appointment(day, '09:00', 5), appointment(day, '09:10', 5)])).toEqual([
      [540, 0, 2],
      [550, 1, 2],
    ])
  })

  it('never draws two on the same spot', () => {
    const minutes = fc.array(fc.record({ start: fc.integer({ min: 0, max: 1380 }), length: fc.integer({ min: 1, max: 400 }) }), {
      maxLength: 20,
    })
    fc.assert(
      fc.property(minutes, (spans) => {
        const made = spans.map(({ start, length }) => {
          const time = `${String(Math.floor(start / 60)).padStart(2, '0')}:${String(start % 60).padStart(2, '0')}`
          return appointment(day, time, length)
        })
        const { blocks } = layoutDay(made, day, zone)
        expect(blocks).toHaveLength(made.length)
        const end = (block: (typeof blocks)[number]) => Math.max(block.endMinute, block.startMinute + shortestDrawnMinutes)
        for (const [index, a] of blocks.entries()) {
          expect(a.column).toBeLessThan(a.columns)
          for (const b of blocks.slice(index + 1)) {
            const overlap = a.startMinute < end(b) && b.startMinute < end(a)
            if (overlap) expect([a.column, a.columns]).not.toEqual([b.column, a.columns])
            if (overlap) expect(b.columns).toBe(a.columns)
          }
        }
      }),
    )
  })

  it('cuts at midnight what began the day before or ends the day after', () => {
    const late = appointment('2026-11-23', '23:30', 60)
    const night = appointment(day, '23:30', 60)
    const { blocks } = layoutDay([late, night], day, zone)
    expect(blocks.map(({ startMinute, endMinute }) => [startMinute, endMinute])).toEqual([
      [0, 30],
      [1410, 1440],
    ])
    expect(layoutDay([appointment('2026-11-23', '23:00', 60)], day, zone).blocks).toEqual([])
  })

  it('shades vacation and blackout behind the rest', () => {
    const layout = layoutDay([appointment(day, '08:00', 600, { type: 'vacation' }), appointment(day, '09:00', 50)], day, zone)
    expect(layout.shades).toHaveLength(1)
    expect(layout.blocks.map(({ columns: of }) => of)).toEqual([1])
  })

  it('holds an appointment across the hour that comes twice', () => {
    const { blocks } = layoutDay([appointment('2026-11-01', '01:30', 60)], '2026-11-01', zone)
    expect(blocks[0]?.startMinute).toBe(90)
    expect(blocks[0]?.endMinute).toBeGreaterThan(90)
  })
})
