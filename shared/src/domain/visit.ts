import type { CallId } from './ids.ts'

/**
 * A patient's visit as the patient's page decides it, from Welcome! to the end. What arrives here was verified: notes,
 * tickets and ends carry the clinician's signature, and answer this page's own knock.
 */
export type VisitPhase =
  | { readonly kind: 'welcome' }
  | { readonly kind: 'waiting'; readonly sinceAt: number; readonly heard: boolean; readonly moment: boolean }
  | { readonly kind: 'early'; readonly startAt: number; readonly opensAt: number }
  | { readonly kind: 'declined' }
  | { readonly kind: 'removed' }
  | { readonly kind: 'replaced-link' }
  | { readonly kind: 'full' }
  | { readonly kind: 'in-session'; readonly call: CallId; readonly startedAt: number }
  | { readonly kind: 'ended'; readonly call: CallId; readonly iWantRestart: boolean; readonly clinicianWantsRestart: boolean }
  /** Left a group, or the waiting room. */
  | { readonly kind: 'left' }

export type KnockWish = { readonly intent: 'arrive' | 'return' | 'restart'; readonly call: CallId | null }

export type Visit = {
  readonly phase: VisitPhase
  /** What the clinician's device said about the start (epoch ms). */
  readonly startAt: number | null
  /**
   * This page's last knock: `sent` awaits the clinician's answer, `answered` has a ticket. `none` after a reload,
   * whatever the server remembers.
   */
  readonly knock: 'none' | 'sent' | 'answered'
}

export type VisitEvent =
  | { readonly type: 'join'; readonly at: number }
  /** The socket is ready; `server` is what the server remembers of this guest. */
  | { readonly type: 'ready'; readonly server: 'new' | 'waiting' | 'admitted'; readonly at: number }
  /** The knock did not go out: the socket is not there. */
  | { readonly type: 'unsent' }
  | { readonly type: 'heard'; readonly startAt: number | null; readonly at: number }
  | { readonly type: 'early'; readonly startAt: number; readonly opensAt: number }
  | { readonly type: 'told'; readonly what: 'moment' | 'replaced' | 'declined' | 'removed' | 'full' }
  | { readonly type: 'restart-offered'; readonly call: CallId }
  /** A ticket for this page's knock. */
  | { readonly type: 'admitted'; readonly call: CallId; readonly at: number }
  /** The server's word alone. `linked`: the clinician's connection stands, so the word counts for nothing. */
  | { readonly type: 'dismissed'; readonly linked: boolean }
  | { readonly type: 'ended'; readonly call: CallId }
  /** The server takes no more people. */
  | { readonly type: 'room-full' }
  /** `group`: there are other patients, who stay (S40). */
  | { readonly type: 'leave'; readonly group: boolean }
  | { readonly type: 'restart'; readonly at: number }

export type VisitEffect =
  | { readonly type: 'knock'; readonly wish: KnockWish }
  /** Tell the server that this guest waits no longer. */
  | { readonly type: 'leave-server' }
  /** Tell the clinician, over the pair channel. */
  | { readonly type: 'say-bye' }
  | { readonly type: 'close-call' }

export type VisitStep = { readonly state: Visit; readonly effects: readonly VisitEffect[] }

export const newVisit: Visit = { phase: { kind: 'welcome' }, startAt: null, knock: 'none' }

/** After a reload: the same phase, with nothing said to the server yet. */
export function resumeVisit(phase: VisitPhase, startAt: number | null): Visit {
  return { phase, startAt, knock: 'none' }
}

export function visit(state: Visit, event: VisitEvent): VisitStep {
  switch (event.type) {
    case 'join':
      return join(state, event.at)
    case 'ready':
      return ready(state, event.server)
    case 'unsent':
      return stay({ ...state, knock: 'none' })
    case 'heard': {
      const next = { ...state, startAt: event.startAt ?? state.startAt }
      if (!awaitsAnswer(state)) return stay(next)
      const before = state.phase.kind === 'waiting' ? state.phase : null
      const phase: VisitPhase = { kind: 'waiting', sinceAt: before?.sinceAt ?? event.at, heard: true, moment: before?.moment ?? false }
      return closing(state, { ...next, phase })
    }
    case 'early': {
      const next = { ...state, startAt: event.startAt }
      if (!awaitsAnswer(state)) return stay(next)
      return closing(state, { ...next, phase: { kind: 'early', startAt: event.startAt, opensAt: event.opensAt } })
    }
    case 'told':
      return told(state, event.what)
    case 'restart-offered':
      if (state.phase.kind !== 'ended' || state.phase.call !== event.call) return stay(state)
      return stay({ ...state, phase: { ...state.phase, clinicianWantsRestart: true } })
    case 'admitted':
      return admitted(state, event.call, event.at)
    case 'dismissed':
      return dismissed(state, event.linked)
    case 'ended':
      if (state.phase.kind !== 'in-session' || state.phase.call !== event.call) return stay(state)
      return ended(state, event.call, [])
    case 'room-full':
      return awaitsAnswer(state) && state.phase.kind !== 'in-session' && state.phase.kind !== 'ended'
        ? stay({ ...state, phase: { kind: 'full' }, knock: 'none' })
        : stay(state)
    case 'leave':
      return leave(state, event.group)
    case 'restart':
      return restart(state)
  }
}

