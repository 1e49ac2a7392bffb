import { chooseLocale, locale, speak, type WordArea } from '../../words/i18n.ts'
import type { Preferences } from '../../ports.ts'

const preferenceName = 'language'

/** The patient's page begins in the language chosen before, else the browser's. */
export async function beginLanguage(
  preferences: Preferences,
  languages: readonly string[],
  areas: readonly WordArea<object>[],
): Promise<void> {
  await speak(chooseLocale(preferences.get(preferenceName), languages), areas)
}

export async function changeLanguage(preferences: Preferences): Promise<void> {
  const next = locale() === 'en' ? 'es' : 'en'
  await speak(next)
  preferences.set(preferenceName, next)
}
