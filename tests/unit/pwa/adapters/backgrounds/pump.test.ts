import { fc } from '../../../../support/property.ts'
import { describe, expect, it } from 'vitest'
import type { FrameFigures } from '../../../../../pwa/src/adapters/backgrounds/worker/messages.ts'
import { noStages, type Pipeline } from '../../../../../pwa/src/adapters/backgrounds/worker/pipeline.ts'
import { createPump, type Output } from '../../../../../pwa/src/adapters/backgrounds/worker/pump.ts'

/** A frame in a test says what it shows. */
type Shows = 'the room' | 'processed' | 'black'
type TestFrame = VideoFrame & { readonly shows: Shows; readonly scene: number; readonly isClosed: () => boolean }

function createWorld() {
  const frames: TestFrame[] = []
  const written: Shows[] = []
  const events: string[] = []
  const reports: FrameFigures[] = []
  let at = 0
  /** Grows with each camera, and with each pause in which the person may have gone anywhere. */
  let scene = 0
  const frame = (shows: Shows): TestFrame => {
    let closed = false
    const made = {
      shows,
      scene,
      timestamp: at * 1000,
      close: () => {
        closed = true
      },
      isClosed: () => closed,
    } as unknown as TestFrame
    frames.push(made)
    return made
  }
  /**
   * `wait`: how a frame's processing goes on; resolves when the test lets it. As the real one, it makes a mask for every third frame
   * only; one that was made in another scene would show the room where the person was then.
   */
  const pipeline = (behaviour: 'works' | 'throws' = 'works', wait: () => Promise<void> = async () => undefined): Pipeline => {
    let maskOf: number | null = null
    let count = 0
    return {
      async process(one) {
        const { scene: taken } = one as TestFrame
        await wait()
        if (behaviour === 'throws') throw new Error('broken')
        if (maskOf === null || count % 3 === 0) maskOf = taken
        count += 1
        return frame(maskOf === taken ? 'processed' : 'the room')
      },
      ...idle,
      forget() {
        maskOf = null
        count = 0
      },
    }
  }
  const idle = {
    setEffect: () => undefined,
    setStep: () => undefined,
    takeStages: noStages,
    close: () => undefined,
  }
  const output = (broken = false): Output => ({
    async write(one) {
      one.close()
      if (broken) throw new Error('gone')
      written.push((one as TestFrame).shows)
    },
    close: () => events.push('output closed'),
  })
  const pump = createPump({
    now: () => at,
    blank: () => frame('black'),
    processing: () => events.push('processing'),
    broken: () => events.push('broken'),
    figures: (one) => reports.push(one),
  })
  const camera = async () => {
    at += 33
    await pump.take(frame('the room'))
  }
  const pass = (ms: number) => {
    at += ms
  }
  const switchCamera = () => {
    scene += 1
    pump.forget()
  }
  const sleep = () => {
    scene += 1
    pass(5000)
  }
  return { pump, pipeline, output, camera, frame, frames, written, events, reports, pass, switchCamera, sleep }
}

