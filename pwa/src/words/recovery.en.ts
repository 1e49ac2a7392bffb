/** What happened, and what to do. Whoever shows one looks it up, so that a missing one is a type error there. */
type Failure = { readonly title: string; readonly text: string }

const common = {
  'no-server': {
    title: 'The server cannot be reached',
    text: 'Check the Internet connection of this device, then try again.',
  },
  'no-logs': {
    title: 'This server keeps no copies',
    text: 'Recovery kits need a server that stores the encrypted log. Ask whoever runs your Alcove server to turn it on.',
  },
  busy: {
    title: 'The server asks for a little patience',
    text: 'There were many attempts from your network. Wait a minute, then try again.',
  },
  newer: {
    title: 'This kit comes from a newer version',
    text: 'Reload this page to get the newer version, then try again.',
  },
  'broken-kit': {
    title: 'The server’s copy of this kit is damaged',
    text: 'It does not open with these words. Use another kit of your practice if you have one, or a device that still has it.',
  },
  incomplete: {
    title: 'The server does not have everything',
    text: 'Part of what this takes is missing there. If another device of the practice is still in use, open Alcove on it while it is online, then try again here.',
  },
  'server-full': {
    title: 'There is no space left on the server',
    text: 'Nothing more can be stored there. Ask whoever runs your Alcove server to make space, then try again.',
  },
  'server-failed': { title: 'The server could not do it', text: 'Try again in a moment.' },
} satisfies Readonly<Record<string, Failure>>

const restoreFailures = {
  ...common,
  'unknown-kit': {
    title: 'The server knows no kit with these words',
    text: 'Check that this is the address on the page, and that it is your newest page: a newer kit makes the older one void.',
  },
  revoked: {
    title: 'This kit is no longer valid',
    text: 'A newer one was made, or it was taken back. Look for the newer page, or join from a device of the practice.',
  },
  'storage-full': {
    title: 'This device is full',
    text: 'The practice was found, but it could not be stored here. Free some space, then try again: you do not have to type the words again.',
  },
  'storage-failed': {
    title: 'This device could not store the practice',
    text: 'Leave private browsing, or allow this site to store data. Then try again.',
  },
  'practice-here': {
    title: 'This browser already has a practice',
    text: 'One browser holds one practice. Restore in another browser, or on another device.',
  },
} satisfies Readonly<Record<string, Failure>>

const drillFailures = {
  ...common,
  'unknown-kit': {
    title: 'The server has lost its copy of this kit',
    text: 'Your devices put it there again by themselves. Keep this page open for a few minutes and test once more.',
  },
  revoked: { title: 'This kit is no longer valid', text: 'It was taken back on another device. Make a new one.' },
  'other-kit': {
    title: 'These are not the words of a valid kit of this practice',
    text: 'Look at the date on the page: a newer kit makes the older one void. If you cannot find the right page, make a new kit.',
  },
  'not-yet': {
    title: 'The server has not heard of this kit yet',
    text: 'A device of the practice tells it as soon as it is connected. Test again in a minute.',
  },
} satisfies Readonly<Record<string, Failure>>

const makeFailures = {
  ...common,
  'unknown-kit': common['server-failed'],
  revoked: common['server-failed'],
  'not-yet': {
    title: 'The server has not let this device in yet',
    text: 'It has joined a moment ago, or the server’s enrolment code is still missing (Settings). Try again in a minute.',
  },
  'storage-full': { title: 'This device is full', text: 'The kit was not made. Free some space, then try again.' },
  'storage-failed': { title: 'This device could not store it', text: 'The kit was not made. Try again.' },
} satisfies Readonly<Record<string, Failure>>

const amount = (there: number, here: number, one: string, many: string) =>
  there >= here ? `${there} ${there === 1 ? one : many}` : `${there} of ${here} ${many}`

