import { graceMs } from '@alcove/shared/protocol/session-messages'
import type { HubContext } from './context.ts'
import { leaveCalls } from './hosts.ts'
import type { Link } from './link.ts'
import type { HostSeat, Room } from './state.ts'

/** Above what holds now. One removal is one step; a thief with the room's key must not be able to jump out of everybody's reach. */
const maxStep = 1_000

/** Any certified device may raise it: the statement is the room key's, and it never goes down. */
export async function receiveRaiseEpoch(context: HubContext, room: Room, host: HostSeat, link: Link, statement: string): Promise<void> {
  if (!context.epochRaisesByAddress.take(link.address, context.now())) {
    context.report({ type: 'limit', limit: 'LIMIT_EPOCH_RAISES_PER_ADDRESS_PER_MINUTE' })
    return link.refuse('rate-limited')
  }
  const raised = await context.proofs.minimumEpoch(statement, { room: room.id, ...host })
  const minimum = context.epochs.minimum(room.id)
  if (raised === null || raised.epoch > minimum + maxStep) return link.refuse('epoch-refused')
  if (minimum === 0 && raised.epoch > 0 && !context.epochRoomsByAddress.take(link.address, context.now())) {
    context.report({ type: 'limit', limit: 'LIMIT_MINIMUM_EPOCHS_PER_ADDRESS_PER_HOUR' })
    return link.refuse('rate-limited')
  }
  const outcome = await context.epochs.raise(room.id, raised.epoch, statement)
  if (outcome === 'full') context.report({ type: 'limit', limit: 'LIMIT_MINIMUM_EPOCHS' })
  if (outcome !== 'stored') return link.refuse('not-stored')
  link.send({ type: 'epoch-raised', epoch: context.epochs.minimum(room.id) })
  for (const seat of [...room.hosts.values()]) {
    if (seat.epoch < context.epochs.minimum(room.id)) unseat(context, room, seat)
  }
}

/**
 * A removed device keeps neither its place nor its calls: whoever is in one is the others' after the grace, which leaves
 * devices that have not heard of it yet the time to come back with a new certificate.
 */
function unseat(context: HubContext, room: Room, seat: HostSeat): void {
  const { link } = seat
  seat.stopGrace()
  seat.link = null
  link?.failCertificate(context.epochs.minimum(room.id))
  room.hosts.delete(seat.device)
  context.after(graceMs, () => leaveCalls(room, seat))
  context.rooms.tidy(room)
}
