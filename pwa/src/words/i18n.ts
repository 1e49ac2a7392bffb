import { createSignal } from 'solid-js'

export const locales = ['en', 'es'] as const
export type Locale = (typeof locales)[number]

/** What a catalogue file exports. */
type Catalogue<Words> = { readonly words: Words }

/**
 * One area's words in the language on screen: `scheduleWords().dialog.save`. Read them where they are drawn (not into a
 * variable outside), so that another language takes their place. Throws before `speak` has loaded the area.
 */
export type WordArea<Words> = {
  (): Words
  load(locale: Locale): Promise<() => void>
}

/** `wordArea<SessionWords>({ en: () => import('./session.en.ts'), es: () => import('./session.es.ts') })` */
export function wordArea<Words extends object>(loaders: Readonly<Record<Locale, () => Promise<Catalogue<Words>>>>): WordArea<Words> {
  const [words, setWords] = createSignal<Words | null>(null)
  function area(): Words {
    const present = words()
    if (!present) throw new Error('Words were used before they were loaded')
    return present
  }
  async function load(locale: Locale): Promise<() => void> {
    const loaded = (await loaders[locale]()).words
    return () => setWords(() => loaded)
  }
  return Object.assign(area, { load })
}

const [locale, setLocale] = createSignal<Locale>('en')
export { locale }

/** A saved preference, else the first language of the browser that we have, else English. */
export function chooseLocale(preference: string | null, languages: readonly string[]): Locale {
  for (const tag of [preference ?? '', ...languages]) {
    const found = locales.find((one) => one === tag.toLowerCase().split('-')[0])
    if (found) return found
  }
  return 'en'
}

/** The tag for Intl: the reader's own region where the language agrees (`en-GB` keeps its 24 hours). */
export function formattingTag(languages: readonly string[] = navigator.languages): string {
  return languages.find((tag) => tag.toLowerCase().split('-')[0] === locale()) ?? locale()
}

/** Areas that stand on the screen, or may: they change their language together. */
const used = new Set<WordArea<object>>()

/** Loads the areas in one language, and only then changes the screen to it, with every area that was used before. */
export async function speak(next: Locale, areas: readonly WordArea<object>[] = []): Promise<void> {
  for (const area of areas) used.add(area)
  const changes = await Promise.all([...used].map((area) => area.load(next)))
  for (const change of changes) change()
  setLocale(next)
  document.documentElement.lang = next
}

/** One more area, in the language on the screen. */
export async function use(area: WordArea<object>): Promise<void> {
  const change = await area.load(locale())
  change()
  used.add(area)
}
