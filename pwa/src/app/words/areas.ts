import type { SessionWords } from './session.en.ts'
import { wordArea } from './i18n.ts'

/** Every area of words, one per part of the screen. Only the language in use is ever loaded. */
export const sessionWords = wordArea<SessionWords>({
  en: () => import('./session.en.ts'),
  es: () => import('./session.es.ts'),
})
