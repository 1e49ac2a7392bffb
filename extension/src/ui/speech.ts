import { createSignal } from 'solid-js'
import { chooseLocale, formattingTag, type Locale } from '../words/locale.ts'
import type { ScreenWords } from '../words/screens.en.ts'

const catalogues: Readonly<Record<Locale, () => Promise<{ readonly words: ScreenWords }>>> = {
  en: () => import('../words/screens.en.ts'),
  es: () => import('../words/screens.es.ts'),
}

const [spoken, setSpoken] = createSignal<{ readonly words: ScreenWords; readonly locale: Locale } | null>(null)

/** The words of the screen in its language: read them where they are drawn. Throws before `speak` was heard. */
export function words(): ScreenWords {
  const present = spoken()
  if (!present) throw new Error('Words were used before they were loaded')
  return present.words
}

let wanted: Locale | null = null

/** Whether there are words to draw with. */
export const speaks = (): boolean => spoken() !== null

/** Loads one language and changes the screen to it. The other one is never fetched. */
export async function speak(choice: Locale | 'browser', languages: readonly string[]): Promise<void> {
  const locale = chooseLocale(choice, languages)
  wanted = locale
  if (locale === spoken()?.locale) return
  const catalogue = await catalogues[locale]()
  // The last wish counts, whichever file comes first.
  if (wanted === locale) setSpoken({ words: catalogue.words, locale })
  document.documentElement.lang = wanted
}

const tag = () => formattingTag(spoken()?.locale ?? 'en', navigator.languages)

const minuteMs = 60_000
const hourMs = 60 * minuteMs
const dayMs = 24 * hourMs

/** "now", "3 minutes ago", "2 hours ago", "yesterday". Instants in epoch ms. */
export function ago(at: number, now: number): string {
  const passed = Math.max(0, now - at)
  const format = new Intl.RelativeTimeFormat(tag(), { numeric: 'auto' })
  if (passed < minuteMs) return format.format(0, 'second')
  if (passed < hourMs) return format.format(-Math.floor(passed / minuteMs), 'minute')
  if (passed < dayMs) return format.format(-Math.floor(passed / hourMs), 'hour')
  return format.format(-Math.floor(passed / dayMs), 'day')
}

/** "10:00" today, "Tue 10:00" within six days, else with the date. */
export function when(at: number, now: number): string {
  const time: Intl.DateTimeFormatOptions = { hour: 'numeric', minute: '2-digit' }
  const isToday = new Date(at).toDateString() === new Date(now).toDateString()
  const day: Intl.DateTimeFormatOptions = at - now < 6 * dayMs ? { weekday: 'short' } : { weekday: 'short', day: 'numeric', month: 'short' }
  return new Intl.DateTimeFormat(tag(), isToday ? time : { ...day, ...time }).format(at)
}

export const listed = (names: readonly string[]): string => new Intl.ListFormat(tag(), { type: 'conjunction' }).format(names)
