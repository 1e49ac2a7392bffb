/// <reference path="../../../../pwa/src/adapters/backgrounds/assets.d.ts" />
/// <reference path="../../../../pwa/src/adapters/backgrounds/frames.d.ts" />
import { createBackgrounds } from '../../../../pwa/src/adapters/backgrounds/processor.ts'
import { assetFiles } from '../../../../pwa/src/adapters/backgrounds/asset-files.ts?served'
import type { BackgroundEffect, BackgroundEvent, ProcessedCamera } from '../../../../pwa/src/background-ports.ts'
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
function createWorker(): Worker {
  const worker = new Worker(new URL('../../../../pwa/src/adapters/backgrounds/worker/frame-worker.ts', import.meta.url), {
    type: 'module',
  })
  worker.addEventListener('message', ({ data }: MessageEvent<FromWorker>) => {
    if (data.kind === 'figures') figures = data.figures
  })
  workers.push(worker)
  return worker
}

const { watch, count, seen, look, forget } = createWatch()
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
  /** What would be seen if the camera's own track were sent. */
  async lookAtCamera(): Promise<Seen> {
    const before = seen()
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
  /** What a model makes of a still, as drawn at the model's size: base64 of its pixels in, the mask out. */
  async mask(model: 'landscape' | 'square', pixels: string): Promise<number[]> {
    const worker = new Worker(new URL('./mask-worker.ts', import.meta.url), { type: 'module' })
    const bytes = Uint8ClampedArray.from(atob(pixels), (char) => char.charCodeAt(0))
    const answer = new Promise<number[]>((resolve, reject) => {
      worker.onmessage = ({ data }: MessageEvent<{ mask: Float32Array }>) => resolve([...data.mask])
      worker.onerror = ({ message }) => reject(new Error(message))
    })
    worker.postMessage({ folder: assetFiles.folder, model, file: `selfie-${model}.tflite`, pixels: bytes })
    return answer.finally(() => worker.terminate())
  },
  track: () => (processed as ProcessedCamera).track(),
  killWorker: () => workers.at(-1)?.terminate(),
  close: () => processed?.close(),
  events: () => events.map((event) => event.kind),
  figures: () => figures,
  workers: () => workers.length,
  seen,
  count: (ms: number) => count((processed as ProcessedCamera).track(), ms),
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
