/** `4:05`, `1:02:30`: how long the session has been running. Never negative, whatever two clocks say. */
export function formatElapsed(elapsedMs: number): string {
  const seconds = Math.max(0, Math.floor(elapsedMs / 1000))
  const hours = Math.floor(seconds / 3600)
  const minutes = Math.floor((seconds % 3600) / 60)
  const rest = String(seconds % 60).padStart(2, '0')
  return hours > 0 ? `${hours}:${String(minutes).padStart(2, '0')}:${rest}` : `${minutes}:${rest}`
}

/** The hour on the wall at an instant (epoch ms), as the reader's language writes it: `10:00 AM`, `10:00`. */
export function formatHour(at: number, locale: string): string {
  return new Intl.DateTimeFormat(locale, { hour: 'numeric', minute: '2-digit' }).format(at)
}

/** The hour, with the day when it is not today's. */
export function formatWhen(at: number, now: number, locale: string): string {
  const day = new Intl.DateTimeFormat(locale, { dateStyle: 'short' })
  if (day.format(at) === day.format(now)) return formatHour(at, locale)
  return new Intl.DateTimeFormat(locale, { weekday: 'short', hour: 'numeric', minute: '2-digit' }).format(at)
}

/** `Sam`, `Sam and Alex`. */
export function formatNames(names: readonly string[], locale: string): string {
  return new Intl.ListFormat(locale, { type: 'conjunction' }).format(names)
}
