import type { ProjectImage } from '@alcove/shared/domain/background'
import type { Result } from '@alcove/shared/domain/result'

/**
 * The door to backgrounds. From the moment one is chosen, only `ProcessedCamera.track` may leave the device: it is blank until the
 * first processed frame, and nothing that was not processed is ever in it, whatever breaks.
 */

/** What stands behind the person. `image`: an image file of ours or of their own. */
export type BackgroundEffect = { readonly kind: 'light' } | { readonly kind: 'blur' } | { readonly kind: 'image'; readonly image: Blob }

export type BackgroundSupport =
  | 'available'
  /** The runtime of the model needs WebGL 2, whatever it computes with. */
  | 'no-webgl2'
  /** The browser gives no access to single frames in any of the known ways. */
  | 'no-frames'

export type BackgroundProblem =
  /** A file could not be fetched: no network, and nothing kept from before. */
  | 'not-fetched'
  /** The model or the compositor does not start on this computer. */
  | 'not-started'
  /** The image is missing, or no image that this browser can read. */
  | 'image-missing'
  | 'cancelled'

export type BackgroundProgress = { readonly loadedBytes: number; readonly totalBytes: number }

export type BackgroundEvent =
  | ({ readonly kind: 'progress' } & BackgroundProgress)
  /** The first processed frame has gone out: from now on the other side sees the person. */
  | { readonly kind: 'processing' }
  /** Something broke; the track is blank (or shows the last processed frame) until it is mended. */
  | { readonly kind: 'interrupted' }
  /** The old track is dead: this one goes in its place. As private as the one before. */
  | { readonly kind: 'replaced'; readonly track: MediaStreamTrack }
  | { readonly kind: 'cannot-keep-up' }
  | { readonly kind: 'keeps-up-again' }
  /**
   * It could not be mended; the track stays blank, or shows the last processed frame. `not-fetched`: it is tried again until it is
   * closed, at once when there is a network again; the others when an effect is chosen.
   */
  | { readonly kind: 'failed'; readonly problem: BackgroundProblem }

/** What only the call knows: whether its encoder lowers quality because of the processor, whether sound was missing. */
export type BackgroundLoad = { readonly encoderLimited: boolean; readonly soundSuffers: boolean }

export type ProcessedCamera = {
  /** The only track that may leave; `replaced` says when there is another. */
  readonly track: () => MediaStreamTrack
  /** Frames of the old effect are the last processed ones, so nothing shows in between. */
  setEffect(effect: BackgroundEffect): void
  /** Another camera, or the same one opened again. The camera's own track is never handed on. Null: it is off, and nothing of it is kept open. */
  setCamera(camera: MediaStreamTrack | null): void
  reportLoad(load: BackgroundLoad): void
  subscribe(listener: (event: BackgroundEvent) => void): () => void
  /** Ends the track. The camera itself is left alone. */
  close(): void
}

export type Backgrounds = {
  support(): BackgroundSupport
  /** The system blurs this camera's picture already: doing it twice would help nobody. */
  alreadyBlurred(camera: MediaStreamTrack): boolean
  /** Fetches what is needed, ahead of time. Cancelled by the signal. */
  fetchAhead(signal: AbortSignal, progress: (progress: BackgroundProgress) => void): Promise<Result<null, BackgroundProblem>>
  /** `signal`: while it starts; afterwards as good as `close`. */
  process(camera: MediaStreamTrack, effect: BackgroundEffect, signal?: AbortSignal): Promise<Result<ProcessedCamera, BackgroundProblem>>
}

/** What is shown while there is nothing processed to show. */
export type BlankTrack = { readonly track: MediaStreamTrack; stop(): void }

/** The images made for this project. */
export type ProjectImages = {
  /** Addresses on our own server. */
  thumbnailUrl(image: ProjectImage): string
  /** Null when it could not be fetched. */
  imageOf(image: ProjectImage): Promise<Blob | null>
}

/** An image of one's own, as it is listed. */
export type OwnBackground = { readonly id: string; readonly thumbnail: Blob }

export type OwnBackgroundProblem =
  /** Not a JPEG, PNG or WebP image, or one that this browser cannot read. */
  | 'not-an-image'
  /** The file or its dimensions are larger than what is worth reading. */
  | 'too-large'
  /** `maxOwnImages` are kept already. */
  | 'too-many'
  /** The device's storage is full or refuses. */
  | 'not-kept'

/** Re-encoded, without what the file said of place and camera, and kept encrypted on this device only. */
export type OwnBackgrounds = {
  /** Oldest first. Damaged ones are left out. */
  list(): Promise<readonly OwnBackground[]>
  /** Null when there is none, or when it is damaged. */
  imageOf(id: string): Promise<Blob | null>
  add(file: Blob): Promise<Result<OwnBackground, OwnBackgroundProblem>>
  remove(id: string): Promise<void>
}

/** Encoded images as they are kept. */
export type KeptImage = { readonly id: string; readonly image: Blob; readonly thumbnail: Blob }

/** Where images of one's own lie, encrypted; they go with the practice when it is erased from this device. */
export type ImageStore = {
  count(): Promise<number>
  list(): Promise<readonly OwnBackground[]>
  image(id: string): Promise<Blob | null>
  add(kept: KeptImage): Promise<Result<null, 'too-many' | 'not-kept'>>
  remove(id: string): Promise<void>
}
