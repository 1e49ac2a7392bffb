/** A patient's visit, from the link to the end, as its page draws it. Made by visit.ts. */
import type { LinkCard } from '@alcove/shared/protocol/peer-messages'
import type { SocketState, Stop } from '../../ports.ts'
import type { RemotePerson } from '../session/room-state.ts'

/** Why there is no visit. Each has its own page with what to do next. */
export type VisitObstacle = 'no-link' | 'broken-link' | 'newer-link' | 'unsupported-browser' | 'insecure-page'

export type VisitPhase =
  /** Welcome!: name and devices. */
  | { readonly kind: 'welcome' }
  | {
      readonly kind: 'waiting'
      readonly sinceAt: number
      /** The clinician's device has said that it knows. */
      readonly heard: boolean
      /** "A moment, please." */
      readonly moment: boolean
    }
  /** Too early: nobody was called. */
  | { readonly kind: 'early'; readonly startAt: number; readonly opensAt: number }
  | { readonly kind: 'declined' }
  | { readonly kind: 'removed' }
  | { readonly kind: 'replaced-link' }
  | { readonly kind: 'full' }
  | {
      readonly kind: 'in-session'
      readonly startedAt: number
      readonly people: readonly RemotePerson[]
      readonly group: boolean
      /** The clinician's connection is gone; media between patients is paused after 20 s. */
      readonly clinicianGone: boolean
      readonly tampered: boolean
    }
  | {
      readonly kind: 'ended'
      /** S42 */
      readonly iWantRestart: boolean
      readonly clinicianWantsRestart: boolean
    }
  /** Left a group alone; may knock again. */
  | { readonly kind: 'left' }

export type VisitState = {
  readonly card: LinkCard
  /** The appointment's start: what the clinician's device said, else the hint in the link. */
  readonly startAt: number | null
  readonly signaling: SocketState
  readonly clockOffsetMs: number
  readonly phase: VisitPhase
}

export type Visit = {
  state(): VisitState
  subscribe(listener: (state: VisitState) => void): Stop
  /** **Join Waiting Room**. Also after `early`, `declined`, `left`: knock again. */
  join(name: string): void
  /** **End session**, in a group **Leave**; while waiting: go. */
  leave(): void
  /** S41, S42. */
  restart(): void
  setName(name: string): void
  reconnectNow(): void
  close(): void
}
