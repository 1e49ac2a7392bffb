import type { GuestKey } from '@alcove/shared/domain/ids'
import type { HubContext } from './context.ts'
import { deliver } from './guests.ts'
import type { Link } from './link.ts'
import { type Call, type GuestSeat, type HostSeat, isRelayOpen, type Room } from './state.ts'

/**
 * Relaying happens inside one call: between the guest and the device that admitted it, and between two guests of the
 * newest roster. What is for a member whose socket is lost is dropped: both sides recover when it is back.
 */
export function relayFromHost(context: HubContext, room: Room, host: HostSeat, link: Link, to: 'host' | GuestKey, data: string): void {
  const seat = to === 'host' ? undefined : room.guests.get(to)
  if (seat?.phase.kind !== 'admitted' || room.calls.get(seat.phase.call)?.owner !== host.device) return link.refuse('not-a-member')
  if (isRelayOpen(seat.phase)) deliver(context, seat, { type: 'relay', from: 'host', data })
}

export function relayFromGuest(context: HubContext, room: Room, from: GuestSeat, link: Link, to: 'host' | GuestKey, data: string): void {
  const call = isRelayOpen(from.phase) ? room.calls.get(from.phase.call) : undefined
  if (call === undefined) return link.refuse('not-a-member')
  if (to === 'host') {
    room.hosts.get(call.owner)?.link?.send({ type: 'relay', from: from.key, data })
    return
  }
  const peer = room.guests.get(to)
  if (peer === undefined || peer === from || !isInRoster(call, from) || !isInRoster(call, peer)) return link.refuse('not-a-member')
  deliver(context, peer, { type: 'relay', from: from.key, data })
}

/** In the newest roster with the very knock that its ticket answers: keys between guests hang on both. */
function isInRoster(call: Call, seat: GuestSeat): boolean {
  return isRelayOpen(seat.phase) && seat.phase.call === call.id && call.roster?.guests.get(seat.key) === seat.phase.answered
}
