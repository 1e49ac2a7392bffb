import { decode } from '@alcove/shared/protocol/decode'
import {
  type AuthenticateMessage,
  authenticateMessage,
  type GuestToServerMessage,
  guestToServerMessage,
  type HostToServerMessage,
  hostToServerMessage,
  maxFrameBytes,
} from '@alcove/shared/protocol/session-messages'
import { createKeyedLimiter, perHour, perMinute } from './rate-limits.ts'
import { receiveAdmit, receiveEnd, receiveRoster } from './session-hub/calls.ts'
import type { HubContext, SessionHubDeps } from './session-hub/context.ts'
import { guestLost, receiveKnock, receiveLeave, seatGuest } from './session-hub/guests.ts'
import { receiveDismiss, receiveNote } from './session-hub/host-words.ts'
import { hostLost, receiveEnrol, seatHost } from './session-hub/hosts.ts'
import { closeCodes, createLink, type HubConnection, type Link } from './session-hub/link.ts'
import { relayFromGuest, relayFromHost } from './session-hub/relay.ts'
import { receiveRaiseEpoch } from './session-hub/raise-epoch.ts'
import { receiveHandOver } from './session-hub/hand-over.ts'
import { renewIceServers } from './session-hub/renewal.ts'
import { createRooms } from './session-hub/rooms.ts'
import type { GuestSeat, HostSeat, Room, Stop } from './session-hub/state.ts'

/** How long a new connection may take to prove itself. */
const authenticationMs = 10_000
/** Before that, nothing longer than an `authenticate` is read. */
const maxAuthenticateLength = 8 * 1024
const sweepEveryMs = 30_000

/** One socket's end inside the hub. Calls may come in any order and after the end. */
export type HubClient = {
  /** One text frame. Resolves when it has been dealt with, whatever was in it; frames are dealt with in order. */
  receive(text: string): Promise<void>
  /** A ping or pong of the WebSocket itself: counted like a message. False when it came too often. */
  control(): boolean
  /** A frame that is no text. */
  refuseBinary(): void
  closed(): void
}

export type SessionHub = {
  connect(connection: HubConnection): HubClient
  /** Says goodbye to everybody; returns are spread over `spreadMs`. */
  goaway(spreadMs: number): void
  counts(): {
    readonly connections: number
    readonly rooms: number
    readonly hosts: number
    readonly guests: number
    readonly calls: number
  }
  /** Stops its timers. */
  close(): void
}

type Party =
  | { readonly kind: 'stranger' }
  | { readonly kind: 'host'; readonly room: Room; readonly seat: HostSeat }
  | { readonly kind: 'guest'; readonly room: Room; readonly seat: GuestSeat }

