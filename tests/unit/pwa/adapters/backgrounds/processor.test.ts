import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { connectFrames } from '../../../../../pwa/src/adapters/backgrounds/frame-routes.ts'
import type { ToWorker } from '../../../../../pwa/src/adapters/backgrounds/worker/messages.ts'
import { createProcessorWorld, fakeCamera, type FakeWorker } from '../../../../support/backgrounds/processor-world.ts'
import { fc } from '../../../../support/property.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

const ended = (camera: MediaStreamTrack) => Object.assign(camera, { readyState: 'ended' })
/** Everything of it is given back, or will be within a moment. */
const isOver = (worker: FakeWorker) => worker.routeClosed && worker.sent.at(-1)?.kind === 'close'

describe('a processed camera', () => {
  it('has the track of a worker that knows camera and effect', async () => {
    const world = createProcessorWorld()
    const camera = fakeCamera()
    const processed = await world.start(camera)
    expect(processed.track()).toBe(world.last().track)
    expect(world.last().effect()).toEqual({ kind: 'blur' })
    expect(world.last().cameras).toEqual([camera])
    processed.setEffect({ kind: 'light' })
    await world.pass(0)
    expect(world.last().effect()).toEqual({ kind: 'light' })
  })

  it('gets another worker and another track when a worker dies, with the camera and the effect of now', async () => {
    const world = createProcessorWorld()
    const processed = await world.start()
    const [first, second] = [world.last(), fakeCamera('second')]
    world.slow.connect = true
    first.fails()
    expect(isOver(first)).toBe(true)
    processed.setCamera(second)
    processed.setEffect({ kind: 'light' })
    await world.goOn()
    expect(world.kinds()).toEqual(['interrupted', 'replaced'])
    expect(processed.track()).toBe(world.last().track)
    expect(world.last()).not.toBe(first)
    expect(world.last().cameras.at(-1)).toBe(second)
    expect(world.last().effect()).toEqual({ kind: 'light' })
    await world.pass(1000)
    expect(first.mood).toBe('gone')
  })

  it('heals when a worker hangs, sooner while frames go out than while it starts', async () => {
    const world = createProcessorWorld()
    await world.start()
    const first = world.last()
    first.mood = 'hangs'
    await world.pass(15_000)
    expect(world.workers).toHaveLength(1)
    await world.pass(10_000)
    expect(world.workers).toHaveLength(2)
    world.last().says({ kind: 'processing' })
    world.last().mood = 'hangs'
    await world.pass(7000)
    expect(world.workers).toHaveLength(3)
  })

  it('heals when one frame never comes to its end', async () => {
    const world = createProcessorWorld()
    await world.start()
    world.last().says({ kind: 'processing' })
    world.last().stuckMs = 1500
    await world.pass(2000)
    world.last().stuckMs = 0
    await world.pass(10_000)
    expect(world.workers).toHaveLength(1)
    world.last().stuckMs = 5000
    await world.pass(8000)
    expect(world.workers).toHaveLength(2)
  })

  it('takes no worker for dead while the computer sleeps, or a hidden tab looks once a minute', async () => {
    const world = createProcessorWorld()
    await world.start()
    world.last().says({ kind: 'processing' })
    await world.pass(3000)
    world.last().mood = 'hangs'
    vi.setSystemTime(Date.now() + 3_600_000)
    await world.pass(1000)
    world.last().mood = 'well'
    world.last().says({ kind: 'pong', stuckMs: 0 })
    await world.pass(10_000)
    expect(world.workers).toHaveLength(1)
  })

  it('says that it failed when three workers in a row are of no use, and tries again when an effect is chosen', async () => {
    const world = createProcessorWorld()
    const processed = await world.start()
    for (let i = 0; i < 4; i++) {
      world.last().says({ kind: 'gave-up' })
      await world.pass(100)
    }
    expect(world.workers).toHaveLength(4)
    expect(world.events.at(-1)).toEqual({ kind: 'failed', problem: 'not-started' })
    processed.setEffect({ kind: 'blur' })
    await world.pass(0)
    expect(world.kinds().at(-1)).toBe('replaced')
    expect(processed.track()).toBe(world.last().track)
  })

  it('forgives a worker that lived for long', async () => {
    const world = createProcessorWorld()
    await world.start()
    for (let i = 0; i < 10; i++) {
      await world.pass(40_000)
      world.last().fails()
      await world.pass(0)
    }
    expect(world.kinds()).not.toContain('failed')
    expect(world.workers).toHaveLength(11)
  })

  it('tries again when there is a network, if the code of the worker cannot be had', async () => {
    const world = createProcessorWorld()
    const network = new EventTarget()
    vi.stubGlobal('addEventListener', network.addEventListener.bind(network))
    await world.start()
    world.last().fails('')
    expect(world.events).toEqual([{ kind: 'failed', problem: 'not-fetched' }])
    await world.pass(1000)
    expect(world.workers).toHaveLength(1)
    network.dispatchEvent(new Event('online'))
    await world.pass(0)
    expect(world.workers).toHaveLength(2)
    for (let i = 0; i < 8; i++) {
      world.last().fails('')
      await world.pass(31_000)
    }
    expect(world.workers, 'it does not give up').toHaveLength(10)
    vi.unstubAllGlobals()
  })

  it('says so when a worker ends before its frames are connected, and when there is no way for frames', async () => {
    const world = createProcessorWorld()
    world.slow.connect = true
    for (const [message, error] of [
      ['', 'not-fetched'],
      ['SyntaxError', 'not-started'],
    ] as const) {
      const starting = world.backgrounds.process(fakeCamera(), { kind: 'blur' })
      await world.pass(0)
      world.last().fails(message)
      expect(await starting).toEqual({ ok: false, error })
    }
    world.never.connects = true
    expect(await world.backgrounds.process(fakeCamera(), { kind: 'blur' })).toEqual({ ok: false, error: 'not-started' })
    await world.pass(1000)
    expect(world.workers.map((one) => one.mood)).toEqual(['gone', 'gone', 'gone'])
  })

  it('shows the effect that was chosen last, however long an image takes', async () => {
    const world = createProcessorWorld()
    const processed = await world.start()
    world.slow.decode = true
    processed.setEffect(world.image('slow'))
    processed.setEffect({ kind: 'light' })
    await world.goOn()
    expect(world.last().effect()).toEqual({ kind: 'light' })
    expect(world.bitmaps.map((one) => one.closed)).toEqual([true])
  })

  it('shows nothing when an image cannot be read, and goes on with the next choice', async () => {
    const world = createProcessorWorld()
    const processed = await world.start()
    const first = world.last()
    processed.setEffect(world.image('text', 'broken'))
    await world.pass(0)
    expect(world.events).toEqual([{ kind: 'failed', problem: 'image-missing' }])
    expect(isOver(first)).toBe(true)
    processed.setEffect(world.image('a wall'))
    await world.pass(0)
    expect(world.kinds()).toEqual(['failed', 'replaced'])
    expect(world.last().effect()?.kind).toBe('image')
    expect(await world.backgrounds.process(fakeCamera(), world.image('text', 'broken'))).toEqual({ ok: false, error: 'image-missing' })
  })

  it('starts nothing once it was cancelled, and gives back what it had', async () => {
    const world = createProcessorWorld()
    const stop = new AbortController()
    world.slow.connect = true
    const starting = world.backgrounds.process(fakeCamera(), { kind: 'blur' }, stop.signal)
    await world.pass(0)
    stop.abort()
    await world.goOn()
    expect(await starting).toEqual({ ok: false, error: 'cancelled' })
    expect(isOver(world.last())).toBe(true)
    expect(await world.backgrounds.process(fakeCamera(), { kind: 'blur' }, stop.signal)).toEqual({ ok: false, error: 'cancelled' })
    expect(world.workers).toHaveLength(1)
  })

  it('lets go of a camera that has ended, and connects one again that has fallen silent', async () => {
    const world = createProcessorWorld()
    const camera = fakeCamera()
    const processed = await world.start(camera)
    await world.pass(7000)
    expect(world.last().cameras).toEqual([camera, camera])
    Object.assign(camera, { muted: true })
    await world.pass(20_000)
    expect(world.last().cameras).toEqual([camera, camera])
    ended(camera)
    await world.pass(5000)
    expect(world.last().cameras).toEqual([camera, camera, null])
    processed.setCamera(ended(fakeCamera()))
    const next = fakeCamera('next')
    processed.setCamera(next)
    expect(world.last().cameras.slice(3)).toEqual([null, next])
    expect(world.workers).toHaveLength(1)
  })
})

