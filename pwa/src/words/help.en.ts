/** The help pages: plain steps that work offline. Patients read them too, so no jargon. */
export type HelpSection = { readonly heading: string; readonly text?: string; readonly steps: readonly string[] }
export type HelpTopic = 'connection' | 'camera' | 'sound' | 'contact'

export const words = {
  title: 'Help',
  topics: 'Help topics',
  back: 'Back',
  yourBrowser: 'Your browser',
  otherBrowsers: 'Other browsers',
  names: {
    connection: 'Connection problems',
    camera: 'Camera and microphone',
    sound: 'Sound',
    contact: 'Contact',
  },
  connection: {
    intro: 'Try these in order. Each one takes less than a minute.',
    sections: [
      {
        heading: 'The picture freezes or the sound breaks up',
        steps: [
          'Move closer to your Wi-Fi router, or plug in a network cable.',
          'Close other programs and tabs that use the Internet: films, downloads, backups, other calls.',
          'Turn off your camera for a while. Sound needs far less than video.',
          'On a phone: switch between Wi-Fi and mobile data.',
        ],
      },
      {
        heading: 'You are in the session, but nobody can be seen or heard',
        steps: [
          'Wait half a minute. A lost connection is looked for again by itself.',
          'Turn off a VPN, then try again.',
          'In an office, school or hospital the network may block video calls. Try another network, for example your phone’s hotspot.',
          'Reload the page. You come back to the same session without waiting again.',
        ],
      },
      {
        heading: 'The server cannot be reached',
        steps: [
          'Open another website. If that fails too, your Internet connection is down.',
          'Check that date and time of your device are right.',
          'A call that is running goes on even when the server is away.',
        ],
      },
      {
        heading: 'The other person does not appear',
        steps: [
          'Check that both of you use the link for this clinician and the right day and time.',
          'Patients wait until the clinician accepts them. The page says so.',
          'Phone each other. The number is under Contact.',
        ],
      },
    ] as HelpSection[],
  },
  camera: {
    intro: 'The browser has to allow this site to use the camera and the microphone. Nothing is recorded.',
    general: {
      heading: 'First, in every browser',
      steps: [
        'Check that the camera or headset is connected and switched on. Look for a slider over the lens and a mute key.',
        'Close other programs that use the camera, such as another video call. Only one can use it at a time.',
        'When the browser asks, press Allow.',
        'You can join with only a camera, only a microphone, or neither, and listen and watch.',
      ],
    } as HelpSection,
    browsers: {
      chrome: {
        heading: 'Chrome',
        steps: [
          'Click the icon at the left of the address, then Site settings.',
          'Set Camera and Microphone to Allow.',
          'Come back to this page and press Try again.',
        ],
      },
      edge: {
        heading: 'Edge',
        steps: [
          'Click the lock at the left of the address, then Permissions for this site.',
          'Set Camera and Microphone to Allow.',
          'Come back to this page and press Try again.',
        ],
      },
      firefox: {
        heading: 'Firefox',
        steps: [
          'Click the camera or microphone icon at the left of the address.',
          'Remove “Blocked” with the small cross.',
          'Reload the page and press Allow. Choose “Remember this decision” to be asked only once.',
        ],
      },
      safari: {
        heading: 'Safari on a Mac',
        steps: [
          'In the Safari menu choose Settings, then Websites.',
          'Under Camera and under Microphone set this site to Allow.',
          'Reload the page.',
        ],
      },
      ios: {
        heading: 'iPhone and iPad',
        steps: [
          'In Safari tap the button at the left of the address, then Website Settings.',
          'Set Camera and Microphone to Allow.',
          'In another browser: open Settings, find the browser in the list, and turn on Camera and Microphone.',
        ],
      },
      android: {
        heading: 'Android',
        steps: [
          'Tap the icon at the left of the address, then Permissions.',
          'Turn on Camera and Microphone.',
          'If they are missing: Android Settings, Apps, your browser, Permissions.',
        ],
      },
    } as Record<HelpBrowser, HelpSection>,
    system: [
      {
        heading: 'Windows blocks it',
        steps: ['Open Settings, Privacy & security, Camera (then Microphone).', 'Turn on access, also for desktop apps.'],
      },
      {
        heading: 'macOS blocks it',
        steps: [
          'Open System Settings, Privacy & Security, Camera (then Microphone).',
          'Turn on your browser, then quit and open it again.',
        ],
      },
    ] as HelpSection[],
  },
  sound: {
    intro: 'Browsers hold sounds back until you have clicked something on the page. Safari goes further and asks you to allow them.',
    general: {
      heading: 'You cannot hear the other person',
      steps: [
        'Press “Tap to hear” if it stands on the picture.',
        'Turn up the volume of the device. On an iPhone look at the switch on its side.',
        'Check where the sound goes: headphones that lie in another room get it too. Choose the Speaker in Settings.',
        'Ask the other person whether the microphone is muted.',
      ],
    } as HelpSection,
    echo: {
      heading: 'You hear yourself',
      steps: ['Put on headphones.', 'If two devices in one room are in the session, mute one of them.'],
    } as HelpSection,
    arrivals: 'The sound of an arrival is blocked',
    browsers: {
      safari: {
        heading: 'Safari on a Mac',
        steps: [
          'In the Safari menu choose Settings, then Websites.',
          'Choose Auto-Play at the left.',
          'Set this site to Allow All Auto-Play.',
          'Reload this page.',
        ],
      },
      ios: {
        heading: 'iPhone and iPad',
        steps: [
          'Tap anywhere on the page once after it has loaded.',
          'Turn off silent mode with the switch on the side, or in the Control Centre.',
        ],
      },
      chrome: {
        heading: 'Chrome',
        steps: [
          'Click the icon at the left of the address, then Site settings.',
          'Set Sound to Allow.',
          'Make sure that the tab is not muted: right-click the tab.',
        ],
      },
      edge: {
        heading: 'Edge',
        steps: [
          'Click the lock at the left of the address, then Permissions for this site.',
          'Set Media autoplay to Allow.',
          'Make sure that the tab is not muted: right-click the tab.',
        ],
      },
      firefox: {
        heading: 'Firefox',
        steps: [
          'Click the icon at the left of the address.',
          'Set Autoplay to “Allow Audio and Video”.',
          'Make sure that the tab is not muted: right-click the tab.',
        ],
      },
      android: {
        heading: 'Android',
        steps: [
          'Tap the icon at the left of the address, then Permissions.',
          'Turn on Sound.',
          'Turn up the media volume, not only the ringtone.',
        ],
      },
    } as Record<HelpBrowser, HelpSection>,
  },
  contact: {
    practiceTitle: (practice: string) => `Contact ${practice}`,
    practiceText: 'Your practice can tell you about your appointment, your link and what to do if video does not work.',
    phone: 'Phone',
    email: 'E-mail',
    none: 'The practice gave no phone number or e-mail address here. Use the one you booked your appointment with.',
    emergency: 'This page is not watched around the clock. In an emergency call your local emergency number.',
    supportTitle: 'Contact support',
    supportText: 'Tell us what you did, what you saw and which browser you use. Never send names of patients or a patient’s link.',
    supportAdministrators: (names: string) => `First ask ${names}, who runs Alcove in your practice.`,
    supportOperator: 'Whoever runs Alcove for your practice can look into server problems.',
    supportProject: 'Alcove is free software. Report a problem to its maintainers:',
    supportLink: 'Report a problem',
    details: 'Details for your report',
    copyDetails: 'Copy details',
    copied: 'Copied',
  },
}

export type HelpBrowser = 'chrome' | 'edge' | 'firefox' | 'safari' | 'ios' | 'android'
export type HelpWords = typeof words
