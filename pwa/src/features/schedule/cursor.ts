import type { AppointmentId } from '@alcove/shared/domain/ids'
import { type DayLayout, minutesPerDay } from './layout.ts'

/** Where the keyboard is on the time grid: on an appointment or on a free half hour. */
export type Cursor = {
  readonly date: string
  readonly minute: number
  /** Null on a free slot. */
  readonly appointmentId: AppointmentId | null
}

export const slotMinutes = 30

export type Move = 'up' | 'down' | 'left' | 'right' | 'first' | 'last'

/** Everything on a day that the cursor can stand on, in order: free half hours, appointments and shaded stretches. */
export function stopsOf(day: DayLayout): readonly Cursor[] {
  const taken = [...day.blocks, ...day.shades].map(({ appointment, startMinute }) => ({
    date: day.date,
    minute: startMinute,
    appointmentId: appointment.id,
  }))
  const free: Cursor[] = []
  for (let minute = 0; minute < minutesPerDay; minute += slotMinutes) {
    const covered = day.blocks.some((block) => block.startMinute < minute + slotMinutes && block.endMinute > minute)
    if (!covered) free.push({ date: day.date, minute, appointmentId: null })
  }
  return [...taken, ...free].sort((a, b) => a.minute - b.minute || Number(a.appointmentId === null) - Number(b.appointmentId === null))
}

/**
 * The next place, or the side of the grid that the cursor would leave. `days` are those on screen; up and down stay on
 * the day, left and right keep the time, first and last go to the day's first and last appointment.
 */
export function moveCursor(days: readonly DayLayout[], from: Cursor, move: Move): Cursor | 'before' | 'after' {
  const index = days.findIndex((day) => day.date === from.date)
  const day = days[index]
  if (!day) return from
  if (move === 'left' || move === 'right') {
    const next = days[index + (move === 'left' ? -1 : 1)]
    if (!next) return move === 'left' ? 'before' : 'after'
    return stopAt(next, from.minute)
  }
  const stops = stopsOf(day)
  if (move === 'first' || move === 'last') {
    const booked = stops.filter((stop) => stop.appointmentId !== null)
    const ordered = booked.length > 0 ? booked : stops
    return (move === 'first' ? ordered[0] : ordered[ordered.length - 1]) ?? from
  }
  const here = stops.findIndex((stop) => stop.minute === from.minute && stop.appointmentId === from.appointmentId)
  const ahead = here === -1 ? stops.indexOf(nearest(stops, from.minute)) : here + (move === 'down' ? 1 : -1)
  return stops[ahead] ?? from
}

/** The stop that covers or is nearest to a minute of the day. */
export function stopAt(day: DayLayout, minute: number): Cursor {
  const covering = day.blocks.find((block) => block.startMinute <= minute && block.endMinute > minute)
  if (covering) return { date: day.date, minute: covering.startMinute, appointmentId: covering.appointment.id }
  return nearest(stopsOf(day), minute)
}

function nearest(stops: readonly Cursor[], minute: number): Cursor {
  return stops.reduce((best, stop) => (Math.abs(stop.minute - minute) < Math.abs(best.minute - minute) ? stop : best))
}