describe('a camera that is turned off', () => {
  it('is let go at once, by another worker too, until it is on again', async () => {
    const world = createProcessorWorld()
    const camera = fakeCamera()
    const processed = await world.start(camera)
    processed.setCamera(null)
    expect(world.last().cameras).toEqual([camera, null])
    await world.pass(20_000)
    expect(world.last().cameras).toEqual([camera, null])
    world.last().fails()
    await world.pass(0)
    expect(world.workers).toHaveLength(2)
    expect(world.last().cameras).toEqual([null])
    processed.setCamera(camera)
    expect(world.last().cameras).toEqual([null, camera])
  })

  it('leaves no copy of it in the worker where tracks travel into workers', async () => {
    const worker = Object.assign(new EventTarget(), { postMessage: () => undefined }) as unknown as Worker
    const sent: ToWorker[] = []
    const connecting = connectFrames(worker, (message) => void sent.push(message))
    worker.dispatchEvent(Object.assign(new Event('message'), { data: { kind: 'output-track', track: { stop: () => undefined } } }))
    const route = await connecting
    const copy = {} as MediaStreamTrack
    route.setCamera({ clone: () => copy } as unknown as MediaStreamTrack)
    route.setCamera(null)
    expect(sent).toEqual([{ kind: 'make-output' }, { kind: 'camera-track', track: copy }, { kind: 'no-camera' }])
  })
})

