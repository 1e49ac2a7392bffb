import type { FrameFigures } from './messages.ts'
import { noStages, type Pipeline } from './pipeline.ts'

/** Where processed frames go. Takes the frame over, also when it fails. */
export type Output = { write(frame: VideoFrame): Promise<void>; close(): void }

export type PumpDeps = {
  readonly now: () => number
  /** A black picture for the time before the first processed one. */
  readonly blank: (frame: VideoFrame) => VideoFrame
  /** The first processed frame of a pipeline, or of an output, has gone out. */
  readonly processing: () => void
  /** A frame could not be processed. The pump goes on without a pipeline until it gets one. */
  readonly broken: (error: unknown) => void
  readonly figures: (figures: FrameFigures) => void
}

export type Pump = {
  setPipeline(pipeline: Pipeline | null): void
  setOutput(output: Output): void
  /** Closes the frame. One at a time: a frame that comes while one is under way is dropped. Never rejects. */
  take(frame: VideoFrame): Promise<void>
  /** Another camera: what is under way goes nowhere, and what was learnt of the old one's picture counts for nothing. */
  forget(): void
  /** For how long the frame under way has been so; 0 when none is. */
  stuckMs(): number
  close(): void
}

const windowMs = 1000
/** Black pictures a second, before the first processed one. */
const blankEveryMs = 250
/** After such a pause (a camera that slept) the person may be anywhere: an old mask would show the room where they were. */
const longestPauseMs = 500

/** The only two kinds of pictures that are ever written. */
type Picture = { readonly kind: 'processed' | 'black'; readonly frame: VideoFrame }

/**
 * Frames in, processed frames out, and nothing else ever: this is where a picture of the room would leak, so it is small. The only
 * two things that are written are what the pipeline made and what `blank` made.
 */
export function createPump({ now, blank, processing, broken, figures }: PumpDeps): Pump {
  let pipeline: Pipeline | null = null
  let output: Output | null = null
  /** Of this output: once it has shown a processed frame, that one stays until the next. */
  let hasShown = false
  /** It was said that frames of this pipeline go out to this output. */
  let hasSaidSo = false
  let lastBlankAt = Number.NEGATIVE_INFINITY
  let lastFrameAt = Number.POSITIVE_INFINITY
  let takenAt: number | null = null
  /** Grows with each camera. */
  let camera = 0
  let isStale = false
  let open = 0
  let closed = false
  let stages = noStages()
  let window = { since: now(), framesIn: 0, framesOut: 0, busyMs: 0 }

  async function processed(frame: VideoFrame): Promise<VideoFrame | null> {
    const [used, from] = [pipeline, camera]
    if (!used) return null
    try {
      if (isStale) used.forget()
      isStale = false
      const made = await used.process(frame)
      // It was taken away (a lost context), or the camera is another one, while the frame was under way.
      if (used === pipeline && from === camera && !closed) return made
      made.close()
    } catch (error) {
      if (used === pipeline) {
        pipeline = null
        broken(error)
      }
    }
    return null
  }

  async function makePicture(frame: VideoFrame): Promise<Picture | null> {
    const made = await processed(frame)
    if (made) return { kind: 'processed', frame: made }
    if (closed || hasShown || now() - lastBlankAt < blankEveryMs) return null
    lastBlankAt = now()
    return { kind: 'black', frame: blank(frame) }
  }

  async function write({ kind, frame }: Picture): Promise<void> {
    const to = output
    if (!to || closed) return frame.close()
    const begin = now()
    await to.write(frame)
    stages.write += now() - begin
    if (kind === 'black') return
    window.framesOut += 1
    if (to !== output) return
    hasShown = true
    if (hasSaidSo || !pipeline) return
    hasSaidSo = true
    processing()
  }

  function report(): void {
    const lengthMs = now() - window.since
    if (lengthMs < windowMs) return
    const taken = pipeline?.takeStages() ?? noStages()
    const told = { ...window, lengthMs, open, stagesMs: { ...taken, write: stages.write } }
    stages = noStages()
    window = { since: now(), framesIn: 0, framesOut: 0, busyMs: 0 }
    figures(told)
  }

  async function takeOne(frame: VideoFrame): Promise<void> {
    const begin = now()
    takenAt = begin
    if (begin - lastFrameAt > longestPauseMs) isStale = true
    lastFrameAt = begin
    try {
      const picture = await makePicture(frame)
      if (picture) await write(picture)
    } catch {
      // The other end is gone, or the frame is none: whoever made the output, or owns the camera, hears of it.
    } finally {
      takenAt = null
      window.busyMs += now() - begin
    }
  }

  return {
    setPipeline(next) {
      pipeline = next
      hasSaidSo = false
      isStale = false
    },
    setOutput(next) {
      output = next
      hasShown = false
      hasSaidSo = false
      lastBlankAt = Number.NEGATIVE_INFINITY
    },
    async take(frame) {
      open += 1
      window.framesIn += 1
      try {
        if (takenAt === null && !closed) await takeOne(frame)
      } finally {
        frame.close()
        open -= 1
        report()
      }
    },
    forget() {
      camera += 1
      isStale = true
    },
    stuckMs: () => (takenAt === null ? 0 : now() - takenAt),
    close() {
      closed = true
      output?.close()
    },
  }
}
