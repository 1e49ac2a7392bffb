import type { Preferences } from '../../ports.ts'
import { chooseLocale, locale, speak, type WordArea } from '../../app/words/i18n.ts'

const preferenceName = 'language'

/** The patient's page in two languages; areas that come later speak the same one. */
export type PageLanguage = {
  /** Loads one more area; afterwards its words may be drawn. */
  use(area: WordArea<object>): Promise<void>
  /** To the other language. */
  change(): Promise<void>
}

export async function createPageLanguage(
  preferences: Preferences,
  languages: readonly string[],
  first: readonly WordArea<object>[],
): Promise<PageLanguage> {
  const areas = new Set(first)
  await speak(chooseLocale(preferences.get(preferenceName), languages), [...areas])
  return {
    async use(area) {
      const apply = await area.load(locale())
      apply()
      areas.add(area)
    },
    async change() {
      const next = locale() === 'en' ? 'es' : 'en'
      preferences.set(preferenceName, next)
      await speak(next, [...areas])
    },
  }
}
