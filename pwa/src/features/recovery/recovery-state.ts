import type { Stop } from '../../ports.ts'

/** What may go wrong between a kit's words and the practice, each with its own words on the screen. */
export type KitFailure =
  /** The server does not answer. */
  | 'no-server'
  /** It keeps no logs. */
  | 'no-logs'
  /** Asked too often. */
  | 'busy'
  /** It knows no kit with these words. */
  | 'unknown-kit'
  /** Made by a newer Alcove. */
  | 'newer'
  /** What the server gives for it is not what was put there. */
  | 'broken-kit'
  /** A newer one was made, or it was removed; or the server has not heard of it yet. */
  | 'revoked'
  /** The server does not give all that it takes. */
  | 'incomplete'
  /** Nothing more can be stored there. */
  | 'server-full'
  | 'server-failed'

export const restoreSteps = ['kit', 'people', 'practice', 'joining', 'storing'] as const
export type RestoreStep = (typeof restoreSteps)[number]
export type RestoreFailure = KitFailure | 'storage-full' | 'storage-failed' | 'practice-here'

export type RestoreState =
  | { readonly kind: 'working'; readonly step: RestoreStep; readonly practice: string | null }
  | { readonly kind: 'failed'; readonly reason: RestoreFailure }
  /** The practice is on this device; what belongs to it goes on arriving by itself. */
  | { readonly kind: 'restored'; readonly practice: string }

/** From a kit's secret to a device of the practice. */
export type Restorer = {
  /** At once, then after every change. */
  watch(listener: (state: RestoreState) => void): Stop
  /** After a failure. What was done already is not done again. */
  again(): void
  /** Nothing was stored here. */
  cancel(): void
}

export type Amount = { readonly here: number; readonly there: number }

/** What would come back. */
export type DrillResult = {
  readonly people: number
  readonly appointments: Amount
  readonly patients: Amount
  /** The waiting room of the kit's person, with its links; null for somebody who has none. */
  readonly room: boolean | null
  /** Some of the newest changes are not on the server yet. */
  readonly behind: boolean
  readonly tookMs: number
}

export type DrillFailure =
  | KitFailure
  /** Not the words of a kit that is valid in this practice. */
  | 'other-kit'
  /** The kit is valid here, and the server has not heard of it yet. */
  | 'not-yet'

export type DrillState =
  /** `done` of `total` logs. */
  | { readonly kind: 'working'; readonly done: number; readonly total: number }
  | { readonly kind: 'failed'; readonly reason: DrillFailure }
  /** `complete`: everything that is here would come back. */
  | { readonly kind: 'finished'; readonly result: DrillResult; readonly complete: boolean }

export type Drill = {
  watch(listener: (state: DrillState) => void): Stop
  cancel(): void
}

/** `storage-*`: this device could not store it. `not-yet`: the server has not let this device in yet. */
export type MakeFailure = KitFailure | 'not-yet' | 'storage-full' | 'storage-failed'
