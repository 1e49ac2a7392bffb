import type { BackgroundChoice } from '@alcove/shared/domain/background'
import type { BackgroundLoad, BackgroundProblem, BackgroundSupport } from '../../background-ports.ts'
import type { Stop } from '../../ports.ts'

/** What becomes of the choice. In every phase but `off` only the processed track leaves the device. */
export type BackgroundPhase =
  /** None is chosen, there was no camera to process yet, or the system's own blur does what was chosen. */
  | { readonly kind: 'off' }
  /** The model and its runtime are being fetched; 0 of 0 until it is known how much. The other side sees black. */
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
  /** `cancel` would do something: it is not there yet, and there is another choice to go back to. */
  readonly canCancel: boolean
  /** Somebody can see, or should see, the person. */
  readonly isCameraOn: boolean
  /** The system blurs this camera's picture already. */
  readonly alreadyBlurred: boolean
  /**
   * The practice lost Premium while a background was in force: that stays until the devices are closed, so that nobody's room is
   * shown in the middle of a session. The picker stays as long.
   */
  readonly endsWithSession: boolean
}

/** One's own background, for the device check and the session's Settings. */
export type BackgroundControl = {
  state(): BackgroundState
  subscribe(listener: (state: BackgroundState) => void): Stop
  support(): BackgroundSupport
  /** Remembered on this device. Choosing again what failed tries again. Does nothing where the practice has no Premium. */
  choose(choice: BackgroundChoice): void
  /**
   * While `canCancel`: back to what was chosen before, which may be nothing. The camera stays black until that is there. Never takes
   * back what had worked, or was remembered: to show the room then is a choice of its own.
   */
  cancel(): void
  /** From the call: is the encoder lowering quality, does the sound suffer. */
  reportLoad(load: BackgroundLoad): void
}
