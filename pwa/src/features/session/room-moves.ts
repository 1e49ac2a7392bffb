import type { CallId, DeviceKey, GuestKey } from '@alcove/shared/domain/ids'
import { err, ok, type Result } from '@alcove/shared/domain/result'
import { presentMembers } from '@alcove/shared/domain/session'
import { moveSession, noMove, type SessionMove, type SessionMoveEffect, type SessionMoveEvent } from '@alcove/shared/domain/session-move'
import { arrivalOf } from '@alcove/shared/domain/waiting-room'
import type { OwnDeviceMessage } from '@alcove/shared/protocol/own-device-messages'
import type { GuestListing, HostToServerMessage } from '@alcove/shared/protocol/session-messages'
import { newCall } from './call-id.ts'
import { sleepSession, wakeSession } from './held-session.ts'
import type { Reception } from './reception.ts'
import type { RoomClerk } from './room-clerk.ts'
import type { RoomSession } from './room-session.ts'
import type { SpentKnocks } from './room-spent.ts'

export type RoomMovesDeps = {
  /** Epoch ms by the server's clock. */
  readonly now: () => number
  readonly me: () => DeviceKey | null
  readonly clerk: () => RoomClerk | null
  readonly session: RoomSession
  readonly reception: Pick<Reception, 'room' | 'find' | 'wait'>
  readonly spent: Pick<SpentKnocks, 'spare'>
  readonly say: (message: OwnDeviceMessage, to: DeviceKey) => void
  readonly send: (message: HostToServerMessage) => boolean
  readonly isLinked: (guest: GuestKey) => boolean
  /** The server's words about those in a call that comes here: their knocks are opened, so that they can be admitted. */
  readonly learn: (guests: readonly GuestListing[]) => Promise<void>
  /** Once the call is here: whoever has knocked anew meanwhile is answered. */
  readonly meet: (guests: readonly GuestListing[]) => Promise<void>
  /** Leftovers of the other device's channels may still arrive; a line that is down has to begin anew. */
  readonly onInherited: (guests: readonly GuestKey[]) => void
  readonly inTurn: (task: () => unknown) => Promise<void>
  readonly onHere: () => void
  /** It is on that device now, or could not be moved between it and this one. */
  readonly onElsewhere: (outcome: 'moved' | 'not-moved', device: DeviceKey) => void
  readonly onChange: () => void
}

export type MoveMessage = Extract<OwnDeviceMessage, { type: 'offer' | 'ask' | 'give' | 'free' | 'taken' | 'keep' }>

/** Carries out what is decided about moving the session between two devices (shared/domain/session-move). */
export type RoomMoves = {
  state(): SessionMove
  hear(from: DeviceKey, message: MoveMessage): void
  handedOver(call: CallId, device: string, guests: readonly GuestListing[]): Promise<void>
  handOverRefused(): void
  /** Asks `from` for its session. */
  bring(from: DeviceKey, call: CallId): Promise<Result<void, 'not-moved'>>
  /** Offers the session here to that device. */
  offer(to: DeviceKey): void
  /** Another device has the session after all. */
  letGo(to: DeviceKey): void
  tick(isOnline: (device: DeviceKey) => boolean): void
}

type Given = Extract<MoveMessage, { type: 'give' }>

