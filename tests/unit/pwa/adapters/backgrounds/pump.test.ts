import { fc } from '../../../../support/property.ts'
import { describe, expect, it } from 'vitest'
import type { FrameFigures } from '../../../../../pwa/src/adapters/backgrounds/worker/messages.ts'
import { noStages, type Pipeline } from '../../../../../pwa/src/adapters/backgrounds/worker/pipeline.ts'
import { createPump, type Output } from '../../../../../pwa/src/adapters/backgrounds/worker/pump.ts'

/** A frame in a test says what it shows. */
type Shows = 'the room' | 'processed' | 'black'
type TestFrame = VideoFrame & { readonly shows: Shows; readonly isClosed: () => boolean }

function createWorld() {
  const frames: TestFrame[] = []
  const written: Shows[] = []
  const events: string[] = []
  const reports: FrameFigures[] = []
  let at = 0
  const frame = (shows: Shows): TestFrame => {
    let closed = false
    const made = {
      shows,
      timestamp: at * 1000,
      close: () => {
        closed = true
      },
      isClosed: () => closed,
    } as unknown as TestFrame
    frames.push(made)
    return made
  }
  /** `wait`: how a frame's processing goes on; resolves when the test lets it. */
  const pipeline = (behaviour: 'works' | 'throws' = 'works', wait: () => Promise<void> = async () => undefined): Pipeline => ({
    async process() {
      await wait()
      if (behaviour === 'throws') throw new Error('broken')
      return frame('processed')
    },
    setEffect: () => undefined,
    setStep: () => undefined,
    takeStages: noStages,
    close: () => undefined,
  })
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
  return { pump, pipeline, output, camera, frame, frames, written, events, reports, pass: (ms: number) => (at += ms) }
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
    world.pump.setPipeline(world.pipeline('works', async () => void world.pass(10)))
    for (let i = 0; i < 60; i++) await world.camera()
    const [first] = world.reports
    expect(first?.framesIn).toBe(first?.framesOut)
    expect(first?.busyMs).toBe(10 * (first?.framesIn ?? 0))
    expect(world.reports.length).toBe(2)
    expect(world.reports.every((one) => one.open === 0)).toBe(true)
  })

  it('never writes what the camera gave, and closes every frame, whatever happens in whatever order', async () => {
    const acts = ['camera', 'camera', 'camera', 'works', 'throws', 'none', 'output', 'broken output'] as const
    await fc.assert(
      fc.asyncProperty(fc.array(fc.constantFrom(...acts), { maxLength: 40 }), async (story) => {
        const world = createWorld()
        const taking: Promise<void>[] = []
        for (const act of story) {
          if (act === 'camera') taking.push(world.camera())
          else if (act === 'works' || act === 'throws') world.pump.setPipeline(world.pipeline(act))
          else if (act === 'none') world.pump.setPipeline(null)
          else world.pump.setOutput(world.output(act === 'broken output'))
          if (taking.length % 3 === 0) await Promise.resolve()
        }
        await Promise.all(taking)
        expect(world.written).not.toContain('the room')
        expect(world.frames.filter((one) => !one.isClosed())).toEqual([])
      }),
    )
  })
})
