import type { QuietProblem } from '@alcove/shared/protocol/extension-inside'

const quiet: Readonly<Record<QuietProblem, string>> = {
  'camera-blocked': 'The camera is blocked for your Alcove site.',
  'microphone-blocked': 'The microphone is blocked for your Alcove site.',
  'notifications-blocked': 'Notifications are blocked for your Alcove site.',
  'camera-missing': 'A camera that was there before is missing.',
  'microphone-missing': 'A microphone that was there before is missing.',
  offline: 'This computer is offline.',
  unreachable: 'Your Alcove server cannot be reached.',
  'no-access': 'The extension may no longer look at your Alcove site.',
}

/** What the background says in system notifications and on its button. Never a name. */
export const words = {
  name: 'Alcove',
  waiting: (people: number) => (people === 1 ? 'Someone is in your waiting room' : `${people} people are in your waiting room`),
  waitingBody: 'Open Alcove to answer.',
  open: 'Open',
  moment: 'Give me a moment',
  /** Before the next session, and only when something is wrong. */
  warning: 'Before your next session',
  check: 'Check now',
  quiet,
  /** The extension's button in the toolbar, for screen readers and on hover. */
  button: {
    idle: 'Alcove: check camera, microphone and sound',
    waiting: (people: number) => (people === 1 ? 'Alcove: someone is waiting' : `Alcove: ${people} people are waiting`),
    problem: 'Alcove: something needs your attention',
  },
}

export type NoticesWords = typeof words
