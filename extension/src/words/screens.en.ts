import type { CheckLine, Finding, MediaProblem } from '@alcove/shared/domain/device-check'
import type { QuietProblem, SitePermission } from '@alcove/shared/protocol/extension-inside'

type LineWords = {
  readonly [Line in CheckLine]: { readonly name: string; readonly found: { readonly [One in Finding<Line>]: string } }
}

const open = { unknown: 'Not checked yet', looking: 'Checking…' }

const media: Readonly<Record<MediaProblem, string>> = {
  denied: 'Blocked for this site',
  dismissed: 'The browser asked and got no answer',
  'blocked-by-system': 'Blocked by the system settings',
  'in-use': 'Another program is using it',
  'not-found': 'None found',
  'over-constrained': 'Does not work here, choose another one',
  insecure: 'Needs a secure page (https)',
  failed: 'Did not start',
}

const lines: LineWords = {
  browser: {
    name: 'Browser',
    found: {
      ...open,
      ready: 'Supported',
      insecure: 'The page is not secure (https)',
      'in-app': 'Opened inside another app',
      unsupported: 'Too old for video sessions',
    },
  },
  camera: {
    name: 'Camera',
    found: {
      ...open,
      ...media,
      ready: 'Works',
      granted: 'Allowed',
      'not-asked': 'The browser will ask first',
      off: 'Turned off',
      interrupted: 'Interrupted by the system',
    },
  },
  microphone: {
    name: 'Microphone',
    found: {
      ...open,
      ...media,
      ready: 'Works, nothing was said yet',
      heard: 'We heard you',
      silent: 'On, but we hear nothing',
      muted: 'Muted',
      granted: 'Allowed',
      'not-asked': 'The browser will ask first',
      interrupted: 'Interrupted by the system',
    },
  },
  speaker: {
    name: 'Speaker',
    found: { ...open, untested: 'Not tested', heard: 'You heard the test sound', 'not-heard': 'You heard nothing' },
  },
  sound: {
    name: 'Ring',
    found: { ...open, ready: 'The page can ring', blocked: 'The browser keeps the page silent', 'tab-muted': 'The tab is muted' },
  },
  notifications: {
    name: 'Notifications',
    found: {
      ...open,
      ready: 'Allowed',
      'not-asked': 'The browser will ask first',
      blocked: 'Blocked for this site',
      unsupported: 'Not in this browser',
    },
  },
  network: {
    name: 'Network',
    found: { ...open, ready: 'Server reached', slow: 'Slow', offline: 'Offline', unreachable: 'Server not reached' },
  },
  relay: {
    name: 'Relay',
    found: {
      ...open,
      ready: 'Works',
      slow: 'Slow',
      unreachable: 'Not reached',
      none: 'Not used by this server',
      'not-allowed': 'Open Alcove to test it',
    },
  },
  tab: {
    name: 'Alcove tab',
    found: {
      ...open,
      ready: 'Open in front',
      none: 'Not open',
      background: 'Open behind another tab',
      'other-session': 'Another tab uses the camera or microphone',
    },
  },
}

const quiet: Readonly<Record<QuietProblem, string>> = {
  'camera-blocked': 'The camera is blocked.',
  'microphone-blocked': 'The microphone is blocked.',
  'notifications-blocked': 'Notifications are blocked.',
  'camera-missing': 'A camera that was there before is missing.',
  'microphone-missing': 'A microphone that was there before is missing.',
  offline: 'This computer was offline.',
  unreachable: 'The server could not be reached.',
  'no-access': 'The extension could not look at the site.',
}

const permissions: Readonly<Record<SitePermission, string>> = {
  camera: 'Camera',
  microphone: 'Microphone',
  notifications: 'Notifications',
}

