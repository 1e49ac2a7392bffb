import type { Appointment } from '@alcove/shared/domain/appointment'
import { wallTimeAt } from '@alcove/shared/domain/time'
import { minuteOfTime } from './calendar.ts'

export const minutesPerDay = 1440

/** A shorter appointment is drawn this long, so that a finger can hit it (44 px at the grid's scale). */
export const shortestDrawnMinutes = 37

/** Minutes of the day on the wall, 0 to 1440. */
type Placed = {
  readonly appointment: Appointment
  readonly startMinute: number
  readonly endMinute: number
}

/** Side by side with those it overlaps: the `column`th of `columns`, from 0. */
export type Block = Placed & { readonly column: number; readonly columns: number }

export type DayLayout = {
  readonly date: string
  /** Ordered by start, then column. */
  readonly blocks: readonly Block[]
  /** Vacation and blackout: shading behind whatever else is booked. */
  readonly shades: readonly Placed[]
}

export function layoutDay(appointments: readonly Appointment[], date: string, zone: string): DayLayout {
  const placed = appointments.flatMap((appointment) => place(appointment, date, zone) ?? [])
  const isShade = ({ appointment }: Placed) => isAway(appointment)
  return { date, blocks: arrange(placed.filter((one) => !isShade(one))), shades: placed.filter(isShade) }
}

/** Time that is taken, with nobody in it. */
export function isAway({ type }: Appointment): boolean {
  return type === 'vacation' || type === 'blackout-period'
}

/** The part of an appointment that lies on this day, or null. */
function place(appointment: Appointment, date: string, zone: string): Placed | null {
  const start = wallTimeAt(appointment.startAt, zone)
  const end = wallTimeAt(appointment.endAt, zone)
  if (start.date > date || end.date < date || (end.date === date && end.time === '00:00' && start.date < date)) return null
  const startMinute = start.date < date ? 0 : minuteOfTime(start.time)
  const endMinute = end.date > date ? minutesPerDay : minuteOfTime(end.time)
  // When clocks go back, an appointment may end earlier on the wall than it began.
  return { appointment, startMinute, endMinute: Math.max(endMinute, startMinute + 1) }
}

const drawnEnd = (one: Placed) => Math.max(one.endMinute, one.startMinute + shortestDrawnMinutes)

/** Overlapping appointments form a cluster; each takes the first column that is free, and all share the width. */
function arrange(placed: readonly Placed[]): readonly Block[] {
  const sorted = [...placed].sort((a, b) => a.startMinute - b.startMinute || b.endMinute - a.endMinute)
  const blocks: Block[] = []
  let cluster: { one: Placed; column: number }[] = []
  let columnEnds: number[] = []
  function finish(): void {
    for (const { one, column } of cluster) blocks.push({ ...one, column, columns: columnEnds.length })
    cluster = []
    columnEnds = []
  }
  for (const one of sorted) {
    if (columnEnds.length > 0 && columnEnds.every((end) => end <= one.startMinute)) finish()
    const free = columnEnds.findIndex((end) => end <= one.startMinute)
    const column = free === -1 ? columnEnds.length : free
    columnEnds[column] = drawnEnd(one)
    cluster.push({ one, column })
  }
  finish()
  return blocks
}
