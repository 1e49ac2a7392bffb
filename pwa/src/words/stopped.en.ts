/** The patient's page where it stands still: obstacles before a visit, and what ends one. */
export const words = {
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
  reload: 'Load again',
  link: {
    label: 'Your link',
    copy: 'Copy link',
    copied: 'Link copied. Now open your other browser and paste it.',
    failed: 'Could not copy. The link is selected: copy it by hand.',
  },
}

export type StoppedWords = typeof words
