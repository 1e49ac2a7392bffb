import type { Enrolment } from '../enrolment.ts'
import type { LimitName, Limits } from '../limits.ts'
import type { KeyedLimiter } from '../rate-limits.ts'
import type { LogStore } from './log-store.ts'
import type { Spaces } from './spaces.ts'

/** Counted, never more: no spaces, logs, devices or addresses. */
export type LogHubEvent =
  | { readonly type: 'log-authenticated' }
  | { readonly type: 'log-appended' }
  | { readonly type: 'refused'; readonly reason: string }
  | { readonly type: 'limit'; readonly limit: LimitName }
  | { readonly type: 'fault'; readonly error: unknown }

export type LogHubDeps = {
  /** Epoch ms. */
  now(): number
  after(delayMs: number, run: () => void): () => void
  /** base64url of this many random bytes. */
  random(bytes: number): string
  readonly limits: Limits
  /** Null: this server keeps no logs, and says so. */
  readonly store: LogStore | null
  /** Null when making a space asks for nothing. */
  readonly enrolment: Enrolment | null
  report(event: LogHubEvent): void
}

/** The hub's own parts, for its files. */
export type LogContext = Omit<LogHubDeps, 'store'> & {
  readonly store: LogStore
  readonly spaces: Spaces
  readonly authenticationsByAddress: KeyedLimiter
  readonly accessByAddress: KeyedLimiter
  readonly enrolmentsByAddress: KeyedLimiter
  readonly kitsByAddress: KeyedLimiter
}