/** Whether a socket is wanted at all: before **Join Waiting Room** nothing is sent to anybody. */
export function needsServer({ kind }: VisitPhase): boolean {
  return kind === 'waiting' || kind === 'early' || kind === 'full' || kind === 'in-session' || kind === 'ended'
}

function join(state: Visit, at: number): VisitStep {
  if (state.phase.kind === 'in-session') return stay(state)
  const phase: VisitPhase = { kind: 'waiting', sinceAt: at, heard: false, moment: false }
  return knock({ ...state, phase }, { intent: 'arrive', call: null })
}

/**
 * A page that lost only its socket is still known, or knocks again if the server is a new one. A ticket that was lost
 * with the socket shows in that the server counts this guest as admitted and the page does not.
 */
function ready(state: Visit, server: 'new' | 'waiting' | 'admitted'): VisitStep {
  const wish = wishOf(state.phase)
  if (wish === null) {
    if (server === 'new') return stay({ ...state, knock: 'none' })
    return { state: { ...state, knock: 'none' }, effects: [{ type: 'leave-server' }] }
  }
  const agrees = (server === 'waiting' && state.knock === 'sent') || (server === 'admitted' && state.knock === 'answered')
  return agrees ? stay(state) : knock(state, wish)
}

function wishOf(phase: VisitPhase): KnockWish | null {
  switch (phase.kind) {
    case 'waiting':
    case 'early':
    // A place may become free.
    case 'full':
      return { intent: 'arrive', call: null }
    case 'in-session':
      return { intent: 'return', call: phase.call }
    case 'ended':
      return phase.iWantRestart ? { intent: 'restart', call: phase.call } : null
    default:
      return null
  }
}

/** A note counts while this page has a knock out that has not been answered for good. */
function awaitsAnswer({ phase, knock }: Visit): boolean {
  return knock !== 'none' && wishOf(phase) !== null
}

function told(state: Visit, what: 'moment' | 'replaced' | 'declined' | 'removed' | 'full'): VisitStep {
  if (!awaitsAnswer(state)) return stay(state)
  switch (what) {
    case 'moment':
      return stay(state.phase.kind === 'waiting' ? { ...state, phase: { ...state.phase, heard: true, moment: true } } : state)
    case 'replaced':
      return over(state, { kind: 'replaced-link' })
    case 'declined':
      return over(state, { kind: 'declined' })
    case 'removed':
      return over(state, { kind: 'removed' })
    case 'full':
      return closing(state, { ...state, phase: { kind: 'full' } })
  }
}

function admitted(state: Visit, call: CallId, at: number): VisitStep {
  const { phase } = state
  const again = phase.kind === 'in-session' && phase.call === call
  if (!awaitsAnswer(state)) return stay(state)
  const startedAt = again ? phase.startedAt : at
  return stay({ ...state, knock: 'answered', phase: { kind: 'in-session', call, startedAt } })
}

function dismissed(state: Visit, linked: boolean): VisitStep {
  const { phase } = state
  if (phase.kind === 'waiting' || phase.kind === 'early' || phase.kind === 'full') return over(state, { kind: 'declined' })
  if (phase.kind === 'in-session' && !linked) return ended(state, phase.call, [])
  // Whoever was sent away knocks again by choosing so again, not by coming back to the server.
  if (phase.kind === 'ended') return stay({ ...state, phase: { ...phase, iWantRestart: false }, knock: 'none' })
  return stay(phase.kind === 'in-session' ? state : { ...state, knock: 'none' })
}

function leave(state: Visit, group: boolean): VisitStep {
  const { phase } = state
  if (phase.kind === 'in-session') {
    const bye: VisitEffect = { type: 'say-bye' }
    if (!group) return ended(state, phase.call, [bye])
    return { state: { ...state, phase: { kind: 'left' }, knock: 'none' }, effects: [bye, { type: 'close-call' }] }
  }
  if (phase.kind !== 'waiting' && phase.kind !== 'early' && phase.kind !== 'full') return stay(state)
  return { state: { ...state, phase: { kind: 'left' }, knock: 'none' }, effects: [{ type: 'leave-server' }] }
}

function ended(state: Visit, call: CallId, first: readonly VisitEffect[]): VisitStep {
  const phase: VisitPhase = { kind: 'ended', call, iWantRestart: false, clinicianWantsRestart: false }
  return { state: { ...state, phase, knock: 'none' }, effects: [...first, { type: 'close-call' }] }
}

function restart(state: Visit): VisitStep {
  const { phase } = state
  if (phase.kind !== 'ended' || phase.iWantRestart) return stay(state)
  return knock({ ...state, phase: { ...phase, iWantRestart: true } }, { intent: 'restart', call: phase.call })
}

function knock(state: Visit, wish: KnockWish): VisitStep {
  return { state: { ...state, knock: 'sent' }, effects: [{ type: 'knock', wish }] }
}

function over(state: Visit, phase: VisitPhase): VisitStep {
  return closing(state, { ...state, phase, knock: 'none' })
}

/** A page that was in a session and is not any more lets go of it. */
function closing(before: Visit, next: Visit): VisitStep {
  return { state: next, effects: before.phase.kind === 'in-session' ? [{ type: 'close-call' }] : [] }
}

function stay(state: Visit): VisitStep {
  return { state, effects: [] }
}
