import { calendarDaysBetween, formatTime, formatWeekday } from '../../words/formats.ts'
import { locale } from '../../words/i18n.ts'

/** 10:00 AM; on another day Tue 10:00 AM. Epoch ms. */
export function formatWhen(at: number, now: number): string {
  return calendarDaysBetween(now, at) === 0 ? formatTime(at) : `${formatWeekday(at)} ${formatTime(at)}`
}

/** Sam; Sam and Alex. */
export function formatNames(names: readonly string[]): string {
  return new Intl.ListFormat(locale(), { type: 'conjunction' }).format(names)
}

/** Sam; Sam or Alex. */
export function formatChoice(names: readonly string[]): string {
  return new Intl.ListFormat(locale(), { type: 'disjunction' }).format(names)
}
