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
    connecting: 'Opening the session…',
  },
  server: {
    title: 'The waiting room cannot be reached',
    text: 'Check your Internet connection. This page keeps trying by itself, and nothing is lost.',
    now: 'Try now',
    connecting: 'Connecting…',
  },
  contact: 'Contact the practice',
  help: 'Help with connection problems',
  backFromHelp: 'Back to your session',
}

export type JoinWords = typeof words
