import type { AppointmentId, CallId, GuestKey } from './ids.ts'
import type { Arrival } from './waiting-room.ts'

/**
 * The session as the clinician's device decides it: who is in, when it ends, and whether it may begin again. Guests are
 * known by their keys, so a page that reloads or a server that restarts changes nothing here.
 */
export type Member = Arrival & {
  readonly admittedAt: number
  readonly socket: 'here' | 'away'
  readonly linked: boolean
  /** Since when neither the socket nor the link is there; null while either is. */
  readonly absentSinceAt: number | null
  /** Gone for 20 s: keeps the right to come back, but no place. */
  readonly absent: boolean
}

/** Somebody who was in a session that ended. `knock`: what a note about the restart answers. */
export type Former = Pick<Member, 'guest' | 'name' | 'knock'>

export type Session = { readonly kind: 'none' } | RunningSession | EndedSession

export type RunningSession = {
  readonly kind: 'running'
  readonly call: CallId
  readonly appointmentId: AppointmentId
  readonly startedAt: number
  /** When the window of the appointment closes: until then an ended session may be restarted. */
  readonly closesAt: number
  /** How often it was moved to another device of the clinician: of two that claim the call the later one has it. */
  readonly moves: number
  readonly members: readonly Member[]
  readonly removed: readonly GuestKey[]
  /** The ended call that this one continues, and those of it who have not chosen to restart yet. */
  readonly restartOf: { readonly call: CallId; readonly guests: readonly Former[] } | null
}

export type EndedSession = {
  readonly kind: 'ended'
  readonly call: CallId
  readonly appointmentId: AppointmentId
  readonly closesAt: number
  readonly former: readonly Former[]
  /** S42: the clinician has chosen. */
  readonly iWant: boolean
  /** S42: guests who have chosen, with the knock that says so. */
  readonly wanting: readonly (Arrival & { readonly here: boolean })[]
}

export type SessionEvent =
  | { readonly type: 'start'; readonly call: CallId; readonly appointmentId: AppointmentId; readonly closesAt: number; readonly at: number }
  /** `newCall`: a random id, used if this knock is what a restart waited for. */
  | { readonly type: 'knock'; readonly arrival: Arrival; readonly present: boolean; readonly newCall: CallId; readonly at: number }
  /** The clinician's click. */
  | { readonly type: 'accept'; readonly arrival: Arrival; readonly at: number }
  | { readonly type: 'remove'; readonly guest: GuestKey; readonly at: number }
  /** Said by the guest itself, over a channel that only it can speak on. */
  | { readonly type: 'bye'; readonly guest: GuestKey; readonly at: number }
  | {
      readonly type: 'presence'
      readonly guest: GuestKey
      readonly presence: 'away' | 'back' | 'left'
      readonly newCall: CallId
      readonly at: number
    }
  /** The server was lost and says whom it knows. */
  | { readonly type: 'listed'; readonly guests: readonly GuestKey[]; readonly at: number }
  | { readonly type: 'link'; readonly guest: GuestKey; readonly connected: boolean; readonly at: number }
  | { readonly type: 'end'; readonly at: number }
  | { readonly type: 'restart'; readonly newCall: CallId; readonly at: number }
  /** The admission came too late: another device of the clinician was faster, or the guest had gone. */
  | { readonly type: 'withdraw'; readonly guest: GuestKey }
  /** From another device of the clinician. Nothing here may run. */
  | { readonly type: 'take'; readonly session: RunningSession | EndedSession }
  /** Another device has it now: it goes on there. */
  | { readonly type: 'give' }
  /** A move failed: it goes on here, with fresh tickets. `moves`: greater than what the other device may claim. */
  | { readonly type: 'resume'; readonly moves: number }
  | { readonly type: 'tick'; readonly at: number }

export type SessionEffect =
  /** Sign a ticket for this knock and open, or keep, the link. */
  | { readonly type: 'admit'; readonly guest: GuestKey }
  /** Sign and send the list of guests. */
  | { readonly type: 'roster' }
  | { readonly type: 'end-call'; readonly call: CallId; readonly guests: readonly GuestKey[] }
  /** Close the link without ending the call. */
  | { readonly type: 'drop'; readonly guest: GuestKey }
  | { readonly type: 'dismiss'; readonly guest: GuestKey }
  | { readonly type: 'tell'; readonly guest: GuestKey; readonly knock: string; readonly what: 'removed' | 'full' }
  | { readonly type: 'offer-restart'; readonly call: CallId; readonly former: readonly Former[] }
  /** Nobody the session knows: the waiting room's business. */
  | { readonly type: 'queue'; readonly arrival: Arrival; readonly present: boolean }
  /** No longer waits. */
  | { readonly type: 'unqueue'; readonly guest: GuestKey }

