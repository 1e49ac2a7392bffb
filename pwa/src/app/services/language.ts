import { type Accessor, createSignal } from 'solid-js'
import type { Preferences } from '../../ports.ts'
import {
  devicesWords,
  helpWords,
  peopleWords,
  practiceWords,
  recoveryWords,
  scheduleWords,
  sessionWords,
  shellWords,
  syncWords,
} from '../../words/areas.ts'
import { chooseLocale, locales, speak } from '../../words/i18n.ts'

const preferenceName = 'language'

/** `auto` follows the browser. */
export type LanguageChoice = 'auto' | (typeof locales)[number]

export type Language = {
  readonly choice: Accessor<LanguageChoice>
  choose(choice: LanguageChoice): Promise<void>
}

/** Loads every area of the app in the language of the preference or of the browser. */
export async function createLanguage(preferences: Preferences): Promise<Language> {
  const stored = preferences.get(preferenceName)
  const [choice, setChoice] = createSignal<LanguageChoice>(locales.find((one) => one === stored) ?? 'auto')
  async function load(): Promise<void> {
    const preference = choice() === 'auto' ? null : choice()
    await speak(chooseLocale(preference, navigator.languages), [
      shellWords,
      scheduleWords,
      practiceWords,
      sessionWords,
      devicesWords,
      helpWords,
      peopleWords,
      syncWords,
      recoveryWords,
    ])
  }
  await load()
  return {
    choice,
    async choose(next) {
      preferences.set(preferenceName, next)
      setChoice(next)
      await load()
    },
  }
}
