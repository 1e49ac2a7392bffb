import type { AppointmentId, CallId, DeviceKey, GuestKey } from '@alcove/shared/domain/ids'
import { err, ok, type Result } from '@alcove/shared/domain/result'
import { presentMembers } from '@alcove/shared/domain/session'
import { maySpeak, moveSession, noMove, type SessionMoveEffect, type SessionMoveEvent } from '@alcove/shared/domain/session-move'
import { arrivalOf } from '@alcove/shared/domain/waiting-room'
import type { OwnDeviceMessage } from '@alcove/shared/protocol/own-device-messages'
import type { GuestListing, HostToServerMessage } from '@alcove/shared/protocol/session-messages'
import { newCall } from './call-id.ts'
import { sleepSession, wakeSession } from './held-session.ts'
import type { Stop } from '../../ports.ts'
import type { OwnDevice, OwnDevices } from './own-devices.ts'
import type { Reception } from './reception.ts'
import type { RoomClerk } from './room-clerk.ts'
import type { RoomSession } from './room-session.ts'
import type { SpentKnocks } from './room-spent.ts'
import type { DevicesView, DeviceNotice } from './room-state.ts'

export type RoomDevicesDeps = {
  /** Epoch ms by the server's clock. */
  readonly now: () => number
  readonly ownDevices: OwnDevices
  readonly me: () => DeviceKey | null
  readonly clerk: () => RoomClerk | null
  readonly session: RoomSession
  readonly reception: Pick<Reception, 'room' | 'find' | 'wait'>
  readonly spent: Pick<SpentKnocks, 'spare'>
  readonly send: (message: HostToServerMessage) => boolean
  readonly isLinked: (guest: GuestKey) => boolean
  /** The server's words about those in a call that comes here: their knocks are opened, so that they can be admitted. */
  readonly learn: (guests: readonly GuestListing[]) => Promise<void>
  /** Once the call is here: whoever has knocked anew meanwhile is answered. */
  readonly meet: (guests: readonly GuestListing[]) => Promise<void>
  /** Leftovers of the other device's channels may still arrive; a line that is down has to begin anew. */
  readonly onInherited: (guests: readonly GuestKey[]) => void
  /** One may have been removed. */
  readonly onDevices: () => void
  readonly inTurn: (task: () => unknown) => Promise<void>
  readonly onChange: () => void
}

/** What concerns the clinician's other devices: who rings, who has the session, and moving it. */
export type RoomDevices = {
  view(): DevicesView
  hasOthers(): boolean
  /** Not while another device is taking the session. */
  maySpeak(): boolean
  /** The session here may have changed. */
  sessionChanged(): void
  /** Somebody was answered here. */
  answered(guest: GuestKey, how: 'accepted' | 'declined'): void
  /** The server says that somebody was answered elsewhere. */
  answeredElsewhere(guest: GuestKey, how: 'accepted' | 'declined'): void
  handedOver(call: CallId, device: string, guests: readonly GuestListing[]): Promise<void>
  handOverRefused(): void
  moveHere(): Promise<Result<void, 'not-moved'>>
  moveTo(device: DeviceKey): void
  dismissNotice(): void
  tick(): void
  /** Once this page has the room: other tabs of this browser say nothing. */
  begin(): void
  close(): void
}

type Claim = { readonly kind: 'running' | 'ended'; readonly call: CallId; readonly appointmentId: AppointmentId; readonly moves: number }
const maxAnswers = 100

type Given = Extract<OwnDeviceMessage, { type: 'give' }>

