import type { Role } from '@alcove/shared/domain/practice'
import type { RefusalReason } from '@alcove/shared/domain/practice-chain'
import type { InvitationKind } from '@alcove/shared/protocol/sync-messages'

/** A failure: what happened, and what to do. Whoever shows one looks it up, so that a missing one is a type error there. */
type Failure = { readonly title: string; readonly text: string }

const roleHints: Readonly<Record<Role, string>> = {
  administrator: 'Invites people, gives roles, turns telehealth on and removes devices.',
  clinician: 'Has a waiting room and starts sessions.',
  scheduler: 'Books appointments and hands out links.',
}

const inviterFailures = {
  expired: { title: 'The invitation has expired', text: 'Ten minutes have passed. The link opens nothing any more.' },
  cancelled: { title: 'The other device called it off', text: 'Nothing was sent to it. The link opens nothing any more.' },
  declined: {
    title: 'The codes differ, so nothing was sent',
    text: 'Somebody else may have the link. Make a new invitation, and pass it on in a way that only the right person reads.',
  },
  'declined-late': {
    title: 'The codes differ on the other device',
    text: 'You had confirmed them, so the practice was sent to a device. Remove that device from the list of devices now, then make a new invitation.',
  },
  used: { title: 'The invitation was already used', text: 'A link works once. Make a new one.' },
  'already-a-member': {
    title: 'This device cannot be added',
    text: 'It belongs to the practice already, or the person was removed in the meantime. Look at the lists of people and devices.',
  },
  lost: {
    title: 'The other device went away before it had everything',
    text: 'Make a new invitation. If a device stays in the list that nobody uses, remove it there.',
  },
  'no-server': {
    title: 'The server cannot be reached',
    text: 'Both devices need a connection while one joins. Check it, then make a new invitation.',
  },
  storage: {
    title: 'This device could not save the approval',
    text: 'The other device was not let in. Free some space on this device, then make a new invitation.',
  },
  failed: {
    title: 'The other device could not finish',
    text: 'Its screen says why. Make a new invitation when that is solved. If it stands in the list of devices, remove it there first.',
  },
} satisfies Readonly<Record<string, Failure>>

const joinerFailures = {
  expired: { title: 'This invitation has expired', text: 'An invitation is valid for ten minutes. Ask for a new one.' },
  cancelled: {
    title: 'The invitation was called off',
    text: 'Nothing was stored on this device. Ask for a new invitation when you are both ready.',
  },
  declined: {
    title: 'The codes were not the same',
    text: 'The invitation was stopped, and nothing was stored on this device. Somebody else may have had your link: ask for a new one.',
  },
  used: {
    title: 'This invitation was already opened on another device',
    text: 'If that was not you, tell the person who invited you not to confirm any code. Either way, ask for a new invitation.',
  },
  'already-a-member': {
    title: 'This device was not added',
    text: 'It belongs to the practice already, or you were taken off the list in the meantime. Ask the person who invited you.',
  },
  failed: {
    title: 'The practice could not be taken over',
    text: 'Nothing was stored on this device. Ask for a new invitation and try once more.',
  },
  'broken-link': {
    title: 'This link is not complete',
    text: 'Part of it was cut off or changed on the way. Copy the whole link and paste it here.',
  },
  'newer-link': {
    title: 'This link comes from a newer version',
    text: 'Reload this page to get the newer version, then open the link again.',
  },
  'no-answer': {
    title: 'The inviting device does not answer',
    text: 'The invitation has to stay open on its screen until you have joined. It may have been closed: ask for a new one.',
  },
  'no-server': {
    title: 'The server cannot be reached',
    text: 'Check the Internet connection of this device, then open the link again.',
  },
  storage: {
    title: 'This device could not store the practice',
    text: 'Leave private browsing or free some space, then ask for a new invitation.',
  },
  'practice-here': {
    title: 'This browser already has a practice',
    text: 'One browser holds one practice. Open the link in another browser, or on another device.',
  },
} satisfies Readonly<Record<string, Failure>>

const refusals: Readonly<Record<RefusalReason, string>> = {
  'unknown-author': 'The device that asked for it did not belong to the practice.',
  'not-allowed': 'The person’s role does not allow it.',
  'last-administrator': 'Nobody would have been left to administer the practice.',
  impossible: 'Somebody else had already changed or removed it.',
}