/** Rooms, waiting, admission and relay for every connected socket; knows no socket, no clock and no key itself. */
export function createSessionHub(deps: SessionHubDeps): SessionHub {
  const { limits } = deps
  const context: HubContext = {
    ...deps,
    rooms: createRooms(limits.LIMIT_ROOMS),
    knocksByAddress: createKeyedLimiter(perMinute(limits.LIMIT_KNOCKS_PER_ADDRESS_PER_MINUTE)),
    knocksByRoom: createKeyedLimiter(perMinute(limits.LIMIT_KNOCKS_PER_ROOM_PER_MINUTE)),
    enrolmentsByAddress: createKeyedLimiter(perMinute(limits.LIMIT_ENROLMENTS_PER_ADDRESS_PER_MINUTE)),
    epochRaisesByAddress: createKeyedLimiter(perMinute(limits.LIMIT_EPOCH_RAISES_PER_ADDRESS_PER_MINUTE)),
    epochRoomsByAddress: createKeyedLimiter(perHour(limits.LIMIT_MINIMUM_EPOCHS_PER_ADDRESS_PER_HOUR)),
  }
  const links = new Set<Link>()
  const stopSweeping = repeat(deps, sweepEveryMs, () => {
    const { knocksByAddress, knocksByRoom, enrolmentsByAddress, epochRaisesByAddress, epochRoomsByAddress } = context
    const limiters = [knocksByAddress, knocksByRoom, enrolmentsByAddress, epochRaisesByAddress, epochRoomsByAddress]
    for (const limiter of limiters) limiter.sweep(deps.now())
  })
  const { renewEveryMs } = deps.ice
  const stopRenewing = renewEveryMs === null ? () => {} : repeat(deps, renewEveryMs, () => renewIceServers(context))

  function connect(connection: HubConnection): HubClient {
    const link = createLink(deps.random(16), connection, limits, deps.now())
    const nonce = deps.random(32)
    let party: Party = { kind: 'stranger' }
    let tail = Promise.resolve()
    links.add(link)
    link.send({ type: 'hello', version: 1, nonce, connection: link.id, now: deps.now() })
    const stopWaiting = deps.after(authenticationMs, () => link.fail('not-authenticated'))

    async function handle(text: string): Promise<void> {
      if (!link.isOpen()) return
      if (party.kind === 'stranger') {
        const message = decode(authenticateMessage, text, maxAuthenticateLength)
        if (message.ok) party = await authenticate(context, link, nonce, message.value)
        else link.fail(message.error === 'malformed' && isSessionMessage(text) ? 'not-authenticated' : message.error)
        if (party.kind !== 'stranger') stopWaiting()
      } else if (party.kind === 'guest') {
        const message = decode(guestToServerMessage, text, maxFrameBytes)
        if (message.ok) receiveFromGuest(context, party.room, party.seat, link, message.value)
        else link.fail(message.error === 'malformed' && isSessionMessage(text) ? 'not-allowed' : message.error)
      } else {
        const message = decode(hostToServerMessage, text, maxFrameBytes)
        if (message.ok) await receiveFromHost(context, party.room, party.seat, link, message.value)
        else link.fail(message.error === 'malformed' && isSessionMessage(text) ? 'not-allowed' : message.error)
      }
      if (!link.isOpen()) leaveSeat()
    }

    /** Once the link is gone, by either side. */
    function leaveSeat(): void {
      stopWaiting()
      links.delete(link)
      const leaving = party
      party = { kind: 'stranger' }
      if (leaving.kind === 'stranger' || leaving.seat.link !== link) return
      if (leaving.kind === 'host') hostLost(context, leaving.room, leaving.seat)
      else guestLost(context, leaving.room, leaving.seat)
    }

    function isWithinRate(): boolean {
      if (link.meter(deps.now()) === 'ok') return true
      deps.report({ type: 'limit', limit: 'LIMIT_MESSAGES_PER_SOCKET_PER_SECOND' })
      return false
    }

    return {
      control: () => link.isOpen() && isWithinRate(),
      receive(text) {
        if (!link.isOpen() || !isWithinRate()) return tail
        tail = tail
          .then(() => handle(text))
          .catch((error: unknown) => {
            deps.report({ type: 'fault', error })
            link.close(closeCodes.internal, 'internal error')
          })
        return tail
      },
      refuseBinary: () => link.fail('malformed'),
      closed() {
        link.closed()
        leaveSeat()
      },
    }
  }

  return {
    connect,
    goaway(spreadMs) {
      let position = 0
      for (const link of links) {
        link.send({ type: 'goaway', reconnectInMs: Math.round((spreadMs * position) / links.size) })
        position += 1
      }
    },
    counts() {
      const rooms = [...context.rooms.all()]
      const sum = (size: (room: Room) => number) => rooms.reduce((total, room) => total + size(room), 0)
      return {
        connections: links.size,
        rooms: rooms.length,
        hosts: sum((room) => room.hosts.size),
        guests: sum((room) => room.guests.size),
        calls: sum((room) => room.calls.size),
      }
    },
    close() {
      stopSweeping()
      stopRenewing()
    },
  }
}

