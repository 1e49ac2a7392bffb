import { type CheckLine, type CheckState, checkLines } from '../domain/device-check.ts'
import type { CheckReport } from './extension-messages.ts'

/** What a page tells the extension of its check: every line that it looked at. Neither levels nor devices' names. */
export function reportOf(state: CheckState, at: number): CheckReport {
  const lines = checkLines.filter(isOfPage).flatMap((line) => {
    const { finding, foundAt } = state.lines[line]
    return finding === 'unknown' ? [] : [{ line, finding, foundAt } as CheckReport['lines'][number]]
  })
  return { at, lines, roundTripMs: state.network.roundTripMs }
}

const isOfPage = (line: CheckLine): line is Exclude<CheckLine, 'tab'> => line !== 'tab'
