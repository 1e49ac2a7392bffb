import type { SyncWords } from '../../words/sync.en.ts'
import type { LogState } from '../log/log-state.ts'
import type { SyncState } from './sync-state.ts'

export type SyncSummary = {
  /** `asks`: somebody has to do something. */
  readonly tone: 'synced' | 'busy' | 'waiting' | 'asks'
  readonly text: string
  /** What it means, where there is room. */
  readonly hint: string | null
}

/** Logs that were missed: more than these are worth a bar, and a way to stop. */
export const fewLogs = 8

export type CatchUp = { readonly done: number; readonly total: number; readonly isStopped: boolean }

/** Null: nothing is missed, or it is done in a moment. */
export function longCatchUp({ line }: LogState): CatchUp | null {
  if (line.kind !== 'catching-up' && line.kind !== 'paused') return null
  const isStopped = line.kind === 'paused'
  return line.total > fewLogs || isStopped ? { done: Math.min(line.done, line.total), total: line.total, isStopped } : null
}

/** One quiet line about the other devices and the log; null while nothing is known. */
export function summarizeSync(state: SyncState, words: SyncWords, formatWhen: (at: number) => string): SyncSummary | null {
  const { line, unsynced, log } = state
  const pending = unsynced > 0 ? words.unsynced(unsynced) : null
  const hintOfPending = log.line.kind === 'off' ? words.unsyncedHint : words.unsyncedLogHint
  const say = (tone: SyncSummary['tone'], text: string, hint: string | null): SyncSummary => ({
    tone,
    text: pending === null ? text : words.both(pending, text),
    hint,
  })
  const waiting = (text: string) => say('waiting', text, pending === null ? null : hintOfPending)
  const offline = (sinceAt: number) => waiting(words.offlineSince(formatWhen(sinceAt)))
  if (line.kind === 'left-out') return say('asks', words.leftOut, words.leftOutHint)
  if (line.kind === 'waiting-for-key') return say('waiting', words.waitingForKey, words.waitingForKeyHint)
  switch (log.line.kind) {
    case 'off':
      return amongDevices()
    case 'catching-up': {
      const long = longCatchUp(log)
      return say('busy', long ? words.catchingUpOf(long.done, long.total) : words.catchingUp, words.catchingUpHint)
    }
    case 'paused':
      return say('asks', words.stoppedAt(log.line.done, log.line.total), words.stoppedHint)
    case 'saving':
      return { tone: 'busy', text: words.saving, hint: words.savingHint }
    case 'current':
      if (line.kind === 'syncing') return { tone: 'busy', text: words.syncing, hint: null }
      return pending === null ? synced(words.allSynced) : { tone: 'waiting', text: pending, hint: hintOfPending }
    case 'offline':
      return withoutLog(log.line.sinceAt)
    case 'needs-enrolment':
      return short(words.needsEnrolment, words.needsEnrolmentHint)
    case 'not-admitted':
      return short(words.notAdmitted, words.notAdmittedHint, 'waiting')
    case 'removed':
      return say('asks', words.removed, words.removedHint)
    case 'full':
      return short(words.full[log.line.whose], words.fullHint)
  }

  function synced(text: string): SyncSummary {
    return { tone: 'synced', text, hint: null }
  }

  /** The server keeps no logs: what there was before them. */
  function amongDevices(): SyncSummary | null {
    switch (line.kind) {
      case 'only-device':
        return { tone: 'waiting', text: words.onlyHere, hint: words.onlyHereHint }
      case 'offline':
        return offline(line.sinceAt)
      case 'nobody-online':
        return waiting(words.nobodyOnline)
      case 'syncing':
        return { tone: 'busy', text: words.syncing, hint: null }
      case 'other-tab':
        return state.devices.size === 0 ? null : together()
      default:
        return together()
    }
  }

  function together(): SyncSummary {
    if (pending !== null) return { tone: 'waiting', text: pending, hint: hintOfPending }
    return areTogether(state) ? synced(words.synced) : waiting(words.nobodyOnline)
  }

  /** Devices find each other without it, too. */
  function withoutLog(sinceAt: number): SyncSummary {
    if (line.kind === 'syncing') return { tone: 'busy', text: words.syncing, hint: null }
    if (areTogether(state)) return together()
    // The rest of the server is reached: only its copy is not.
    if (line.kind === 'nobody-online') return waiting(words.copyAway(formatWhen(sinceAt)))
    return offline(line.kind === 'offline' ? Math.min(line.sinceAt, sinceAt) : sinceAt)
  }

  /** The log is reached and takes nothing: said with what the devices have done without it. */
  function short(trouble: string, hint: string, tone: SyncSummary['tone'] = 'asks'): SyncSummary {
    if (line.kind === 'syncing') return { tone: 'busy', text: words.syncing, hint }
    const isTogether = pending === null && areTogether(state)
    return say(tone, isTogether ? words.both(words.synced, trouble) : trouble, hint)
  }
}

function areTogether({ line, devices }: SyncState): boolean {
  return line.kind === 'synced' || (line.kind === 'other-tab' && [...devices.values()].some(({ online, settled }) => online && settled))
}
