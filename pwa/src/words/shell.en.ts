/** The frame around every view of the clinician's app. */
export const words = {
  app: 'Alcove',
  skip: 'Skip to the content',
  navigation: 'Main',
  scheduling: 'Scheduling',
  patients: 'Patients',
  account: {
    menu: 'Account menu',
    settings: 'Settings',
    waitingRoomLink: 'Waiting room link',
    help: 'Help with connection problems',
  },
  loading: 'Opening your practice…',
  notices: 'Notices',
  clock: (minutes: number, ahead: boolean) =>
    `This device’s clock is ${minutes} minutes ${ahead ? 'ahead' : 'behind'}. Sessions follow the server’s time; please set the clock of this device.`,
  update: {
    ready: 'A new version is ready. Restart when you like.',
    restart: 'Restart now',
    later: 'Later',
    inSession: 'A session is running on this device. Restart after it.',
  },
  storage: {
    sessionOnly:
      'This browser forgets everything when it is closed (private window or blocked storage). Use a normal window to keep your practice.',
    failed: 'This browser does not let Alcove keep anything on this device, so nothing can be opened or saved.',
    failedHint: 'Leave private browsing, allow this site to store data, or free some space, and try again.',
    retry: 'Try again',
    unreadable: 'Your practice is on this device, but it cannot be read.',
    unreadableHint: 'Nothing was changed or deleted. Close every window of this browser, open it again, and try once more.',
    newer: 'A newer version of Alcove has been used on this device.',
    newerHint: 'This older one leaves your practice alone. Reload to get the newer version.',
    damaged: 'Part of what is stored on this device could not be read. It was left alone; everything else works.',
  },
  session: {
    running: (name: string) => (name ? `Your session with ${name} is running.` : 'Your session is running.'),
    return: 'Return to session',
    elsewhere: 'Your waiting room is open in another tab of this browser.',
    toSchedule: 'Open the calendar',
    opening: 'Opening the session…',
    welcome: 'Welcome!',
    join: 'Join Session',
    cancel: 'Not now',
  },
  offline: 'You are offline. The schedule works; sessions need a connection.',
  server: {
    offline: 'The waiting room cannot be reached. Patients cannot arrive until it is back.',
    retry: 'Try now',
    refused: 'The server does not accept this device.',
  },
  enrolment: {
    required: 'This clinic’s server asks for its enrolment code once. Without it some patients’ networks cannot connect.',
    enter: 'Enter the code',
  },
  error: {
    title: 'Something went wrong',
    hint: 'What was saved is safe on this device.',
    reload: 'Open again',
  },
  notFound: {
    title: 'There is nothing here',
    hint: 'The address may be old or mistyped.',
  },
  copy: {
    copied: 'Copied',
    failed: 'Copying is not allowed here. The link is selected: copy it by hand.',
  },
}

export type ShellWords = typeof words
