import type { GuestKey } from '@alcove/shared/domain/ids'
import { perMinute, take } from '../rate-limits.ts'
import type { HubContext } from './context.ts'
import type { ServerToHostMessage } from '@alcove/shared/protocol/session-messages'
import { deliverOrKeep } from './guests.ts'
import type { Link } from './link.ts'
import { audienceOf, type HostSeat, type Room } from './state.ts'

/**
 * A note reaches whoever has knocked, in a call or not, from the devices that this guest concerns: a refusal that comes
 * after another device's Accept must not reach who was accepted. Its words are sealed to the guest's key.
 */
export function receiveNote(context: HubContext, room: Room, host: HostSeat, link: Link, guest: GuestKey, sealed: string): void {
  const seat = room.guests.get(guest)
  if (seat === undefined || seat.phase.kind === 'new' || !audienceOf(room, seat).includes(host)) return link.refuse('not-a-member')
  const rate = perMinute(context.limits.LIMIT_NOTES_PER_GUEST_PER_MINUTE)
  if (!take(seat.notes, rate, context.now())) {
    context.report({ type: 'limit', limit: 'LIMIT_NOTES_PER_GUEST_PER_MINUTE' })
    return link.refuse('rate-limited')
  }
  deliverOrKeep(context, seat, { type: 'note', sealed })
}

/** Declines who waits, removes who is in a call of this device. */
export function receiveDismiss(context: HubContext, room: Room, host: HostSeat, link: Link, guest: GuestKey): void {
  const seat = room.guests.get(guest)
  if (seat === undefined || (seat.phase.kind !== 'waiting' && seat.phase.kind !== 'admitted')) return
  const audience = audienceOf(room, seat)
  if (!audience.includes(host)) return link.refuse('not-a-member')
  const message: ServerToHostMessage = { type: 'presence', guest, presence: 'left', elsewhere: 'declined' }
  const gone = JSON.stringify(message)
  for (const other of audience) if (other !== host) other.link?.sendText(gone)
  seat.phase = { kind: 'known', knock: seat.phase.knock }
  deliverOrKeep(context, seat, { type: 'dismissed' })
  context.rooms.tidy(room)
}
