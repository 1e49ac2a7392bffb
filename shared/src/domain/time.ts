import { Temporal } from 'temporal-polyfill'
import type { WallTime } from './appointment.ts'

/** The instant (epoch ms) of a wall time. An hour that a clock change skips or repeats is read as RFC 5545 does ("compatible"). */
export function instantOf(wall: WallTime): number {
  return Temporal.PlainDateTime.from(`${wall.date}T${wall.time}`).toZonedDateTime(wall.zone).epochMilliseconds
}

/** The wall time in a zone at an instant (epoch ms), to the minute. */
export function wallTimeAt(at: number, zone: string): WallTime {
  const zoned = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(zone)
  return { date: zoned.toPlainDate().toString(), time: zoned.toPlainTime().toString({ smallestUnit: 'minute' }), zone }
}

/** Adds whole days to an ISO date, `2026-11-30` + 1 = `2026-12-01`. */
export function addDays(date: string, days: number): string {
  return Temporal.PlainDate.from(date).add({ days }).toString()
}

/** 1 = Monday ... 7 = Sunday. */
export function dayOfWeek(date: string): number {
  return Temporal.PlainDate.from(date).dayOfWeek
}

/** The first full quarter of an hour at or after `at` (epoch ms): where a new appointment starts. */
export function nextQuarterHour(at: number): number {
  const quarterMs = 15 * 60 * 1000
  return Math.ceil(at / quarterMs) * quarterMs
}

/** Whether a string names a zone this engine knows. */
export function isZone(zone: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone })
    return true
  } catch {
    return false
  }
}
