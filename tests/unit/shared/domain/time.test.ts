import { addDays, dayOfWeek, instantOf, isZone, nextQuarterHour, wallTimeAt } from '@alcove/shared/domain/time'
import { fc } from '../../../support/property.ts'
import { expect, test } from 'vitest'

const newYork = 'America/New_York'
const madrid = 'Europe/Madrid'
const at = (date: string, time: string, zone: string) => instantOf({ date, time, zone })

test('a wall time is an instant', () => {
  expect(at('2026-11-23', '09:30', newYork)).toBe(Date.UTC(2026, 10, 23, 14, 30))
  expect(at('2026-07-01', '09:30', newYork)).toBe(Date.UTC(2026, 6, 1, 13, 30))
  expect(at('2026-07-01', '09:30', madrid)).toBe(Date.UTC(2026, 6, 1, 7, 30))
})

test('a time in the hour that a clock change skips is read as the same time after it (RFC 5545)', () => {
  expect(at('2026-03-08', '02:30', newYork)).toBe(Date.UTC(2026, 2, 8, 7, 30))
  expect(wallTimeAt(at('2026-03-08', '02:30', newYork), newYork).time).toBe('03:30')
  expect(at('2026-03-29', '02:30', madrid)).toBe(Date.UTC(2026, 2, 29, 1, 30))
  expect(wallTimeAt(at('2026-03-29', '02:30', madrid), madrid).time).toBe('03:30')
})

test('a time in the hour that a clock change repeats is the first of the two', () => {
  expect(at('2026-11-01', '01:30', newYork)).toBe(Date.UTC(2026, 10, 1, 5, 30))
  expect(at('2026-10-25', '02:30', madrid)).toBe(Date.UTC(2026, 9, 25, 0, 30))
})

test('both instants of a repeated hour have the same wall time', () => {
  const first = wallTimeAt(Date.UTC(2026, 10, 1, 5, 30), newYork)
  expect(first).toEqual({ date: '2026-11-01', time: '01:30', zone: newYork })
  expect(wallTimeAt(Date.UTC(2026, 10, 1, 6, 30), newYork)).toEqual(first)
})

test('the wall time of an instant leads back to it, except in the second pass of a repeated hour', () => {
  const minutes = fc.integer({ min: Date.UTC(2020, 0) / 60_000, max: Date.UTC(2040, 0) / 60_000 })
  fc.assert(
    fc.property(minutes, fc.constantFrom(newYork, madrid, 'Asia/Kolkata', 'Australia/Lord_Howe', 'UTC'), (minute, zone) => {
      const instant = minute * 60_000
      const back = instantOf(wallTimeAt(instant, zone))
      expect([0, 30 * 60_000, 60 * 60_000]).toContain(instant - back)
      expect(wallTimeAt(back, zone)).toEqual(wallTimeAt(instant, zone))
    }),
  )
})

test('seconds are left out of a wall time', () => {
  expect(wallTimeAt(Date.UTC(2026, 10, 23, 14, 30, 59, 999), newYork).time).toBe('09:30')
})

test('a wall time that does not exist on any calendar is refused', () => {
  expect(() => at('2026-02-30', '09:00', newYork)).toThrow(RangeError)
  expect(() => at('2026-11-23', '25:00', newYork)).toThrow(RangeError)
  expect(() => at('2026-11-23', '09:00', 'Mars/Olympus_Mons')).toThrow(RangeError)
})

test('days are added across months, years and leap days', () => {
  expect(addDays('2026-11-30', 1)).toBe('2026-12-01')
  expect(addDays('2026-12-31', 1)).toBe('2027-01-01')
  expect(addDays('2028-02-28', 1)).toBe('2028-02-29')
  expect(addDays('2026-03-01', -1)).toBe('2026-02-28')
})

test('the week starts on Monday', () => {
  expect(dayOfWeek('2026-11-23')).toBe(1)
  expect(dayOfWeek('2026-11-29')).toBe(7)
})

test('a new appointment starts at the first full quarter at or after now', () => {
  const quarter = Date.UTC(2026, 10, 23, 14, 15)
  expect(nextQuarterHour(quarter)).toBe(quarter)
  expect(nextQuarterHour(quarter - 1)).toBe(quarter)
  expect(nextQuarterHour(quarter + 1)).toBe(quarter + 15 * 60_000)
  expect(nextQuarterHour(Date.UTC(2026, 10, 23, 23, 46))).toBe(Date.UTC(2026, 10, 24))
})

test('a quarter by the UTC clock is one on the wall, also in zones that are off by 30 or 45 minutes', () => {
  for (const zone of [newYork, 'Asia/Kolkata', 'Asia/Kathmandu']) {
    expect(wallTimeAt(nextQuarterHour(Date.UTC(2026, 10, 23, 14, 7)), zone).time).toMatch(/:(00|15|30|45)$/)
  }
})

test('zones are those that the engine knows', () => {
  expect(isZone('Europe/Madrid')).toBe(true)
  expect(isZone('Europe/Atlantis')).toBe(false)
  expect(isZone('')).toBe(false)
})
