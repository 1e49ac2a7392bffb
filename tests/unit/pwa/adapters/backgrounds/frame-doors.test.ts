import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import {
  createGrabs,
  everyFrame,
  paintedOutput,
  readFrames,
  streamOutput,
} from '../../../../../pwa/src/adapters/backgrounds/worker/frame-doors.ts'

type Frame = VideoFrame & { readonly isClosed: () => boolean }

function frame(): Frame {
  let closed = false
  return {
    close: () => {
      closed = true
    },
    isClosed: () => closed,
  } as unknown as Frame
}

const settle = () => new Promise((resolve) => setImmediate(resolve))

describe('frames from a stream', () => {
  function camera() {
    let give: (one: VideoFrame) => void = () => undefined
    const stream = new ReadableStream<VideoFrame>({
      start(controller) {
        give = (one) => controller.enqueue(one)
      },
    })
    return { stream, give: (one: VideoFrame) => give(one) }
  }

  it('come one at a time', async () => {
    const { stream, give } = camera()
    const taken: VideoFrame[] = []
    const waits: (() => void)[] = []
    readFrames(stream, (one) => {
      taken.push(one)
      return new Promise((resolve) => waits.push(resolve))
    })
    const frames = [frame(), frame()]
    for (const one of frames) give(one)
    await settle()
    expect(taken).toEqual([frames[0]])
    waits.shift()?.()
    await settle()
    expect(taken).toEqual(frames)
  })

  it('are closed, and taken no more, once it was stopped while one was under way', async () => {
    const { stream, give } = camera()
    let finish = () => {}
    const taken: VideoFrame[] = []
    const stop = readFrames(stream, (one) => {
      taken.push(one)
      return new Promise((resolve) => {
        finish = resolve
      })
    })
    give(frame())
    await settle()
    stop()
    finish()
    await settle()
    expect(taken).toHaveLength(1)
  })
})

describe('an output', () => {
  it('closes what a broken stream does not take', async () => {
    const output = streamOutput(new WritableStream({ write: () => Promise.reject(new Error('stopped')) }))
    const one = frame()
    await expect(output.write(one)).rejects.toThrow('stopped')
    expect(one.isClosed()).toBe(true)
  })

  it('closes what cannot be painted', async () => {
    vi.stubGlobal('createImageBitmap', () => Promise.reject(new DOMException('The frame is closed', 'InvalidStateError')))
    const one = frame()
    await expect(paintedOutput(() => undefined).write(one)).rejects.toThrow('closed')
    expect(one.isClosed()).toBe(true)
    vi.unstubAllGlobals()
  })
})

describe('a clock of frames', () => {
  beforeEach(() => void vi.useFakeTimers())
  afterEach(() => void vi.useRealTimers())
  const now = () => performance.now()

  it('keeps its rate where clocks know whole milliseconds only, and after a pause does not make up for it', async () => {
    let ticks = 0
    const stop = everyFrame(
      30,
      () => Math.floor(now()),
      () => {
        ticks += 1
      },
    )
    await vi.advanceTimersByTimeAsync(10_000)
    expect(Math.abs(ticks - 300)).toBeLessThanOrEqual(2)
    stop()
    await vi.advanceTimersByTimeAsync(1000)
    expect(Math.abs(ticks - 300)).toBeLessThanOrEqual(2)
  })

  function world(frameMs = 0) {
    const asked: string[] = []
    const taken: Frame[] = []
    const grabs = createGrabs({
      framesPerSecond: 30,
      now,
      ask: (when) => asked.push(when),
      async take(one) {
        taken.push(one as Frame)
        await new Promise((resolve) => setTimeout(resolve, frameMs))
        one.close()
      },
    })
    return { asked, taken, grabs }
  }

  it('asks for the next frame while one is under way, and takes it as soon as it can', async () => {
    const { asked, taken, grabs } = world(40)
    expect(asked).toEqual(['next'])
    grabs.grabbed(frame())
    expect(asked).toEqual(['next', 'next'])
    grabs.grabbed(frame())
    await vi.advanceTimersByTimeAsync(39)
    expect(taken).toHaveLength(1)
    await vi.advanceTimersByTimeAsync(2)
    expect(taken).toHaveLength(2)
  })

  it('asks by its own clock where nothing says that there is a new picture', async () => {
    const { asked } = world()
    await vi.advanceTimersByTimeAsync(1000)
    expect(asked.filter((when) => when === 'now').length).toBeGreaterThanOrEqual(29)
  })

  it('keeps one frame waiting at most, none of another camera, and none after its end', async () => {
    const { asked, taken, grabs } = world(100)
    const frames = [frame(), frame(), frame(), frame(), frame()] as const
    grabs.grabbed(frames[0])
    grabs.grabbed(frames[1])
    grabs.grabbed(frames[2])
    expect(frames.map((one) => one.isClosed())).toEqual([false, true, false, false, false])
    grabs.forget()
    expect(frames[2].isClosed()).toBe(true)
    grabs.grabbed(frames[3])
    grabs.stop()
    grabs.grabbed(frames[4])
    await vi.advanceTimersByTimeAsync(1000)
    expect(taken).toEqual([frames[0]])
    expect(frames.every((one) => one.isClosed())).toBe(true)
    const before = asked.length
    await vi.advanceTimersByTimeAsync(1000)
    expect(asked).toHaveLength(before)
  })
})
