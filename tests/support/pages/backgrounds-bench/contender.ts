/** What the bench does with ours and with the peer's, in the same words. */

export type Effect = 'blur' | 'light' | 'image'

export type Processed = {
  track(): MediaStreamTrack
  onTrack(listener: (track: MediaStreamTrack) => void): void
  switchTo(effect: Effect): Promise<void>
  setCamera(camera: MediaStreamTrack): Promise<void>
  /** Ends the worker as a crash would. @returns false where there is none. */
  crash(): boolean
  /** Frames that were taken and not closed; null where nobody counts. */
  open(): number | null
  reportLoad(load: { readonly encoderLimited: boolean; readonly soundSuffers: boolean }): void
}

export type Contender = (camera: MediaStreamTrack, effect: Effect) => Promise<Processed>
