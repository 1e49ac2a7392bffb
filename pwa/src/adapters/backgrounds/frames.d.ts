/** W3C mediacapture-transform, which TypeScript's DOM library does not have yet. */

interface MediaStreamTrackProcessorInit {
  readonly track: MediaStreamTrack
  /** Frames that wait at most; older ones are closed. */
  readonly maxBufferSize?: number
}

declare class MediaStreamTrackProcessor {
  constructor(init: MediaStreamTrackProcessorInit)
  readonly readable: ReadableStream<VideoFrame>
}

/** Chromium, in windows and workers: the track itself is the generator. */
declare class MediaStreamTrackGenerator extends MediaStreamTrack {
  constructor(init: { readonly kind: 'video' })
  readonly writable: WritableStream<VideoFrame>
}

/** Safari, in workers: the standard. */
declare class VideoTrackGenerator {
  readonly writable: WritableStream<VideoFrame>
  readonly track: MediaStreamTrack
  muted: boolean
}
