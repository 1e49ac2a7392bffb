import type { GuestKey } from '@alcove/shared/domain/ids'
import { type GuestToServerMessage, graceMs, type ServerToGuestMessage } from '@alcove/shared/protocol/session-messages'
import { createBucket, perMinute } from '../rate-limits.ts'
import type { HubContext } from './context.ts'
import { tellHosts, tellPresence } from './hosts.ts'
import type { Link } from './link.ts'
import { type GuestPhase, type GuestSeat, isRelayOpen, type Room } from './state.ts'

const nothing = () => {}

/** Whether a guest in this phase may receive it. Everything to a guest passes here; what is not named stays inside. */
export function mayReceive(phase: GuestPhase, type: ServerToGuestMessage['type']): boolean {
  switch (type) {
    case 'hello':
    case 'ready':
    case 'waiting':
    case 'note':
    case 'dismissed':
    case 'pong':
    case 'error':
    case 'goaway':
      return true
    /** `known`: it was lost when its call ended. */
    case 'ended':
      return phase.kind === 'admitted' || phase.kind === 'known'
    case 'admitted':
    case 'roster':
    case 'relay':
    case 'ice-servers':
      return isRelayOpen(phase)
  }
}

export function deliver(context: HubContext, seat: GuestSeat, message: ServerToGuestMessage): void {
  if (seat.link === null) return
  if (mayReceive(seat.phase, message.type)) seat.link.send(message)
  else context.report({ type: 'withheld' })
}

/** Delivers now, or when the guest is back: of each kind the last one. */
export function deliverOrKeep(context: HubContext, seat: GuestSeat, message: ServerToGuestMessage): void {
  if (seat.link !== null) return deliver(context, seat, message)
  const isNote = message.type === 'note'
  seat.missed = [...seat.missed.filter((kept) => (kept.type === 'note') !== isNote), message]
}

/** An authenticated guest takes its seat: a new one, or the one that its key still has. */
export function seatGuest(context: HubContext, room: Room, key: GuestKey, link: Link): GuestSeat {
  let seat = room.guests.get(key)
  if (seat === undefined) {
    const notes = createBucket(perMinute(context.limits.LIMIT_NOTES_PER_GUEST_PER_MINUTE), context.now())
    seat = { key, link, stopGrace: nothing, phase: { kind: 'new' }, address: link.address, missed: [], notes }
    room.guests.set(key, seat)
  } else {
    resume(room, seat, link)
  }
  const { kind } = seat.phase
  deliver(context, seat, { type: 'ready', role: 'guest', now: context.now(), state: kind === 'known' ? 'new' : kind })
  const { missed } = seat
  seat.missed = []
  for (const message of missed) deliver(context, seat, message)
  deliverRoster(context, room, seat)
  return seat
}

function resume(room: Room, seat: GuestSeat, link: Link): void {
  const older = seat.link
  seat.stopGrace()
  seat.stopGrace = nothing
  seat.link = link
  seat.address = link.address
  if (older !== null) older.fail('replaced')
  else tellPresence(room, seat, 'back')
}

/** A roster may have been signed while the guest was away. */
function deliverRoster(context: HubContext, room: Room, seat: GuestSeat): void {
  if (!isRelayOpen(seat.phase)) return
  const call = room.calls.get(seat.phase.call)
  const roster = call?.roster ?? null
  if (roster !== null && roster.by === call?.owner) deliver(context, seat, { type: 'roster', roster: roster.signed })
}

/** The socket is lost. The seat stays for the grace, unless it never asked for anything. */
export function guestLost(context: HubContext, room: Room, seat: GuestSeat): void {
  seat.link = null
  if (seat.phase.kind === 'new') return removeGuest(context, room, seat)
  tellPresence(room, seat, 'away')
  seat.stopGrace = context.after(graceMs, () => {
    tellPresence(room, seat, 'left')
    removeGuest(context, room, seat)
  })
}

function removeGuest(context: HubContext, room: Room, seat: GuestSeat): void {
  room.guests.delete(seat.key)
  context.rooms.tidy(room)
}

/** `knock` and `leave`. Relaying is in relay.ts, since only members do it. */
export function receiveKnock(
  context: HubContext,
  room: Room,
  seat: GuestSeat,
  link: Link,
  message: GuestToServerMessage & { type: 'knock' },
): void {
  const now = context.now()
  if (!context.knocksByAddress.take(link.address, now)) {
    context.report({ type: 'limit', limit: 'LIMIT_KNOCKS_PER_ADDRESS_PER_MINUTE' })
    return link.refuse('rate-limited')
  }
  if (!context.knocksByRoom.take(room.id, now)) {
    context.report({ type: 'limit', limit: 'LIMIT_KNOCKS_PER_ROOM_PER_MINUTE' })
    return link.refuse('rate-limited')
  }
  const takesNewPlace = seat.phase.kind === 'new' || seat.phase.kind === 'known'
  if (takesNewPlace && isFull(context, room, seat)) return link.refuse('room-full')

  const knock = { sealed: message.sealed, hash: context.proofs.hash(message.sealed) }
  seat.phase = seat.phase.kind === 'admitted' ? { ...seat.phase, knock } : { kind: 'waiting', knock }
  seat.missed = []
  if (takesNewPlace) {
    room.guests.delete(seat.key)
    room.guests.set(seat.key, seat)
  }
  context.report({ type: 'knocked' })
  deliver(context, seat, { type: 'waiting' })
  tellHosts(room, seat, { type: 'knock', guest: seat.key, sealed: message.sealed })
}

function isFull(context: HubContext, room: Room, newcomer: GuestSeat): boolean {
  const waiting = [...room.guests.values()].filter((seat) => seat.phase.kind === 'waiting')
  const fromHere = waiting.filter((seat) => seat.address === newcomer.address)
  if (waiting.length >= context.limits.LIMIT_WAITING_PER_ROOM) {
    context.report({ type: 'limit', limit: 'LIMIT_WAITING_PER_ROOM' })
    return true
  }
  if (fromHere.length >= context.limits.LIMIT_WAITING_PER_ROOM_AND_ADDRESS) {
    context.report({ type: 'limit', limit: 'LIMIT_WAITING_PER_ROOM_AND_ADDRESS' })
    return true
  }
  return false
}

export function receiveLeave(context: HubContext, room: Room, seat: GuestSeat): void {
  if (seat.phase.kind === 'new') return
  tellPresence(room, seat, 'left')
  seat.phase = { kind: 'new' }
  seat.missed = []
  context.rooms.tidy(room)
}
