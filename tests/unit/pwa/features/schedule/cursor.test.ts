import { describe, expect, it } from 'vitest'
import { type Cursor, moveCursor, stopAt } from '../../../../../pwa/src/features/schedule/cursor.ts'
import { layoutDay } from '../../../../../pwa/src/features/schedule/layout.ts'
import { appointment, zone } from './examples.ts'

const booked = appointment('2026-11-24', '09:15', 50)
const days = [layoutDay([booked], '2026-11-24', zone), layoutDay([], '2026-11-25', zone)]
const slot = (date: string, minute: number): Cursor => ({ date, minute, appointmentId: null })
const onBooked: Cursor = { date: '2026-11-24', minute: 555, appointmentId: booked.id }

describe('the keyboard on the time grid', () => {
  it('goes by half hours and stops at an appointment once', () => {
    expect(moveCursor(days, slot('2026-11-24', 480), 'down')).toEqual(slot('2026-11-24', 510))
    expect(moveCursor(days, slot('2026-11-24', 510), 'down')).toEqual(onBooked)
    expect(moveCursor(days, onBooked, 'down')).toEqual(slot('2026-11-24', 630))
    expect(moveCursor(days, slot('2026-11-24', 630), 'up')).toEqual(onBooked)
  })

  it('keeps the time from day to day and leaves at the sides', () => {
    expect(moveCursor(days, slot('2026-11-25', 570), 'left')).toEqual(onBooked)
    expect(moveCursor(days, onBooked, 'left')).toBe('before')
    expect(moveCursor(days, slot('2026-11-25', 570), 'right')).toBe('after')
  })

  it('stays at midnight', () => {
    expect(moveCursor(days, slot('2026-11-25', 0), 'up')).toEqual(slot('2026-11-25', 0))
    expect(moveCursor(days, slot('2026-11-25', 1410), 'down')).toEqual(slot('2026-11-25', 1410))
  })

  it('jumps to the first and last appointment, or to the ends of a free day', () => {
    expect(moveCursor(days, slot('2026-11-24', 1200), 'first')).toEqual(onBooked)
    expect(moveCursor(days, slot('2026-11-24', 0), 'last')).toEqual(onBooked)
    expect(moveCursor(days, slot('2026-11-25', 600), 'last')).toEqual(slot('2026-11-25', 1410))
  })

  it('finds its place again when the appointment under it is gone', () => {
    const gone: Cursor = { date: '2026-11-25', minute: 555, appointmentId: booked.id }
    expect(moveCursor(days, gone, 'down')).toEqual(slot('2026-11-25', 540))
    expect(stopAt(days[0] as (typeof days)[number], 560)).toEqual(onBooked)
  })
})