const joinLead: Readonly<Record<InvitationKind, (practice: string, member: string) => string>> = {
  colleague: (practice, member) => `${practice} invites you as ${member}.`,
  'own-device': (practice, member) => `This becomes another device of ${member} in ${practice}.`,
}

/** People and their devices: who belongs to the practice, inviting, joining and leaving. */
export const words = {
  people: {
    add: 'Add a person',
    addTitle: 'Add a person',
    edit: 'Edit',
    editOf: (name: string) => `Edit ${name}`,
    editTitle: (name: string) => `Edit ${name}`,
    roleHints,
    saveAndInvite: 'Save and invite',
    invite: 'Invite',
    inviteOf: (name: string) => `Invite ${name}`,
    online: 'Online',
    noDevice: 'Has not joined yet',
    devices: (count: number) => (count === 1 ? '1 device' : `${count} devices`),
    noRoom: 'No waiting room yet',
    onlyYou: 'You are the only person so far. Add colleagues, then invite them: each joins with a device of their own.',
    left: (names: string) => `No longer in the practice: ${names}`,
    ask: (who: string) => `Ask ${who} to add, change or remove people.`,
    lastAdministrator: 'The last Practice Administrator keeps this role. Give it to somebody else first, who has joined with a device.',
    changed: (name: string) => `${name} was changed.`,
    remove: 'Remove from the practice',
    removeTitle: (name: string) => `Remove ${name}?`,
    removeDevices: (name: string, count: number) =>
      count === 0
        ? `${name} can no longer be invited or booked.`
        : count === 1
          ? `The device of ${name} erases its copy of the schedule the next time it is online, and can read nothing new from now on.`
          : `All ${count} devices of ${name} erase their copies of the schedule the next time they are online, and can read nothing new from now on.`,
    removeKey: 'The practice gets a new key, which your other devices take over by themselves.',
    removeRoom: (name: string) =>
      `Appointments stay in the schedule. Patients’ links to ${name} no longer lead to your practice: book these patients with somebody else and send them new links.`,
    removeConfirm: (name: string) => `Remove ${name}`,
    removeCancel: 'Keep',
    removed: (name: string) => `${name} was removed.`,
  },
  devices: {
    title: 'Devices',
    link: 'Link another device',
    thisDevice: 'This device',
    mine: 'Your devices',
    others: 'Devices of others',
    /** "Firefox on Linux", as the device called itself. */
    label: (label: string) => label,
    only: 'Only this device has your schedule so far. Link a second one, so that a lost or broken device loses nothing.',
    onlyMine: 'You use only this device. Link a second one, for example your phone: both keep the same schedule.',
    online: 'Online',
    upToDate: 'up to date',
    exchanging: 'exchanging changes',
    heard: (when: string) => `Last heard of ${when}`,
    never: 'Not heard of yet',
    rename: 'Rename',
    renameOf: (label: string, name: string | null) => (name ? `Rename device ${label} of ${name}` : `Rename device ${label}`),
    renameTitle: (label: string) => `Rename ${label}`,
    renameLabel: 'Name of the device',
    renameHint: 'For example “Office laptop”. Everybody in the practice sees it.',
    noName: 'Enter a name for this device.',
    renamed: 'The device was renamed.',
    remove: 'Remove device',
    removeOf: (label: string, name: string | null) => (name ? `Remove device ${label} of ${name}` : `Remove device ${label}`),
    removeTitle: (label: string, name: string) => `Remove ${label} of ${name}?`,
    removeBody: 'It erases its copy of the schedule the next time it is online, and can read nothing new from now on.',
    removeKey: 'The practice gets a new key, which your other devices take over by themselves.',
    removeConfirm: 'Remove device',
    removeCancel: 'Keep',
    removed: (label: string) => `${label} was removed.`,
    theirRoom: (name: string) =>
      `Whoever has it could still pose as the waiting room of ${name}, who is offered a new one on the next device they use.`,
    removeElsewhere: 'To remove it, use another device.',
    lastAdministrator: 'This is the last device of the last Practice Administrator, so it cannot be removed.',
    askOthers: (who: string) => `Ask ${who} when somebody else’s device is lost.`,
  },
  reports: {
    title: 'Changes that were not accepted',
    lead: 'Every device checks who may change what. These changes had no effect, and your schedule is as it was. If one of them surprises you, look at the list of devices.',
    unsigned: {
      telehealth: 'Telehealth was changed without a valid signature.',
      roles: 'Somebody’s roles or name were changed without a valid signature.',
      room: 'A waiting room was changed without a valid signature.',
      entry: 'A change arrived whose signature is not valid.',
    },
    refused: (device: string | null, reason: RefusalReason) =>
      device
        ? `A change asked for by ${device}. ${refusals[reason]}`
        : `A change asked for by a device that is not here any more. ${refusals[reason]}`,
    times: (count: number) => (count === 1 ? '' : `${count} times`),
  },
  invitation: {
    colleagueTitle: (name: string) => `Invite ${name}`,
    deviceTitle: 'Link another device',
    making: 'Making an invitation…',
    colleagueLead: (name: string) => `Send ${name} this link, or let them scan the picture with the camera of their device.`,
    deviceLead: 'Scan the picture with the camera of your other device, or open this link there.',
    linkLabel: 'Invitation link',
    copyLink: 'Copy link',
    linkHint: 'It works once, on the first device that opens it.',
    qr: 'QR code of the invitation link',
    keepOpen: 'Keep this open until the other device has joined.',
    validFor: (minutes: number) =>
      minutes === 0 ? 'Valid for less than a minute' : minutes === 1 ? 'Valid for 1 more minute' : `Valid for ${minutes} more minutes`,
    offline: 'The server cannot be reached. The invitation opens as soon as it is back.',
    compareTitle: 'Compare the codes',
    compareColleague: (name: string, label: string) =>
      `${label} has opened the link. Ask ${name}, by phone or in person, to read the code on their screen.`,
    compareDevice: (label: string) => `${label} has opened the link. Look at the code on its screen.`,
    code: (digits: string) => `Code: ${digits}`,
    rival:
      'A second device has tried this link and was sent away. Compare with care: confirm only if the person you mean reads exactly these digits.',
    match: 'The codes match',
    differ: 'They differ',
    sendingTitle: (label: string) => `${label} is joining`,
    sending: 'Handing over the practice, encrypted for that device alone. The codes have to be confirmed there, too.',
    callOffTitle: 'Call the invitation off?',
    callOff: 'Call it off',
    callOffCancel: 'Keep waiting',
    callOffBody: (label: string) =>
      `${label} has not got everything yet. It is told that the invitation was called off, and does not join.`,
    callOffLate: 'Should it have just finished and stand in the list of devices, remove it there.',
    calledOff: 'The invitation was called off.',
    joinedColleague: (name: string, label: string) => `${name} has joined with ${label}.`,
    joinedDevice: (label: string) => `${label} is linked.`,
    joinedHint: 'The schedule arrives there by itself while both devices are online.',
    again: 'Make a new invitation',
    cancel: 'Cancel the invitation',
    done: 'Done',
    failures: inviterFailures,
  },
  join: {
    title: 'Join a practice',
    lead: 'You need an invitation: a link from your Practice Administrator, or from a device of your own (Settings, Devices, Link another device).',
    linkLabel: 'Invitation link',
    linkHint: 'It begins with this site’s address and is valid for ten minutes.',
    noLink: 'Paste the link of your invitation.',
    continue: 'Continue',
    setUpInstead: 'Set up your practice instead',
    connecting: 'Looking for the device that invites you…',
    connectingHint: 'The invitation has to be open on its screen.',
    invited: joinLead,
    compareTitle: 'Your code',
    compareColleague: 'Compare these digits, by phone or in person, with the person who invited you. Both of you confirm.',
    compareDevice: 'Compare these digits with your other device, and confirm on both.',
    question: 'Does the other screen show the same code?',
    code: (digits: string) => `Code: ${digits}`,
    waiting: 'Waiting for the other device to approve…',
    receivingTitle: 'You are in',
    receiving: 'The practice is arriving on this device…',
    joined: (practice: string) => `This device now belongs to ${practice}.`,
    cancel: 'Cancel',
    pasteAnother: 'Use another invitation',
    tryAgain: 'Try again',
    reload: 'Reload',
    toSchedule: 'Open the schedule',
    here: (practice: string) => `This browser already has ${practice}.`,
    failures: joinerFailures,
  },
  removed: {
    title: (practice: string, by: string | null) =>
      by ? `This device was removed from ${practice} by ${by}.` : `This device was removed from ${practice}.`,
    erased: 'Its copy of the schedule has been erased.',
    hint: 'If that was a mistake, ask for a new invitation.',
    join: 'Join a practice',
    setUp: 'Set up your practice',
  },
}

export type PeopleWords = typeof words