describe('the pump of frames', () => {
  it('shows black, a few times a second, until there is a pipeline', async () => {
    const world = createWorld()
    world.pump.setOutput(world.output())
    for (let i = 0; i < 30; i++) await world.camera()
    expect(new Set(world.written)).toEqual(new Set(['black']))
    expect(world.written.length).toBeLessThanOrEqual(5)
    expect(world.events).toEqual([])
  })

  it('shows what the pipeline made from its first frame on, and says so once', async () => {
    const world = createWorld()
    world.pump.setOutput(world.output())
    await world.camera()
    world.pump.setPipeline(world.pipeline())
    for (let i = 0; i < 3; i++) await world.camera()
    expect(world.written).toEqual(['black', 'processed', 'processed', 'processed'])
    expect(world.events).toEqual(['processing'])
  })

  it('shows nothing more when the pipeline breaks: the last processed frame stays', async () => {
    const world = createWorld()
    world.pump.setOutput(world.output())
    world.pump.setPipeline(world.pipeline())
    await world.camera()
    world.pump.setPipeline(world.pipeline('throws'))
    for (let i = 0; i < 30; i++) await world.camera()
    expect(world.written).toEqual(['processed'])
    expect(world.events).toEqual(['processing', 'broken'])
  })

  it('throws away what a pipeline makes that was taken away meanwhile', async () => {
    const world = createWorld()
    let finish = () => {}
    world.pump.setOutput(world.output())
    world.pump.setPipeline(world.pipeline('works', () => new Promise((resolve) => (finish = resolve))))
    const taking = world.camera()
    world.pump.setPipeline(null)
    finish()
    await taking
    expect(world.written).toEqual(['black'])
  })

  it('begins with black again on another output, and writes nothing after its end', async () => {
    const world = createWorld()
    world.pump.setOutput(world.output())
    world.pump.setPipeline(world.pipeline())
    await world.camera()
    world.pump.setPipeline(null)
    world.pump.setOutput(world.output())
    await world.camera()
    world.pump.close()
    await world.camera()
    expect(world.written).toEqual(['processed', 'black'])
    expect(world.events).toEqual(['processing', 'output closed'])
  })

  it('counts frames in and out, and the time that they took', async () => {
    const world = createWorld()
    world.pump.setOutput(world.output())
    world.pump.setPipeline(world.pipeline('works', async () => world.pass(10)))
    for (let i = 0; i < 60; i++) await world.camera()
    const [first] = world.reports
    expect(first?.framesIn).toBe(first?.framesOut)
    expect(first?.busyMs).toBe(10 * (first?.framesIn ?? 0))
    expect(world.reports.length).toBe(2)
    expect(world.reports.every((one) => one.open === 0)).toBe(true)
  })

  it('says again that it is processing with each new pipeline, so that what was interrupted is known to be mended', async () => {
    const world = createWorld()
    world.pump.setOutput(world.output())
    for (let round = 0; round < 3; round++) {
      world.pump.setPipeline(world.pipeline())
      for (let i = 0; i < 3; i++) await world.camera()
    }
    expect(world.events).toEqual(['processing', 'processing', 'processing'])
  })

  it('drops a frame of the old camera that is under way, and starts the new one without the old mask', async () => {
    const world = createWorld()
    const waits: (() => void)[] = []
    world.pump.setOutput(world.output())
    world.pump.setPipeline(world.pipeline('works', () => new Promise((resolve) => waits.push(resolve))))
    const before = world.camera()
    waits.shift()?.()
    await before
    const underWay = world.camera()
    world.switchCamera()
    const early = world.camera()
    waits.shift()?.()
    await Promise.all([underWay, early])
    expect(waits, 'one at a time').toEqual([])
    const first = world.camera()
    waits.shift()?.()
    await first
    expect(world.written).toEqual(['processed', 'processed'])
  })

  it('does not trust a mask after a pause', async () => {
    const world = createWorld()
    world.pump.setOutput(world.output())
    world.pump.setPipeline(world.pipeline())
    await world.camera()
    world.sleep()
    await world.camera()
    expect(world.written).toEqual(['processed', 'processed'])
  })

  it('says for how long a frame has been under way', async () => {
    const world = createWorld()
    let finish = () => {}
    world.pump.setPipeline(world.pipeline('works', () => new Promise((resolve) => (finish = resolve))))
    expect(world.pump.stuckMs()).toBe(0)
    const taking = world.camera()
    world.pass(3000)
    expect(world.pump.stuckMs()).toBe(3000)
    finish()
    await taking
    expect(world.pump.stuckMs()).toBe(0)
  })

  it('goes on after a frame that is none: closed, or of no size', async () => {
    const world = createWorld()
    const broken = createPump({
      now: () => 0,
      blank: () => {
        throw new DOMException('The frame is closed', 'InvalidStateError')
      },
      processing: () => undefined,
      broken: () => undefined,
      figures: () => undefined,
    })
    broken.setOutput(world.output())
    await broken.take(world.frame('the room'))
    expect(world.frames.every((one) => one.isClosed())).toBe(true)
  })

  it('never writes what the camera gave, nor what a mask of another scene made, and closes every frame, whatever happens', async () => {
    const acts = ['camera', 'camera', 'camera', 'works', 'waits', 'on', 'throws', 'none', 'output', 'gone', 'switch', 'sleep'] as const
    await fc.assert(
      fc.asyncProperty(fc.array(fc.constantFrom(...acts), { maxLength: 60 }), async (story) => {
        const world = createWorld()
        const taking: Promise<void>[] = []
        const waits: (() => void)[] = []
        const goOn = () => {
          for (const resolve of waits.splice(0)) resolve()
        }
        for (const act of story) {
          if (act === 'camera') taking.push(world.camera())
          else if (act === 'works' || act === 'throws') world.pump.setPipeline(world.pipeline(act))
          else if (act === 'waits') {
            world.pump.setPipeline(world.pipeline('works', () => new Promise((resolve) => waits.push(resolve))))
          } else if (act === 'none') world.pump.setPipeline(null)
          else if (act === 'switch') world.switchCamera()
          else if (act === 'sleep') world.sleep()
          else if (act === 'on') goOn()
          else world.pump.setOutput(world.output(act === 'gone'))
          if (taking.length % 3 === 0) await new Promise((resolve) => setImmediate(resolve))
        }
        while (waits.length > 0) {
          goOn()
          await new Promise((resolve) => setImmediate(resolve))
        }
        await Promise.all(taking)
        expect(world.written).not.toContain('the room')
        expect(world.frames.filter((one) => !one.isClosed())).toEqual([])
      }),
    )
  })
})
