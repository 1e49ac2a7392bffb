import type { LogIncidentKind } from '@alcove/shared/domain/sealed-log'

/** What happened, what it means, and what the devices did about it. */
const incidents: Readonly<Record<LogIncidentKind, string>> = {
  'rolled-back':
    'It showed an older state than before, so something was missing. A restored backup or a new disk can do that; so can somebody who hides changes. Your devices give back what is missing.',
  forked:
    'It showed your devices different versions of the same history. Your devices compare what they have and give each other what is missing.',
  withheld:
    'It did not give out changes that another device had made. They arrive from that device, or as soon as the server gives them out.',
  forged: 'It gave out entries that no device of your practice has written, or that were altered on the way. They were left out.',
  replayed: 'It gave out old entries a second time. They were left out.',
}

/** How far this device and the others are together. */
export const words = {
  allSynced: 'All changes saved and synced',
  saving: 'Saving…',
  savingHint: 'Your changes are saved on this device and on their way to the server, encrypted.',
  catchingUp: 'Catching up…',
  catchingUpOf: (done: number, total: number) => `Catching up: ${done} of ${total}`,
  catchingUpHint: 'What your other devices changed is arriving. You can go on working.',
  stoppedAt: (done: number, total: number) => `Catching up was stopped at ${done} of ${total}`,
  stoppedHint: 'What your other devices changed may be missing here until you continue.',
  stop: 'Stop',
  resume: 'Continue',
  progress: 'Catching up',
  copyAway: (when: string) => `The server’s copy cannot be reached since ${when}`,
  onlyHere: 'Saved on this device only',
  onlyHereHint: 'If it is lost, so is your schedule. Link a second device.',
  needsEnrolment: 'The server asks for its enrolment code',
  needsEnrolmentHint: 'Until somebody enters it, no encrypted copy is kept there, and devices sync only while they are online together.',
  enrolWhy: 'With this code the server keeps an encrypted copy of your practice, so that a device catches up when no other is online.',
  enrolNotice: 'This server asks for its enrolment code once. Until then it keeps no encrypted copy of your practice.',
  askForCode: (who: string) => `Ask ${who} to enter it.`,
  enrolTitle: 'Encrypted copy on the server',
  enrol: 'Keep a copy',
  notAdmitted: 'Waiting to be let in to the server’s copy',
  notAdmittedHint:
    'The next of the practice’s devices that comes online does it by itself. Until then this one syncs with devices that are online.',
  removed: 'This device is no longer let in to the practice',
  removedHint:
    'It was removed from the practice, or from the server’s list of its devices. What you change here does not reach the server’s copy. Ask an administrator whether this device still belongs to the practice.',
  full: {
    practice: 'Your practice’s space on the server is full',
    server: 'The server is full',
  },
  fullHint:
    'Everything is saved on this device. It reaches other devices only while they are online together. Ask whoever runs your server for more space.',
  space: (used: string, quota: string) => `Encrypted copy on the server: ${used} of ${quota} used`,
  spaceLabel: 'Space used on the server',
  spaceScarce: 'It is nearly full. Ask whoever runs your server for more space.',
  incidentTitle: 'The server did not keep your encrypted copy as it should',
  incident: incidents,
  incidentAt: (when: string) => `Noticed ${when}.`,
  incidentSafe:
    'It cannot read your data, and nothing that was saved on this device was changed by this. If it happens again, tell whoever runs your server.',
  incidentRead: 'I have read this',
  synced: 'All changes synced with your other devices',
  unsynced: (count: number) => (count === 1 ? '1 change not yet synced' : `${count} changes not yet synced`),
  syncing: 'Exchanging changes with your other devices…',
  nobodyOnline: 'No other device is online',
  offlineSince: (when: string) => `Offline since ${when}`,
  waitingForKey: 'Waiting for the practice’s new key',
  waitingForKeyHint: 'A device was removed while this one was away. The next device of the practice that comes online hands the key over.',
  leftOut: 'This device does not belong to the practice',
  leftOutHint:
    'Whoever let it in was removed at the same time. What is changed here reaches nobody. Ask an administrator for a new invitation, and delete this site’s data in the browser before you open it.',
  unsyncedHint: 'They are saved on this device, and go to the others as soon as one is online.',
  unsyncedLogHint: 'They are saved on this device, and go to the others as soon as it reaches the server or one of them.',
  both: (first: string, second: string) => `${first} · ${second}`,
  onlineNow: (who: string) => `Online now: ${who}`,
  personWithDevice: (name: string, device: string) => `${name} (${device})`,
}

export type SyncWords = typeof words
