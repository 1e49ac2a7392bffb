import { type GuestListing, graceMs, type ServerToHostMessage } from '@alcove/shared/protocol/session-messages'
import type { HubContext } from './context.ts'
import type { Link } from './link.ts'
import type { ProvenHost } from './proofs.ts'
import { audienceOf, type GuestSeat, type HostSeat, type Room } from './state.ts'

const nothing = () => {}
/** The most that the protocol lets a `ready` list. */
const maxListed = 100

/** To every host that this guest concerns, serialised once. */
export function tellHosts(room: Room, seat: GuestSeat, message: ServerToHostMessage): void {
  const text = JSON.stringify(message)
  for (const host of audienceOf(room, seat)) host.link?.sendText(text)
}

export function tellPresence(room: Room, seat: GuestSeat, presence: 'away' | 'back' | 'left'): void {
  tellHosts(room, seat, { type: 'presence', guest: seat.key, presence })
}

/** An authenticated device takes its seat. Null when too many devices are there. */
export function seatHost(context: HubContext, room: Room, host: ProvenHost, proof: string | undefined, link: Link): HostSeat | null {
  const enrolled = context.enrolment !== null && proof !== undefined && context.enrolment.isEnrolled(room.id, proof)
  let seat = room.hosts.get(host.device)
  if (seat === undefined) {
    if (room.hosts.size >= context.limits.LIMIT_HOSTS_PER_ROOM) {
      context.report({ type: 'limit', limit: 'LIMIT_HOSTS_PER_ROOM' })
      return null
    }
    seat = { ...host, link, stopGrace: nothing, enrolled }
    room.hosts.set(host.device, seat)
    returnToCalls(room, seat)
  } else {
    const older = seat.link
    seat.stopGrace()
    seat.stopGrace = nothing
    seat.link = link
    seat.certificate = host.certificate
    seat.expiresAt = host.expiresAt
    seat.epoch = host.epoch
    seat.enrolled ||= enrolled
    older?.fail('replaced')
  }
  link.send({
    type: 'ready',
    role: 'host',
    now: context.now(),
    guests: listGuests(room, seat),
    iceServers: [...context.ice.servers(seat.enrolled, context.now())],
    enrolment: context.enrolment === null ? 'not-needed' : seat.enrolled ? 'done' : 'required',
  })
  return seat
}

/** Who waits, and who is in a call that concerns this device. */
export function listGuests(room: Room, host: HostSeat): GuestListing[] {
  const listings = [...room.guests.values()].flatMap((seat): GuestListing[] => {
    const { phase } = seat
    if (phase.kind !== 'waiting' && phase.kind !== 'admitted') return []
    if (!audienceOf(room, seat).includes(host)) return []
    const call = phase.kind === 'admitted' ? phase.call : null
    return [{ guest: seat.key, state: phase.kind, present: seat.link !== null, sealed: phase.knock.sealed, call }]
  })
  return listings.slice(0, maxListed)
}

/** The socket is lost. The device keeps its calls for the grace, and as long as anyone is in them. */
export function hostLost(context: HubContext, room: Room, seat: HostSeat): void {
  seat.link = null
  seat.stopGrace = context.after(graceMs, () => {
    room.hosts.delete(seat.device)
    leaveCalls(room, seat)
    context.rooms.tidy(room)
  })
}

/** Whoever is in a call of a device that is gone for good knocks at the clinician's others. */
export function leaveCalls(room: Room, { device }: HostSeat): void {
  if (room.hosts.has(device)) return
  for (const { seat, sealed } of inCallsOf(room, device)) {
    if (seat.link !== null) tellHosts(room, seat, { type: 'knock', guest: seat.key, sealed })
  }
}

/** It was not gone for good after all. */
function returnToCalls(room: Room, host: HostSeat): void {
  for (const { seat } of inCallsOf(room, host.device)) {
    const message: ServerToHostMessage = { type: 'presence', guest: seat.key, presence: 'left', elsewhere: 'accepted' }
    const text = JSON.stringify(message)
    for (const other of room.hosts.values()) if (other !== host) other.link?.sendText(text)
  }
}

function inCallsOf(room: Room, device: string): { readonly seat: GuestSeat; readonly sealed: string }[] {
  return [...room.guests.values()].flatMap((seat) => {
    const { phase } = seat
    const isIn = phase.kind === 'admitted' && room.calls.get(phase.call)?.owner === device
    return isIn ? [{ seat, sealed: phase.knock.sealed }] : []
  })
}

export function receiveEnrol(context: HubContext, room: Room, seat: HostSeat, link: Link, code: string): void {
  if (context.enrolment === null) return link.refuse('not-allowed')
  if (!context.enrolmentsByAddress.take(link.address, context.now())) {
    context.report({ type: 'limit', limit: 'LIMIT_ENROLMENTS_PER_ADDRESS_PER_MINUTE' })
    return link.refuse('rate-limited')
  }
  const proof = context.enrolment.enrol(room.id, code)
  if (proof === null) return link.refuse('enrolment-refused')
  seat.enrolled = true
  link.send({ type: 'enrolled', enrolment: proof, iceServers: [...context.ice.servers(true, context.now())] })
}