describe('the size of the camera', () => {
  it('is lowered and comes back as it was asked for, also for the next camera, another worker, and at the end', async () => {
    const world = createProcessorWorld()
    const [camera, upright] = [fakeCamera('wide'), fakeCamera('upright', { width: 720, height: 1280 })]
    const wished = camera.getConstraints()
    const processed = await world.start(camera)
    world.last().says({ kind: 'max-height', lines: 720 })
    expect(camera.asked).toEqual([])
    world.last().says({ kind: 'max-height', lines: 360 })
    expect(camera.asked).toEqual([{ ...wished, width: { ideal: 1280, max: 640 }, height: { ideal: 720, max: 360 } }])
    world.last().says({ kind: 'max-height', lines: 720 })
    expect(camera.asked.at(-1)).toEqual(wished)

    world.last().says({ kind: 'max-height', lines: 360 })
    processed.setCamera(upright)
    expect(camera.asked.at(-1)).toEqual(wished)
    expect(upright.asked.at(-1)).toMatchObject({ width: { max: 360 }, height: { max: 640 } })
    world.last().fails()
    await world.pass(0)
    expect(upright.asked.at(-1)).not.toHaveProperty('height.max')
    world.last().says({ kind: 'max-height', lines: 360 })
    processed.close()
    expect(upright.asked.at(-1)).not.toHaveProperty('height.max')
    expect(upright.asked).toHaveLength(4)
  })
})

describe('whatever happens in whatever order', () => {
  const acts = ['dies', 'hangs', 'gives up', 'light', 'blur', 'image', 'broken', 'camera', 'ended', 'slow', 'fast', 'on', 'wait'] as const

  it('the one worker that lives shows the last choice of the last camera, the others are gone, and no image is left open', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.constantFrom(...acts), { maxLength: 30 }), fc.boolean(), async (story, closes) => {
        const timersBefore = vi.getTimerCount()
        const world = createProcessorWorld()
        let camera = fakeCamera()
        const processed = await world.start(camera)
        for (const [at, act] of story.entries()) {
          if (act === 'dies') world.last().fails()
          else if (act === 'hangs') world.last().mood = world.last().mood === 'gone' ? 'gone' : 'hangs'
          else if (act === 'gives up') world.last().says({ kind: 'gave-up' })
          else if (act === 'camera' || act === 'ended') {
            camera = fakeCamera(`camera ${at}`)
            if (act === 'ended') ended(camera)
            processed.setCamera(camera)
          } else if (act === 'slow' || act === 'fast') Object.assign(world.slow, { connect: act === 'slow', decode: act === 'slow' })
          else if (act === 'on') await world.goOn()
          else if (act === 'wait') await world.pass(31_000)
          else {
            const isImage = act === 'image' || act === 'broken'
            processed.setEffect(isImage ? world.image(String(at), act === 'broken' ? 'broken' : 'image/png') : { kind: act })
          }
        }
        // It comes to rest, and begins again if it had given up.
        Object.assign(world.slow, { connect: false, decode: false })
        await world.goOn()
        const last = new Blob(['the last'])
        processed.setEffect({ kind: 'image', image: last })
        await world.goOn()
        await world.pass(1000)
        const alive = world.workers.filter((one) => one.mood !== 'gone' && one.sent.at(-1)?.kind !== 'close')
        expect(alive.map((one) => one.track)).toEqual([processed.track()])
        expect(alive[0]?.cameras.at(-1) ?? null).toBe(camera.readyState === 'ended' ? null : camera)
        const shown = alive[0]?.effect()
        expect(shown?.kind === 'image' && (shown.image as unknown as { image: Blob }).image === last).toBe(true)
        const sent = world.workers
          .flatMap((one) => one.sent)
          .flatMap((one) => ('effect' in one && one.effect.kind === 'image' ? [one.effect.image] : []))
        expect(world.bitmaps.filter((one) => !one.closed && !sent.includes(one as unknown as ImageBitmap))).toEqual([])
        if (!closes) return
        processed.close()
        await world.pass(1000)
        expect(world.workers.every((one) => one.mood === 'gone' && one.routeClosed)).toBe(true)
        expect(vi.getTimerCount()).toBe(timersBefore)
      }),
      { numRuns: 50 },
    )
  })
})