export type SessionStep = { readonly state: Session; readonly effects: readonly SessionEffect[] }

/** Guests beside the clinician. */
export const maxGuestsInSession = 3
const absentAfterMs = 20_000

export const noSession: Session = { kind: 'none' }

/** Those who hold a place in the call; the newest roster lists exactly them. */
export function presentMembers(session: RunningSession): readonly Member[] {
  return session.members.filter((member) => !member.absent)
}

export function isFull(session: RunningSession): boolean {
  return presentMembers(session).length >= maxGuestsInSession
}

/** The ended call that may still be restarted by those who were in it. */
export function restartableCall(session: Session): CallId | null {
  if (session.kind === 'ended') return session.call
  return session.kind === 'running' ? (session.restartOf?.call ?? null) : null
}

export function holdSession(state: Session, event: SessionEvent): SessionStep {
  switch (event.type) {
    case 'start':
      return start(state, event)
    case 'knock':
      return knock(state, event)
    case 'accept':
      return state.kind === 'running' ? admit(state, event.arrival, event.at) : stay(state)
    case 'remove':
      return remove(state, event.guest)
    case 'bye':
      return bye(state, event.guest, event.at)
    case 'presence':
      return presence(state, event)
    case 'listed':
      return listed(state, event.guests, event.at)
    case 'link':
      return changeMember(state, event.guest, event.at, { linked: event.connected })
    case 'end':
      return state.kind === 'running' ? end(state) : stay(state)
    case 'restart':
      return chooseRestart(state, event.newCall, event.at)
    case 'withdraw':
      return withdraw(state, event.guest)
    case 'take':
      return state.kind === 'running' ? stay(state) : welcome(event.session)
    case 'give':
      return give(state)
    case 'resume':
      return state.kind === 'running' ? welcome({ ...state, moves: event.moves }) : stay(state)
    case 'tick':
      return tick(state, event.at)
  }
}

function start(state: Session, event: Extract<SessionEvent, { type: 'start' }>): SessionStep {
  const before = state.kind === 'running' ? end(state).effects : []
  const { call, appointmentId, closesAt, at } = event
  const running: Session = {
    kind: 'running',
    call,
    appointmentId,
    closesAt,
    startedAt: at,
    moves: 0,
    members: [],
    removed: [],
    restartOf: null,
  }
  return { state: running, effects: before }
}

function knock(state: Session, event: Extract<SessionEvent, { type: 'knock' }>): SessionStep {
  const { arrival, present, newCall, at } = event
  const queued: SessionEffect = { type: 'queue', arrival, present }
  if (state.kind === 'running') {
    const member = state.members.find((m) => m.guest === arrival.guest)
    const awaited = wantsCall(arrival, state.restartOf?.call) && isAmong(state.restartOf?.guests, arrival.guest)
    if (member || awaited) {
      // Somebody else may have taken the place of a member who was gone.
      const place = isFull(state) && (!member || member.absent)
      if (place) return { state, effects: [{ type: 'tell', guest: arrival.guest, knock: arrival.knock, what: 'full' }, queued] }
      return admit(state, arrival, at)
    }
    if (arrival.intent === 'return' && arrival.call === state.call && state.removed.includes(arrival.guest)) {
      const { guest } = arrival
      return {
        state,
        effects: [
          { type: 'tell', guest, knock: arrival.knock, what: 'removed' },
          { type: 'dismiss', guest },
        ],
      }
    }
    // The call of this page has ended meanwhile; it learns so by being sent away.
    if (arrival.intent === 'return' && arrival.call === state.restartOf?.call) return turnAway(state, arrival.guest)
  }
  if (state.kind === 'ended' && isAmong(state.former, arrival.guest)) {
    if (wantsCall(arrival, state.call)) {
      const wanting = [...state.wanting.filter((w) => w.guest !== arrival.guest), { ...arrival, here: present }]
      const step = tryRestart({ ...state, wanting }, newCall, at)
      return step.state.kind === 'running' ? step : { state: step.state, effects: [...step.effects, queued] }
    }
    if (arrival.intent === 'return' && arrival.call === state.call) return turnAway(state, arrival.guest)
    // An ordinary arrival takes back what was chosen before.
    return { state: { ...state, wanting: state.wanting.filter((w) => w.guest !== arrival.guest) }, effects: [queued] }
  }
  return { state, effects: [queued] }
}

