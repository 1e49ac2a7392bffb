import type { Preferences } from '../../ports.ts'

const preferenceName = 'schedule.shortcuts'

/** Single letters as shortcuts can be turned off (WCAG 2.1.4). */
export function shortcutsAreOn(preferences: Preferences): boolean {
  return preferences.get(preferenceName) !== 'off'
}

export function turnShortcuts(preferences: Preferences, on: boolean): void {
  preferences.set(preferenceName, on ? 'on' : 'off')
}