/** The recovery kit: made, printed, tested, and used on an empty device. */
export const words = {
  title: 'Recovery kit',
  setUp: {
    question: 'Do you have the recovery kit of a practice?',
    action: 'Restore a practice',
  },
  card: {
    make: 'If every device is lost, a sheet of paper brings your practice back.',
    test: 'Your recovery kit has not been tested yet.',
    makeAction: 'Make a recovery kit',
    testAction: 'Test it now',
  },
  settings: {
    lead: 'A sheet of paper with twelve words. With it and this server alone, an empty computer becomes your practice again: schedule, patients, waiting room and links.',
    none: 'You have no recovery kit yet.',
    made: (who: string, when: string) => `Made by ${who} on ${when}`,
    tested: (when: string) => `Tested on ${when}`,
    untested: 'Not tested yet',
    make: 'Make a recovery kit',
    open: 'Test it, or make a new one',
    others: 'Kits of others',
    revoke: 'Take back',
    revokeOf: (who: string) => `Take back the kit of ${who}`,
    revokeTitle: (who: string) => `Take back the recovery kit of ${who}?`,
    revokeBody: 'The words on the page open nothing any more. The practice gets a new key, which your devices take over by themselves.',
    revokeConfirm: 'Take back',
    revokeCancel: 'Keep',
    unavailable: 'This server keeps no encrypted log, so that there is nothing to recover from. Ask whoever runs it.',
    failed: 'This device could not store it, so nothing was changed. Try again.',
  },
  page: {
    back: 'Back to the schedule',
    what: 'Twelve words on paper. When every device is stolen or broken, they bring your practice back on any computer: schedule, patients, waiting room and links.',
    how: [
      'You print the page, or write the words down by hand.',
      'You type the words once, to see that they work.',
      'You keep the page where you keep a spare key: not beside the computer.',
    ],
    warning: 'Whoever has the page can open the practice. If it gets lost, make a new kit: the old one is void at once.',
    make: 'Make the kit',
    making: 'Making the kit…',
    needsServer: 'The words are shown once and stored nowhere.',
    madeTitle: 'Your recovery kit',
    once: 'Print this page now, or write the twelve words down. They are shown only this once.',
    wordsOf: 'The twelve words',
    print: 'Print',
    onPaper: 'I have it on paper',
    testTitle: 'Test the kit',
    testLead:
      'Type the words from the page. Alcove then does everything that a restore does, up to where something would be stored, and compares it with what is on this device.',
    test: 'Test',
    testing: 'Testing…',
    asking: 'Asking the server…',
    reading: (done: number, total: number) => `Reading ${done} of ${total} documents`,
    cancel: 'Cancel',
    passedTitle: 'The kit works',
    passed: 'With this page alone, an empty computer would have:',
    partTitle: 'Not everything is on the server yet',
    part: 'With this page alone, an empty computer would have, right now:',
    partHint: 'Keep this page open while this device is online, then test again.',
    people: (count: number) => (count === 1 ? '1 person' : `${count} people`),
    appointments: (there: number, here: number) => amount(there, here, 'appointment', 'appointments'),
    patients: (there: number, here: number) => amount(there, here, 'patient', 'patients'),
    room: 'your waiting room, so that the links patients have keep working',
    noRoom: 'not your waiting room: its key is not on this device. Make the kit on a device that has it',
    behind: 'The newest changes are still on their way to the server.',
    took: (seconds: number) => (seconds <= 1 ? 'That took a second.' : `That took ${seconds} seconds.`),
    again: 'Test again',
    done: 'Done',
    retry: 'Try again',
    haveTitle: (when: string) => `You made a kit on ${when}`,
    testedOn: (when: string) => `It was tested on ${when}.`,
    neverTested: 'It has not been tested yet.',
    replaceTitle: 'Make a new kit',
    replaceLead: 'Do this when the page is lost or somebody else may have seen it. The old page is void at once.',
    replace: 'Make a new kit',
    seen: 'If somebody else may have used the page, replace your waiting room as well: whoever did could still pose as it.',
    replaceQuestion: 'Make a new kit?',
    replaceBody: 'The page that you have opens nothing any more from then on. Print the new one right away.',
    replaceConfirm: 'Make a new kit',
    replaceCancel: 'Keep the old one',
  },
  sheet: {
    title: 'Recovery kit',
    of: (practice: string) => practice,
    for: (member: string, when: string) => `${member} · ${when}`,
    purpose: 'This page brings the practice back when every device is lost, stolen or broken.',
    secret: 'Keep it like a key. Whoever has it can open the practice.',
    words: 'The twelve words',
    scan: 'Or scan this with the new device',
    qr: 'QR code of the recovery kit',
    steps: 'What to do',
    step1: (address: string) => `On a computer or phone without Alcove, open ${address}`,
    step2: 'Choose “Restore a practice”.',
    step3: 'Type the twelve words in their order.',
    step4: 'Then remove the lost device from the list that is shown.',
    lost: 'If this page is lost: in Alcove, choose Settings > Recovery kit > Make a new kit. This page is then void.',
  },
  form: {
    legend: 'The twelve words from the page',
    word: (number: number) => `Word ${number}`,
    hint: 'In the order of their numbers. The first four letters of a word are enough.',
    unknown: (number: number, word: string, suggestion: string | null) =>
      suggestion
        ? `Word ${number}, “${word}”, is not in the list. Is it “${suggestion}”?`
        : `Word ${number}, “${word}”, is not in the list. Look at the page once more.`,
    take: (suggestion: string) => `Use “${suggestion}”`,
    missing: (numbers: string) => `Missing: word ${numbers}.`,
    unfit:
      'These are twelve known words, but not those of a kit. One of them is another word than on the page, or two have changed places.',
    noList: 'The list of words could not be fetched. Check the connection, then try again.',
    linkBroken: 'This link is not complete. Type the words, or copy the whole link.',
    linkNewer: 'This link comes from a newer version. Reload this page, then try again.',
  },
  restore: {
    title: 'Restore a practice',
    lead: 'With the twelve words of your recovery kit this device becomes one of your practice again.',
    scanHint: 'Does this device have a camera? Scan the code on the page instead.',
    go: 'Restore',
    scanned:
      'You have opened the code of a recovery kit. Go on only if the page is your own: this device will belong to the practice that is on it.',
    typeInstead: 'Type the words instead',
    setUpInstead: 'Set up your practice instead',
    joinInstead: 'Join a practice instead',
    workingTitle: (practice: string | null) => (practice ? `Restoring ${practice}` : 'Restoring…'),
    steps: {
      kit: 'Opening the kit',
      people: 'Reading who belongs to the practice',
      practice: 'Reading the practice',
      joining: 'Adding this device',
      storing: 'Storing it here',
    },
    stepDone: 'done',
    cancel: 'Cancel',
    again: 'Try again',
    otherWords: 'Type other words',
    reload: 'Reload',
    toSchedule: 'Open the schedule',
    restoredTitle: (practice: string) => `${practice} is back`,
    restored:
      'This device belongs to the practice again. Appointments and patients go on arriving by themselves; you can start right away.',
    reading: (done: number, total: number) => `Reading ${done} of ${total} documents`,
    all: 'Everything has arrived.',
    lostTitle: 'Is a device lost or stolen?',
    lostLead: 'Remove it now. It then reads nothing new, and erases its copy the next time it is online.',
    remove: 'Remove',
    removeOf: (label: string) => `Remove ${label}`,
    removed: (label: string) => `${label} was removed.`,
    removeFailed: 'It could not be removed. Try again in Settings > Devices.',
    added: (when: string) => `In the practice since ${when}`,
    kitHint: 'Your kit stays valid. If somebody else may have seen the page, make a new one: Settings > Recovery kit.',
    here: (practice: string) => `This browser already has ${practice}.`,
    hereTest: 'Test the kit instead',
    failures: restoreFailures,
  },
  drillFailures,
  makeFailures,
}

export type RecoveryWords = typeof words
