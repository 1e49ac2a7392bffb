import { describe, expect, it } from 'vitest'
import { datesOf, firstDayOfWeek, isDate, rangeOf, step, weekOf } from '../../../../../pwa/src/features/schedule/calendar.ts'

describe('the calendar', () => {
  it('tells days that exist from those that do not', () => {
    expect(['2026-02-28', '2028-02-29', '2026-02-30', '2026-13-01', '2026-1-1', 'today', ''].map(isDate)).toEqual([
      true,
      true,
      false,
      false,
      false,
      false,
      false,
    ])
  })

  it('starts the week as the region does', () => {
    expect([firstDayOfWeek('en-US'), firstDayOfWeek('en-GB'), firstDayOfWeek('es-ES')]).toEqual([7, 1, 1])
    expect(weekOf('2026-11-24', 7)[0]).toBe('2026-11-22')
    expect(weekOf('2026-11-22', 7)[0]).toBe('2026-11-22')
    expect(weekOf('2026-11-22', 1)[0]).toBe('2026-11-16')
    expect(datesOf('week', '2026-12-31', 1)).toHaveLength(7)
  })

  it('has 23 and 25 hours in a day when clocks change', () => {
    const hours = (date: string) => {
      const { fromAt, toAt } = rangeOf([date], 'America/New_York')
      return (toAt - fromAt) / 3_600_000
    }
    expect([hours('2026-03-08'), hours('2026-11-01'), hours('2026-11-02')]).toEqual([23, 25, 24])
  })

  it('steps by a day or a week', () => {
    expect([step('day', '2026-12-31', 1), step('week', '2026-01-03', -1)]).toEqual(['2027-01-01', '2025-12-27'])
  })
})
