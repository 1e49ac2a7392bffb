import { FilesetResolver, ImageSegmenter } from '@mediapipe/tasks-vision'

/**
 * The one door to the tasks runtime and its selfie models. On the processor (CPU delegate): a small ImageData in, the person's
 * share of each of its pixels out, 0 to 1. It needs a WebGL 2 context all the same.
 */
export type Segmenter = {
  readonly width: number
  readonly height: number
  /** Valid until the next call. `at` must grow from call to call. Throws when it is lost. */
  segment(pixels: Uint8ClampedArray<ArrayBuffer>, at: number): Float32Array
  close(): void
}

export type SegmenterModel = 'landscape' | 'square'

/** What the models take in; 33 and 59 million multiplications a frame. */
export const modelSizes: Readonly<Record<SegmenterModel, { readonly width: number; readonly height: number }>> = {
  landscape: { width: 256, height: 144 },
  square: { width: 256, height: 256 },
}

/**
 * The runtime reports how it is used to its maker, once a minute. The worker's content security policy forbids it; this makes sure
 * where a server forgets to send one: nothing in this worker may ask any other server than ours, for anything.
 */
export function keepToOwnServer(scope: {
  fetch: typeof fetch
  readonly location: { readonly origin: string; readonly href: string }
}): void {
  const own = scope.fetch.bind(scope)
  scope.fetch = (input, init) => {
    const url = new URL(input instanceof Request ? input.url : String(input), scope.location.href)
    return url.origin === scope.location.origin ? own(input, init) : Promise.reject(new TypeError('Only our own server is asked'))
  }
}

export async function createSegmenter(
  folder: string,
  model: SegmenterModel,
  modelBytes: Uint8Array,
  onLost: () => void,
): Promise<Segmenter> {
  const { width, height } = modelSizes[model]
  const canvas = new OffscreenCanvas(width, height)
  let lost = false
  canvas.addEventListener('webglcontextlost', () => {
    lost = true
    onLost()
  })
  const task = await oneAtATime(async () => {
    const runtime = await FilesetResolver.forVisionTasks(folder, true)
    await provideLoader(runtime.wasmLoaderPath)
    return ImageSegmenter.createFromOptions(runtime, {
      baseOptions: { modelAssetBuffer: modelBytes, delegate: 'CPU' },
      canvas,
      runningMode: 'VIDEO',
      outputConfidenceMasks: true,
      outputCategoryMask: false,
    })
  })
  let last = 0
  return {
    width,
    height,
    segment(pixels, at) {
      if (lost) throw new Error('The graphics context is lost')
      last = Math.max(at, last + 1)
      let answer: Float32Array | null = null
      task.segmentForVideo(new ImageData(pixels, width, height), last, (result) => {
        answer = result.confidenceMasks?.[0]?.getAsFloat32Array() ?? null
      })
      const values = answer as Float32Array | null
      if (lost || !values || values.length !== width * height) throw new Error('The model gave no answer')
      return values
    },
    close: () => task.close(),
  }
}

let starting: Promise<unknown> = Promise.resolve()

function oneAtATime<T>(start: () => Promise<T>): Promise<T> {
  const started = starting.then(start, start)
  starting = started.catch(() => undefined)
  return started
}

/**
 * The runtime expects that its loader, a module, leaves itself in a global, and takes it away from there. But a module runs once in a
 * worker: the second task (after a lost context, or with another model) would find nothing.
 */
async function provideLoader(path: string): Promise<void> {
  const loader = (await import(/* @vite-ignore */ path)) as { readonly default: unknown }
  Object.assign(globalThis, { ModuleFactory: loader.default })
}
