import type { Output } from './pump.ts'

/** Frames from a stream, one at a time: those that come while one is under way are dropped by the stream itself (one waits). */
export function readFrames(frames: ReadableStream<VideoFrame>, take: (frame: VideoFrame) => Promise<void>): () => void {
  const reader = frames.getReader()
  let stopped = false
  async function run(): Promise<void> {
    for (;;) {
      const { done, value } = await reader.read()
      if (done) return
      if (stopped) value.close()
      else await take(value)
    }
  }
  // A stream that breaks is a camera that went away: whoever owns the camera hears of it.
  void run().catch(() => undefined)
  return () => {
    stopped = true
    void reader.cancel().catch(() => undefined)
  }
}

export function streamOutput(frames: WritableStream<VideoFrame>): Output {
  const writer = frames.getWriter()
  return {
    async write(frame) {
      try {
        await writer.write(frame)
      } finally {
        // A stream that is broken does not.
        frame.close()
      }
    },
    close: () => void writer.close().catch(() => undefined),
  }
}

/** Without streams: the window paints. */
export function paintedOutput(paint: (image: ImageBitmap) => void): Output {
  return {
    async write(frame) {
      try {
        paint(await createImageBitmap(frame))
      } finally {
        frame.close()
      }
    },
    close: () => undefined,
  }
}

/**
 * Ticks that keep their rate: a deadline moves on by the whole interval each time, since clocks that are rounded to a millisecond
 * would otherwise lose a third of the frames. Timers of workers also run while the tab is hidden.
 */
export function everyFrame(framesPerSecond: number, now: () => number, tick: () => void): () => void {
  const interval = 1000 / framesPerSecond
  let deadline = now() + interval
  let timer = setTimeout(run, interval)
  function run(): void {
    const at = now()
    deadline = Math.max(deadline + interval, at - interval)
    timer = setTimeout(run, Math.max(deadline - at, 0))
    tick()
  }
  return () => clearTimeout(timer)
}

export type Grabs = {
  /** The window's answer; null when its camera shows nothing yet. */
  grabbed(frame: VideoFrame | null): void
  /** Another camera: what waits is the old one's. */
  forget(): void
  stop(): void
}

/**
 * Frames that the window grabs when asked: the camera's `next` one, or, where nothing says when there is one (a hidden tab), `now`.
 * It is asked again while a frame is under way, so that the next one waits here: neither the window's answer nor a frame that took
 * a little longer costs another one.
 */
export function createGrabs(options: {
  readonly framesPerSecond: number
  readonly now: () => number
  readonly ask: (when: 'next' | 'now') => void
  readonly take: (frame: VideoFrame) => Promise<void>
}): Grabs {
  const { framesPerSecond, now, ask, take } = options
  let next: VideoFrame | null = null
  let busy = false
  let stopped = false

  async function takeAll(): Promise<void> {
    if (busy) return
    busy = true
    for (let frame = next; frame; frame = next) {
      next = null
      if (!stopped) ask('next')
      await take(frame)
    }
    busy = false
  }
  function forget(): void {
    next?.close()
    next = null
  }
  const stopTicks = everyFrame(framesPerSecond, now, () => {
    if (!next) ask('now')
  })
  ask('next')
  return {
    grabbed(frame) {
      if (stopped) return frame?.close()
      if (!frame) return ask('next')
      next?.close()
      next = frame
      void takeAll()
    },
    forget,
    stop() {
      stopped = true
      stopTicks()
      forget()
    },
  }
}

/** Black, of the frame's size and time. */
export function blankPicture(frame: VideoFrame): VideoFrame {
  const [width, height] = [Math.max(frame.displayWidth & ~1, 2), Math.max(frame.displayHeight & ~1, 2)]
  const planes = new Uint8Array((width * height * 3) / 2).fill(128)
  planes.fill(16, 0, width * height)
  return new VideoFrame(planes, { format: 'I420', codedWidth: width, codedHeight: height, timestamp: frame.timestamp })
}
