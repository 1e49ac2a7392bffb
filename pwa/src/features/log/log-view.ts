import type { LogCover } from '../../log-ports.ts'
import type { Admission } from './log-admission.ts'
import type { Progress } from './log-queue.ts'
import { type LogState, noLog } from './log-state.ts'

/** What the engine knows, for `viewLog`. */
export type LogFacts = {
  readonly hasPractice: boolean
  readonly admission: Admission
  /** Since when the server is not reached, or has not let this device in; epoch ms. */
  readonly sinceAt: number
  readonly incidents: LogCover['incidents']
  readonly isPaused: boolean
  /** Null when nothing is being read; the reading of a change that was just made elsewhere is not counted. */
  readonly catchingUp: Progress | null
  readonly isSaving: boolean
  readonly full: 'practice' | 'server' | null
  readonly space: LogState['space']
}

export function viewLog(facts: LogFacts): LogState {
  const { incidents, space } = facts
  return facts.hasPractice ? { line: lineOf(facts), incidents, space } : noLog
}

function lineOf({ admission, sinceAt, isPaused, catchingUp, isSaving, full }: LogFacts): LogState['line'] {
  switch (admission.kind) {
    case 'off':
      return { kind: 'off' }
    case 'lost':
      return { kind: 'offline', sinceAt }
    case 'asking':
      return { kind: 'catching-up', done: 0, total: 0 }
    case 'needs-enrolment':
      return { kind: 'needs-enrolment', refused: admission.refused }
    case 'not-admitted':
      return { kind: 'not-admitted' }
    case 'removed':
      return { kind: 'removed' }
    case 'full':
      return { kind: 'full', whose: 'server' }
    case 'in':
      if (catchingUp) return { kind: isPaused ? 'paused' : 'catching-up', ...catchingUp }
      if (full) return { kind: 'full', whose: full }
      return { kind: isSaving ? 'saving' : 'current' }
  }
}

export function sameLogState(a: LogState, b: LogState): boolean {
  return (
    a.incidents === b.incidents &&
    a.space?.usedBytes === b.space?.usedBytes &&
    a.space?.quotaBytes === b.space?.quotaBytes &&
    JSON.stringify(a.line) === JSON.stringify(b.line)
  )
}
