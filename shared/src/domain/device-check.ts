import { hearLevel, noVoice, type VoiceState, type VoiceVerdict } from './device-voice.ts'

/**
 * The device check, line by line: what was found, and whether one can go into a session with it. Used by the page that
 * looks (Welcome!, the patient's page, `/check`) and by the extension, which shows what the page found and adds what only
 * it can see.
 */

/** In the order in which they are shown. */
export const checkLines = ['browser', 'camera', 'microphone', 'speaker', 'sound', 'notifications', 'network', 'relay', 'tab'] as const
export type CheckLine = (typeof checkLines)[number]

/** What getUserMedia's DOMException says, in our words (W3C mediacapture-main). */
export const mediaProblems = [
  'denied',
  'dismissed',
  'blocked-by-system',
  'in-use',
  'not-found',
  'over-constrained',
  'insecure',
  'failed',
] as const
export type MediaProblem = (typeof mediaProblems)[number]

/** `unknown`: nobody has looked. `looking`: being looked at, or waiting for the browser's question to be answered. */
const open = ['unknown', 'looking'] as const

/** Everything that can be found of each line. */
export const findings = {
  browser: [...open, 'ready', 'insecure', 'in-app', 'unsupported'],
  /** `interrupted`: the system has taken it for a while (a call, sleep). `granted`: allowed, and not opened (the quiet part). */
  camera: [...open, 'ready', 'granted', 'not-asked', 'off', 'interrupted', ...mediaProblems],
  /** `ready`: open, and nothing was said yet. `heard`: a voice. `silent`: open for a while, without a sound. */
  microphone: [...open, 'ready', 'heard', 'silent', 'muted', 'granted', 'not-asked', 'interrupted', ...mediaProblems],
  /** By the person's own word, for no page can know. */
  speaker: [...open, 'untested', 'heard', 'not-heard'],
  /** Whether a ring would play. `tab-muted` is known to the extension alone. */
  sound: [...open, 'ready', 'blocked', 'tab-muted'],
  notifications: [...open, 'ready', 'not-asked', 'blocked', 'unsupported'],
  network: [...open, 'ready', 'slow', 'offline', 'unreachable'],
  /** `none`: the server has no relay. `not-allowed`: only who hosts a room gets one. */
  relay: [...open, 'ready', 'slow', 'unreachable', 'none', 'not-allowed'],
  /** Known to the extension alone. `other-session`: another tab uses camera and microphone for a session. */
  tab: [...open, 'ready', 'none', 'background', 'other-session'],
} as const satisfies Readonly<Record<CheckLine, readonly string[]>>

export type Finding<Line extends CheckLine = CheckLine> = (typeof findings)[Line][number]

export type LineState<Line extends CheckLine = CheckLine> = {
  readonly finding: Finding<Line>
  /** Epoch ms; null while `unknown`. */
  readonly foundAt: number | null
}

export type CheckState = {
  readonly lines: { readonly [Line in CheckLine]: LineState<Line> }
  /** Measured; null until then. Milliseconds, kilobits per second. */
  readonly network: { readonly roundTripMs: number | null }
  readonly relay: RelayMeasure
  /** What the microphone's levels say; also in a check whose microphone is muted. */
  readonly voice: VoiceState
}

export type RelayMeasure = { readonly roundTripMs: number | null; readonly upKbps: number | null; readonly downKbps: number | null }

/** `warning`: a session is possible, less well. `problem`: not, or nobody would notice the patient. */
export type CheckStatus = 'open' | 'ready' | 'warning' | 'problem'

const good: ReadonlySet<Finding> = new Set<Finding>(['ready', 'heard', 'granted', 'none'])
const mild: ReadonlySet<Finding> = new Set<Finding>([
  'not-asked',
  'off',
  'muted',
  'silent',
  'slow',
  'untested',
  'unsupported',
  'background',
  'interrupted',
  'in-app',
])

/** The one table of what is ready, a warning or a problem. */
export function statusOf<Line extends CheckLine>(line: Line, finding: Finding<Line>): CheckStatus {
  if (finding === 'unknown' || finding === 'looking') return 'open'
  // Whoever hosts no room has no relay to be tested: neither good nor bad.
  if (finding === 'not-allowed') return 'open'
  if (line === 'browser' && finding === 'unsupported') return 'problem'
  if (line === 'tab' && finding === 'none') return 'warning'
  // The camera of a person who is heard can be done without.
  if (line === 'camera' && !good.has(finding)) return finding === 'insecure' ? 'problem' : 'warning'
  if (good.has(finding)) return 'ready'
  return mild.has(finding) ? 'warning' : 'problem'
}

/** What a page may see of one device. `ready` becomes `heard` or `silent` with the levels. */
export type DeviceFinding = 'looking' | 'ready' | 'off' | 'muted' | 'granted' | 'not-asked' | 'interrupted' | MediaProblem

/** Lines of which the page says what it found, as it is. */
type PlainLine = 'browser' | 'speaker' | 'sound' | 'notifications' | 'tab'

export type NetworkAnswer = { readonly roundTripMs: number } | 'looking' | 'offline' | 'unreachable'
export type RelayAnswer = Required<{ readonly [Key in keyof RelayMeasure]: number }> | 'looking' | 'unreachable' | 'none' | 'not-allowed'

