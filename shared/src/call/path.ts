/**
 * When to mend the way to a peer, as a reducer over what ICE reports, the bytes that come in, and the clock.
 * A silent path gets an ICE restart, two that fail get a whole new connection (from the impolite side, which names
 * them). It keeps trying for ten minutes and then waits for a reason, such as the network's return.
 */
export type PathState = {
  readonly polite: boolean
  readonly phase:
    | { readonly kind: 'idle' }
    /** A new connection, not yet connected once. */
    | { readonly kind: 'connecting' }
    | { readonly kind: 'connected' }
    /** Perhaps dead: nothing has come in since `quietAt`. */
    | { readonly kind: 'suspect'; readonly quietAt: number }
    /** Known dead; a restart is under way. */
    | { readonly kind: 'down' }
  /** When it last stopped being connected, or began. */
  readonly downAt: number
  readonly everConnected: boolean
  /** What the browser last said; it notices a dead path late and a living one at once. */
  readonly browserConnected: boolean
  /** Inbound activity as last sampled, a number that grows while anything arrives; null before the first sample. */
  readonly activity: number | null
  /** Repairs since the path was last good. */
  readonly attempts: number
  readonly restartsOfConnection: number
  readonly attemptAt: number
}

export type PathEvent =
  /** A connection was built; `at` is epoch ms, here and below. */
  | { readonly type: 'built'; readonly at: number }
  | { readonly type: 'connection'; readonly connection: 'connected' | 'disconnected' | 'failed'; readonly at: number }
  /** Only while `needsTicks`. */
  | { readonly type: 'tick'; readonly activity: number; readonly at: number }
  /** The network changed, the device woke, the peer closed its channel: look again. */
  | { readonly type: 'nudge'; readonly at: number }
  /** The polite side, which makes no offers, asks for a restart. */
  | { readonly type: 'asked'; readonly at: number }
  /** Negotiation failed. */
  | { readonly type: 'broken'; readonly at: number }

export type PathEffect = 'restart' | 'rebuild'
export type PathStep = { readonly state: PathState; readonly effects: readonly PathEffect[] }

export const pathTickMs = 500
export const quietBeforeRestartMs = 2500
/** The polite side waits longer, so that both do not offer at once. */
const politePatienceMs = 1500
const quietBeforeWordMs = 1000
const firstConnectMs = 6000
const restartsPerConnection = 2
/** How long a repair gets before the next one. */
const attemptMs: readonly number[] = [5000, 5000, 7000, 9000, 12_000, 15_000]
const giveUpWordMs = 60_000
const giveUpMs = 10 * 60_000

export function createPath(polite: boolean): PathState {
  return {
    polite,
    phase: { kind: 'idle' },
    downAt: 0,
    everConnected: false,
    browserConnected: false,
    activity: null,
    attempts: 0,
    restartsOfConnection: 0,
    attemptAt: 0,
  }
}

export function needsTicks(state: PathState): boolean {
  return state.phase.kind !== 'idle' && state.phase.kind !== 'connected'
}

/** What the people read. */
export function pathWord(state: PathState, at: number): 'connecting' | 'connected' | 'reconnecting' | 'failed' {
  const { phase } = state
  if (phase.kind === 'connected') return 'connected'
  if (phase.kind === 'suspect' && state.everConnected && at - phase.quietAt < quietBeforeWordMs) return 'connected'
  if (phase.kind !== 'idle' && at - state.downAt >= giveUpWordMs) return 'failed'
  return state.everConnected ? 'reconnecting' : 'connecting'
}

export function mendPath(state: PathState, event: PathEvent): PathStep {
  switch (event.type) {
    case 'built':
      return stay({
        ...state,
        phase: { kind: 'connecting' },
        downAt: state.phase.kind === 'idle' || state.phase.kind === 'connected' ? event.at : state.downAt,
        browserConnected: false,
        restartsOfConnection: 0,
        attemptAt: event.at,
      })
    case 'connection':
      return connectionChanged({ ...state, browserConnected: event.connection === 'connected' }, event.connection, event.at)
    case 'tick':
      return tick(state, event.activity, event.at)
    case 'nudge':
      return nudge(state, event.at)
    case 'asked':
      return asked(state, event.at)
    case 'broken':
      return broken(state, event.at)
  }
}