export function createRoomMoves(deps: RoomMovesDeps): RoomMoves {
  const { now, session, reception, say } = deps
  let move = noMove
  let given: Given | null = null
  let handed: readonly GuestListing[] = []
  let waitingForMove: ((outcome: Result<void, 'not-moved'>) => void)[] = []

  function want(from: DeviceKey, call: CallId): void {
    given = null
    handed = []
    moved({ type: 'want', from, call, at: now() })
  }

  function isComing(call: CallId, from: DeviceKey | null): boolean {
    return move.kind === 'coming' && move.call === call && (from === null || move.from === from)
  }

  function moved(event: SessionMoveEvent): void {
    const before = move
    const step = moveSession(move, event)
    move = step.state
    for (const effect of step.effects) perform(effect)
    if (move !== before) deps.onChange()
    if (move.kind !== 'coming' && !step.effects.some(({ type }) => type === 'take')) settle(err('not-moved'))
  }

  function settle(outcome: Result<void, 'not-moved'>): void {
    const waiting = waitingForMove
    waitingForMove = []
    for (const answer of waiting) answer(outcome)
  }

  function perform(effect: SessionMoveEffect): void {
    switch (effect.type) {
      case 'give':
        return give(effect.to)
      case 'ask':
      case 'free':
      case 'taken':
      case 'keep':
        return say({ type: effect.type, call: effect.call }, effect.to)
      case 'hand-over':
        return handOver(effect.to ?? deps.me(), effect.call)
      case 'take':
        return void deps.inTurn(take)
      case 'let-go':
        return letGo(effect.to)
      case 'resume':
        return goOn()
      case 'failed':
        return deps.onElsewhere('not-moved', effect.device)
    }
  }

  function give(to: DeviceKey): void {
    const here = session.state()
    const clerk = deps.clerk()
    if (here.kind !== 'none' && clerk) say({ type: 'give', session: sleepSession(here), ...clerk.last() }, to)
  }

  function handOver(to: DeviceKey | null, call: CallId): void {
    // Not to be reached: the time runs out, and the session goes on here.
    if (to !== null) deps.send({ type: 'hand-over', call, device: to })
  }

  async function take(): Promise<void> {
    const taken = given
    const clerk = deps.clerk()
    given = null
    if (!taken || !clerk) return settle(err('not-moved'))
    await deps.learn(handed)
    const listings = handed
    const here = listings.filter((listing) => listing.present).map(({ guest }) => guest)
    handed = []
    clerk.follow(taken)
    deps.onHere()
    if (taken.session.kind === 'ended') {
      const waiting = reception.room().people.flatMap(({ guest, presence }) => (presence.kind === 'here' ? [guest] : []))
      session.decide({ type: 'take', session: wakeSession(taken.session, now(), waiting) })
    } else {
      const woken = wakeSession(taken.session, now(), here)
      deps.onInherited(woken.members.map(({ guest }) => guest))
      session.decide({ type: 'take', session: { ...woken, moves: woken.moves + 1 } })
      await deps.meet(listings)
      for (const { guest } of woken.members) answerAnew(guest)
    }
    settle(ok(undefined))
  }

  /** A page of this call that was loaded anew after the server had handed it over, and before it was taken. */
  function answerAnew(guest: GuestKey): void {
    const person = reception.find(guest)
    if (!person) return
    const present = person.presence.kind === 'here'
    session.decide({ type: 'knock', arrival: arrivalOf(person), present, newCall: newCall(), at: now() })
  }

  function letGo(to: DeviceKey): void {
    const here = session.state()
    // Should that device be gone one day, those who are with it ring here again.
    if (here.kind === 'running') for (const { knock } of here.members) deps.spent.spare(knock)
    deps.onElsewhere('moved', to)
    session.decide({ type: 'give' })
  }

  function goOn(): void {
    const here = session.state()
    if (here.kind !== 'running') return
    deps.onInherited(here.members.map(({ guest }) => guest))
    session.decide({ type: 'resume', moves: here.moves + 2 })
  }

  function isTogether(): boolean {
    const here = session.state()
    return here.kind === 'running' && presentMembers(here).every(({ guest, socket }) => socket === 'away' || deps.isLinked(guest))
  }

  function have(call: CallId): 'running' | 'ended' | null {
    const here = session.state()
    return here.kind !== 'none' && here.call === call ? here.kind : null
  }

  return {
    state: () => move,
    hear(from, message) {
      switch (message.type) {
        case 'offer':
          if (session.state().kind !== 'running') want(from, message.call)
          return
        case 'ask':
          return moved({ type: 'asked', by: from, call: message.call, have: have(message.call), at: now() })
        case 'give':
          // One that was asked for earlier, and given up, must not take its place.
          if (isComing(message.session.call, from)) given = message
          return moved({ type: 'given', by: from, call: message.session.call, running: message.session.kind === 'running', at: now() })
        case 'free':
          return moved({ type: 'free', by: from, call: message.call, at: now() })
        case 'taken':
          return moved({ type: 'taken', by: from, call: message.call })
        case 'keep':
          return moved({ type: 'kept', by: from, call: message.call, at: now() })
      }
    },
    async handedOver(call, device, guests) {
      const toMe = device === deps.me()
      const isBack = toMe && move.kind === 'taking-back'
      if (toMe && isComing(call, null)) handed = guests
      moved({ type: 'handed-over', call, toMe, at: now() })
      if (isBack) await deps.meet(guests)
    },
    handOverRefused() {
      const here = session.state()
      moved({ type: 'hand-over-refused', empty: here.kind === 'running' && here.members.length === 0, at: now() })
    },
    bring(from, call) {
      if (session.state().kind === 'running' || move.kind !== 'idle') return Promise.resolve(err('not-moved'))
      return new Promise((resolve) => {
        waitingForMove.push(resolve)
        want(from, call)
      })
    },
    offer(to) {
      const here = session.state()
      if (here.kind !== 'none' && move.kind === 'idle') say({ type: 'offer', call: here.call }, to)
    },
    letGo,
    tick(isOnline) {
      if (move.kind === 'idle') return
      moved({ type: 'tick', online: isOnline(partnerOf(move)), together: isTogether(), at: now() })
    },
  }
}

/** The other device of this move. */
export function partnerOf(move: Exclude<SessionMove, { kind: 'idle' }>): DeviceKey {
  return move.kind === 'coming' || move.kind === 'arriving' ? move.from : move.to
}
