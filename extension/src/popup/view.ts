import {
  beginCheck,
  type CheckLine,
  type CheckState,
  checkLines,
  type CheckSummary,
  type Finding,
  statusOf,
  summaryOf,
} from '@alcove/shared/domain/device-check'
import type { ScreenState, SitePermission } from '@alcove/shared/protocol/extension-inside'
import { sitePermissions } from '@alcove/shared/protocol/extension-inside'
import type { ScreenWords } from '../words/screens.en.ts'

/** What the popup shows, worked out apart from how it is drawn. Instants in epoch ms. */

type Lines = CheckState['lines']

/** Every line; `unknown` of what nobody has looked at. */
export function linesOf(state: Pick<ScreenState, 'lines'>): Lines {
  const lines: Record<CheckLine, unknown> = { ...beginCheck.lines }
  for (const { line, finding, foundAt } of state.lines) lines[line] = { finding, foundAt }
  return lines as Lines
}

/** What was found long ago, or that long before the rest, says so. */
const oldMs = 4 * 60 * 60 * 1000
const apartMs = 10 * 60 * 1000

export type Headline =
  | { readonly kind: 'never' }
  | { readonly kind: 'checking' }
  /** The quiet check found something after the page had looked. */
  | { readonly kind: 'warned'; readonly count: number; readonly at: number }
  | { readonly kind: 'checked'; readonly summary: CheckSummary; readonly at: number; readonly isOld: boolean }

export function headlineOf(state: ScreenState, now: number): Headline {
  const lines = linesOf(state)
  if (state.isOpen && checkLines.some((line) => lines[line].finding === 'looking')) return { kind: 'checking' }
  const quiet = quietOf(state)
  if (quiet) return { kind: 'warned', count: quiet.problems.length, at: quiet.at }
  if (state.reportAt === null) return { kind: 'never' }
  return { kind: 'checked', summary: summaryOf(lines), at: state.reportAt, isOld: now - state.reportAt > oldMs }
}

/** What the quiet check before a session found wrong; null when all was well, or when the page has looked since. */
export function quietOf({ quiet, reportAt }: Pick<ScreenState, 'quiet' | 'reportAt'>): ScreenState['quiet'] {
  return quiet && quiet.problems.length > 0 && quiet.at > (reportAt ?? 0) ? quiet : null
}

/** The age of one line, where it differs from that of the whole report; else null. */
export function ownAge(foundAt: number | null, reportAt: number | null): number | null {
  if (foundAt === null || reportAt === null) return null
  return reportAt - foundAt > apartMs ? foundAt : null
}

export type FixLabel = Exclude<keyof ScreenWords['fix'], 'name'>

/** The one action against what was found, or null: nothing is wrong, or nothing can be done. */
export function fixFor<Line extends CheckLine>(line: Line, finding: Finding<Line>): FixLabel | null {
  const status = statusOf(line, finding)
  if (status === 'open' || status === 'ready') return null
  if (line === 'tab') return finding === 'none' ? 'open' : finding === 'other-session' ? 'showTab' : 'toFront'
  if (line === 'sound') return finding === 'tab-muted' ? 'unmute' : 'fix'
  if (line === 'speaker') return 'test'
  if (line === 'network' || line === 'relay') return 'again'
  if (line === 'notifications' && finding === 'unsupported') return null
  return 'fix'
}

/** What the extension could still set to "allow" for the chosen site. */
export function toBeAllowed({ canSet, setByUs, extras }: ScreenState): readonly SitePermission[] {
  if (canSet === 'no' || setByUs.length > 0) return []
  return sitePermissions.filter((one) => extras[one] !== 'allow')
}

const unsettled: ReadonlySet<Finding> = new Set<Finding>(['not-asked', 'dismissed', 'denied', 'blocked'])

/** Where no extension can set it, the steps are shown as long as the browser asks or refuses. */
export function needsSteps(state: ScreenState): boolean {
  const { camera, microphone, notifications } = linesOf(state)
  return state.canSet === 'no' && [camera, microphone, notifications].some(({ finding }) => unsettled.has(finding))
}

/** `https://clinic.example` as people say it. */
export function siteName(origin: string): string {
  return new URL(origin).host
}