async function authenticate(context: HubContext, link: Link, nonce: string, message: AuthenticateMessage): Promise<Party> {
  const challenge = { origin: link.origin, connection: link.id, nonce }
  if (message.role === 'guest') {
    const proven = await context.proofs.guest(message, challenge)
    const room = enterRoom(context, link, message, proven)
    if (room === null) return { kind: 'stranger' }
    context.report({ type: 'authenticated', role: 'guest' })
    return { kind: 'guest', room, seat: seatGuest(context, room, message.guestKey, link) }
  }
  const proven = await context.proofs.host(message, challenge, context.now())
  const minimum = context.epochs.minimum(message.room)
  if (proven !== null && link.isOpen() && proven.epoch < minimum) {
    context.report({ type: 'refused', reason: 'certificate-refused' })
    link.failCertificate(minimum)
    return { kind: 'stranger' }
  }
  const room = enterRoom(context, link, message, proven !== null)
  if (proven === null || room === null) return { kind: 'stranger' }
  const seat = seatHost(context, room, proven, message.enrolment, link)
  if (seat === null) {
    link.fail('room-full')
    return { kind: 'stranger' }
  }
  context.report({ type: 'authenticated', role: 'host' })
  return { kind: 'host', room, seat }
}

function enterRoom(context: HubContext, link: Link, message: AuthenticateMessage, proven: boolean): Room | null {
  if (!link.isOpen()) return null
  if (!proven) {
    context.report({ type: 'refused', reason: 'authentication-failed' })
    link.fail('authentication-failed')
    return null
  }
  const room = context.rooms.enter(message.room)
  if (room === null) {
    context.report({ type: 'limit', limit: 'LIMIT_ROOMS' })
    link.fail('server-full')
  }
  return room
}

function receiveFromGuest(context: HubContext, room: Room, seat: GuestSeat, link: Link, message: GuestToServerMessage): void {
  switch (message.type) {
    case 'ping':
      return link.send({ type: 'pong', now: context.now() })
    case 'knock':
      return receiveKnock(context, room, seat, link, message)
    case 'leave':
      return receiveLeave(context, room, seat)
    case 'relay':
      return relayFromGuest(context, room, seat, link, message.to, message.data)
  }
}

async function receiveFromHost(context: HubContext, room: Room, seat: HostSeat, link: Link, message: HostToServerMessage): Promise<void> {
  switch (message.type) {
    case 'ping':
      return link.send({ type: 'pong', now: context.now() })
    case 'admit':
      return receiveAdmit(context, room, seat, link, message.guest, message.ticket)
    case 'roster':
      return receiveRoster(context, room, seat, link, message.roster)
    case 'end':
      return receiveEnd(context, room, seat, link, message.end)
    case 'dismiss':
      return receiveDismiss(context, room, seat, link, message.guest)
    case 'note':
      return receiveNote(context, room, seat, link, message.guest, message.sealed)
    case 'relay':
      return relayFromHost(context, room, seat, link, message.to, message.data)
    case 'enrol':
      return receiveEnrol(context, room, seat, link, message.code)
    case 'hand-over':
      return receiveHandOver(context, room, seat, link, message.call, message.device)
    case 'raise-epoch':
      return receiveRaiseEpoch(context, room, seat, link, message.statement)
  }
}

/** Well formed, but said by the wrong party or too early. */
function isSessionMessage(text: string): boolean {
  return (
    decode(authenticateMessage, text, maxFrameBytes).ok ||
    decode(guestToServerMessage, text, maxFrameBytes).ok ||
    decode(hostToServerMessage, text, maxFrameBytes).ok
  )
}

function repeat(deps: SessionHubDeps, everyMs: number, run: () => void): Stop {
  let stop = deps.after(everyMs, tick)
  function tick(): void {
    stop = deps.after(everyMs, tick)
    run()
  }
  return () => stop()
}
