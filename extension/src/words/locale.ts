export const locales = ['en', 'es'] as const
export type Locale = (typeof locales)[number]

/** The chosen language, or with `browser` the first of the browser's languages that we have; else English. */
export function chooseLocale(choice: Locale | 'browser', languages: readonly string[]): Locale {
  if (choice !== 'browser') return choice
  for (const tag of languages) {
    const found = locales.find((one) => one === tag.toLowerCase().split('-')[0])
    if (found) return found
  }
  return 'en'
}

/** The tag for Intl: the reader's own region where the language agrees (`en-GB` keeps its 24 hours). */
export function formattingTag(locale: Locale, languages: readonly string[]): string {
  return languages.find((tag) => tag.toLowerCase().split('-')[0] === locale) ?? locale
}
