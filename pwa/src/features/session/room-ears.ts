import { hashText } from '@alcove/shared/crypto/bytes'
import { issueMinimumEpoch } from '@alcove/shared/crypto/chain'
import type { GuestKey } from '@alcove/shared/domain/ids'
import type { Member } from '@alcove/shared/domain/session'
import type { GuestListing, ServerToHostMessage } from '@alcove/shared/protocol/session-messages'
import type { HostIdentity } from '../../ports.ts'
import { newCall } from './call-id.ts'
import type { Reception } from './reception.ts'
import type { RoomCalls } from './room-calls.ts'
import type { RoomDevices } from './room-devices.ts'
import type { RoomLine } from './room-line.ts'
import type { RoomPeers } from './room-peers.ts'
import type { RoomSession } from './room-session.ts'

export type RoomEarsDeps = {
  /** Epoch ms by the server's clock. */
  readonly now: () => number
  readonly inTurn: (task: () => unknown) => Promise<void>
  readonly identity: () => HostIdentity | null
  readonly line: Pick<RoomLine, 'send'>
  readonly peers: Pick<RoomPeers, 'receive' | 'isAnswered' | 'checkPaths'>
  readonly session: RoomSession
  readonly reception: Reception
  readonly devices: RoomDevices
  readonly calls: () => RoomCalls | null
}

/** Longer than the server's grace for whoever lost the connection. */
const freshMs = 30_000

/** What the server says to the clinician's device, brought to whom it concerns. */
export type RoomEars = {
  receive(message: ServerToHostMessage): void
  /** Members of the running call, as the server lists them: those whose newest knock has no ticket are answered. */
  meet(listings: readonly GuestListing[]): Promise<void>
}

export function createRoomEars(deps: RoomEarsDeps): RoomEars {
  const { now, inTurn, session, reception, devices, peers, calls } = deps

  function memberOf(guest: GuestKey): Member | undefined {
    const state = session.state()
    return state.kind === 'running' ? state.members.find((m) => m.guest === guest) : undefined
  }

  /** Accepted a moment ago, and the ticket has not been used. */
  function isFresh({ guest, admittedAt }: Member): boolean {
    return now() - admittedAt < freshMs && !peers.isAnswered(guest)
  }

  /** The connection was lost in the moment of an Accept: another device may have been faster. */
  function withdrawLost(listings: readonly GuestListing[]): void {
    const state = session.state()
    if (state.kind !== 'running' || !devices.hasOthers()) return
    for (const member of state.members) {
      if (isFresh(member) && listings.every(({ guest }) => guest !== member.guest))
        session.decide({ type: 'withdraw', guest: member.guest })
    }
  }

  /** A new connection, perhaps to a server that has forgotten everybody. */
  async function ready(listings: readonly GuestListing[]): Promise<void> {
    await raiseEpoch()
    calls()?.catchUp()
    const present = listings.filter((listing) => listing.present).map((listing) => listing.guest)
    reception.wait({ type: 'listed', guests: present, at: now() })
    session.decide({ type: 'listed', guests: present, at: now() })
    withdrawLost(listings)
    for (const { guest, state: place, sealed, present: isHere, call } of listings) {
      const running = session.state()
      const member = running.kind === 'running' && place === 'admitted' && call === running.call
      if (place === 'admitted' && !member) {
        // Ours, and over: its end was lost with the connection. Or of another device, which is gone: then they ring here.
        if (call !== null) calls()?.run({ type: 'end-call', call, guests: [] })
        if (devices.hasOthers()) await reception.knocked(guest, sealed, isHere)
      } else if (!member || !calls()?.isConnected(guest, await hashText(sealed))) {
        await reception.knocked(guest, sealed, isHere)
      }
    }
    peers.checkPaths()
  }

  /** Since a device of mine was removed: what it is certified for counts no more. The server keeps the greatest. */
  async function raiseEpoch(): Promise<void> {
    const identity = deps.identity()
    if (!identity || identity.epoch === 0) return
    const { room, roomId, epoch } = identity
    deps.line.send({ type: 'raise-epoch', statement: await issueMinimumEpoch(room, { room: roomId, epoch }) })
  }

  function presence(guest: GuestKey, word: 'away' | 'back' | 'left'): void {
    reception.wait({ type: 'presence', guest, presence: word, at: now() })
    session.decide({ type: 'presence', guest, presence: word, newCall: newCall(), at: now() })
    const member = memberOf(guest)
    // Left in the moment of the Accept, and never had the ticket: no place is kept for somebody who never came in.
    if (word === 'left' && member && isFresh(member)) return session.decide({ type: 'withdraw', guest })
    // Its ticket may have been lost with its socket.
    const isIn = member && calls()?.isConnected(guest, member.knock) && peers.isAnswered(guest)
    if (word === 'back' && member && !isIn) calls()?.run({ type: 'admit', guest })
  }

  async function meet(listings: readonly GuestListing[]): Promise<void> {
    for (const { guest, sealed, present } of listings) {
      const member = memberOf(guest)
      if (member && member.knock !== (await hashText(sealed))) await reception.knocked(guest, sealed, present)
    }
  }

  return {
    meet,
    receive(message) {
      switch (message.type) {
        case 'ready':
          return void inTurn(() => ready(message.guests))
        case 'knock':
          return void inTurn(() => reception.knocked(message.guest, message.sealed, true))
        case 'presence': {
          const { guest, presence: word, elsewhere } = message
          if (elsewhere !== undefined) return void inTurn(() => devices.answeredElsewhere(guest, elsewhere))
          return void inTurn(() => presence(guest, word))
        }
        case 'relay':
          return message.from === 'host' ? undefined : peers.receive(message.from, message.data)
        case 'handed-over':
          return void inTurn(() => devices.handedOver(message.call, message.device, message.guests))
        case 'error':
          if (message.code === 'hand-over-refused') void inTurn(() => devices.handOverRefused())
      }
    },
  }
}
