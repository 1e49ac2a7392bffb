import { sessionWords } from '../../words/areas.ts'
import type { WaitingEntry } from './room-state.ts'

/** The name on record before the typed one; none while the screen is shared. */
export function shownName(entry: Pick<WaitingEntry, 'recordName' | 'typedName'>, hideNames: boolean): string {
  return hideNames ? sessionWords().people.someone : (entry.recordName ?? entry.typedName)
}

/** What was typed, where it is not what is on record. */
export function typedName(entry: Pick<WaitingEntry, 'recordName' | 'typedName'>, hideNames: boolean): string | null {
  if (hideNames || entry.recordName === null || entry.recordName === entry.typedName) return null
  return entry.typedName
}
