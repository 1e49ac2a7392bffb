import type { CallId, DeviceKey } from './ids.ts'

/**
 * A session moves from one device of a clinician to another. The new device asks, the old one gives, the server hands
 * the call over, and once everybody is there the old one lets go. Until then the old one can take it back, so that
 * nobody is lost with a device that dies on the way.
 */
export type SessionMove =
  | { readonly kind: 'idle' }
  /** Asked for. `given`: the other device's word is here; `handed`: the server's. */
  | {
      readonly kind: 'coming'
      readonly from: DeviceKey
      readonly call: CallId
      readonly sinceAt: number
      readonly given: boolean
      readonly handed: boolean
    }
  /** Taken here; the old device is told once everybody is connected. */
  | { readonly kind: 'arriving'; readonly from: DeviceKey; readonly call: CallId; readonly sinceAt: number }
  | {
      readonly kind: 'going'
      readonly to: DeviceKey
      readonly call: CallId
      readonly sinceAt: number
      /** A call that the server knows; an ended session has none. */
      readonly running: boolean
      /** Since when the other device cannot be heard; null while it can. */
      readonly silentSinceAt: number | null
    }
  /** It did not work; the call is asked back from the server. */
  | { readonly kind: 'taking-back'; readonly to: DeviceKey; readonly call: CallId; readonly sinceAt: number }

export type SessionMoveEvent =
  /** The person's click. */
  | { readonly type: 'want'; readonly from: DeviceKey; readonly call: CallId; readonly at: number }
  /** `have`: what this device has of the call; null also when it cannot give it now. */
  | {
      readonly type: 'asked'
      readonly by: DeviceKey
      readonly call: CallId
      readonly have: 'running' | 'ended' | null
      readonly at: number
    }
  | { readonly type: 'given'; readonly by: DeviceKey; readonly call: CallId; readonly running: boolean; readonly at: number }
  /** The other device says that the server does not know the call: nobody was in it yet. */
  | { readonly type: 'free'; readonly by: DeviceKey; readonly call: CallId; readonly at: number }
  | { readonly type: 'taken'; readonly by: DeviceKey; readonly call: CallId }
  | { readonly type: 'kept'; readonly by: DeviceKey; readonly call: CallId; readonly at: number }
  /** The server's words. */
  | { readonly type: 'handed-over'; readonly call: CallId; readonly toMe: boolean; readonly at: number }
  /** `empty`: nobody is in the session, so the server need not know its call. */
  | { readonly type: 'hand-over-refused'; readonly empty: boolean; readonly at: number }
  /** `online`: the other device of this move. `together`: everybody who was there is connected to this device. */
  | { readonly type: 'tick'; readonly online: boolean; readonly together: boolean; readonly at: number }

export type SessionMoveEffect =
  | { readonly type: 'ask' | 'give' | 'free' | 'taken' | 'keep'; readonly to: DeviceKey; readonly call: CallId }
  /** At the server; to this device where `to` is null. */
  | { readonly type: 'hand-over'; readonly to: DeviceKey | null; readonly call: CallId }
  /** What was given is this device's now. */
  | { readonly type: 'take'; readonly call: CallId }
  /** It is the other device's now: let go without a word to anybody. */
  | { readonly type: 'let-go'; readonly to: DeviceKey; readonly call: CallId }
  /** It goes on here: fresh tickets for everybody. */
  | { readonly type: 'resume'; readonly call: CallId }
  | { readonly type: 'failed'; readonly device: DeviceKey }

export type SessionMoveStep = { readonly state: SessionMove; readonly effects: readonly SessionMoveEffect[] }

export const noMove: SessionMove = { kind: 'idle' }

const comingMs = 12_000
const arrivingMs = 8_000
/** Longer than the other two together would take when all is well. */
const goingMs = 15_000
const silentMs = 3_000
const takingBackMs = 3_000

/** Whether this device may still speak for the session: not while another one is taking it. */
export function maySpeak(move: SessionMove): boolean {
  return move.kind !== 'going' && move.kind !== 'taking-back'
}

