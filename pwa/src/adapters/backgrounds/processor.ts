import type { BackgroundEffect, BackgroundEvent, BackgroundProblem, Backgrounds, ProcessedCamera } from '../../background-ports.ts'
import { err, ok, type Result } from '@alcove/shared/domain/result'
import { assetCacheName, loadAssets } from './asset-cache.ts'
import { type AssetFiles, alwaysNeeded } from './asset-files.ts'
import { connectFrames, frameSupport } from './frame-routes.ts'
import type { FromWorker, ToWorker, WorkerEffect } from './worker/messages.ts'

/** So long may a worker that gets frames be silent; then it is taken for dead and another one is started. */
const silentMs = 4000
const watchEveryMs = 1000
/** So many workers in a row may die without a processed frame. */
const mostWorkers = 3

export type BackgroundDeps = {
  readonly files: AssetFiles
  readonly createWorker: () => Worker
}

export function createBackgrounds({ files, createWorker }: BackgroundDeps): Backgrounds {
  return {
    support: frameSupport,
    alreadyBlurred: (camera) => (camera.getSettings() as { backgroundBlur?: boolean }).backgroundBlur === true,
    async fetchAhead(signal, progress) {
      try {
        const doors = { fetch: (url: string, init: RequestInit) => fetch(url, init), openCache: async () => caches.open(assetCacheName) }
        await loadAssets(doors, files, alwaysNeeded, signal, progress)
        return ok(null)
      } catch {
        return err(signal.aborted ? 'cancelled' : 'not-fetched')
      }
    },
    process: (camera, effect) => processCamera({ files, createWorker }, camera, effect),
  }
}

async function toWorkerEffect(effect: BackgroundEffect): Promise<WorkerEffect> {
  return effect.kind === 'image' ? { kind: 'image', image: await createImageBitmap(effect.image) } : effect
}

async function processCamera(
  { files, createWorker }: BackgroundDeps,
  firstCamera: MediaStreamTrack,
  firstEffect: BackgroundEffect,
): Promise<Result<ProcessedCamera, BackgroundProblem>> {
  const listeners = new Set<(event: BackgroundEvent) => void>()
  let camera = firstCamera
  let effect = firstEffect
  let closed = false
  let deaths = 0
  let life: Life | null = null

  function emit(event: BackgroundEvent): void {
    if (event.kind === 'processing') deaths = 0
    for (const listener of [...listeners]) listener(event)
  }

  const live = () => startLife({ files, worker: createWorker(), camera, effect, emit, died: () => void died() })

  /** The old track gets no more frames: what it shows last stays until the new one is in its place. */
  async function died(): Promise<void> {
    life?.end()
    life = null
    deaths += 1
    emit({ kind: 'interrupted' })
    if (closed) return
    if (deaths > mostWorkers) return emit({ kind: 'failed', problem: 'not-started' })
    try {
      const next = await live()
      if (closed) return next.end()
      life = next
      emit({ kind: 'replaced', track: next.track })
    } catch {
      emit({ kind: 'failed', problem: 'not-started' })
    }
  }

  try {
    life = await live()
  } catch {
    return err('not-started')
  }
  let track = life.track
  listeners.add((event) => {
    if (event.kind === 'replaced') track = event.track
  })
  return ok({
    track: () => track,
    setEffect(next) {
      effect = next
      void life?.setEffect(next)
    },
    setCamera(next) {
      camera = next
      life?.setCamera(next)
    },
    reportLoad: (load) => life?.reportLoad(load),
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    close() {
      closed = true
      life?.end()
      listeners.clear()
    },
  })
}

/** One worker and its track. */
type Life = {
  readonly track: MediaStreamTrack
  setEffect(effect: BackgroundEffect): Promise<void>
  setCamera(camera: MediaStreamTrack): void
  reportLoad(load: { readonly encoderLimited: boolean; readonly soundSuffers: boolean }): void
  end(): void
}

type LifeOptions = {
  readonly files: AssetFiles
  readonly worker: Worker
  readonly camera: MediaStreamTrack
  readonly effect: BackgroundEffect
  readonly emit: (event: BackgroundEvent) => void
  readonly died: () => void
}

async function startLife({ files, worker, camera, effect, emit, died }: LifeOptions): Promise<Life> {
  let lastHeardAt = performance.now()
  let ended = false
  let hasStarted = false
  let current = camera
  const send = (message: ToWorker, transfer: Transferable[] = []) => worker.postMessage(message, transfer)
  const route = await connectFrames(worker, send)

  function die(): void {
    if (ended) return
    end()
    died()
  }
  function end(): void {
    ended = true
    clearInterval(watch)
    send({ kind: 'close' })
    route.close()
    // A worker that hangs does not hear that it should close.
    setTimeout(() => worker.terminate(), 500)
  }
  // A camera that is off gives no frames, and then there is nothing to hear.
  const watch = setInterval(() => {
    if (current.readyState !== 'live' || !current.enabled || current.muted || !hasStarted) lastHeardAt = performance.now()
    else if (performance.now() - lastHeardAt > silentMs) die()
  }, watchEveryMs)

  worker.addEventListener('error', die)
  worker.addEventListener('message', ({ data }: MessageEvent<FromWorker>) => {
    lastHeardAt = performance.now()
    if (ended) return
    if (data.kind === 'figures') hasStarted = true
    else if (data.kind === 'max-height') void limitHeight(current, data.lines)
    else if (data.kind !== 'grab' && data.kind !== 'paint' && data.kind !== 'output-track') emit(data)
  })

  const first = await toWorkerEffect(effect)
  send({ kind: 'start', files, effect: first }, first.kind === 'image' ? [first.image] : [])
  route.setCamera(camera)
  return {
    track: route.track,
    async setEffect(next) {
      const made = await toWorkerEffect(next)
      send({ kind: 'effect', effect: made }, made.kind === 'image' ? [made.image] : [])
    },
    setCamera(next) {
      current = next
      lastHeardAt = performance.now()
      route.setCamera(next)
    },
    reportLoad: (load) => send({ kind: 'load', ...load }),
    end,
  }
}

/** Fewer lines from the camera itself: cheaper for everybody after it. */
async function limitHeight(camera: MediaStreamTrack, lines: number): Promise<void> {
  try {
    await camera.applyConstraints({ ...camera.getConstraints(), height: { max: lines }, width: { max: Math.round((lines * 16) / 9) } })
  } catch {
    // A camera that has only one size keeps it.
  }
}
