import type { BackgroundEffect, BackgroundEvent, BackgroundProblem, Backgrounds, ProcessedCamera } from '../../background-ports.ts'
import { err, ok, type Result } from '@alcove/shared/domain/result'
import { assetCacheName, loadAssets } from './asset-cache.ts'
import { type AssetFiles, alwaysNeeded } from './asset-files.ts'
import { createCameraLimit } from './camera-limit.ts'
import { connectFrames, type FrameRoute, type Send } from './frame-routes.ts'
import { blurredBySystem, frameSupport } from './frame-support.ts'
import { type Death, type Life, startLife } from './life.ts'
import type { WorkerEffect } from './worker/messages.ts'

/** So many workers may die in a row; a worker that has lived for long had no reason to die in how it was started. */
const mostInARow = 3
const longLifeMs = 30_000
const shortestWaitMs = 2000
const longestWaitMs = 30_000

export type BackgroundDeps = {
  readonly files: AssetFiles
  readonly createWorker: () => Worker
  /** For tests: the browser's own otherwise. */
  readonly connect?: (worker: Worker, send: Send) => Promise<FrameRoute>
  readonly decode?: (image: Blob) => Promise<ImageBitmap>
}

export function createBackgrounds(deps: BackgroundDeps): Backgrounds {
  return {
    support: frameSupport,
    alreadyBlurred: blurredBySystem,
    async fetchAhead(signal, progress) {
      try {
        const doors = {
          fetch: (url: string, init: RequestInit) => fetch(url, init),
          openCache: () => caches.open(assetCacheName).catch(() => null),
        }
        await loadAssets(doors, deps.files, alwaysNeeded, signal, progress)
        return ok(null)
      } catch {
        return err(signal.aborted ? 'cancelled' : 'not-fetched')
      }
    },
    process: (camera, effect, signal) => processCamera(deps, camera, effect, signal),
  }
}

/** Keeps a worker going, and starts another one, with another track, when it dies. */
async function processCamera(
  { files, createWorker, connect = connectFrames, decode = (image) => createImageBitmap(image) }: BackgroundDeps,
  firstCamera: MediaStreamTrack,
  firstEffect: BackgroundEffect,
  signal?: AbortSignal,
): Promise<Result<ProcessedCamera, BackgroundProblem>> {
  const listeners = new Set<(event: BackgroundEvent) => void>()
  const size = createCameraLimit()
  const over = new AbortController()
  let camera: MediaStreamTrack | null = firstCamera
  let effect = firstEffect
  let deaths = 0
  let waitMs = shortestWaitMs / 2
  let bornAt = 0
  let life: Life | null = null
  let starting = false

  function emit(event: BackgroundEvent): void {
    if (event.kind === 'processing') waitMs = shortestWaitMs / 2
    for (const listener of [...listeners]) listener(event)
  }

  /** Null when another effect has been chosen meanwhile. */
  async function decoded(wanted: BackgroundEffect): Promise<WorkerEffect | null> {
    if (wanted.kind !== 'image') return wanted
    const image = await decode(wanted.image)
    if (wanted === effect && !over.signal.aborted) return { kind: 'image', image }
    image.close()
    return null
  }

  async function begin(): Promise<Result<Life, BackgroundProblem>> {
    let first: WorkerEffect | null = null
    let wanted = effect
    try {
      while (!first && !over.signal.aborted) {
        wanted = effect
        first = await decoded(wanted)
      }
    } catch {
      return err('image-missing')
    }
    if (!first || over.signal.aborted) return err('cancelled')
    const from = camera
    bornAt = performance.now()
    let mine: Life | null = null
    const options = { files, createWorker, connect, camera: from, effect: first, emit, limitHeight: size.limit }
    const started = await startLife({ ...options, died: (how) => mine === life && died(how) })
    if (!started.ok) {
      giveBack(first)
      return err(started.error === 'not-loaded' ? 'not-fetched' : 'not-started')
    }
    mine = started.value
    if (over.signal.aborted) {
      mine.end()
      return err('cancelled')
    }
    life = mine
    size.limit(Number.POSITIVE_INFINITY)
    if (camera) size.use(camera)
    if (camera !== from) life.setCamera(camera)
    if (effect !== wanted) void changeEffect(effect)
    return ok(life)
  }

  async function startAnother(): Promise<void> {
    if (starting || life || over.signal.aborted) return
    starting = true
    const made = await begin()
    starting = false
    if (over.signal.aborted) return
    if (made.ok) emit({ kind: 'replaced', track: made.value.track })
    else if (made.error === 'not-fetched') startLater()
    else emit({ kind: 'failed', problem: made.error })
  }

  /** Does not give up: a network comes back. */
  function startLater(): void {
    emit({ kind: 'failed', problem: 'not-fetched' })
    waitMs = Math.min(waitMs * 2, longestWaitMs)
    void networkOr(waitMs, over.signal).then(startAnother)
  }

  /** The old track gets no more frames: what it shows last stays until the new one is in its place. */
  function died(how: Death): void {
    life = null
    if (over.signal.aborted) return
    if (how === 'not-loaded') return startLater()
    deaths = performance.now() - bornAt > longLifeMs ? 1 : deaths + 1
    emit({ kind: 'interrupted' })
    if (deaths > mostInARow) return emit({ kind: 'failed', problem: 'not-started' })
    void startAnother()
  }

  async function changeEffect(next: BackgroundEffect): Promise<void> {
    try {
      const made = await decoded(next)
      if (made && life) life.setEffect(made)
      else if (made) giveBack(made)
    } catch {
      if (next !== effect || over.signal.aborted) return
      // The old effect is not what was chosen, and nothing else may be shown.
      life?.end()
      life = null
      emit({ kind: 'failed', problem: 'image-missing' })
    }
  }

  function close(): void {
    if (over.signal.aborted) return
    over.abort()
    life?.end()
    life = null
    size.release()
    listeners.clear()
  }

  if (signal?.aborted) return err('cancelled')
  signal?.addEventListener('abort', close, { signal: over.signal })
  starting = true
  const first = await begin()
  starting = false
  if (!first.ok) {
    close()
    return err(first.error)
  }
  let track = first.value.track
  listeners.add((event) => {
    if (event.kind === 'replaced') track = event.track
  })
  return ok({
    track: () => track,
    setEffect(next) {
      effect = next
      if (life) return void changeEffect(next)
      // Chosen again after a failure.
      deaths = 0
      void startAnother()
    },
    setCamera(next) {
      camera = next
      if (!life) return
      if (next) size.use(next)
      life.setCamera(next)
    },
    reportLoad: (load) => life?.reportLoad(load),
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    close,
  })
}

/** It was decoded for nothing. */
function giveBack(effect: WorkerEffect): void {
  if (effect.kind === 'image') effect.image.close()
}

/** Resolves after so long, or as soon as there is a network again, or when it is over. */
function networkOr(ms: number, over: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const settled = new AbortController()
    const done = () => {
      clearTimeout(timer)
      settled.abort()
      resolve()
    }
    const timer = setTimeout(done, ms)
    globalThis.addEventListener('online', done, { signal: settled.signal })
    over.addEventListener('abort', done, { signal: settled.signal })
  })
}
