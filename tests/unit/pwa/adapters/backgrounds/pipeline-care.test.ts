import { frameSteps } from '@alcove/shared/domain/frame-budget'
import { describe, expect, it } from 'vitest'
import type { AssetName } from '../../../../../pwa/src/adapters/backgrounds/asset-files.ts'
import type { Compositor } from '../../../../../pwa/src/adapters/backgrounds/compositor/compositor.ts'
import { createBudgetCare } from '../../../../../pwa/src/adapters/backgrounds/worker/budget-care.ts'
import type { FrameFigures, FromWorker } from '../../../../../pwa/src/adapters/backgrounds/worker/messages.ts'
import { noStages, type Pipeline } from '../../../../../pwa/src/adapters/backgrounds/worker/pipeline.ts'
import { createPipelineCare } from '../../../../../pwa/src/adapters/backgrounds/worker/pipeline-care.ts'
import type { SegmenterModel } from '../../../../../pwa/src/adapters/backgrounds/worker/segmenter.ts'

type Started = { readonly model: SegmenterModel; readonly onLost: () => void; closed: boolean }

function createWorld() {
  const told: FromWorker[] = []
  const used: (Pipeline | null)[] = []
  const started: Started[] = []
  const loads: AssetName[][] = []
  const waits: { readonly ms: number; readonly end: () => void }[] = []
  const network = { up: true, compositorStarts: true }
  /** Held back while set. */
  let gate: Promise<void> = Promise.resolve()
  let at = 0
  const frame = { displayWidth: 1280, displayHeight: 720 } as VideoFrame
  const upright = { displayWidth: 720, displayHeight: 1280 } as VideoFrame
  const effects: string[] = []

  const care = createPipelineCare({
    async load(names) {
      loads.push([...names])
      if (!network.up) throw new TypeError('Failed to fetch')
      return new Map(names.map((name) => [name, new Response(name)]))
    },
    async createCompositor() {
      if (!network.compositorStarts) throw new WebAssembly.CompileError('no')
      const compositor: Compositor = {
        take: async () => true,
        modelInput: () => new Uint8ClampedArray(4),
        updateMask: () => 0,
        compose: () => frame,
        setEffect: (effect) => effects.push(effect.kind),
        forget: () => undefined,
      }
      return compositor
    },
    async createSegmenter(model, _bytes, onLost) {
      await gate
      const one: Started = { model, onLost, closed: false }
      started.push(one)
      return {
        width: 1,
        height: 1,
        segment: () => new Float32Array(1),
        close: () => {
          one.closed = true
        },
      }
    },
    use: (pipeline) => used.push(pipeline),
    tell: (message) => told.push(message),
    now: () => at,
    wait: (ms) => new Promise((resolve) => waits.push({ ms, end: resolve })),
  })
  const settle = () => new Promise((resolve) => setTimeout(resolve, 5))
  return {
    care,
    told,
    used,
    started,
    loads,
    waits,
    network,
    effects,
    settle,
    kinds: () => told.map((one) => one.kind),
    inUse: () => used.at(-1) ?? null,
    pass: (ms: number) => {
      at += ms
    },
    frame: (isUpright = false) => used.at(-1)?.process(isUpright ? upright : frame),
    hold() {
      let open = () => {}
      gate = new Promise((resolve) => {
        open = resolve
      })
      return open
    },
    async begin() {
      care.start({ kind: 'blur' })
      await settle()
    },
  }
}

