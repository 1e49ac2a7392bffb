import type { StepsKey } from '../../features/device-check/browser.ts'

/** S14 */
const alwaysAllow: Readonly<Record<StepsKey, readonly string[]>> = {
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
}

/** Camera, microphone and speaker, in the clinician's Welcome! and on the patient's page. */
export const words = {
  name: 'Enter Your Name',
  nameMissing: 'Please enter your name.',
  camera: 'Camera',
  microphone: 'Microphone',
  speaker: 'Speaker',
  systemDefault: 'Same as the system',
  unnamed: (number: number) => `Device ${number}`,
  none: 'None found',
  asking: {
    title: 'Your browser is asking',
    text: 'Press Allow, so that you can be seen and heard. Nothing is recorded.',
  },
  preview: {
    name: 'What others see',
    off: 'You are not seen',
    none: 'No picture',
  },
  turnOffCamera: 'Turn off camera',
  turnOnCamera: 'Turn on camera',
  mute: 'Mute',
  unmute: 'Unmute',
  level: {
    name: 'Sound level',
    speak: 'Say something: the bar moves when we hear you.',
    heard: 'We can hear you.',
    silent: 'We hear nothing. Is the microphone muted on the device, or is another one chosen?',
    muted: 'You are muted.',
  },
  testSound: 'Play test sound',
  testSoundBlocked: 'Your browser holds sounds back. Press the button once more.',
  joinWith: {
    both: 'You can be seen and heard.',
    camera: 'Without a microphone: you are seen, but not heard.',
    microphone: 'Without a camera: you are heard, but not seen.',
    neither: 'Without camera and microphone: you can listen and watch.',
  },
  alwaysAllow: {
    title: 'Tip: your browser can always allow this',
    intro: 'Then it does not ask again next time.',
    steps: alwaysAllow,
  },
}

export type DevicesWords = typeof words
