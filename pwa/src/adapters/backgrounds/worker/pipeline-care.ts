import { type FrameStep, frameSteps } from '@alcove/shared/domain/frame-budget'
import { type AssetName, alwaysNeeded } from '../asset-files.ts'
import type { Compositor } from '../compositor/compositor.ts'
import type { FromWorker, WorkerEffect } from './messages.ts'
import { createPipeline, type Pipeline } from './pipeline.ts'
import type { Segmenter, SegmenterModel } from './segmenter.ts'

export type PipelineCareDeps = {
  /** Rejects when one of them cannot be had. */
  readonly load: (names: readonly AssetName[]) => Promise<ReadonlyMap<AssetName, Response>>
  readonly createCompositor: (wasm: Response) => Promise<Compositor>
  readonly createSegmenter: (model: SegmenterModel, bytes: Uint8Array, onLost: () => void) => Promise<Segmenter>
  /** The pump's: null while there is none. */
  readonly use: (pipeline: Pipeline | null) => void
  readonly tell: (message: FromWorker) => void
  readonly now: () => number
  /** Resolves after so long, or as soon as there is a network again. */
  readonly wait: (ms: number) => Promise<void>
}

export type PipelineCare = {
  start(effect: WorkerEffect): void
  setEffect(effect: WorkerEffect): void
  setStep(step: FrameStep): void
  /** The pipeline in use could not process a frame. */
  broke(): void
  /** Its frames go out. */
  works(): void
  /** An upright picture has come, for which there is a model of its own. */
  sawUpright(): void
  close(): void
}

const modelFiles: Readonly<Record<SegmenterModel, AssetName>> = { landscape: 'selfie-landscape.tflite', square: 'selfie-square.tflite' }
/** So many pipelines in a row may break; what another worker does not mend either is said then. */
const mostInARow = 3
/** What worked for so long had no reason to break in how it was started. */
const steadyMs = 10_000
const shortestWaitMs = 2000
const longestWaitMs = 30_000

/** Starts the pipeline, and starts it anew whenever it breaks, with a compositor that knows nobody and a runtime with a new graphics context. */
export function createPipelineCare(deps: PipelineCareDeps): PipelineCare {
  const { load, createCompositor, createSegmenter, use, tell, now, wait } = deps
  const bytesOf = new Map<AssetName, ArrayBuffer>()
  let effect: WorkerEffect = { kind: 'blur' }
  let step: FrameStep = frameSteps[0]
  let compositor: Compositor | null = null
  let pipeline: Pipeline | null = null
  /** Grows with each start: what an older one still does or hears counts for nothing. */
  let life = 0
  let inARow = 0
  let worksSince: number | null = null
  let square: 'not asked' | 'asked' | 'here' = 'not asked'
  let closed = false

  function drop(): void {
    life += 1
    use(null)
    pipeline?.close()
    pipeline = null
    compositor = null
  }

  async function startAnew(): Promise<void> {
    drop()
    if (closed) return
    const mine = life
    if (inARow >= mostInARow) return tell({ kind: 'gave-up' })
    try {
      if (!(await fetchNeeded(mine))) return
      const made = await createCompositor(new Response(bytesOf.get('compositor.wasm') ?? null))
      if (mine !== life) return
      compositor = made
      compositor.setEffect(effect)
      pipeline = createPipeline({ compositor, segmenter: (model) => startSegmenter(model, mine), now })
      pipeline.setStep(steps())
      use(pipeline)
    } catch {
      if (mine === life) again()
    }
  }

  function again(): void {
    inARow = worksSince !== null && now() - worksSince >= steadyMs ? 1 : inARow + 1
    worksSince = null
    void startAnew()
  }

  function interrupted(): void {
    if (closed) return
    tell({ kind: 'interrupted' })
    again()
  }

  /** Does not give up: a network comes back. @returns false when it is no longer needed. */
  async function fetchNeeded(mine: number): Promise<boolean> {
    for (let pauseMs = shortestWaitMs; !bytesOf.has('compositor.wasm'); pauseMs = Math.min(pauseMs * 2, longestWaitMs)) {
      try {
        await keep(await load(alwaysNeeded))
      } catch {
        if (closed || mine !== life) return false
        tell({ kind: 'failed', problem: 'not-fetched' })
        await wait(pauseMs)
      }
      if (closed || mine !== life) return false
    }
    return true
  }

  /** Small enough to be kept at hand: then starting again needs no network, and no cache. The runtime fetches its own files. */
  async function keep(assets: ReadonlyMap<AssetName, Response>): Promise<void> {
    const small = [...assets].filter(([name]) => name === 'compositor.wasm' || name.endsWith('.tflite'))
    const read = await Promise.all(small.map(async ([name, response]) => [name, await response.arrayBuffer()] as const))
    for (const [name, bytes] of read) bytesOf.set(name, bytes)
  }

  async function startSegmenter(model: SegmenterModel, mine: number): Promise<Segmenter> {
    const bytes = bytesOf.get(modelFiles[model])
    if (!bytes) throw new Error('The model is not here')
    // A context of an older runtime may be lost at any time, when there are too many of them.
    const made = await createSegmenter(model, new Uint8Array(bytes.slice(0)), () => mine === life && interrupted())
    if (mine === life) return made
    made.close()
    throw new Error('It is no longer needed')
  }

  /** The square model comes later, if ever: until it is here, the other one does. */
  const steps = (): FrameStep => (square === 'here' ? step : { ...step, model: 'light' })

  return {
    start(first) {
      effect = first
      void startAnew()
    },
    setEffect(next) {
      const before = effect
      effect = next
      compositor?.setEffect(next)
      if (before.kind === 'image' && before !== next) before.image.close()
    },
    setStep(next) {
      step = next
      pipeline?.setStep(steps())
    },
    broke: interrupted,
    works() {
      worksSince = now()
      tell({ kind: 'processing' })
    },
    async sawUpright() {
      if (square !== 'not asked') return
      square = 'asked'
      try {
        await keep(await load([modelFiles.square]))
        square = 'here'
        pipeline?.setStep(steps())
      } catch {
        await wait(longestWaitMs)
        square = 'not asked'
      }
    },
    close() {
      closed = true
      drop()
    },
  }
}
