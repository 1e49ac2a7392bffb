import { vi } from 'vitest'
import type { AssetFiles } from '../../../pwa/src/adapters/backgrounds/asset-files.ts'
import { createBackgrounds } from '../../../pwa/src/adapters/backgrounds/processor.ts'
import type { FromWorker, ToWorker, WorkerEffect } from '../../../pwa/src/adapters/backgrounds/worker/messages.ts'
import type { BackgroundEffect, BackgroundEvent, ProcessedCamera } from '../../../pwa/src/background-ports.ts'

export type FakeWorker = EventTarget & {
  readonly sent: ToWorker[]
  readonly track: MediaStreamTrack
  /** What its route was connected to. */
  readonly cameras: (MediaStreamTrack | null)[]
  /** `hangs`: hears nothing. */
  mood: 'well' | 'hangs' | 'gone'
  stuckMs: number
  routeClosed: boolean
  says(message: FromWorker): void
  fails(message?: string): void
  /** The effect that it shows. */
  effect(): WorkerEffect | null
}

export type FakeCamera = MediaStreamTrack & { readonly asked: MediaTrackConstraints[] }

const files: AssetFiles = { folder: '/assets/app/backgrounds/0123', files: [] }
let tracks = 0

export function fakeCamera(name = 'camera', size = { width: 1280, height: 720 }): FakeCamera {
  const asked: MediaTrackConstraints[] = []
  return Object.assign(new EventTarget(), {
    id: name,
    readyState: 'live',
    enabled: true,
    muted: false,
    asked,
    getSettings: () => size,
    getConstraints: () => asked.at(-1) ?? { width: 1280, height: { ideal: 720 }, deviceId: name },
    applyConstraints: async (constraints: MediaTrackConstraints) => void asked.push(constraints),
  }) as unknown as FakeCamera
}

/** The processor with workers, routes and images that do what the test says. Needs vitest's timers. */
export function createProcessorWorld() {
  const workers: FakeWorker[] = []
  const events: BackgroundEvent[] = []
  const bitmaps: { readonly image: Blob; closed: boolean }[] = []
  const slow = { connect: false, decode: false }
  const never = { connects: false }
  const waiting: (() => void)[] = []
  const later = (isSlow: boolean) => (isSlow ? new Promise<void>((resolve) => waiting.push(resolve)) : Promise.resolve())

  function createWorker(): Worker {
    const sent: ToWorker[] = []
    tracks += 1
    const worker: FakeWorker = Object.assign(new EventTarget(), {
      sent,
      track: { id: `processed ${tracks}` } as MediaStreamTrack,
      cameras: [],
      mood: 'well' as FakeWorker['mood'],
      stuckMs: 0,
      routeClosed: false,
      postMessage(message: ToWorker) {
        sent.push(message)
        if (message.kind === 'ping' && worker.mood === 'well') queueMicrotask(() => worker.says({ kind: 'pong', stuckMs: worker.stuckMs }))
      },
      terminate() {
        worker.mood = 'gone'
      },
      says: (data: FromWorker) => void worker.dispatchEvent(Object.assign(new Event('message'), { data })),
      fails: (message = 'broken') => void worker.dispatchEvent(Object.assign(new Event('error'), { message })),
      effect() {
        const last = sent.filter((one) => one.kind === 'start' || one.kind === 'effect').at(-1)
        return last?.effect ?? null
      },
    })
    workers.push(worker)
    return worker as unknown as Worker
  }

  const backgrounds = createBackgrounds({
    files,
    createWorker,
    async connect(worker) {
      const fake = worker as unknown as FakeWorker
      if (never.connects) throw new Error('This browser captures no canvas')
      await later(slow.connect)
      return {
        track: fake.track,
        setCamera: (camera) => {
          if (camera?.readyState === 'ended') throw new TypeError('Input track cannot be ended')
          fake.cameras.push(camera)
        },
        close: () => {
          fake.routeClosed = true
        },
      }
    },
    async decode(image) {
      await later(slow.decode)
      if (image.type === 'broken') throw new DOMException('The source image could not be decoded', 'InvalidStateError')
      const bitmap = {
        image,
        closed: false,
        close() {
          bitmap.closed = true
        },
      }
      bitmaps.push(bitmap)
      return bitmap as unknown as ImageBitmap
    },
  })

  async function start(camera: MediaStreamTrack = fakeCamera(), effect: BackgroundEffect = { kind: 'blur' }): Promise<ProcessedCamera> {
    const answer = await backgrounds.process(camera, effect)
    if (!answer.ok) throw new Error(answer.error)
    answer.value.subscribe((event) => events.push(event))
    return answer.value
  }

  return {
    backgrounds,
    workers,
    events,
    bitmaps,
    slow,
    never,
    start,
    image: (name: string, type = 'image/jpeg'): BackgroundEffect => ({ kind: 'image', image: new Blob([name], { type }) }),
    kinds: () => events.map((event) => event.kind),
    last: () => workers.at(-1) as FakeWorker,
    /** Lets what is slow come to its end. */
    async goOn() {
      await vi.advanceTimersByTimeAsync(0)
      while (waiting.length > 0) {
        waiting.shift()?.()
        await vi.advanceTimersByTimeAsync(0)
      }
      await vi.advanceTimersByTimeAsync(0)
    },
    pass: (ms: number) => vi.advanceTimersByTimeAsync(ms),
  }
}
