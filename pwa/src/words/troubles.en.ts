import type { MediaProblem } from '@alcove/shared/domain/device-check'

export type DeviceSubject = 'camera' | 'microphone' | 'both'

const the: Readonly<Record<DeviceSubject, string>> = { camera: 'camera', microphone: 'microphone', both: 'camera and microphone' }
const it = (what: DeviceSubject) => (what === 'both' ? 'them' : 'it')

export type ProblemWords = { readonly title: string; readonly text: string }

const problems: Readonly<Record<MediaProblem, (what: DeviceSubject) => ProblemWords>> = {
  denied: (what) => ({
    title: `Your browser blocks the ${the[what]}`,
    text: `Allow ${it(what)} for this site. This page notices by itself.`,
  }),
  dismissed: (what) => ({
    title: `Your browser asked for the ${the[what]} and got no answer`,
    text: 'Press “Try again”, then Allow.',
  }),
  'blocked-by-system': (what) => ({
    title: `This device does not let the browser use the ${the[what]}`,
    text: 'Turn on access for your browser in the system settings, then open the browser again.',
  }),
  'in-use': (what) => ({
    title: `Another program is using the ${the[what]}`,
    text: 'Close other video calls and camera programs, then try again.',
  }),
  'not-found': (what) => ({
    title: `No ${what === 'both' ? 'camera or microphone' : the[what]} was found`,
    text: `Check that ${what === 'both' ? 'they are' : 'it is'} connected and switched on. This page notices by itself.`,
  }),
  'over-constrained': (what) => ({
    title: `The ${the[what]} does not work here`,
    text: 'Choose another one from the list.',
  }),
  insecure: (what) => ({
    title: `The ${the[what]} needs a secure page`,
    text: 'Open the address with https:// at the beginning.',
  }),
  failed: (what) => ({
    title: `The ${the[what]} did not start`,
    text: `Unplug ${it(what)} and plug ${it(what)} in again, or restart the browser, then try again.`,
  }),
}

/** S14. By browser or system; whoever shows the steps looks its own up, so that a missing one is a type error there. */
const alwaysAllow = {
  chrome: [
    'When Chrome asks, choose “Allow while visiting the site”.',
    'Missed it? Click the icon at the left of the address and turn on Camera and Microphone.',
  ],
  edge: ['Click the lock at the left of the address.', 'Set Camera and Microphone to Allow.'],
  firefox: ['When Firefox asks, tick “Remember this decision” before you press Allow.'],
  safari: ['In the Safari menu choose Settings for This Website.', 'Set Camera and Microphone to Allow.'],
  ios: ['In Safari tap the button at the left of the address, then Website Settings.', 'Set Camera and Microphone to Allow.'],
  android: [
    'When the browser asks, choose “While visiting the site” or “While using the app”.',
    'Missed it? Tap the icon at the left of the address, then Permissions.',
  ],
} satisfies Readonly<Record<string, readonly string[]>>

/** When a camera or microphone does not do its part, or asks every time. */
export const words = {
  problem: problems,
  retry: 'Try again',
  alwaysAllow: {
    intro: 'Then it does not ask again next time.',
    steps: alwaysAllow,
  },
  notice: {
    fellBack: (what: 'camera' | 'microphone', to: string) => `Your ${what} was lost. Now in use: ${to || 'another one'}.`,
    returned: (to: string) => `${to || 'Your device'} is back and in use.`,
    appeared: (label: string) => `${label} was connected.`,
    interrupted: (what: 'camera' | 'microphone') =>
      `Your system has taken the ${what}, perhaps for a phone call. It comes back by itself, or with the button.`,
    restore: 'Take it back',
    speakingMuted: 'You are talking, but you are muted.',
    unmute: 'Unmute now',
    silent: 'Nobody hears you: your microphone gives no sound at all.',
    otherMicrophone: 'Try another microphone',
    use: 'Use it',
    notSwitched: (what: 'camera' | 'microphone', why: string) => `The ${what} was not changed. ${why}.`,
    dismiss: 'Close message',
  },
}

export type TroublesWords = typeof words
