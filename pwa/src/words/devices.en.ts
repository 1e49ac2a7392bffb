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
    speakingMuted: 'You are talking, but you are muted.',
  },
  testSound: 'Play test sound',
  testSoundBlocked: 'Your browser holds sounds back. Press the button once more.',
  joinWith: {
    both: 'You can be seen and heard.',
    camera: 'Without a microphone: you are seen, but not heard.',
    microphone: 'Without a camera: you are heard, but not seen.',
    neither: 'Without camera and microphone: you can listen and watch.',
  },
  checkMore: 'Check sound, connection and the rest',
  alwaysAllow: 'Tip: your browser can always allow this',
}

export type DevicesWords = typeof words
