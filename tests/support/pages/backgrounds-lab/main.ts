/// <reference path="../../../../pwa/src/adapters/backgrounds/assets.d.ts" />
/// <reference path="../../../../pwa/src/adapters/backgrounds/frames.d.ts" />
import { createBackgrounds } from '../../../../pwa/src/adapters/backgrounds/processor.ts'
import { assetFiles } from '../../../../pwa/src/adapters/backgrounds/asset-files.ts?served'
import type { BackgroundEffect, BackgroundEvent, ProcessedCamera } from '../../../../pwa/src/background-ports.ts'
import { createFilmCamera } from './film-camera.ts'
import type { Fault } from './faults.ts'
import { createSampledWatch } from './sampled-watch.ts'
import { createWatch, type Seen } from './watch.ts'
import type { FrameFigures, FromWorker } from '../../../../pwa/src/adapters/backgrounds/worker/messages.ts'

declare global {
  interface Window {
    lab: Lab
  }
}

const events: BackgroundEvent[] = []
const workers: Worker[] = []
let figures: FrameFigures | null = null
let camera: MediaStreamTrack | null = null
let processed: ProcessedCamera | null = null
/** What the window does with what the worker says: milliseconds, and how often it painted. */
const windowWork = { ms: 0, painted: 0 }

function timed<T>(run: () => T): T {
  const begin = performance.now()
  const made = run()
  windowWork.ms += performance.now() - begin
  return made
}

function timeHandlers(worker: Worker): void {
  worker.addEventListener = (kind: string, listener: EventListenerOrEventListenerObject, options?: AddEventListenerOptions | boolean) => {
    const heard = (event: Event) => timed(() => typeof listener === 'function' && listener.call(worker, event))
    EventTarget.prototype.addEventListener.call(worker, kind, kind === 'message' ? heard : listener, options)
  }
}

const askForFrame = HTMLVideoElement.prototype.requestVideoFrameCallback
HTMLVideoElement.prototype.requestVideoFrameCallback = function ask(callback) {
  return askForFrame.call(this, (now, metadata) => timed(() => callback(now, metadata)))
}

function createWorker(): Worker {
  const worker = new Worker(new URL('./lab-worker.ts', import.meta.url), { type: 'module' })
  timeHandlers(worker)
  worker.addEventListener('message', ({ data }: MessageEvent<FromWorker>) => {
    if (data.kind === 'figures') figures = data.figures
    if (data.kind === 'paint') windowWork.painted += 1
  })
  workers.push(worker)
  return worker
}

const faults = new BroadcastChannel('faults')
const { watch, seen, look, forget } = typeof MediaStreamTrackProcessor === 'function' ? createWatch() : createSampledWatch()
const backgrounds = createBackgrounds({ files: assetFiles, createWorker })

async function openCamera(width: number, height: number): Promise<MediaStreamTrack> {
  const stream = await navigator.mediaDevices.getUserMedia({ video: { width, height, frameRate: 30 } })
  const [track] = stream.getVideoTracks()
  if (!track) throw new Error('No camera')
  return track
}

async function effectOf(kind: 'light' | 'blur' | 'image'): Promise<BackgroundEffect> {
  if (kind !== 'image') return { kind }
  const canvas = new OffscreenCanvas(640, 360)
  const paint = canvas.getContext('2d')
  if (!paint) throw new Error('No canvas')
  const gradient = paint.createLinearGradient(0, 0, 640, 360)
  gradient.addColorStop(0, '#dfe7dd')
  gradient.addColorStop(1, '#4d6a6d')
  paint.fillStyle = gradient
  paint.fillRect(0, 0, 640, 360)
  return { kind: 'image', image: await canvas.convertToBlob() }
}

const lab = {
  windowWork: () => ({ ...windowWork }),
  support: () => backgrounds.support(),
  async start(kind: 'light' | 'blur' | 'image', width = 640, height = 360): Promise<string> {
    camera = await openCamera(width, height)
    const answer = await backgrounds.process(camera, await effectOf(kind))
    if (!answer.ok) return answer.error
    processed = answer.value
    processed.subscribe((event) => {
      events.push(event)
      if (event.kind === 'replaced') void watch(event.track)
    })
    void watch(processed.track())
    return 'ok'
  },
  async camera(width: number, height: number): Promise<void> {
    const before = camera
    camera = await openCamera(width, height)
    processed?.setCamera(camera)
    before?.stop()
  },
  /** A film that stands in for the camera from now on; its frames as I420 in base64. */
  useFilm(width: number, height: number, frames: readonly string[]): void {
    const film = createFilmCamera(width, height, frames)
    navigator.mediaDevices.getUserMedia = async () => film()
  },
  /** The browser's own again. */
  useCamera(): void {
    navigator.mediaDevices.getUserMedia = MediaDevices.prototype.getUserMedia
  },
  /** What would be seen if the camera's own track were sent. */
  async lookAtCamera(): Promise<Seen> {
    const before = seen()
    if (typeof MediaStreamTrackProcessor !== 'function') {
      await watch(camera)
      while (seen().frames < before.frames + 20) await new Promise((resolve) => setTimeout(resolve, 50))
      await watch((processed as ProcessedCamera).track())
      const shown = seen()
      forget(before)
      return { ...shown, leaked: shown.leaked - before.leaked }
    }
    const reader = new MediaStreamTrackProcessor({ track: (camera as MediaStreamTrack).clone() }).readable.getReader()
    const { value } = await reader.read()
    if (value) look(value)
    value?.close()
    await reader.cancel()
    const raw = { ...seen(), leaked: seen().leaked - before.leaked }
    forget(before)
    return raw
  },
  async effect(kind: 'light' | 'blur' | 'image'): Promise<void> {
    processed?.setEffect(await effectOf(kind))
  },
  /** What a model makes of stills, as drawn at the model's size: base64 of their pixels in, the masks out. */
  async masks(model: 'landscape' | 'square', stills: readonly string[]): Promise<number[][]> {
    const worker = new Worker(new URL('./mask-worker.ts', import.meta.url), { type: 'module' })
    const pictures = stills.map((pixels) => Uint8ClampedArray.from(atob(pixels), (char) => char.charCodeAt(0)))
    const answer = new Promise<number[][]>((resolve, reject) => {
      worker.onmessage = ({ data }: MessageEvent<{ masks: Float32Array[] }>) => resolve(data.masks.map((mask) => [...mask]))
      worker.onerror = ({ message }) => reject(new Error(message))
    })
    worker.postMessage({ folder: assetFiles.folder, model, file: `selfie-${model}.tflite`, pictures })
    return answer.finally(() => worker.terminate())
  },
  track: () => (processed as ProcessedCamera).track(),
  /** To all workers that live. */
  fault: (fault: Fault) => faults.postMessage(fault),
  killWorker: () => workers.at(-1)?.terminate(),
  close: () => processed?.close(),
  events: () => events.map((event) => event.kind),
  figures: () => figures,
  workers: () => workers.length,
  seen,
  /** A PNG of what the processed track shows. */
  async picture(): Promise<string> {
    const reader = new MediaStreamTrackProcessor({ track: (processed as ProcessedCamera).track().clone() }).readable.getReader()
    const { value } = await reader.read()
    if (!value) throw new Error('No picture')
    const canvas = document.createElement('canvas')
    canvas.width = value.displayWidth
    canvas.height = value.displayHeight
    canvas.getContext('2d')?.drawImage(value, 0, 0)
    value.close()
    await reader.cancel()
    return canvas.toDataURL('image/png')
  },
}

export type Lab = typeof lab

window.lab = lab
