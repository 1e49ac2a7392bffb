import type { BackgroundChoice } from '@alcove/shared/domain/background'
import type { BackgroundLoad, BackgroundProblem, BackgroundSupport } from '../../background-ports.ts'
import type { Stop } from '../../ports.ts'

/** What becomes of the choice. In every phase but `off` only the processed track leaves the device. */
export type BackgroundPhase =
  | { readonly kind: 'off' }
  /** The model and its runtime are being fetched. The other side sees black. */
  | { readonly kind: 'loading'; readonly loadedBytes: number; readonly totalBytes: number }
  /** All is here, and the first processed frame is not. */
  | { readonly kind: 'starting' }
  | { readonly kind: 'on' }
  /** Something broke and is being mended: the last processed frame stands, or black. */
  | { readonly kind: 'interrupted' }
  /** The other side sees black until another choice is made, or the same one again. */
  | { readonly kind: 'failed'; readonly problem: BackgroundProblem | 'image-missing' }

export type BackgroundState = {
  readonly chosen: BackgroundChoice
  readonly phase: BackgroundPhase
  /** False: this computer cannot keep up even at the lowest step. */
  readonly keepsUp: boolean
  /** The system blurs this camera's picture already. */
  readonly alreadyBlurred: boolean
}

/** One's own background, for the device check and the session's Settings. */
export type BackgroundControl = {
  state(): BackgroundState
  subscribe(listener: (state: BackgroundState) => void): Stop
  support(): BackgroundSupport
  /** Remembered on this device. Choosing again what failed tries again. */
  choose(choice: BackgroundChoice): void
  /** While `loading` or `starting`: back to what was chosen before, which may be nothing. The camera stays black until that is there. */
  cancel(): void
  /** From the call: is the encoder lowering quality, does the sound suffer. */
  reportLoad(load: BackgroundLoad): void
}
