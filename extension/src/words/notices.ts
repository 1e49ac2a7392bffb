import type { Locale } from './locale.ts'
import { words as en, type NoticesWords } from './notices.en.ts'
import { words as es } from './notices.es.ts'

const catalogues: Readonly<Record<Locale, NoticesWords>> = { en, es }

/** Both languages at once: the background is woken for one notification and should not fetch anything first. */
export const noticesWords = (locale: Locale): NoticesWords => catalogues[locale]
