import type { MemberId, PracticeId } from './ids.ts'

export const telehealthTiers = ['off', 'basic', 'premium'] as const
/** S1: what the practice has booked. Only a Practice Administrator changes it. */
export type TelehealthTier = (typeof telehealthTiers)[number]

export const roles = ['administrator', 'clinician', 'scheduler'] as const
export type Role = (typeof roles)[number]

export type Practice = {
  readonly id: PracticeId
  readonly name: string
  /** Shown to patients who need help; empty when not given. */
  readonly contactPhone: string
  readonly contactEmail: string
  readonly telehealth: TelehealthTier
}

/** A person who works in the practice. A clinician without a device has no room yet (`roomKey` null). */
export type Member = {
  readonly id: MemberId
  readonly name: string
  /** None: has left the practice. The name stays, for the appointments of the past. */
  readonly roles: readonly Role[]
  /** base64url of the room's compressed public key (33 bytes), or null until the clinician has set up a device. */
  readonly roomKey: string | null
  /** Raised to replace the clinician's standing link alone (S24). */
  readonly standingLinkGeneration: number
}

export const actions = [
  'see-schedule',
  'book-appointment',
  'edit-patient',
  'start-session',
  'hand-out-link',
  'replace-own-link',
  'change-telehealth',
  'add-clinician',
  'invite-colleague',
  'rename-member',
  'rename-oneself',
  'change-roles',
  'remove-member',
  'remove-any-device',
  'link-own-device',
  'rename-own-device',
  'rename-any-device',
  'remove-own-device',
  'replace-own-room',
  'renew-practice-key',
  'share-practice-key',
] as const
export type Action = (typeof actions)[number]

/**
 * Who may do what: the one table. The interface offers an action only to those listed, and the rest read whom to ask;
 * every device refuses a signed entry whose author's member is not listed (practice-rules.ts).
 */
export const rights: Readonly<Record<Action, readonly Role[]>> = {
  'see-schedule': ['administrator', 'clinician', 'scheduler'],
  'book-appointment': ['administrator', 'clinician', 'scheduler'],
  'edit-patient': ['administrator', 'clinician', 'scheduler'],
  'start-session': ['clinician'],
  'hand-out-link': ['administrator', 'clinician', 'scheduler'],
  'replace-own-link': ['clinician'],
  'change-telehealth': ['administrator'],
  /** A member of any role. */
  'add-clinician': ['administrator'],
  /** Let a device in for a member, whoever that is. */
  'invite-colleague': ['administrator'],
  'rename-member': ['administrator'],
  'rename-oneself': ['administrator', 'clinician', 'scheduler'],
  'change-roles': ['administrator'],
  'remove-member': ['administrator'],
  'remove-any-device': ['administrator'],
  'link-own-device': ['administrator', 'clinician', 'scheduler'],
  'rename-own-device': ['administrator', 'clinician', 'scheduler'],
  'rename-any-device': ['administrator'],
  /** With the new practice key that comes of it. */
  'remove-own-device': ['administrator', 'clinician', 'scheduler'],
  'replace-own-room': ['clinician'],
  /** Without a removal in the same entry: housekeeping after two at once. */
  'renew-practice-key': ['administrator'],
  /** To devices of the practice that missed it. */
  'share-practice-key': ['administrator', 'clinician', 'scheduler'],
}

export function may(member: Pick<Member, 'roles'>, action: Action): boolean {
  return member.roles.some((role) => rights[action].includes(role))
}

/** Stays in the list for the appointments of the past; may do nothing and is offered nowhere. */
export function hasLeft(member: Pick<Member, 'roles'>): boolean {
  return member.roles.length === 0
}

/** The people to ask about an action that one may not take oneself. */
export function whomToAsk(members: readonly Member[], action: Action): readonly Member[] {
  return members.filter((member) => may(member, action))
}
