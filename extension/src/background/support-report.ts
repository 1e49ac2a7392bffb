import type { ScreenState } from '@alcove/shared/protocol/extension-inside'

/**
 * Plain text to send to whoever helps: findings, settings and versions. No address of a site, no name of a device or a
 * person, no appointment. In English, whatever the language: the reader is support.
 */
export function supportReport(state: ScreenState, userAgent: string, now: number): string {
  const age = (at: number | null) => (at === null ? 'never' : `${Math.max(0, Math.round((now - at) / 1000))} s ago`)
  const lines: readonly (readonly [string, string | number | boolean | null])[] = [
    ['extension', `${state.version} (${state.browser})`],
    ['browser', userAgent],
    ['language', state.language],
    ['sites', `${state.sites.length}, with access ${state.sites.filter((site) => site.hasAccess).length}`],
    ['checked', age(state.reportAt)],
    ...state.lines.map(({ line, finding, foundAt }) => [line, `${finding} (${age(foundAt)})`] as const),
    ['round trip ms', state.roundTripMs],
    ['tab muted', state.extras.isMuted],
    ['settings', `camera ${state.extras.camera}, microphone ${state.extras.microphone}, notifications ${state.extras.notifications}`],
    ['settings by the extension', `${state.canSet}; set: ${state.setByUs.join(', ') || 'none'}`],
    ['waiting', `${state.waiting.people}, rings: ${state.waiting.rings}`],
    ['ring', `${state.ring.how}, playing ${state.ring.wasPlaying}, heard ${state.ring.wasHeard}, tested ${age(state.ring.testedAt)}`],
    ['notifications by the extension', state.notifies],
    ['reminders', state.reminders.isOn ? `${state.reminders.minutesBefore.join(', ')} minutes before` : 'off'],
    ['quiet check', state.quiet === null ? 'never' : `${age(state.quiet.at)}: ${state.quiet.problems.join(', ') || 'nothing wrong'}`],
    ['chosen devices known', state.devices !== null],
  ]
  return ['Alcove companion, report for support', ...lines.map(([name, value]) => `${name}: ${value ?? 'unknown'}`)].join('\n')
}
