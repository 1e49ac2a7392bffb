import type { BackgroundSupport } from '../../background-ports.ts'
import type { BackgroundFailure } from '../../words/backgrounds.en.ts'
import type { BackgroundState } from './background-control.ts'

/** What has to be said of a background, the worst first. */
export type BackgroundNews =
  /** `black`: the others see nothing else, for one is chosen all the same. */
  | { readonly kind: 'unsupported'; readonly why: Exclude<BackgroundSupport, 'available'>; readonly black: boolean }
  | { readonly kind: 'failed'; readonly problem: BackgroundFailure }
  | { readonly kind: 'interrupted' }
  | { readonly kind: 'slow' }
  /** `share`: 0 to 1; null until it is known how much there is. */
  | { readonly kind: 'loading'; readonly share: number | null }
  | { readonly kind: 'starting' }

export function newsOf({ chosen, phase, keepsUp, isCameraOn }: BackgroundState, support: BackgroundSupport): BackgroundNews | null {
  if (support !== 'available') return { kind: 'unsupported', why: support, black: isCameraOn && chosen.kind !== 'none' }
  if (chosen.kind === 'none') return null
  // Without a camera nobody sees anything, and there is nothing to decide: what failed is tried anew with it, or said then.
  if (!isCameraOn && phase.kind !== 'loading') return null
  if (phase.kind === 'failed') return { kind: 'failed', problem: phase.problem }
  if (phase.kind === 'loading') return { kind: 'loading', share: phase.totalBytes > 0 ? phase.loadedBytes / phase.totalBytes : null }
  if (phase.kind === 'starting' || phase.kind === 'interrupted') return { kind: phase.kind }
  return phase.kind === 'on' && !keepsUp ? { kind: 'slow' } : null
}

/** What must be seen and decided also by whoever has no picker before their eyes. */
export function isTrouble(news: BackgroundNews | null, state: BackgroundState): boolean {
  if (news === null || news.kind === 'loading' || news.kind === 'starting') return false
  return news.kind !== 'unsupported' || (state.isCameraOn && state.chosen.kind !== 'none')
}

/** The others see black until it is ready. What lasts longer than `patienceMs` must be seen by whoever has no picker, too. */
export function isWait(news: BackgroundNews | null, state: BackgroundState): boolean {
  return state.isCameraOn && (news?.kind === 'loading' || news?.kind === 'starting')
}
export const patienceMs = 3000

/** "4.2", as many megabytes as are read in the reader's language. */
export function megabytes(bytes: number, tag: string): string {
  return new Intl.NumberFormat(tag, { minimumFractionDigits: 1, maximumFractionDigits: 1 }).format(bytes / 1_000_000)
}
