import { formattingTag, locale } from './i18n.ts'

/** Dates and times as the reader writes them. Instants are epoch ms, in the device's zone unless a zone is given. */
const formatters = new Map<string, Intl.DateTimeFormat>()

function format(at: number, options: Intl.DateTimeFormatOptions): string {
  const tag = formattingTag()
  const key = `${tag} ${JSON.stringify(options)}`
  const formatter = formatters.get(key) ?? new Intl.DateTimeFormat(tag, options)
  formatters.set(key, formatter)
  // Some engines put a narrow no-break space before AM and PM; people and searches expect the plain one.
  return formatter.format(at).replace(/[\u202f\u00a0]/g, ' ')
}

const zoned = (zone: string | undefined) => (zone === undefined ? {} : { timeZone: zone })

/** 10:00 AM */
export function formatTime(at: number, zone?: string): string {
  return format(at, { hour: 'numeric', minute: '2-digit', ...zoned(zone) })
}

/** Tuesday, November 24 */
export function formatDay(at: number, zone?: string): string {
  return format(at, { weekday: 'long', month: 'long', day: 'numeric', ...zoned(zone) })
}

/** Tuesday, November 24, 2026 */
export function formatLongDate(at: number, zone?: string): string {
  return format(at, { weekday: 'long', year: 'numeric', month: 'long', day: 'numeric', ...zoned(zone) })
}

/** Nov 24 */
export function formatShortDate(at: number, zone?: string): string {
  return format(at, { month: 'short', day: 'numeric', ...zoned(zone) })
}

/** Nov 22 – 28, 2026; Nov 30, 2026 – Dec 6, 2026 where a language writes so. */
export function formatDateRange(from: number, to: number, zone?: string): string {
  const options: Intl.DateTimeFormatOptions = { year: 'numeric', month: 'short', day: 'numeric', ...zoned(zone) }
  return new Intl.DateTimeFormat(formattingTag(), options).formatRange(from, to).replace(/[\u2009\u202f\u00a0]/g, ' ')
}

/** Tue */
export function formatWeekday(at: number, zone?: string): string {
  return format(at, { weekday: 'short', ...zoned(zone) })
}

/** November 2026 */
export function formatMonth(at: number, zone?: string): string {
  return format(at, { month: 'long', year: 'numeric', ...zoned(zone) })
}

/** Whole days of the calendar between two instants in the device's zone: 0 today, 1 tomorrow. */
export function calendarDaysBetween(from: number, to: number): number {
  const midnight = (at: number) => {
    const date = new Date(at)
    return Date.UTC(date.getFullYear(), date.getMonth(), date.getDate())
  }
  return Math.round((midnight(to) - midnight(from)) / 86_400_000)
}

/** "today", "tomorrow", else the day in words. */
export function formatRelativeDay(at: number, now: number): string {
  const days = calendarDaysBetween(now, at)
  if (days < -1 || days > 1) return formatDay(at)
  return new Intl.RelativeTimeFormat(locale(), { numeric: 'auto' }).format(days, 'day')
}

/** 1:05, 12:40, 1:02:03 */
export function formatElapsed(elapsedMs: number): string {
  const seconds = Math.max(0, Math.floor(elapsedMs / 1000))
  const two = (value: number) => String(value).padStart(2, '0')
  const hours = Math.floor(seconds / 3600)
  const rest = `${hours > 0 ? two(Math.floor(seconds / 60) % 60) : Math.floor(seconds / 60)}:${two(seconds % 60)}`
  return hours > 0 ? `${hours}:${rest}` : rest
}

/** "A, B, or C" */
export function formatChoice(names: readonly string[]): string {
  return new Intl.ListFormat(locale(), { type: 'disjunction' }).format(names)
}

/** "A, B and C" */
export function formatList(names: readonly string[]): string {
  return new Intl.ListFormat(locale(), { type: 'conjunction' }).format(names)
}

/** "5 minutes ago", "yesterday", "Nov 24". */
export function formatAgo(at: number, now: number): string {
  const minutes = Math.max(0, Math.round((now - at) / 60_000))
  const relative = new Intl.RelativeTimeFormat(locale(), { numeric: 'auto' })
  if (minutes < 1) return relative.format(0, 'minute')
  if (minutes < 60) return relative.format(-minutes, 'minute')
  const days = calendarDaysBetween(at, now)
  if (days === 0) return relative.format(-Math.round(minutes / 60), 'hour')
  return days < 7 ? relative.format(-days, 'day') : formatShortDate(at)
}

/** 0.2 MB, 256 MB: megabytes of 1024 × 1024, with a decimal while there are few. */
export function formatMegabytes(bytes: number): string {
  const megabytes = bytes / (1024 * 1024)
  const options = { style: 'unit', unit: 'megabyte', maximumFractionDigits: megabytes < 10 ? 1 : 0 } as const
  return new Intl.NumberFormat(formattingTag(), options).format(megabytes).replace(/[\u202f\u00a0]/g, ' ')
}

/** 0.4 Mbit/s, 12 Mbit/s. */
export function formatMegabits(kbps: number): string {
  const megabits = kbps / 1000
  const number = new Intl.NumberFormat(formattingTag(), { maximumFractionDigits: megabits < 10 ? 1 : 0 }).format(megabits)
  return `${number} Mbit/s`
}