/** Popup and options. */
export const words = {
  title: 'Alcove',
  loading: 'One moment…',
  options: 'Options',
  site: 'Site',
  status: { open: 'Not known', ready: 'Ready', warning: 'Warning', problem: 'Problem' },
  lines,
  roundTrip: (ms: number) => `${ms} ms`,
  /** `ago`: "3 minutes ago". */
  foundAgo: (found: string, ago: string) => `${found}, ${ago}`,

  summary: {
    never: 'Not checked yet',
    neverText: 'One look at camera, microphone and sound before your next session.',
    checking: 'Checking…',
    checkingText: 'The check runs in a tab of your site.',
    ready: 'You are ready',
    warning: (count: number) => (count === 1 ? 'Ready, with one remark' : `Ready, with ${count} remarks`),
    problem: (count: number) => (count === 1 ? 'One problem to fix' : `${count} problems to fix`),
    checked: (ago: string) => `Checked ${ago}`,
    old: (ago: string) => `Checked ${ago}. Better look again.`,
    next: (time: string) => `Next session: ${time}`,
  },
  check: 'Check now',
  checkAgain: 'Check again',
  openSite: 'Open Alcove',

  fix: {
    name: (action: string, line: string) => `${action}: ${line}`,
    fix: 'Fix',
    test: 'Test',
    unmute: 'Unmute tab',
    toFront: 'Bring to front',
    showTab: 'Show that tab',
    open: 'Open',
    again: 'Try again',
  },

  waiting: {
    title: (people: number) => (people === 1 ? 'Someone is waiting' : `${people} people are waiting`),
    page: 'Alcove rings in its tab.',
    extension: 'The tab cannot be heard, so the extension rings.',
    nobody: 'Nothing rings right now.',
    open: 'Open',
  },

  quiet: {
    title: (ago: string) => `Looked quietly ${ago}`,
    problems: quiet,
  },

  permissions: {
    names: permissions,
    offer: 'Never be asked again',
    offerText: (site: string) => `The extension can set camera, microphone and notifications to “Allow” for ${site}.`,
    begin: 'Set to Allow…',
    consentTitle: (site: string) => `Allow for ${site} alone`,
    consentText: 'The browser will no longer ask there. No other site is changed, and you can undo it here with one click.',
    consentAsk: 'First the browser asks whether the extension may change settings of sites. It uses that for this site only.',
    confirm: 'Allow',
    cancel: 'Not now',
    refused: 'The browser did not let the extension change settings. Nothing was changed.',
    done: 'Set to “Allow” by the extension',
    doneText: (names: string, site: string) => `${names}, for ${site}.`,
    undo: 'Undo',
    /** Where no extension can set it. */
    stepsFor: {
      chromium: ['Click the icon at the left of the address, then Site settings.', 'Set Camera, Microphone and Notifications to Allow.'],
      firefox: ['When Firefox asks for the camera, tick “Remember this decision”.', 'Then press Allow.'],
      safari: ['In the Safari menu choose Settings for This Website.', 'Set Camera and Microphone to Allow.'],
    },
    undone: 'Undone: the browser decides again as before.',
  },

  sound: {
    title: 'Would you hear the ring?',
    text: {
      offscreen: 'If the Alcove tab cannot ring, the extension does.',
      background: 'If the Alcove tab cannot ring, the extension does.',
      notification: 'In Safari an extension can make no sound. Keep Alcove open and let it play sound.',
    },
    blocked: 'Your browser keeps the Alcove page silent',
    test: 'Play test sound',
    testAgain: 'Play it again',
    ask: 'Did you hear it?',
    heard: 'I heard it',
    notHeard: 'I heard nothing',
    good: 'You heard the extension’s ring.',
    notPlaying: 'The sound did not play. Close the popup, open it again and try once more.',
    silent: 'It was playing. Turn up the volume, look at which speaker the system uses, and whether this browser is muted there.',
    steps: 'Steps for this browser',
    stepsFor: {
      chromium: [
        'In the Alcove tab, click the icon at the left of the address, then Site settings.',
        'Set Sound to Allow.',
        'Reload the Alcove tab.',
      ],
      firefox: [
        'In the Alcove tab, click the icon at the left of the address.',
        'Set Autoplay to “Allow Audio and Video”.',
        'Reload the Alcove tab.',
      ],
      safari: [
        'In the Safari menu choose Settings, then Websites, then Auto-Play.',
        'Find your Alcove site in the list.',
        'Choose “Allow All Auto-Play”.',
      ],
    },
  },

  notifies: {
    title: 'Let the extension notify you',
    text: 'It says “Someone is in your waiting room”, without a name, when Alcove is out of sight.',
    allow: 'Allow notifications',
    refused: 'The browser did not allow notifications. You can change that in its settings.',
  },

  noSite: {
    title: 'Which Alcove is yours?',
    text: 'Add the address that your practice uses. The extension sees no other site.',
    add: 'Add your site',
  },
  noAccess: {
    title: (site: string) => `No access to ${site}`,
    text: 'The browser no longer lets the extension see this site.',
    allow: 'Allow access',
  },
  failed: {
    title: 'The extension did not answer',
    text: 'Try again. If that does not help, restart the browser.',
    again: 'Try again',
    reasons: {
      'no-site': 'There is no such site in the list.',
      'no-access': 'The browser did not give access to this site.',
      'too-many': 'There is no room for another site. Remove one first.',
      'not-possible': 'This browser cannot do that.',
      failed: 'That did not work. Try again.',
    },
  },

  optionsPage: {
    title: 'Alcove options',
    sites: {
      title: 'Sites',
      text: 'The extension sees the sites of this list, and nothing else of what you do in the browser.',
      none: 'No site yet.',
      label: 'Address of your Alcove',
      example: 'https://clinic.example',
      add: 'Add site',
      invalid: 'Please enter an address that begins with https://. Only on this computer http://localhost will do.',
      duplicate: 'This site is in the list.',
      refused: 'The browser did not give access to this site, so it was not added.',
      added: (site: string) => `${site} was added.`,
      removed: (site: string) => `${site} was removed.`,
      chosen: 'Shown in the popup',
      choose: 'Show in the popup',
      chooseName: (site: string) => `Show in the popup: ${site}`,
      remove: 'Remove',
      removeName: (site: string) => `Remove ${site}`,
      allow: 'Allow access',
      allowName: (site: string) => `Allow access to ${site}`,
      noAccess: 'No access',
    },
    reminders: {
      title: 'Early warning',
      text: 'Before your next telehealth session the extension looks at permissions, devices and the server, and speaks up only when something is wrong. It opens no camera and no tab, and knows the times of your sessions, not the people.',
      on: 'Warn me before sessions',
      when: 'How long before',
      minutes: (minutes: number) => `${minutes} minutes`,
      next: (time: string) => `Next session: ${time}`,
      none: 'No session is known. Open Alcove once, so that the extension learns the times.',
      needsNotifications: 'Without notifications the warning is only seen on the extension’s button.',
    },
    devices: {
      title: 'Chosen devices',
      text: 'As chosen in Alcove.',
      camera: 'Camera',
      microphone: 'Microphone',
      speaker: 'Speaker',
      system: 'Same as the system',
      unknown: 'Open Alcove once, so that its choice is known here.',
      change: 'Change in the check',
    },
    language: {
      title: 'Language',
      label: 'Language of the extension',
      browser: 'As in the browser',
      en: 'English',
      es: 'Español',
    },
    report: {
      title: 'Report for support',
      text: 'What the extension found, without names, addresses or names of devices. Read it before you send it.',
      show: 'Show report',
      label: 'Report',
      copy: 'Copy report',
      copied: 'Copied.',
      copyFailed: 'It could not be copied. Select the text and copy it yourself.',
    },
    version: (version: string) => `Version ${version}`,
  },
}

export type ScreenWords = typeof words