export type CheckEvent =
  | {
      readonly [Line in PlainLine]: { readonly type: 'found'; readonly line: Line; readonly finding: Finding<Line>; readonly at: number }
    }[PlainLine]
  | { readonly type: 'camera'; readonly finding: Exclude<DeviceFinding, 'muted'>; readonly at: number }
  | { readonly type: 'microphone'; readonly finding: Exclude<DeviceFinding, 'off'>; readonly at: number }
  /** 0..1, about twenty times a second while the microphone is open, muted or not. */
  | { readonly type: 'level'; readonly level: number; readonly at: number }
  | { readonly type: 'network'; readonly answer: NetworkAnswer; readonly at: number }
  | { readonly type: 'relay'; readonly answer: RelayAnswer; readonly at: number }

export const checkLimits = {
  /** To the server and back: above it an arrival is seen late, and a call's own way is likely as long. */
  slowRoundTripMs: 600,
  /** Through the relay and back to oneself: half of it is what the other person waits for an answer. */
  slowRelayMs: 500,
  /** Sound and a small picture. */
  slowKbps: 500,
} as const

const untouched = { finding: 'unknown', foundAt: null } as const

export const beginCheck: CheckState = {
  lines: {
    browser: untouched,
    camera: untouched,
    microphone: untouched,
    speaker: untouched,
    sound: untouched,
    notifications: untouched,
    network: untouched,
    relay: untouched,
    tab: untouched,
  },
  network: { roundTripMs: null },
  relay: { roundTripMs: null, upKbps: null, downKbps: null },
  voice: noVoice,
}

/** The whole check: what was found becomes the state. The same object when nothing changed but the level. */
export function check(state: CheckState, event: CheckEvent): CheckState {
  switch (event.type) {
    case 'found':
      return withLine(state, event.line, event.finding, event.at)
    case 'camera':
      return withLine(state, 'camera', event.finding, event.at)
    case 'microphone':
      return microphoneFound(state, event.finding, event.at)
    case 'level':
      return levelHeard(state, event.level, event.at)
    case 'network':
      return networkAnswered(state, event.answer, event.at)
    case 'relay':
      return relayAnswered(state, event.answer, event.at)
  }
}

function withLine<Line extends CheckLine>(state: CheckState, line: Line, finding: Finding<Line>, foundAt: number): CheckState {
  return { ...state, lines: { ...state.lines, [line]: { finding, foundAt } } }
}

const spoken: Readonly<Record<VoiceVerdict, Finding<'microphone'>>> = {
  'nothing-yet': 'ready',
  heard: 'heard',
  silent: 'silent',
  muted: 'muted',
  'speaking-muted': 'muted',
}

/** A microphone that stays open keeps what was heard; one that was away begins anew. */
function microphoneFound(state: CheckState, finding: Exclude<DeviceFinding, 'off'>, at: number): CheckState {
  const before = state.lines.microphone.finding
  const isOpen = finding === 'ready' || finding === 'muted'
  if (!isOpen) return withLine({ ...state, voice: noVoice }, 'microphone', finding, at)
  const wasOpen = before === 'ready' || before === 'heard' || before === 'silent'
  if (finding === 'ready' && wasOpen) return withLine(state, 'microphone', before, at)
  const verdict = finding === 'muted' ? 'muted' : 'nothing-yet'
  return withLine({ ...state, voice: { ...noVoice, verdict } }, 'microphone', finding, at)
}

function levelHeard(state: CheckState, level: number, at: number): CheckState {
  const { finding } = state.lines.microphone
  const isMuted = finding === 'muted'
  if (!isMuted && finding !== 'ready' && finding !== 'heard' && finding !== 'silent') return state
  const voice = hearLevel(state.voice, { level, isMuted, at })
  const next = spoken[voice.verdict]
  return next === finding ? { ...state, voice } : withLine({ ...state, voice }, 'microphone', next, at)
}

function networkAnswered(state: CheckState, answer: NetworkAnswer, at: number): CheckState {
  if (typeof answer === 'string') return withLine({ ...state, network: { roundTripMs: null } }, 'network', answer, at)
  const finding = answer.roundTripMs > checkLimits.slowRoundTripMs ? 'slow' : 'ready'
  return withLine({ ...state, network: { roundTripMs: Math.round(answer.roundTripMs) } }, 'network', finding, at)
}

function relayAnswered(state: CheckState, answer: RelayAnswer, at: number): CheckState {
  if (typeof answer === 'string') return withLine({ ...state, relay: beginCheck.relay }, 'relay', answer, at)
  const { roundTripMs, upKbps, downKbps } = answer
  const isSlow = roundTripMs > checkLimits.slowRelayMs || upKbps < checkLimits.slowKbps || downKbps < checkLimits.slowKbps
  const relay = { roundTripMs: Math.round(roundTripMs), upKbps: Math.round(upKbps), downKbps: Math.round(downKbps) }
  return withLine({ ...state, relay }, 'relay', isSlow ? 'slow' : 'ready', at)
}

export type CheckSummary = {
  /** The worst of all; `open` only while nothing worse is known. */
  readonly status: CheckStatus
  readonly problems: readonly CheckLine[]
  readonly warnings: readonly CheckLine[]
}

/** All lines in one word. What nobody looks at is left out. */
export function summaryOf(lines: CheckState['lines']): CheckSummary {
  const having = (wanted: CheckStatus) => checkLines.filter((line) => statusOf(line, lines[line].finding) === wanted)
  const problems = having('problem')
  const warnings = having('warning')
  const isLooking = checkLines.some((line) => lines[line].finding === 'looking')
  const worst = () => {
    if (problems.length > 0) return 'problem'
    if (isLooking || having('ready').length + warnings.length === 0) return 'open'
    return warnings.length > 0 ? 'warning' : 'ready'
  }
  return { status: worst(), problems, warnings }
}
