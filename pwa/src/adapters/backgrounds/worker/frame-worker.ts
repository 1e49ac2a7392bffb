/// <reference path="../frames.d.ts" />
import { type FrameBudget, frameStep, initialFrameBudget, reduceFrameBudget } from '@alcove/shared/domain/frame-budget'
import { assetCacheName, loadAssets } from '../asset-cache.ts'
import { type AssetFiles, type AssetName, alwaysNeeded } from '../asset-files.ts'
import { type Compositor, createCompositor } from '../compositor/compositor.ts'
import { blankPicture, everyFrame, paintedOutput, readFrames, streamOutput } from './frame-doors.ts'
import type { FrameFigures, FromWorker, ToWorker, WorkerEffect } from './messages.ts'
import { createPipeline, type Pipeline } from './pipeline.ts'
import { createPump } from './pump.ts'
import { createSegmenter, keepToOwnServer, type SegmenterModel } from './segmenter.ts'

/** The worker's composition root: everything that happens to a frame happens here. */

type WorkerScope = {
  fetch: typeof fetch
  readonly location: { readonly origin: string; readonly href: string }
  readonly caches?: CacheStorage
  postMessage(message: FromWorker, transfer?: Transferable[]): void
  onmessage: ((event: MessageEvent<ToWorker>) => void) | null
  close(): void
}
const scope = globalThis as unknown as WorkerScope

const modelFiles: Readonly<Record<SegmenterModel, AssetName>> = { landscape: 'selfie-landscape.tflite', square: 'selfie-square.tflite' }
/** So many pipelines in a row may break before their first frame; then something is wrong that starting again does not mend. */
const mostAttempts = 3
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
scope.fetch = async (input, init) => (await (await openCache())?.match(input)) ?? fetchOwn(input, init)

const stopped = new AbortController()
let files: AssetFiles | null = null
let effect: WorkerEffect = { kind: 'blur' }
let compositor: Compositor | null = null
let pipeline: Pipeline | null = null
let attempts = 0
let budget: FrameBudget = initialFrameBudget
let load = { encoderLimited: false, soundSuffers: false }
let stopCamera = () => {}
let waitingForGrab = false

const pump = createPump({
  now,
  blank: blankPicture,
  processing() {
    attempts = 0
    tell({ kind: 'processing' })
  },
  broken() {
    tell({ kind: 'interrupted' })
    void startPipeline()
  },
  figures: judge,
})

function judge(figures: FrameFigures): void {
  tell({ kind: 'figures', figures })
  if (!pipeline || figures.framesOut === 0) return
  const { state, effects } = reduceFrameBudget(budget, { ...figures, ...load })
  budget = state
  for (const one of effects) {
    if (one.kind === 'step') {
      pipeline.setStep(one.step)
      tell({ kind: 'max-height', lines: one.step.maxHeight })
    } else tell({ kind: one.kind })
  }
}

async function fetched(names: readonly AssetName[]): Promise<ReadonlyMap<AssetName, Response>> {
  if (!files) throw new Error('Not started')
  return loadAssets({ fetch: fetchOwn, openCache }, files, names, stopped.signal, (progress) => tell({ kind: 'progress', ...progress }))
}

async function startSegmenter(model: SegmenterModel) {
  const name = modelFiles[model]
  const bytes = await (await fetched([name])).get(name)?.arrayBuffer()
  if (!bytes || !files) throw new Error('No model')
  const onLost = () => {
    pump.setPipeline(null)
    tell({ kind: 'interrupted' })
    void startPipeline()
  }
  return createSegmenter(files.folder, model, new Uint8Array(bytes), onLost)
}

/** Everything anew: the compositor forgets the person, the runtime gets a new graphics context. */
async function startPipeline(): Promise<void> {
  pump.setPipeline(null)
  pipeline?.close()
  pipeline = null
  attempts += 1
  if (attempts > mostAttempts) return tell({ kind: 'failed', problem: 'not-started' })
  let assets: ReadonlyMap<AssetName, Response>
  try {
    assets = await fetched(alwaysNeeded)
  } catch {
    return stopped.signal.aborted ? undefined : tell({ kind: 'failed', problem: 'not-fetched' })
  }
  try {
    const wasm = assets.get('compositor.wasm')
    if (!wasm) throw new Error('No compositor')
    compositor = await createCompositor(wasm)
    compositor.setEffect(effect)
    pipeline = createPipeline({ compositor, segmenter: startSegmenter, now })
    pipeline.setStep(frameStep(budget))
    pump.setPipeline(pipeline)
  } catch {
    void startPipeline()
  }
}

function useCamera(frames: ReadableStream<VideoFrame>): void {
  stopCamera()
  stopCamera = readFrames(frames, pump.take)
}

function grabFrames(framesPerSecond: number): void {
  pump.setOutput(paintedOutput((image) => tell({ kind: 'paint', image }, [image])))
  stopCamera = everyFrame(framesPerSecond, now, () => {
    if (waitingForGrab) return
    waitingForGrab = true
    tell({ kind: 'grab' })
  })
}

async function takeGrabbed(frame: VideoFrame | null): Promise<void> {
  if (frame) await pump.take(frame)
  waitingForGrab = false
}

scope.onmessage = ({ data: message }) => {
  switch (message.kind) {
    case 'start':
      files = message.files
      effect = message.effect
      return void startPipeline()
    case 'output':
      return pump.setOutput(streamOutput(message.frames))
    case 'make-output': {
      const generator = new VideoTrackGenerator()
      pump.setOutput(streamOutput(generator.writable))
      return tell({ kind: 'output-track', track: generator.track }, [generator.track as unknown as Transferable])
    }
    case 'camera':
      return useCamera(message.frames)
    case 'camera-track':
      return useCamera(new MediaStreamTrackProcessor({ track: message.track, maxBufferSize: 1 }).readable)
    case 'make-grabs':
      return grabFrames(message.framesPerSecond)
    case 'grabbed':
      return void takeGrabbed(message.frame)
    case 'effect':
      effect = message.effect
      return compositor?.setEffect(effect)
    case 'load':
      load = message
      return
    case 'close':
      stopped.abort()
      stopCamera()
      pump.close()
      pipeline?.close()
      return scope.close()
  }
}