function admit(state: RunningSession, arrival: Arrival, at: number): SessionStep {
  const { guest } = arrival
  const before = state.members.find((m) => m.guest === guest)
  if (isFull(state) && (!before || before.absent)) return stay(state)
  const member: Member = {
    ...arrival,
    admittedAt: before?.admittedAt ?? at,
    socket: 'here',
    linked: before?.linked ?? false,
    absentSinceAt: null,
    absent: false,
  }
  const members = [...state.members.filter((m) => m.guest !== guest), member].sort((a, b) => a.admittedAt - b.admittedAt)
  const removed = state.removed.filter((key) => key !== guest)
  const restartOf = state.restartOf && { ...state.restartOf, guests: state.restartOf.guests.filter((f) => f.guest !== guest) }
  return {
    state: { ...state, members, removed, restartOf },
    effects: [{ type: 'unqueue', guest }, { type: 'admit', guest }, { type: 'roster' }],
  }
}

function remove(state: Session, guest: GuestKey): SessionStep {
  const member = state.kind === 'running' ? state.members.find((m) => m.guest === guest) : undefined
  if (state.kind !== 'running' || !member) return stay(state)
  const members = state.members.filter((m) => m.guest !== guest)
  return {
    state: { ...state, members, removed: [...state.removed, guest] },
    effects: [
      { type: 'tell', guest, knock: member.knock, what: 'removed' },
      { type: 'dismiss', guest },
      { type: 'drop', guest },
      { type: 'roster' },
    ],
  }
}

/** S40: the only guest ends the session for both; one of several leaves alone. */
function bye(state: Session, guest: GuestKey, at: number): SessionStep {
  if (state.kind !== 'running' || !isAmong(state.members, guest)) return stay(state)
  const others = presentMembers(state).filter((m) => m.guest !== guest)
  if (others.length === 0) return holdSession(state, { type: 'end', at })
  const members = state.members.filter((m) => m.guest !== guest)
  return {
    state: { ...state, members },
    effects: [{ type: 'dismiss', guest }, { type: 'drop', guest }, { type: 'roster' }],
  }
}

function presence(state: Session, event: Extract<SessionEvent, { type: 'presence' }>): SessionStep {
  const { guest, presence: now, newCall, at } = event
  if (state.kind === 'ended') {
    const wanting =
      now === 'left'
        ? state.wanting.filter((w) => w.guest !== guest)
        : state.wanting.map((w) => (w.guest === guest ? { ...w, here: now === 'back' } : w))
    return tryRestart({ ...state, wanting }, newCall, at)
  }
  return changeMember(state, guest, at, { socket: now === 'back' ? 'here' : 'away' })
}

function listed(state: Session, guests: readonly GuestKey[], at: number): SessionStep {
  if (state.kind === 'ended') {
    return stay({ ...state, wanting: state.wanting.map((w) => ({ ...w, here: guests.includes(w.guest) })) })
  }
  if (state.kind !== 'running') return stay(state)
  const members = state.members.map((m) =>
    withAbsence({ ...m, absentSinceAt: null, socket: guests.includes(m.guest) ? 'here' : 'away' }, at),
  )
  return revive({ ...state, members }, state)
}

function changeMember(state: Session, guest: GuestKey, at: number, change: Partial<Pick<Member, 'socket' | 'linked'>>): SessionStep {
  if (state.kind !== 'running' || !isAmong(state.members, guest)) return stay(state)
  return revive({ ...state, members: state.members.map((m) => (m.guest === guest ? withAbsence({ ...m, ...change }, at) : m)) }, state)
}

function withAbsence(member: Member, at: number): Member {
  if (member.linked || member.socket === 'here') return { ...member, absentSinceAt: null }
  return { ...member, absentSinceAt: member.absentSinceAt ?? at }
}

