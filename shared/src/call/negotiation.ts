/**
 * W3C "perfect negotiation" for one pair of peers, as a reducer. The shell runs one step at a time against its
 * RTCPeerConnection and reports back; messages that arrive meanwhile wait here, so that nothing interleaves.
 *
 * Every message carries a generation: one per RTCPeerConnection, named by the impolite side. A newer one from it
 * replaces the connection; whatever belongs to another generation is dropped, so that leftovers of a page before its
 * reload or of an abandoned connection do no harm.
 */
export type Candidate = {
  readonly candidate: string
  readonly sdpMid: string | null
  readonly sdpMLineIndex: number | null
  readonly usernameFragment: string | null
}

export type RemoteDescription = {
  readonly type: 'description'
  readonly generation: string
  readonly kind: 'offer' | 'answer'
  readonly sdp: string
}
export type RemoteCandidates = {
  readonly type: 'candidates'
  readonly generation: string
  readonly candidates: readonly Candidate[]
}

export type NegotiationState = {
  readonly polite: boolean
  readonly generation: string | null
  /** Generations that were replaced: a late offer of one must not bring it back. */
  readonly retired: readonly string[]
  /** As in W3C, without the intermediate states of an answer, which are inside one step here. */
  readonly signaling: 'stable' | 'have-local-offer'
  readonly hasRemoteDescription: boolean
  /** What the browser is doing now. */
  readonly step: 'making-offer' | 'taking-offer' | 'taking-answer' | null
  /** The browser asks for an offer (its `negotiationneeded`). */
  readonly offerWanted: boolean
  /** Remote descriptions of this generation that wait for the step to end. */
  readonly waiting: readonly RemoteDescription[]
  /** Remote candidates that came before the description they belong to. */
  readonly held: readonly Candidate[]
}

export type NegotiationEvent =
  /** Impolite side: begin, or begin anew. `generation` is random and was never used before. */
  | { readonly type: 'open'; readonly generation: string }
  | { readonly type: 'negotiation-needed' }
  | RemoteDescription
  | RemoteCandidates
  /** The step ended. `sdp`: what is now the local description, when the step made one. */
  | { readonly type: 'offer-made'; readonly sdp: string }
  | { readonly type: 'offer-taken'; readonly sdp: string }
  | { readonly type: 'answer-taken' }
  | { readonly type: 'step-failed' }

export type NegotiationEffect =
  /** Close the connection of the generation before, if any, and make a new one. */
  | { readonly type: 'build'; readonly generation: string }
  /** `setLocalDescription()` without arguments, then `offer-made`. */
  | { readonly type: 'make-offer' }
  /** `setRemoteDescription(offer)` (which rolls back an own one), `setLocalDescription()`, then `offer-taken`. */
  | { readonly type: 'take-offer'; readonly sdp: string }
  | { readonly type: 'take-answer'; readonly sdp: string }
  | { readonly type: 'add-candidates'; readonly candidates: readonly Candidate[] }
  | { readonly type: 'send'; readonly description: RemoteDescription }
  /** A step failed: this connection is not going to work. */
  | { readonly type: 'broken' }

export type NegotiationStep = { readonly state: NegotiationState; readonly effects: readonly NegotiationEffect[] }

export const maxHeldCandidates = 100
const maxRetired = 16
const maxWaiting = 8

export function createNegotiation(polite: boolean): NegotiationState {
  return { polite, ...fresh(null), retired: [] }
}

export function negotiate(state: NegotiationState, event: NegotiationEvent): NegotiationStep {
  switch (event.type) {
    case 'open':
      return state.polite ? stay(state) : build(state, event.generation, [])
    case 'negotiation-needed':
      return state.generation === null ? stay(state) : next({ ...state, offerWanted: true }, [])
    case 'description':
      return receiveDescription(state, event)
    case 'candidates':
      return receiveCandidates(state, event)
    case 'offer-made':
      if (state.step !== 'making-offer') return stay(state)
      return next({ ...state, step: null, signaling: 'have-local-offer' }, [send(state, 'offer', event.sdp)])
    case 'offer-taken':
      if (state.step !== 'taking-offer') return stay(state)
      return described(state, [send(state, 'answer', event.sdp)])
    case 'answer-taken':
      return state.step === 'taking-answer' ? described(state, []) : stay(state)
    case 'step-failed':
      return state.step === null ? stay(state) : next({ ...state, step: null }, [{ type: 'broken' }])
  }
}

