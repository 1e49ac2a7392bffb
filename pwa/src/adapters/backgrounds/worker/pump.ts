import type { FrameFigures } from './messages.ts'
import { noStages, type Pipeline } from './pipeline.ts'

/** Where processed frames go. Takes the frame over, also when it fails. */
export type Output = { write(frame: VideoFrame): Promise<void>; close(): void }

export type PumpDeps = {
  readonly now: () => number
  /** A black picture for the time before the first processed one. */
  readonly blank: (frame: VideoFrame) => VideoFrame
  readonly processing: () => void
  /** A frame could not be processed. The pump goes on without a pipeline until it gets one. */
  readonly broken: (error: unknown) => void
  readonly figures: (figures: FrameFigures) => void
}

export type Pump = {
  setPipeline(pipeline: Pipeline | null): void
  setOutput(output: Output): void
  /** One at a time; a frame that comes while one is under way is the caller's to drop. Closes the frame. */
  take(frame: VideoFrame): Promise<void>
  close(): void
}

const windowMs = 1000
/** Black pictures a second, before the first processed one. */
const blankEveryMs = 250

/**
 * Frames in, processed frames out, and nothing else ever: this is where a picture of the room would leak, so it is small. The only
 * two things that are written are what the pipeline made and what `blank` made.
 */
export function createPump({ now, blank, processing, broken, figures }: PumpDeps): Pump {
  let pipeline: Pipeline | null = null
  let output: Output | null = null
  /** Of this output: once it has shown a processed frame, that one stays until the next. */
  let hasShown = false
  let lastBlankAt = Number.NEGATIVE_INFINITY
  let open = 0
  let closed = false
  let stages = noStages()
  let window = { since: now(), framesIn: 0, framesOut: 0, busyMs: 0 }

  async function makePicture(frame: VideoFrame): Promise<VideoFrame | null> {
    const used = pipeline
    if (used) {
      try {
        const made = await used.process(frame)
        // It was taken away (a new effect, a lost context) while the frame was under way.
        if (used === pipeline && !closed) return made
        made.close()
      } catch (error) {
        if (used === pipeline) {
          pipeline = null
          broken(error)
        }
      }
    }
    if (hasShown || now() - lastBlankAt < blankEveryMs) return null
    lastBlankAt = now()
    return blank(frame)
  }

  async function write(picture: VideoFrame, isProcessed: boolean): Promise<void> {
    const to = output
    if (!to || closed) return picture.close()
    const begin = now()
    try {
      await to.write(picture)
    } catch {
      // The other end is gone; whoever made the output hears of it.
      return
    }
    stages.write += now() - begin
    if (!isProcessed) return
    window.framesOut += 1
    if (to !== output || hasShown) return
    hasShown = true
    processing()
  }

  function report(): void {
    const lengthMs = now() - window.since
    if (lengthMs < windowMs) return
    const taken = pipeline?.takeStages() ?? noStages()
    figures({ ...window, lengthMs, open, stagesMs: { ...taken, write: stages.write } })
    stages = noStages()
    window = { since: now(), framesIn: 0, framesOut: 0, busyMs: 0 }
  }

  return {
    setPipeline(next) {
      pipeline = next
    },
    setOutput(next) {
      output = next
      hasShown = false
      lastBlankAt = Number.NEGATIVE_INFINITY
    },
    async take(frame) {
      open += 1
      window.framesIn += 1
      const begin = now()
      const had = pipeline
      try {
        const picture = closed ? null : await makePicture(frame)
        if (picture) await write(picture, had !== null && had === pipeline)
      } finally {
        frame.close()
        open -= 1
        window.busyMs += now() - begin
        report()
      }
    },
    close() {
      closed = true
      output?.close()
    },
  }
}
