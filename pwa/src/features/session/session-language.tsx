import { createContext, type JSX, useContext } from 'solid-js'
import type { SessionWords } from '../../app/words/session.en.ts'

/** The words of the session area and the locale that times are written in. */
export type SessionLanguage = { readonly words: SessionWords; readonly locale: string }

const LanguageContext = createContext<() => SessionLanguage>()

/** Both pages load their own catalogue and hand it in here, so that neither loads the other's language. */
export function SessionLanguageProvider(props: { readonly language: SessionLanguage; readonly children: JSX.Element }) {
  return <LanguageContext.Provider value={() => props.language}>{props.children}</LanguageContext.Provider>
}

export function useSessionLanguage(): () => SessionLanguage {
  const language = useContext(LanguageContext)
  if (!language) throw new Error('SessionLanguageProvider is missing')
  return language
}

export function useSessionWords(): () => SessionWords {
  const language = useSessionLanguage()
  return () => language().words
}