function connectionChanged(state: PathState, connection: 'connected' | 'disconnected' | 'failed', at: number): PathStep {
  if (state.phase.kind === 'idle') return stay(state)
  if (connection === 'connected') {
    return stay({ ...state, phase: { kind: 'connected' }, everConnected: true, attempts: 0, restartsOfConnection: 0 })
  }
  if (connection === 'failed') return attempt(down(state, at), at, false)
  return state.phase.kind === 'connected' ? stay(suspect(state, at)) : stay(state)
}

function tick(state: PathState, activity: number, at: number): PathStep {
  const { phase } = state
  if (phase.kind === 'suspect') {
    const sampled = { ...state, activity }
    if (state.activity === null) return stay(sampled)
    const moved = activity > state.activity
    if (moved) return stay({ ...sampled, phase: state.browserConnected ? { kind: 'connected' } : { kind: 'suspect', quietAt: at } })
    const patienceMs = quietBeforeRestartMs + (state.polite ? politePatienceMs : 0)
    return at - phase.quietAt >= patienceMs ? attempt(down(state, at), at, false) : stay(state)
  }
  if (phase.kind !== 'down' && phase.kind !== 'connecting') return stay(state)
  if (at - state.downAt > giveUpMs) return stay(state)
  const patienceMs = phase.kind === 'connecting' ? firstConnectMs : patienceFor(state.attempts)
  return at - state.attemptAt >= patienceMs ? attempt(state, at, phase.kind === 'connecting') : stay(state)
}

function nudge(state: PathState, at: number): PathStep {
  switch (state.phase.kind) {
    case 'idle':
      return stay(state)
    case 'connected':
      return stay(suspect(state, at))
    case 'suspect':
      return stay(state)
    case 'connecting':
    case 'down':
      // One that has just begun is left to finish.
      if (at - state.attemptAt < quietBeforeRestartMs) return stay(state)
      return attempt({ ...state, attempts: 0 }, at, state.phase.kind === 'connecting')
  }
}

/** Here the path may well be alive: it stays what it is to the people. Not as often as a peer can ask. */
function asked(state: PathState, at: number): PathStep {
  if (state.phase.kind === 'idle' || state.phase.kind === 'connecting') return stay(state)
  if (state.attempts > 0 && at - state.attemptAt < quietBeforeRestartMs) return stay(state)
  return attempt(state, at, false)
}

/** Begins anew, but not as fast as a peer that always answers nonsense can make us. */
function broken(state: PathState, at: number): PathStep {
  if (state.phase.kind === 'idle' || at - state.attemptAt < quietBeforeRestartMs) return stay(state)
  return attempt(down(state, at), at, true)
}

/** `anew`: a restart cannot help, because there never was an agreement to restart from. */
function attempt(state: PathState, at: number, anew: boolean): PathStep {
  const tried = { ...state, attempts: state.attempts + 1, attemptAt: at }
  if (anew || state.restartsOfConnection >= restartsPerConnection) {
    // The polite side cannot name a connection; it goes on asking for a restart of this one.
    if (!state.polite) return { state: tried, effects: ['rebuild'] }
    if (anew) return stay(tried)
  }
  return { state: { ...tried, restartsOfConnection: state.restartsOfConnection + 1 }, effects: ['restart'] }
}

function suspect(state: PathState, at: number): PathState {
  return { ...state, phase: { kind: 'suspect', quietAt: at }, downAt: at, activity: null }
}

function down(state: PathState, at: number): PathState {
  const downAt = state.phase.kind === 'connected' ? at : state.downAt
  return state.phase.kind === 'connecting' ? { ...state, downAt } : { ...state, phase: { kind: 'down' }, downAt }
}

function patienceFor(attempts: number): number {
  return attemptMs[Math.min(attempts, attemptMs.length) - 1] ?? 5000
}

function stay(state: PathState): PathStep {
  return { state, effects: [] }
}