export function createRoomDevices(deps: RoomDevicesDeps): RoomDevices {
  const { now, ownDevices, session, reception } = deps
  const claims = new Map<DeviceKey, Claim>()
  /** Label of the device that answered a knock, newest last. */
  const answeredBy = new Map<string, string>()
  let stops: readonly Stop[] = []
  let devices: readonly OwnDevice[] = []
  let move = noMove
  let given: Given | null = null
  let handed: readonly GuestListing[] = []
  let notice: DeviceNotice | null = null
  let noticeKnock: string | null = null
  let said = ''
  let waitingForMove: ((outcome: Result<void, 'not-moved'>) => void)[] = []

  function known(next: readonly OwnDevice[]): void {
    const before = new Set(devices.filter(({ online }) => online).map(({ key }) => key))
    devices = next
    const online = next.filter((device) => device.online).map(({ key }) => key)
    for (const key of [...claims.keys()]) if (!online.includes(key)) claims.delete(key)
    for (const key of online) if (!before.has(key)) say({ type: 'session', tell: true, session: present() }, key)
    claimed()
    deps.onDevices()
  }

  function say(message: OwnDeviceMessage, to: DeviceKey | null): void {
    ownDevices.send(message, to)
  }

  function labelOf(device: DeviceKey): string {
    return devices.find(({ key }) => key === device)?.label ?? ''
  }

  // --- what runs where ----------------------------------------------------------------------------------------------

  function present(): Extract<OwnDeviceMessage, { type: 'session' }>['session'] {
    const here = session.state()
    if (here.kind === 'none') return { kind: 'none' }
    const { kind, call, appointmentId } = here
    return { kind, call, appointmentId, moves: here.kind === 'running' ? here.moves : 0 }
  }

  function sessionChanged(): void {
    if (stops.length === 0) return
    const next = JSON.stringify(present())
    if (next === said) return
    said = next
    say({ type: 'session', tell: false, session: present() }, null)
  }

  function claimed(): void {
    const calls = [...claims.values()].map(({ call }) => call)
    if (calls.join() !== reception.room().claimed.join()) reception.wait({ type: 'claimed', calls, at: now() })
    deps.onChange()
  }

  /** Two devices that claim one call: a move went wrong without a connection. The later one has it. */
  function yieldTo(from: DeviceKey, claim: Claim): void {
    const here = session.state()
    if (here.kind !== 'running' || here.call !== claim.call || claim.kind !== 'running' || move.kind !== 'idle') return
    if (claim.moves > here.moves) letGo(from)
  }

  // --- hearing ------------------------------------------------------------------------------------------------------

  async function receive(from: DeviceKey, message: OwnDeviceMessage): Promise<void> {
    switch (message.type) {
      case 'session':
        if (message.tell) say({ type: 'session', tell: false, session: present() }, from)
        if (message.session.kind === 'none') claims.delete(from)
        else {
          claims.set(from, message.session)
          yieldTo(from, message.session)
        }
        return claimed()
      case 'answered':
        return heardAnswer(from, message)
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
  }

  function have(call: CallId): 'running' | 'ended' | null {
    const here = session.state()
    return here.kind !== 'none' && here.call === call ? here.kind : null
  }

  /** Quiet at once; whether it counts, the server says in a moment. */
  function heardAnswer(from: DeviceKey, { guest, knock, how }: Extract<OwnDeviceMessage, { type: 'answered' }>): void {
    const label = labelOf(from)
    answeredBy.set(knock, label)
    for (const oldest of answeredBy.keys()) {
      if (answeredBy.size <= maxAnswers) break
      answeredBy.delete(oldest)
    }
    if (noticeKnock === knock) notice = { kind: 'answered', how, label }
    const person = reception.find(guest)
    if (person?.knock === knock) {
      showAnswer(knock, how, label)
      reception.wait({ type: 'answered-elsewhere', guest, knock, at: now() })
    }
    deps.onChange()
  }

  function showAnswer(knock: string, how: 'accepted' | 'declined', label: string | null): void {
    noticeKnock = knock
    notice = { kind: 'answered', how, label }
  }

  // --- moving -------------------------------------------------------------------------------------------------------

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
        notice = { kind: 'not-moved', label: labelOf(effect.device) }
        noticeKnock = null
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
    notice = null
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
    notice = { kind: 'moved', label: labelOf(to) }
    noticeKnock = null
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

  function partner(): DeviceKey | null {
    if (move.kind === 'idle') return null
    return move.kind === 'coming' || move.kind === 'arriving' ? move.from : move.to
  }

  /** A session that can be brought here; one that runs comes before one that has ended. */
  function remote(): DevicesView['remote'] {
    const online = devices.filter((device) => device.online && claims.has(device.key))
    const running = online.find(({ key }) => claims.get(key)?.kind === 'running')
    const device = running ?? online[0]
    const claim = device && claims.get(device.key)
    return device && claim ? { device: device.key, label: device.label, ...claim } : null
  }

  return {
    view() {
      const other = partner()
      const isComing = move.kind === 'coming' || move.kind === 'arriving'
      const moving =
        move.kind === 'idle' || other === null ? null : { way: isComing ? ('here' as const) : ('away' as const), label: labelOf(other) }
      return { others: devices, remote: remote(), moving, notice }
    },
    hasOthers: () => devices.length > 0,
    maySpeak: () => maySpeak(move),
    sessionChanged,
    answered(guest, how) {
      const person = reception.find(guest)
      if (person) say({ type: 'answered', guest, knock: person.knock, how }, null)
    },
    answeredElsewhere(guest, how) {
      const here = session.state()
      const member = here.kind === 'running' ? here.members.find((one) => one.guest === guest) : undefined
      const knock = (reception.find(guest) ?? member)?.knock
      if (knock === undefined) return
      if (noticeKnock !== knock) showAnswer(knock, how, answeredBy.get(knock) ?? null)
      deps.spent.spare(knock)
      reception.wait({ type: 'settled', guest, at: now() })
      session.decide({ type: 'withdraw', guest })
      deps.onChange()
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
    moveHere() {
      const from = remote()
      if (!from || session.state().kind === 'running' || move.kind !== 'idle') return Promise.resolve(err('not-moved'))
      return new Promise((resolve) => {
        waitingForMove.push(resolve)
        want(from.device, from.call)
      })
    },
    moveTo(device) {
      const here = session.state()
      if (here.kind !== 'none' && move.kind === 'idle') say({ type: 'offer', call: here.call }, device)
    },
    dismissNotice() {
      notice = null
      noticeKnock = null
      deps.onChange()
    },
    tick() {
      if (move.kind === 'idle') return
      const other = partner()
      moved({ type: 'tick', online: devices.some(({ key, online }) => key === other && online), together: isTogether(), at: now() })
    },
    begin() {
      const listen = (from: DeviceKey, message: OwnDeviceMessage) => {
        if (devices.some(({ key }) => key === from)) void deps.inTurn(() => receive(from, message))
      }
      stops = [ownDevices.watch(known), ownDevices.listen(listen)]
    },
    close() {
      for (const stop of stops) stop()
    },
  }
}
