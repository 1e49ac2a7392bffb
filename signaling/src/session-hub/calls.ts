import { maxGuests, type TicketContents } from '@alcove/shared/protocol/peer-messages'
import type { ServerToHostMessage } from '@alcove/shared/protocol/session-messages'
import type { HubContext } from './context.ts'
import { deliver, deliverOrKeep } from './guests.ts'
import type { Link } from './link.ts'
import { audienceOf, type Call, type GuestSeat, type HostSeat, isOrphaned, isRelayOpen, membersOf, type Room } from './state.ts'

/** Tickets live for a minute, so that the newest few ended calls are all that anyone could still be admitted to. */
const rememberedEnds = 100

/**
 * A signed ticket opens the relay for one guest key and one call. The signature is checked first; the rules are checked
 * after it, in one go, because other messages are handled while a signature is being checked.
 */
export async function receiveAdmit(
  context: HubContext,
  room: Room,
  host: HostSeat,
  link: Link,
  guest: GuestSeat['key'],
  signed: string,
): Promise<void> {
  const seat = room.guests.get(guest)
  if (seat === undefined || seat.phase.kind === 'new') return link.refuse('ticket-refused')
  const expected = { guest, knock: seat.phase.knock.hash, now: context.now() }
  const ticket = await context.proofs.ticket(signed, { room: room.id, ...host }, expected)
  if (host.link !== link) return
  if (ticket === null || room.guests.get(guest) !== seat || !mayAdmit(room, host, seat, ticket)) return link.refuse('ticket-refused')
  admit(context, room, host, seat, ticket, signed)
}

function mayAdmit(room: Room, host: HostSeat, seat: GuestSeat, ticket: TicketContents): boolean {
  const { phase } = seat
  if (phase.kind !== 'waiting' && phase.kind !== 'admitted') return false
  if (phase.knock.hash !== ticket.knock) return false
  if (phase.kind === 'admitted' && phase.call !== ticket.call && !isOrphaned(room, seat)) return false
  if (room.endedCalls.has(ticket.call)) return false
  const call = room.calls.get(ticket.call)
  if (call !== undefined && (call.owner !== host.device || ticket.issuedAt <= call.lastIssuedAt)) return false
  return membersOf(room, ticket.call).filter((member) => member !== seat).length < maxGuests
}

function admit(context: HubContext, room: Room, host: HostSeat, seat: GuestSeat, ticket: TicketContents, signed: string): void {
  const isNew = seat.phase.kind === 'waiting' || isOrphaned(room, seat)
  const call = room.calls.get(ticket.call) ?? openCall(room, host, ticket.call)
  call.lastIssuedAt = ticket.issuedAt
  if (isNew) {
    const message: ServerToHostMessage = { type: 'presence', guest: seat.key, presence: 'left', elsewhere: 'accepted' }
    const taken = JSON.stringify(message)
    for (const other of audienceOf(room, seat)) if (other !== host) other.link?.sendText(taken)
  }
  const knock = { sealed: seat.phase.kind === 'new' ? '' : seat.phase.knock.sealed, hash: ticket.knock }
  seat.phase = { kind: 'admitted', knock, call: call.id, answered: ticket.knock }
  context.report({ type: 'admitted' })
  deliverOrKeep(context, seat, {
    type: 'admitted',
    ticket: signed,
    certificate: host.certificate,
    roster: call.roster?.guests.get(seat.key) === ticket.knock && call.roster.by === host.device ? call.roster.signed : null,
    iceServers: [...context.ice.servers(host.enrolled, context.now())],
  })
}

/** A device has one call at a time; its older ones without anyone in them are forgotten. */
function openCall(room: Room, host: HostSeat, id: Call['id']): Call {
  for (const older of room.calls.values()) {
    if (older.owner === host.device && membersOf(room, older.id).length === 0) room.calls.delete(older.id)
  }
  const call: Call = { id, owner: host.device, former: null, lastIssuedAt: 0, roster: null }
  room.calls.set(id, call)
  return call
}

export async function receiveRoster(context: HubContext, room: Room, host: HostSeat, link: Link, signed: string): Promise<void> {
  const roster = await context.proofs.roster(signed, { room: room.id, ...host }, context.now())
  if (host.link !== link) return
  const call = roster === null ? undefined : room.calls.get(roster.call)
  const isNewer = roster !== null && roster.sequence > (call?.roster?.sequence ?? -1)
  if (call === undefined || call.owner !== host.device || !isNewer) return link.refuse('roster-refused')
  call.roster = {
    signed,
    by: host.device,
    sequence: roster.sequence,
    guests: new Map(roster.guests.map((entry) => [entry.guest, entry.knock])),
  }
  // Who is away or has to be admitted anew gets the newest one then.
  for (const member of membersOf(room, call.id)) {
    if (isRelayOpen(member.phase)) deliver(context, member, { type: 'roster', roster: signed })
  }
}

/** Ends this device's own call, once. Of a call that is not known here only the end is remembered. */
export async function receiveEnd(context: HubContext, room: Room, host: HostSeat, link: Link, signed: string): Promise<void> {
  const end = await context.proofs.end(signed, { room: room.id, ...host }, context.now())
  if (host.link !== link) return
  if (end === null) return link.refuse('end-refused')
  const call = room.calls.get(end.call)
  if (call !== undefined && call.owner !== host.device) return link.refuse('end-refused')
  if (room.endedCalls.has(end.call)) return
  rememberEnd(room, end.call)
  for (const member of membersOf(room, end.call)) {
    deliverOrKeep(context, member, { type: 'ended', end: signed, certificate: host.certificate })
    if (member.phase.kind === 'admitted') member.phase = { kind: 'known', knock: member.phase.knock }
  }
  room.calls.delete(end.call)
  context.report({ type: 'ended' })
}

function rememberEnd(room: Room, call: Call['id']): void {
  room.endedCalls.add(call)
  for (const oldest of room.endedCalls) {
    if (room.endedCalls.size <= rememberedEnds) break
    room.endedCalls.delete(oldest)
  }
}