export function moveSession(state: SessionMove, event: SessionMoveEvent): SessionMoveStep {
  switch (event.type) {
    case 'want': {
      const { from, call, at } = event
      if (state.kind !== 'idle') return stay(state)
      return step({ kind: 'coming', from, call, sinceAt: at, given: false, handed: false }, { type: 'ask', to: from, call })
    }
    case 'asked':
      return asked(state, event)
    case 'given': {
      if (!isComing(state, event)) return step(state, { type: 'keep', to: event.by, call: event.call })
      return event.running ? take({ ...state, given: true }, event.at) : takeEnded(state)
    }
    case 'free':
      return isComing(state, event) ? take({ ...state, handed: true }, event.at) : stay(state)
    case 'handed-over':
      if (state.kind === 'coming' && state.call === event.call && event.toMe) return take({ ...state, handed: true }, event.at)
      if (state.kind === 'taking-back' && state.call === event.call && event.toMe) return resume(state)
      return stay(state)
    case 'hand-over-refused':
      if (state.kind === 'taking-back') return resume(state)
      if (state.kind !== 'going' || !state.running) return stay(state)
      return event.empty ? step(state, { type: 'free', to: state.to, call: state.call }) : takeBack(state, event.at)
    case 'taken': {
      if (state.kind !== 'going' || state.to !== event.by || state.call !== event.call) return stay(state)
      return step(noMove, { type: 'let-go', to: state.to, call: state.call })
    }
    case 'kept':
      return kept(state, event)
    case 'tick':
      return tick(state, event)
  }
}

function asked(state: SessionMove, { by, call, have, at }: Extract<SessionMoveEvent, { type: 'asked' }>): SessionMoveStep {
  if (state.kind !== 'idle' || have === null) return step(state, { type: 'keep', to: by, call })
  const running = have === 'running'
  const effects: SessionMoveEffect[] = [{ type: 'give', to: by, call }]
  if (running) effects.push({ type: 'hand-over', to: by, call })
  return { state: { kind: 'going', to: by, call, sinceAt: at, running, silentSinceAt: null }, effects }
}

type Coming = Extract<SessionMove, { kind: 'coming' }>

function isComing(state: SessionMove, { by, call }: { readonly by: DeviceKey; readonly call: CallId }): state is Coming {
  return state.kind === 'coming' && state.from === by && state.call === call
}

function take(state: Coming, at: number): SessionMoveStep {
  if (!state.given || !state.handed) return stay(state)
  const { from, call } = state
  return step({ kind: 'arriving', from, call, sinceAt: at }, { type: 'take', call })
}

/** The server knows nothing of an ended session. */
function takeEnded({ from, call }: Coming): SessionMoveStep {
  return step(noMove, { type: 'take', call }, { type: 'taken', to: from, call })
}

function kept(state: SessionMove, event: Extract<SessionMoveEvent, { type: 'kept' }>): SessionMoveStep {
  const { by, call } = event
  if (isComing(state, event)) return step(noMove, { type: 'failed', device: by })
  if (state.kind === 'arriving' && state.from === by && state.call === call) return step(noMove, { type: 'let-go', to: by, call })
  if (state.kind === 'going' && state.to === by && state.call === call) return takeBack(state, event.at)
  return stay(state)
}

function takeBack(state: Extract<SessionMove, { kind: 'going' }>, at: number): SessionMoveStep {
  const { to, call, running } = state
  const keep: SessionMoveEffect = { type: 'keep', to, call }
  if (!running) return step(noMove, keep)
  return step({ kind: 'taking-back', to, call, sinceAt: at }, keep, { type: 'hand-over', to: null, call })
}

function resume({ to, call }: Extract<SessionMove, { kind: 'taking-back' }>): SessionMoveStep {
  return step(noMove, { type: 'resume', call }, { type: 'failed', device: to })
}

function tick(state: SessionMove, { online, together, at }: Extract<SessionMoveEvent, { type: 'tick' }>): SessionMoveStep {
  switch (state.kind) {
    case 'idle':
      return stay(state)
    case 'coming': {
      const { from, call } = state
      if (at - state.sinceAt < comingMs) return stay(state)
      return step(noMove, { type: 'keep', to: from, call }, { type: 'failed', device: from })
    }
    case 'arriving': {
      const { from, call } = state
      return together || at - state.sinceAt >= arrivingMs ? step(noMove, { type: 'taken', to: from, call }) : stay(state)
    }
    case 'going': {
      const silentSinceAt = online ? null : (state.silentSinceAt ?? at)
      const isSilent = silentSinceAt !== null && at - silentSinceAt >= silentMs
      if (isSilent || at - state.sinceAt >= goingMs) return takeBack(state, at)
      return silentSinceAt === state.silentSinceAt ? stay(state) : stay({ ...state, silentSinceAt })
    }
    case 'taking-back':
      return at - state.sinceAt >= takingBackMs ? resume(state) : stay(state)
  }
}

function step(state: SessionMove, ...effects: readonly SessionMoveEffect[]): SessionMoveStep {
  return { state, effects }
}

function stay(state: SessionMove): SessionMoveStep {
  return { state, effects: [] }
}