describe('the care of the pipeline', () => {
  it('starts it with the effect of now, and again when it breaks, without fetching again', async () => {
    const world = createWorld()
    await world.begin()
    await world.frame()
    world.care.works()
    world.care.setEffect({ kind: 'light' })
    world.care.broke()
    await world.settle()
    expect(world.kinds()).toEqual(['processing', 'interrupted'])
    expect(world.used.map((one) => one !== null)).toEqual([false, true, false, true])
    expect(world.effects).toEqual(['blur', 'light', 'light'])
    expect(world.started[0]?.closed).toBe(true)
    expect(world.loads).toHaveLength(1)
  })

  it('starts one pipeline when a frame fails and the graphics context is lost at the same time', async () => {
    const world = createWorld()
    await world.begin()
    await world.frame()
    world.care.broke()
    world.started[0]?.onLost()
    await world.settle()
    expect(world.used.filter((one) => one !== null)).toHaveLength(2)
    expect(world.kinds()).toEqual(['interrupted'])
    // Its context may be lost once more, when it has long been replaced.
    world.started[0]?.onLost()
    await world.settle()
    expect(world.used.filter((one) => one !== null)).toHaveLength(2)
  })

  it('leaves no runtime behind that was still starting when it was no longer needed', async () => {
    const world = createWorld()
    await world.begin()
    const open = world.hold()
    const taking = world.frame()
    world.care.broke()
    open()
    await expect(taking).rejects.toThrow('no longer needed')
    expect(world.started.map((one) => one.closed)).toEqual([true])
    world.care.close()
    expect(world.inUse()).toBeNull()
  })

  it('gives up after three in a row, and counts anew after a steady while', async () => {
    const world = createWorld()
    await world.begin()
    for (let i = 0; i < 8; i++) {
      world.care.works()
      world.pass(20_000)
      world.care.broke()
      await world.settle()
    }
    expect(world.kinds()).not.toContain('gave-up')
    for (let i = 0; i < 2; i++) {
      world.care.works()
      world.care.broke()
      await world.settle()
    }
    expect(world.kinds().filter((kind) => kind === 'gave-up')).toEqual(['gave-up'])
    expect(world.inUse()).toBeNull()
  })

  it('gives up when the compositor does not start', async () => {
    const world = createWorld()
    world.network.compositorStarts = false
    await world.begin()
    expect(world.kinds()).toEqual(['gave-up'])
  })

  it('asks again for what it could not fetch, less and less often, and starts as soon as it is here', async () => {
    const world = createWorld()
    world.network.up = false
    await world.begin()
    for (let i = 0; i < 6; i++) {
      world.waits.at(-1)?.end()
      await world.settle()
    }
    expect(world.waits.map((one) => one.ms)).toEqual([2000, 4000, 8000, 16_000, 30_000, 30_000, 30_000])
    expect(new Set(world.kinds())).toEqual(new Set(['failed']))
    world.network.up = true
    world.waits.at(-1)?.end()
    await world.settle()
    expect(world.inUse()).not.toBeNull()
  })

  it('asks for nothing more once it is closed', async () => {
    const world = createWorld()
    world.network.up = false
    await world.begin()
    world.care.close()
    world.waits.at(-1)?.end()
    await world.settle()
    expect(world.loads).toHaveLength(1)
    world.care.broke()
    expect(world.kinds()).toEqual(['failed'])
  })

  it('takes the wide model for upright pictures until the square one is here', async () => {
    const world = createWorld()
    await world.begin()
    world.network.up = false
    world.care.sawUpright()
    world.care.sawUpright()
    await world.frame(true)
    expect(world.started.map((one) => one.model)).toEqual(['landscape'])
    expect(world.loads).toHaveLength(2)
    await world.settle()
    world.network.up = true
    world.waits.at(-1)?.end()
    await world.settle()
    world.care.sawUpright()
    await world.settle()
    await world.frame(true)
    expect(world.started.map((one) => one.model)).toEqual(['landscape', 'square'])
    world.care.setStep({ ...frameSteps[0], model: 'light' })
    await world.frame(true)
    expect(world.started).toHaveLength(2)
  })

  it('closes the image of an effect that is over', async () => {
    const world = createWorld()
    await world.begin()
    let closed = 0
    const image = {
      close() {
        closed += 1
      },
    } as unknown as ImageBitmap
    world.care.setEffect({ kind: 'image', image })
    expect(closed).toBe(0)
    world.care.setEffect({ kind: 'blur' })
    expect(closed).toBe(1)
  })
})

describe('the care of the budget', () => {
  const slow: FrameFigures = { framesIn: 15, framesOut: 15, lengthMs: 1000, busyMs: 990, open: 0, stagesMs: noStages() }
  const quick: FrameFigures = { ...slow, framesIn: 30, framesOut: 30, busyMs: 200 }

  function createBudget() {
    const told: FromWorker[] = []
    const steps: number[] = []
    let at = 0
    const care = createBudgetCare({ now: () => at, setStep: (step) => steps.push(step.maskEvery), tell: (message) => told.push(message) })
    const seconds = (count: number, figures: FrameFigures) => {
      for (let i = 0; i < count; i++) {
        at += 1000
        care.figures(figures)
      }
    }
    return { care, told, steps, seconds, kinds: () => told.map((one) => one.kind).filter((kind) => kind !== 'max-height') }
  }

  it('asks for fewer lines, then says that it cannot keep up, and that it does again', () => {
    const { told, kinds, seconds } = createBudget()
    seconds(13, slow)
    expect(told.filter((one) => one.kind === 'max-height').map((one) => one.lines)).toEqual([720, 720, 360, 360])
    expect(kinds()).toEqual(['cannot-keep-up'])
    seconds(5, quick)
    expect(kinds()).toEqual(['cannot-keep-up', 'keeps-up-again'])
    seconds(20, quick)
    expect(told.at(-1)).toEqual({ kind: 'max-height', lines: 720 })
  })

  it('counts no window in which something started, nor one without a picture', () => {
    const { care, steps, seconds } = createBudget()
    for (let i = 0; i < 10; i++) {
      care.began()
      seconds(2, slow)
      seconds(1, quick)
      seconds(3, { ...slow, framesOut: 0 })
    }
    expect(steps).toEqual([])
  })

  it.each(['encoderLimited', 'soundSuffers'] as const)('takes the word of the call (%s), and forgets it when no more is said', (what) => {
    const { care, steps, seconds } = createBudget()
    seconds(1, quick)
    care.load({ encoderLimited: false, soundSuffers: false, [what]: true })
    seconds(2, quick)
    expect(steps).toEqual([2])
    seconds(40, quick)
    expect(steps.at(-1), 'the call is over').toBe(1)
  })
})
