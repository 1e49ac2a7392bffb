import { type Action, type Member, whomToAsk } from '@alcove/shared/domain/practice'
import type { PracticeWords } from '../../words/practice.en.ts'

/** "Dr. Rivera, your Practice Administrator," for the middle of a sentence. */
export function nameThoseToAsk(
  members: readonly Member[],
  action: Action,
  words: PracticeWords,
  formatChoice: (names: readonly string[]) => string,
): string {
  const names = whomToAsk(members, action).map(({ name }) => name)
  const { anAdministrator, administrator, administrators } = words.settings
  if (names.length === 0) return anAdministrator
  return names.length === 1 ? administrator(names[0] as string) : administrators(formatChoice(names))
}
