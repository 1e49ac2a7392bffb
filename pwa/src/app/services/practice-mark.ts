import type { Preferences } from '../../ports.ts'

/**
 * That a practice was on this device, and nothing more: no name. It lies outside the database, which a browser may delete by
 * itself, so that the next start can tell a lost practice from a fresh browser.
 */
const preferenceName = 'practice-here'

export type PracticeMark = {
  stands(): boolean
  set(here: boolean): void
}

export function createPracticeMark(preferences: Preferences): PracticeMark {
  return {
    stands: () => preferences.get(preferenceName) === 'yes',
    set(here) {
      if (here || preferences.get(preferenceName) !== null) preferences.set(preferenceName, here ? 'yes' : 'no')
    },
  }
}
