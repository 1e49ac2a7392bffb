import type { Clock, Page, PracticeRepository } from '../../ports.ts'
import type { InvitationTarget, PeopleRepository } from '../../sync-ports.ts'
import type { LogDoors } from '../log/log-state.ts'
import type { Inviter } from '../pairing/pairing-state.ts'

/** What the lists of people and devices may do. */
export type PeopleDoors = {
  readonly practice: Pick<PracticeRepository, 'addMember' | 'renameMember'>
  readonly people: Pick<PeopleRepository, 'changeRoles' | 'removeMember' | 'renameDevice' | 'removeDevice'>
  /** Null when this device cannot invite now. */
  readonly invite: (target: InvitationTarget, memberName: string) => Promise<Inviter | null>
  /** Follows the clock, for "5 minutes ago". */
  readonly now: () => number
  readonly clock: Pick<Clock, 'now' | 'every' | 'after'>
  readonly log: LogDoors
  readonly page: Pick<Page, 'copyText' | 'holdPage'>
  /** Opens the waiting room links. */
  readonly showLinks: () => void
}
