import { sessionWords } from '../../words/areas.ts'
import type { AcceptRefusal } from './room-state.ts'

/** Why somebody could not be accepted, and what helps. */
export function refusalWords(kind: Exclude<AcceptRefusal['kind'], 'other-appointment'>): string {
  const words = sessionWords().people
  return { 'no-session': words.noSession, full: words.full, gone: words.gone, offline: words.offline }[kind]
}
