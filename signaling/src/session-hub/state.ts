import type { CallId, GuestKey, RoomId } from '@alcove/shared/domain/ids'
import type { ServerToGuestMessage } from '@alcove/shared/protocol/session-messages'
import type { Bucket } from '../rate-limits.ts'
import type { Link } from './link.ts'

/** Undoes what returned it. Calling it twice does nothing. */
export type Stop = () => void

/**
 * What the hub remembers, in memory only. A seat is a person's place in a room; it outlives its socket by the grace.
 * The clinician's device is the authority: all of this may be lost and is made again from its and the guests' messages.
 */
export type Room = {
  readonly id: RoomId
  /** By device key. */
  readonly hosts: Map<string, HostSeat>
  /** In order of arrival. */
  readonly guests: Map<GuestKey, GuestSeat>
  readonly calls: Map<CallId, Call>
  /** Ended here; nobody is admitted to one again. The newest ones only: tickets live for a minute. */
  readonly endedCalls: Set<CallId>
}

export type HostSeat = {
  readonly device: string
  /** 65 bytes, base64url. */
  readonly roomKey: string
  certificate: string
  /** Of the certificate; epoch ms. */
  expiresAt: number
  /** Of the certificate. */
  epoch: number
  /** Null while the socket is lost. */
  link: Link | null
  stopGrace: Stop
  enrolled: boolean
}

export type Knock = {
  readonly sealed: string
  /** base64url(SHA-256(sealed)): what a ticket answers. */
  readonly hash: string
}

export type GuestPhase =
  /** Connected, has not knocked or has left. Gone without grace. */
  | { readonly kind: 'new' }
  | { readonly kind: 'waiting'; readonly knock: Knock }
  /**
   * `answered` is the hash of the knock that the ticket answers. After another knock (a reloaded page) the relay is shut
   * until a new ticket answers that one; the place in the call stays.
   */
  | { readonly kind: 'admitted'; readonly knock: Knock; readonly call: CallId; readonly answered: string }
  /** Was dismissed, or its call has ended: may get notes, may knock again. */
  | { readonly kind: 'known'; readonly knock: Knock }

export type GuestSeat = {
  readonly key: GuestKey
  link: Link | null
  stopGrace: Stop
  phase: GuestPhase
  /** Of the latest socket, for the limit per address. */
  address: string
  /** What happened while the socket was lost: the last note and the last decision, in order. */
  missed: ServerToGuestMessage[]
  readonly notes: Bucket
}

export type Call = {
  readonly id: CallId
  /** Device key of the host that admitted first, or was handed the call. Only it admits, signs rosters, ends. */
  owner: string
  /** Device key of the host that gave it away last, and may take it back. */
  former: string | null
  lastIssuedAt: number
  roster: Roster | null
}

export type Roster = {
  readonly signed: string
  /** The device that signed it. After a hand-over it still says who may talk to whom, but guests believe the new owner's alone. */
  readonly by: string
  readonly sequence: number
  /** Hash of the knock with which each member was admitted. */
  readonly guests: ReadonlyMap<GuestKey, string>
}

export function isRelayOpen(phase: GuestPhase): phase is GuestPhase & { readonly kind: 'admitted' } {
  return phase.kind === 'admitted' && phase.answered === phase.knock.hash
}

export function membersOf(room: Room, call: CallId): GuestSeat[] {
  return [...room.guests.values()].filter((seat) => seat.phase.kind === 'admitted' && seat.phase.call === call)
}

/** Hosts to be told about a guest: its call's owner, while that one has a seat; else every device of the clinician. */
export function audienceOf(room: Room, seat: GuestSeat): HostSeat[] {
  const call = seat.phase.kind === 'admitted' ? room.calls.get(seat.phase.call) : undefined
  const owner = call === undefined ? undefined : room.hosts.get(call.owner)
  return owner === undefined ? [...room.hosts.values()] : [owner]
}

/** In a call whose device is gone for good: any other device of the clinician may answer. */
export function isOrphaned(room: Room, { phase }: GuestSeat): boolean {
  const call = phase.kind === 'admitted' ? room.calls.get(phase.call) : undefined
  return call !== undefined && !room.hosts.has(call.owner)
}
