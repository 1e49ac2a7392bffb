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
  readonly relay: { readonly roundTripMs: number | null; readonly upKbps: number | null; readonly downKbps: number | null }
}

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
  'not-allowed',
  'background',
  'interrupted',
  'in-app',
])

/** The one table of what is ready, a warning or a problem. */
export function statusOf<Line extends CheckLine>(line: Line, finding: Finding<Line>): CheckStatus {
  if (finding === 'unknown' || finding === 'looking') return 'open'
  if (line === 'browser' && finding === 'unsupported') return 'problem'
  if (line === 'tab' && finding === 'none') return 'warning'
  // The camera of a person who is heard can be done without.
  if (line === 'camera' && !good.has(finding)) return finding === 'insecure' ? 'problem' : 'warning'
  if (good.has(finding)) return 'ready'
  return mild.has(finding) ? 'warning' : 'problem'
}
