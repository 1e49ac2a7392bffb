import type { AssetFiles } from '../asset-files.ts'

/** Between the main thread's handle and the worker. Frames themselves travel in streams, or one by one where there are none. */

export type WorkerEffect = { readonly kind: 'light' } | { readonly kind: 'blur' } | { readonly kind: 'image'; readonly image: ImageBitmap }

export type ToWorker =
  /** First, once. */
  | { readonly kind: 'start'; readonly files: AssetFiles; readonly effect: WorkerEffect }
  /** Chromium: both streams were made in the window. */
  | { readonly kind: 'output'; readonly frames: WritableStream<VideoFrame> }
  | { readonly kind: 'camera'; readonly frames: ReadableStream<VideoFrame> }
  /** Safari: streams are made in the worker, tracks travel. */
  | { readonly kind: 'camera-track'; readonly track: MediaStreamTrack }
  | { readonly kind: 'make-output' }
  /** Firefox: no streams of frames at all. The worker's clock asks, the window grabs and paints. */
  | { readonly kind: 'make-grabs'; readonly framesPerSecond: number }
  | { readonly kind: 'grabbed'; readonly frame: VideoFrame | null }
  | { readonly kind: 'effect'; readonly effect: WorkerEffect }
  /** The camera is gone: nothing is read any more, and nothing of it is kept open here. */
  | { readonly kind: 'no-camera' }
  /** Is anybody there? */
  | { readonly kind: 'ping' }
  | { readonly kind: 'load'; readonly encoderLimited: boolean; readonly soundSuffers: boolean }
  | { readonly kind: 'close' }

/** Means over the last second or so. */
export type FrameFigures = {
  readonly framesIn: number
  readonly framesOut: number
  readonly lengthMs: number
  readonly busyMs: number
  /** Frames that were read and not yet closed: anything over a few is a leak. */
  readonly open: number
  readonly stagesMs: Readonly<Record<'copy' | 'shrink' | 'segment' | 'compose' | 'write', number>>
}

export type FromWorker =
  | { readonly kind: 'progress'; readonly loadedBytes: number; readonly totalBytes: number }
  | { readonly kind: 'processing' }
  | { readonly kind: 'interrupted' }
  | { readonly kind: 'figures'; readonly figures: FrameFigures }
  | { readonly kind: 'max-height'; readonly lines: number }
  | { readonly kind: 'cannot-keep-up' }
  | { readonly kind: 'keeps-up-again' }
  | { readonly kind: 'output-track'; readonly track: MediaStreamTrack }
  /** This browser's workers cannot make a track. */
  | { readonly kind: 'no-output' }
  /** `stuckMs`: for how long one frame has been under way. */
  | { readonly kind: 'pong'; readonly stuckMs: number }
  /** Starting again did not help; perhaps another worker does. */
  | { readonly kind: 'gave-up' }
  | { readonly kind: 'grab'; readonly when: 'next' | 'now' }
  | { readonly kind: 'paint'; readonly image: ImageBitmap }
  | { readonly kind: 'failed'; readonly problem: 'not-fetched' }
