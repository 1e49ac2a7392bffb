/// <reference path="../frames.d.ts" />
import { assetCacheName, loadAssets } from '../asset-cache.ts'
import type { AssetFiles } from '../asset-files.ts'
import { createCompositor } from '../compositor/compositor.ts'
import { createBudgetCare } from './budget-care.ts'
import { blankPicture, createGrabs, type Grabs, paintedOutput, readFrames, streamOutput } from './frame-doors.ts'
import type { FromWorker, ToWorker } from './messages.ts'
import { suitedModel } from './pipeline.ts'
import { createPipelineCare, type PipelineCare } from './pipeline-care.ts'
import { createPump } from './pump.ts'
import { createSegmenter, keepToOwnServer } from './segmenter.ts'

/** The worker's composition root: everything that happens to a frame happens here. */

type WorkerScope = {
  fetch: typeof fetch
  readonly location: { readonly origin: string; readonly href: string }
  readonly caches?: CacheStorage
  postMessage(message: FromWorker, transfer?: Transferable[]): void
  addEventListener(kind: 'online', listener: () => void, options: { readonly once: true; readonly signal: AbortSignal }): void
  onmessage: ((event: MessageEvent<ToWorker>) => void) | null
  close(): void
}
const scope = globalThis as unknown as WorkerScope

const now = () => performance.now()
const tell = (message: FromWorker, transfer: Transferable[] = []) => scope.postMessage(message, transfer)

keepToOwnServer(scope)
/** What was kept serves the runtime too, which fetches its binary by itself. */
const fetchOwn = scope.fetch
const openCache = async () => {
  try {
    return (await scope.caches?.open(assetCacheName)) ?? null
  } catch {
    return null
  }
}
scope.fetch = async (input, init) => (await (await openCache())?.match(input).catch(() => undefined)) ?? fetchOwn(input, init)

const stopped = new AbortController()
let stopCamera = () => {}
let grabs: Grabs | null = null

const pump = createPump({
  now,
  blank: blankPicture,
  processing() {
    budget.began()
    care?.works()
  },
  broken: () => care?.broke(),
  figures(figures) {
    tell({ kind: 'figures', figures })
    budget.figures(figures)
  },
})

const budget = createBudgetCare({ now, tell, setStep: (step) => care?.setStep(step) })
let care: PipelineCare | null = null

function createCare(files: AssetFiles): PipelineCare {
  return createPipelineCare({
    load: (names) =>
      loadAssets({ fetch: fetchOwn, openCache }, files, names, stopped.signal, (progress) => tell({ kind: 'progress', ...progress })),
    createCompositor,
    createSegmenter: (model, bytes, onLost) => createSegmenter(files.folder, model, bytes, onLost),
    use: pump.setPipeline,
    tell,
    now,
    wait,
  })
}

async function wait(ms: number): Promise<void> {
  const over = new AbortController()
  await new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, ms)
    const now = () => {
      clearTimeout(timer)
      resolve()
    }
    scope.addEventListener('online', now, { once: true, signal: over.signal })
    stopped.signal.addEventListener('abort', now, { once: true, signal: over.signal })
  })
  over.abort()
}

async function take(frame: VideoFrame): Promise<void> {
  if (suitedModel(frame.displayWidth, frame.displayHeight) === 'square') care?.sawUpright()
  await pump.take(frame)
}

function leaveCamera(): void {
  stopCamera()
  stopCamera = () => {}
  grabs?.forget()
  pump.forget()
}

function useTrack(track: MediaStreamTrack): void {
  const stopReading = readFrames(new MediaStreamTrackProcessor({ track, maxBufferSize: 1 }).readable, take)
  stopCamera = () => {
    stopReading()
    track.stop()
  }
}

function makeOutput(): void {
  if (typeof VideoTrackGenerator !== 'function' || typeof MediaStreamTrackProcessor !== 'function') return tell({ kind: 'no-output' })
  const generator = new VideoTrackGenerator()
  pump.setOutput(streamOutput(generator.writable))
  tell({ kind: 'output-track', track: generator.track }, [generator.track as unknown as Transferable])
}

function grabFrames(framesPerSecond: number): void {
  pump.setOutput(paintedOutput((image) => tell({ kind: 'paint', image }, [image])))
  grabs = createGrabs({ framesPerSecond, now, ask: (when) => tell({ kind: 'grab', when }), take })
}

scope.onmessage = ({ data: message }) => {
  switch (message.kind) {
    case 'start':
      care = createCare(message.files)
      return care.start(message.effect)
    case 'output':
      return pump.setOutput(streamOutput(message.frames))
    case 'make-output':
      return makeOutput()
    case 'camera':
      leaveCamera()
      stopCamera = readFrames(message.frames, take)
      return
    case 'camera-track':
      leaveCamera()
      return useTrack(message.track)
    case 'no-camera':
      return leaveCamera()
    case 'make-grabs':
      return grabFrames(message.framesPerSecond)
    case 'grabbed':
      return grabs?.grabbed(message.frame)
    case 'effect':
      return care?.setEffect(message.effect)
    case 'load':
      return budget.load(message)
    case 'ping':
      return tell({ kind: 'pong', stuckMs: pump.stuckMs() })
    case 'close':
      stopped.abort()
      leaveCamera()
      grabs?.stop()
      pump.close()
      care?.close()
      return scope.close()
  }
}