/** A link or socket that comes back after the place was given up takes it again, if it is still free. */
function revive(next: RunningSession, before: RunningSession): SessionStep {
  const isBack = (m: Member) => m.absent && m.absentSinceAt === null
  // One after the other: several may be back at once, for fewer places.
  let state = next
  for (const { guest } of next.members.filter(isBack)) {
    if (isFull(state)) break
    state = { ...state, members: state.members.map((m) => (m.guest === guest ? { ...m, absent: false } : m)) }
  }
  const changed = presentMembers(state).length !== presentMembers(before).length
  return { state, effects: changed ? [{ type: 'roster' }] : [] }
}

function end(state: RunningSession): SessionStep {
  const { call, appointmentId, closesAt, members } = state
  const former = members.map(({ guest, name, knock }) => ({ guest, name, knock }))
  return {
    state: { kind: 'ended', call, appointmentId, closesAt, former, iWant: false, wanting: [] },
    effects: [{ type: 'end-call', call, guests: members.map((m) => m.guest) }],
  }
}

function chooseRestart(state: Session, newCall: CallId, at: number): SessionStep {
  if (state.kind !== 'ended' || at > state.closesAt) return stay(state)
  const step = tryRestart({ ...state, iWant: true }, newCall, at)
  const offer: SessionEffect = { type: 'offer-restart', call: state.call, former: state.former }
  return { state: step.state, effects: state.iWant ? step.effects : [offer, ...step.effects] }
}

/** S42: begins once the clinician and a guest who is there have both chosen. */
function tryRestart(state: EndedSession, newCall: CallId, at: number): SessionStep {
  const ready = state.wanting.filter((w) => w.here).slice(0, maxGuestsInSession)
  if (!state.iWant || ready.length === 0 || at > state.closesAt) return stay(state)
  const { call, appointmentId, closesAt, former } = state
  const running: RunningSession = {
    kind: 'running',
    call: newCall,
    appointmentId,
    startedAt: at,
    closesAt,
    moves: 0,
    members: [],
    removed: [],
    restartOf: { call, guests: former },
  }
  return ready.reduce<SessionStep>(
    (step, { here: _, ...arrival }) => {
      if (step.state.kind !== 'running') return step
      const admitted = admit(step.state, arrival, at)
      return { state: admitted.state, effects: [...step.effects, ...admitted.effects] }
    },
    { state: running, effects: [] },
  )
}

function withdraw(state: Session, guest: GuestKey): SessionStep {
  if (state.kind === 'ended') return stay({ ...state, wanting: state.wanting.filter((w) => w.guest !== guest) })
  if (state.kind !== 'running' || !isAmong(state.members, guest)) return stay(state)
  const members = state.members.filter((m) => m.guest !== guest)
  return { state: { ...state, members }, effects: [{ type: 'drop', guest }, { type: 'roster' }] }
}

/** Everybody who has a place gets a ticket from this device. */
function welcome(session: RunningSession | EndedSession): SessionStep {
  if (session.kind === 'ended') return stay(session)
  const admits = presentMembers(session).map(({ guest }): SessionEffect => ({ type: 'admit', guest }))
  return { state: session, effects: [...admits, { type: 'roster' }] }
}

function give(state: Session): SessionStep {
  const members = state.kind === 'running' ? state.members : []
  return { state: noSession, effects: members.map(({ guest }) => ({ type: 'drop', guest })) }
}

function tick(state: Session, at: number): SessionStep {
  if (state.kind === 'ended') return stay(at > state.closesAt ? noSession : state)
  if (state.kind !== 'running') return stay(state)
  const lost = (m: Member) => !m.absent && m.absentSinceAt !== null && at - m.absentSinceAt >= absentAfterMs
  if (!state.members.some(lost)) return stay(state)
  const members = state.members.map((m) => (lost(m) ? { ...m, absent: true } : m))
  return { state: { ...state, members }, effects: [{ type: 'roster' }] }
}

function turnAway(state: Session, guest: GuestKey): SessionStep {
  return { state, effects: [{ type: 'dismiss', guest }] }
}

function wantsCall(arrival: Arrival, call: CallId | null | undefined): boolean {
  return arrival.intent === 'restart' && call !== null && arrival.call === call
}

function isAmong(people: readonly { readonly guest: GuestKey }[] | undefined, guest: GuestKey): boolean {
  return people?.some((person) => person.guest === guest) ?? false
}

function stay(state: Session): SessionStep {
  return { state, effects: [] }
}