function receiveDescription(state: NegotiationState, message: RemoteDescription): NegotiationStep {
  if (message.generation !== state.generation) {
    const adopts = state.polite && message.kind === 'offer' && !state.retired.includes(message.generation)
    return adopts ? build(state, message.generation, [message]) : stay(state)
  }
  if (state.waiting.length >= maxWaiting) return stay(state)
  return next({ ...state, waiting: [...state.waiting, message] }, [])
}

function receiveCandidates(state: NegotiationState, message: RemoteCandidates): NegotiationStep {
  if (message.generation !== state.generation) return stay(state)
  if (state.hasRemoteDescription && state.step === null && state.waiting.length === 0) {
    return { state, effects: [{ type: 'add-candidates', candidates: message.candidates }] }
  }
  return stay({ ...state, held: [...state.held, ...message.candidates].slice(0, maxHeldCandidates) })
}

/** Starts the next step if none runs: messages first, own offers when all is quiet. */
function next(state: NegotiationState, effects: readonly NegotiationEffect[]): NegotiationStep {
  if (state.step !== null) return { state, effects }
  const [message, ...waiting] = state.waiting
  if (message) return take({ ...state, waiting }, message, effects)
  if (state.offerWanted && state.signaling === 'stable') {
    return { state: { ...state, offerWanted: false, step: 'making-offer' }, effects: [...effects, { type: 'make-offer' }] }
  }
  if (state.hasRemoteDescription && state.held.length > 0) {
    return { state: { ...state, held: [] }, effects: [...effects, { type: 'add-candidates', candidates: state.held }] }
  }
  return { state, effects }
}

function take(state: NegotiationState, message: RemoteDescription, effects: readonly NegotiationEffect[]): NegotiationStep {
  if (message.kind === 'answer') {
    if (state.signaling !== 'have-local-offer') return next(state, effects)
    return { state: { ...state, step: 'taking-answer' }, effects: [...effects, { type: 'take-answer', sdp: message.sdp }] }
  }
  const collision = state.signaling === 'have-local-offer'
  if (collision && !state.polite) return next(state, effects)
  return { state: { ...state, step: 'taking-offer' }, effects: [...effects, { type: 'take-offer', sdp: message.sdp }] }
}

/** Both sides agree now: candidates that waited can go in. */
function described(state: NegotiationState, effects: readonly NegotiationEffect[]): NegotiationStep {
  const held: readonly NegotiationEffect[] = state.held.length > 0 ? [{ type: 'add-candidates', candidates: state.held }] : []
  return next({ ...state, step: null, signaling: 'stable', hasRemoteDescription: true, held: [] }, [...effects, ...held])
}

function build(state: NegotiationState, generation: string, waiting: readonly RemoteDescription[]): NegotiationStep {
  const retired = state.generation === null ? state.retired : [...state.retired, state.generation].slice(-maxRetired)
  return next({ ...state, ...fresh(generation), retired, waiting }, [{ type: 'build', generation }])
}

function fresh(generation: string | null): Omit<NegotiationState, 'polite' | 'retired'> {
  return {
    generation,
    signaling: 'stable',
    hasRemoteDescription: false,
    step: null,
    offerWanted: false,
    waiting: [],
    held: [],
  }
}

function send(state: NegotiationState, kind: 'offer' | 'answer', sdp: string): NegotiationEffect {
  return { type: 'send', description: { type: 'description', generation: state.generation ?? '', kind, sdp } }
}

function stay(state: NegotiationState): NegotiationStep {
  return { state, effects: [] }
}
