/** The patient's page. Short and kind: whoever reads this may be nervous, or new to video calls. */
export const words = {
  pageTitle: 'Video session',
  otherLanguage: 'Español',
  language: 'Cambiar a español',
  appointment: {
    name: 'Your appointment',
    with: (clinician: string) => `Session with ${clinician}`,
    /** `near`: today, tomorrow, yesterday; `far`: any other day. */
    near: (day: string, time: string) => `Your appointment is ${day} at ${time}`,
    far: (day: string, time: string) => `Your appointment is on ${day} at ${time}`,
    call: (phone: string) => `Call ${phone}`,
  },
  welcome: {
    title: 'Welcome!',
    lead: 'Check how you look and sound. Nobody sees or hears you yet.',
    join: 'Join Waiting Room',
    hint: (clinician: string) => `Nobody sees or hears you before ${clinician} lets you in.`,
    otherTab: 'The clinician’s app is open in this browser too. Use headphones, or you will hear an echo.',
  },
  waiting: {
    title: 'You are in the waiting room',
    notHeard: (clinician: string) => `${clinician} sees that you are waiting as soon as the waiting room is open. Just stay on this page.`,
    heard: (clinician: string) => `${clinician} knows that you are here. Just stay on this page.`,
    moment: (clinician: string) => `${clinician} says: “A moment, please.”`,
    late: (clinician: string) => `${clinician} is running late`,
    lateText: 'You keep your place. If you cannot wait, please call.',
    lateTextNoPhone: 'You keep your place. If you cannot wait, please contact the practice.',
    farText: 'You may close this page and come back with the same link.',
    since: (time: string) => `Waiting since ${time}`,
    devices: 'Camera and microphone',
    leave: 'Leave the waiting room',
    accepted: (clinician: string) => `${clinician} lets you in`,
    connecting: 'Opening the session…',
  },
  early: {
    text: (clinician: string, from: string) => `You are early, so ${clinician} was not called yet. The waiting room opens ${from}.`,
    from: (day: string, time: string) => `${day} at ${time}`,
    hint: 'Come back with the same link. You can close this page.',
    again: 'Join Waiting Room',
  },
  declined: {
    title: (clinician: string) => `${clinician} cannot see you right now`,
    text: 'Please call the practice, or try again a little later. Your link stays the same.',
    textNoPhone: 'Please contact the practice, or try again a little later. Your link stays the same.',
  },
  removed: {
    title: 'You are no longer in the session',
    text: (clinician: string) => `${clinician} took you out of the session. If this surprises you, please contact the practice.`,
  },
  replaced: {
    title: 'This link was replaced',
    text: 'Your practice has a newer link for you. Please look for it in your messages, or ask for it.',
  },
  full: {
    title: 'The session is full',
    text: 'Four people are the most that fit into one session. Please wait until somebody leaves, or contact the practice.',
  },
  left: {
    title: 'You left',
    text: 'Your camera and microphone are off. You can close this page.',
    again: 'Join Waiting Room',
  },
  again: 'Try again',
  server: {
    title: 'The waiting room cannot be reached',
    text: 'Check your Internet connection. This page keeps trying by itself, and nothing is lost.',
    now: 'Try now',
    connecting: 'Connecting…',
  },
  refused: {
    roomFull: { title: 'The waiting room is full', text: 'Too many people are waiting right now. Please try again in a few minutes.' },
    busy: { title: 'The server is busy', text: 'Please wait a minute, then try again.' },
    otherTab: { title: 'This visit is open in another tab', text: 'Please go to the other tab, or continue here.' },
    other: { title: 'The waiting room did not open', text: 'Please load this page again.' },
    here: 'Continue here',
  },
  obstacle: {
    'no-link': {
      title: 'You need your link',
      text: 'Open the link that your practice sent you. It leads right to your waiting room.',
    },
    'broken-link': {
      title: 'This link is not complete',
      text: 'A part of it got lost on the way. Open it again from the message, or copy it whole, to its very last letter.',
    },
    'newer-link': {
      title: 'This page is out of date',
      text: 'Your link is newer than this page. Load the page again.',
    },
    'unsupported-browser': {
      title: 'This browser cannot open video sessions',
      text: 'Copy your link and open it in a current version of Chrome, Edge, Firefox or Safari.',
    },
    'insecure-page': {
      title: 'This address is not secure',
      text: 'Camera and microphone work only where the address begins with https://. Ask your practice for the right link.',
    },
  },
  inApp: 'You opened the link inside another app. Use its menu to open it in your browser, or copy it.',
  inAppHint: 'If your camera does not work here, open this link in your browser instead.',
  reload: 'Load again',
  link: {
    label: 'Your link',
    copy: 'Copy link',
    copied: 'Link copied. Now open your other browser and paste it.',
    failed: 'Could not copy. The link is selected: copy it by hand.',
  },
  contact: 'Contact the practice',
  help: 'Help with connection problems',
  backFromHelp: 'Back to your session',
  closePage: 'You can close this page.',
}

export type JoinWords = typeof words
