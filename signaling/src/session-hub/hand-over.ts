import { clockSkewMs } from '@alcove/shared/crypto/admission'
import type { CallId } from '@alcove/shared/domain/ids'
import { listGuests } from './hosts.ts'
import type { HubContext } from './context.ts'
import type { Link } from './link.ts'
import type { HostSeat, Room } from './state.ts'

/**
 * A call moves to another device of the same clinician. Nobody in it notices: they stay admitted, and hear from the new
 * owner when its own tickets answer their knocks. The device that gave it may take it back, should the other one have
 * died on the way.
 */
export function receiveHandOver(context: HubContext, room: Room, host: HostSeat, link: Link, id: CallId, device: string): void {
  const call = room.calls.get(id)
  const heir = room.hosts.get(device)
  if (call === undefined || heir === undefined || heir.link === null) return link.refuse('hand-over-refused')
  // Proven when they connected: that may be weeks ago. An expired device could neither sign for the call nor be followed in it.
  const oldest = context.now() - clockSkewMs
  if (host.expiresAt < oldest || heir.expiresAt < oldest) return link.refuse('hand-over-refused')
  const gives = call.owner === host.device && heir !== host
  const takesBack = call.owner !== host.device && call.former === host.device && heir === host
  if (!gives && !takesBack) return link.refuse('hand-over-refused')
  call.former = gives ? host.device : null
  call.owner = heir.device
  const guests = listGuests(room, heir).filter((listing) => listing.call === id)
  heir.link.send({ type: 'handed-over', call: id, device, guests })
  if (heir !== host) link.send({ type: 'handed-over', call: id, device, guests: [] })
}
