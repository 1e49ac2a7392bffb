import type { DeviceKey, MemberId } from '@alcove/shared/domain/ids'
import type { Roll } from '@alcove/shared/domain/practice-chain'
import type { Member } from '@alcove/shared/domain/practice'
import type { PracticeState } from '../../ports.ts'
import type { ChainKeeper } from './chain-keeper.ts'
import { sameValue } from './documents.ts'
import type { PracticeView } from './views.ts'

/**
 * Who belongs to the practice, their roles, rooms and the tier as the signed chain says; the rest from the document.
 * Unchanged members keep their identity, and so does a state in which nothing changed. My own room is none while its keys
 * have not reached this device. Null without me, or without a practice in the document.
 */
export function stateOf(
  { details, members }: PracticeView,
  { book, heldRooms }: Pick<ChainKeeper, 'book' | 'heldRooms'>,
  meId: MemberId,
  previous: PracticeState | null,
): PracticeState | null {
  const roll = book.roll()
  const before = new Map(previous?.members.map((member) => [member.id, member]))
  const all = [...roll.members.values()].map(({ id, name, roles, roomKey: room }) => {
    const roomKey = id === meId && room !== null && !heldRooms.has(room) ? null : room
    const member: Member = { id, name, roles, roomKey, standingLinkGeneration: members.get(id)?.value?.standingLinkGeneration ?? 0 }
    return kept(before.get(id), member)
  })
  const me = all.find(({ id }) => id === meId)
  if (!me || !details) return null
  const practice = kept(previous?.practice, { id: roll.practice, ...details, telehealth: roll.telehealth })
  const state = { practice, me, members: all }
  const isSame =
    previous &&
    previous.practice === practice &&
    previous.members.length === all.length &&
    all.every((one, i) => one === previous.members[i])
  return isSame ? previous : state
}

function kept<T>(before: T | undefined, now: T): T {
  return before !== undefined && sameValue(before, now) ? before : now
}

/** Whose device removed this one; null when that is not known any more. */
export function removerOf({ devices, removedDevices, members }: Roll, device: DeviceKey): string | null {
  const by = removedDevices.get(device)?.by
  const member = by && (devices.get(by) ?? removedDevices.get(by))?.member
  return (member && members.get(member)?.name) ?? null
}
