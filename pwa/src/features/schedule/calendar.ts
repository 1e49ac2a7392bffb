import { addDays, dayOfWeek, instantOf } from '@alcove/shared/domain/time'

export type CalendarView = 'day' | 'week'

/** A stretch of time, [fromAt, toAt), epoch ms. */
export type Range = { readonly fromAt: number; readonly toAt: number }

const isoDate = /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/

/** Whether an address or a field holds a day that exists, `2026-02-28` but not `2026-02-30`. */
export function isDate(text: string): boolean {
  return isoDate.test(text) && new Date(`${text}T00:00:00Z`).toISOString().startsWith(text)
}

/** 1 = Monday ... 7 = Sunday, as the reader's region has it; where the engine does not know, Sunday for US English. */
export function firstDayOfWeek(tag: string): number {
  const region = new Intl.Locale(tag) as Intl.Locale & {
    readonly weekInfo?: { readonly firstDay: number }
    getWeekInfo?(): { readonly firstDay: number }
  }
  return (region.getWeekInfo?.() ?? region.weekInfo)?.firstDay ?? (/^en(-US)?$/i.test(tag) ? 7 : 1)
}

/** The seven dates of the week that holds `date`. */
export function weekOf(date: string, firstDay: number): readonly string[] {
  const first = addDays(date, -((dayOfWeek(date) - firstDay + 7) % 7))
  return Array.from({ length: 7 }, (_, index) => addDays(first, index))
}

export function datesOf(view: CalendarView, date: string, firstDay: number): readonly string[] {
  return view === 'day' ? [date] : weekOf(date, firstDay)
}

/** From midnight to midnight in the zone: 23 or 25 hours on a day when clocks change. */
export function rangeOf(dates: readonly string[], zone: string): Range {
  const first = dates[0] as string
  const last = dates[dates.length - 1] as string
  return {
    fromAt: instantOf({ date: first, time: '00:00', zone }),
    toAt: instantOf({ date: addDays(last, 1), time: '00:00', zone }),
  }
}

/** The date one step before or after in this view. */
export function step(view: CalendarView, date: string, direction: 1 | -1): string {
  return addDays(date, direction * (view === 'day' ? 1 : 7))
}

/** Noon of a day: an instant that names the day in any format, whatever clocks do at night. */
export function noonOf(date: string, zone: string): number {
  return instantOf({ date, time: '12:00', zone })
}

/** `09:30` for minute 570 of the day. */
export function timeOfMinute(minute: number): string {
  const two = (value: number) => String(value).padStart(2, '0')
  return `${two(Math.floor(minute / 60))}:${two(minute % 60)}`
}

/** 570 for `09:30`. */
export function minuteOfTime(time: string): number {
  return Number(time.slice(0, 2)) * 60 + Number(time.slice(3, 5))
}
