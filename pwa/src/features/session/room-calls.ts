import type { Bytes } from '@alcove/shared/crypto/bytes'
import { generateSecret, importKeyPair } from '@alcove/shared/crypto/identity'
import { createHostChannel } from '@alcove/shared/crypto/pair-channel'
import type { CallId, GuestKey } from '@alcove/shared/domain/ids'
import { presentMembers, type Session, type SessionEffect } from '@alcove/shared/domain/session'
import type { Clock, Stop } from '../../ports.ts'
import { createTurns } from './in-turn.ts'
import type { NoteWords, RoomClerk } from './room-clerk.ts'
import type { RoomLine } from './room-line.ts'
import type { RoomPeers } from './room-peers.ts'

export type RoomCallsDeps = {
  readonly clock: Clock
  readonly clerk: RoomClerk
  readonly certificate: () => string
  readonly line: Pick<RoomLine, 'send' | 'isOpen'>
  readonly peers: Pick<RoomPeers, 'connect' | 'close'>
  readonly session: () => Session
  /** Not while another device takes the session over. */
  readonly maySpeak: () => boolean
  /** Guests of a call that this page took over, from before its reload or from another device. */
  readonly inherited: Set<GuestKey>
}

const rosterAfterMs = 20
const nextKeyAfterMs = 500

/** Carries out what the session decides: signs, seals and sends, in the order in which it was decided. */
export type RoomCalls = {
  run(effect: Exclude<SessionEffect, { type: 'queue' | 'unqueue' }>): void
  note(to: { readonly guest: GuestKey; readonly knock: string }, words: NoteWords): void
  dismiss(guest: GuestKey): void
  /** What each guest proved with its knock; from then on it can be admitted. */
  learnSecret(guest: GuestKey, secret: Bytes): void
  /** The guest has a ticket for this knock, and this page the keys that go with it. */
  isConnected(guest: GuestKey, knock: string): boolean
  /** The socket is back: ends that could not be sent. */
  catchUp(): void
}

export function createRoomCalls(deps: RoomCallsDeps): RoomCalls {
  const { clerk, line, peers } = deps
  const inTurn = createTurns()
  const secrets = new Map<GuestKey, Bytes>()
  const connected = new Map<GuestKey, string>()
  let stopRoster: Stop = () => {}
  let unsentEnds: CallId[] = []
  let nextKey: ReturnType<typeof makeKey> | null = makeKey()

  async function makeKey() {
    return importKeyPair(await generateSecret())
  }

  /** One for each ticket, made ahead and not in the moment when it is needed. */
  function takeKey() {
    const key = nextKey ?? makeKey()
    nextKey = null
    deps.clock.after(nextKeyAfterMs, () => {
      nextKey ??= makeKey()
    })
    return key
  }

  async function admit(guest: GuestKey): Promise<void> {
    const session = deps.session()
    const member = session.kind === 'running' ? session.members.find((m) => m.guest === guest) : undefined
    const linkSecret = secrets.get(guest)
    if (session.kind !== 'running' || !member || !linkSecret || !line.isOpen() || !deps.maySpeak()) return
    const mine = await takeKey()
    const { knock, instance } = member
    const ticket = await clerk.ticket({ guest, knock, call: session.call, hostKey: mine.publicKey })
    const channel = await createHostChannel({ side: 'host', mine, peer: guest, linkSecret, ticket })
    if (!line.send({ type: 'admit', guest, ticket })) return
    connected.set(guest, knock)
    peers.connect(guest, channel, { instance, mayHaveLeftovers: deps.inherited.delete(guest) })
  }

  /** A moment later, so that an offer goes first and several changes make one roster. */
  function rosterLater(): void {
    stopRoster()
    stopRoster = deps.clock.after(rosterAfterMs, () => void inTurn(sendRoster))
  }

  async function sendRoster(): Promise<void> {
    const session = deps.session()
    if (session.kind !== 'running' || !line.isOpen() || !deps.maySpeak()) return
    const guests = presentMembers(session).map(({ guest, knock }) => ({ guest, knock }))
    line.send({ type: 'roster', roster: await clerk.roster(session.call, guests) })
  }

  async function end(call: CallId, guests: readonly GuestKey[]): Promise<void> {
    const signed = await clerk.end(call)
    for (const guest of guests) {
      connected.delete(guest)
      peers.close(guest, { type: 'end', end: signed, certificate: deps.certificate() })
    }
    if (!line.send({ type: 'end', end: signed })) unsentEnds = [...unsentEnds, call]
  }

  function note(to: { readonly guest: GuestKey; readonly knock: string }, words: NoteWords): void {
    void inTurn(async () => {
      if (line.isOpen()) line.send({ type: 'note', guest: to.guest, sealed: await clerk.note(to, words) })
    })
  }

  function dismiss(guest: GuestKey): void {
    void inTurn(() => line.send({ type: 'dismiss', guest }))
  }

  return {
    run(effect) {
      switch (effect.type) {
        case 'admit':
          return void inTurn(() => admit(effect.guest))
        case 'roster':
          return rosterLater()
        case 'end-call':
          return void inTurn(() => end(effect.call, effect.guests))
        case 'drop':
          return void inTurn(() => {
            connected.delete(effect.guest)
            peers.close(effect.guest)
          })
        case 'dismiss':
          return dismiss(effect.guest)
        case 'tell':
          return note(effect, { kind: effect.what })
        case 'offer-restart':
          for (const former of effect.former) note(former, { kind: 'restart-offered', call: effect.call })
          return
      }
    },
    note,
    dismiss,
    learnSecret: (guest, secret) => void secrets.set(guest, secret),
    isConnected: (guest, knock) => connected.get(guest) === knock,
    catchUp() {
      const calls = unsentEnds
      unsentEnds = []
      for (const call of calls) void inTurn(() => end(call, []))
    },
  }
}
