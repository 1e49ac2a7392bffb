import type { CallId } from '@alcove/shared/domain/ids'
import { listGuests } from './hosts.ts'
import type { Link } from './link.ts'
import type { HostSeat, Room } from './state.ts'

/**
 * A call moves to another device of the same clinician. Nobody in it notices: they stay admitted, and hear from the new
 * owner when its own tickets answer their knocks.
 */
export function receiveHandOver(room: Room, host: HostSeat, link: Link, id: CallId, device: string): void {
  const call = room.calls.get(id)
  const heir = room.hosts.get(device)
  if (call?.owner !== host.device || heir === undefined || heir === host || heir.link === null) return link.refuse('hand-over-refused')
  call.owner = heir.device
  const guests = listGuests(room, heir).filter((listing) => listing.call === id)
  heir.link.send({ type: 'handed-over', call: id, device, guests })
  link.send({ type: 'handed-over', call: id, device, guests: [] })
}
