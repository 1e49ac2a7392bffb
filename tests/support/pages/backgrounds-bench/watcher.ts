import type { Counted, Seen } from '../backgrounds-lab/watch.ts'
import type { PictureSize } from './pictures.ts'

export type Question =
  | { readonly kind: 'rest' }
  | { readonly kind: 'watch'; readonly frames: ReadableStream<VideoFrame> }
  | { readonly kind: 'count'; readonly frames: ReadableStream<VideoFrame>; readonly lengthMs: number }
  | { readonly kind: 'pictures'; readonly frames: ReadableStream<VideoFrame>; readonly count: number; readonly size: PictureSize }

export type Answer =
  | { readonly kind: 'seen'; readonly seen: Seen }
  | { readonly kind: 'counted'; readonly counted: Counted }
  | { readonly kind: 'pictures'; readonly pictures: Uint8ClampedArray<ArrayBuffer>[] }

/** The window's end of the worker that looks at frames. */
export function createWatcher() {
  const worker = new Worker(new URL('./watch-worker.ts', import.meta.url), { type: 'module' })
  let seen: Seen = { frames: 0, distinct: 0, leaked: 0, black: 0, processedAt: null }
  let counted = (_: Counted) => {}
  let pictured = (_: Uint8ClampedArray<ArrayBuffer>[]) => {}
  worker.onmessage = ({ data }: MessageEvent<Answer>) => {
    if (data.kind === 'seen') seen = data.seen
    else if (data.kind === 'counted') counted(data.counted)
    else pictured(data.pictures)
  }
  const framesOf = (track: MediaStreamTrack) => new MediaStreamTrackProcessor({ track: track.clone() }).readable
  const ask = (question: Exclude<Question, { kind: 'rest' }>) => worker.postMessage(question, [question.frames])
  return {
    seen: () => seen,
    watch: (track: MediaStreamTrack) => ask({ kind: 'watch', frames: framesOf(track) }),
    rest: () => worker.postMessage({ kind: 'rest' } satisfies Question),
    count(track: MediaStreamTrack, lengthMs: number): Promise<Counted> {
      return new Promise((resolve) => {
        counted = resolve
        ask({ kind: 'count', frames: framesOf(track), lengthMs })
      })
    },
    pictures(track: MediaStreamTrack, count: number, size: PictureSize): Promise<Uint8ClampedArray<ArrayBuffer>[]> {
      return new Promise((resolve) => {
        pictured = resolve
        ask({ kind: 'pictures', frames: framesOf(track), count, size })
      })
    },
  }
}
