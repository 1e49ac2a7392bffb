import type { LogIncident } from '@alcove/shared/domain/sealed-log'

/** What the screen knows about the practice's log on the server. */
export type LogState = {
  readonly line: /** The server keeps no logs, or there is no practice here. */
    | { readonly kind: 'off' }
    /** The operator's code is asked for once. `refused`: the last one was wrong. */
    | { readonly kind: 'needs-enrolment'; readonly refused: boolean }
    | { readonly kind: 'offline'; readonly sinceAt: number }
    /** Connected, and this device is not on the server's list yet: another device of the practice has to put it there. */
    | { readonly kind: 'not-admitted' }
    /** The server's list does not have this device any more. */
    | { readonly kind: 'removed' }
    /** Reading what was missed: logs. Above a few it is shown with its progress and can be stopped. */
    | { readonly kind: 'catching-up'; readonly done: number; readonly total: number }
    /** Stopped by the person; goes on when they say so. */
    | { readonly kind: 'paused'; readonly done: number; readonly total: number }
    /** Writing changes. */
    | { readonly kind: 'saving' }
    | { readonly kind: 'current' }
    /** Nothing more can be stored there; devices still sync with each other. */
    | { readonly kind: 'full'; readonly whose: 'practice' | 'server' }
  readonly incidents: readonly LogIncident[]
  /** Null until it is known. */
  readonly space: { readonly usedBytes: number; readonly quotaBytes: number } | null
}

/** The engine as the app sees it. */
export type LogSync = {
  watch(listener: (state: LogState) => void): () => void
  /** Stops and goes on with a long first sync. */
  pause(): void
  resume(): void
  /** The operator's code. */
  enrol(code: string): void
  /** The person has read what was noticed. */
  acknowledge(): void
  hurry(): void
  close(): void
}

/** What the screen may ask of it. */
export type LogDoors = Pick<LogSync, 'pause' | 'resume' | 'enrol' | 'acknowledge'>

/** Before anything is known, and without a server that keeps logs. */
export const noLog: LogState = { line: { kind: 'off' }, incidents: [], space: null }
