import type { SyncWords } from '../../words/sync.en.ts'
import type { SyncState } from './sync-state.ts'

export type SyncSummary = {
  readonly tone: 'synced' | 'busy' | 'waiting'
  readonly text: string
  /** What it means, where there is room. */
  readonly hint: string | null
}

/** One quiet line; null where there is nothing to say. */
export function summarizeSync(state: SyncState, words: SyncWords, formatWhen: (at: number) => string): SyncSummary | null {
  const { line, unsynced, devices } = state
  const pending = unsynced > 0 ? words.unsynced(unsynced) : null
  const waiting = (text: string): SyncSummary => ({
    tone: 'waiting',
    text: pending === null ? text : words.both(pending, text),
    hint: pending === null ? null : words.unsyncedHint,
  })
  switch (line.kind) {
    case 'only-device':
      return null
    case 'waiting-for-key':
      return {
        tone: 'waiting',
        text: pending === null ? words.waitingForKey : words.both(pending, words.waitingForKey),
        hint: words.waitingForKeyHint,
      }
    case 'offline':
      return waiting(words.offlineSince(formatWhen(line.sinceAt)))
    case 'nobody-online':
      return waiting(words.nobodyOnline)
    case 'syncing':
      return { tone: 'busy', text: words.syncing, hint: null }
    case 'synced':
      return together(true)
    case 'other-tab':
      return devices.size === 0 ? null : together([...devices.values()].some(({ online, settled }) => online && settled))
  }
  function together(someoneIsThere: boolean): SyncSummary {
    if (pending !== null) return { tone: 'waiting', text: pending, hint: words.unsyncedHint }
    if (!someoneIsThere) return { tone: 'waiting', text: words.nobodyOnline, hint: null }
    return { tone: 'synced', text: words.synced, hint: null }
  }
}
