/// <reference path="../../../../pwa/src/adapters/backgrounds/assets.d.ts" />
/// <reference path="../../../../pwa/src/adapters/backgrounds/frames.d.ts" />
import { createBackgrounds } from '../../../../pwa/src/adapters/backgrounds/processor.ts'
import { assetFiles } from '../../../../pwa/src/adapters/backgrounds/asset-files.ts?served'
import type { BackgroundEffect, BackgroundEvent, ProcessedCamera } from '../../../../pwa/src/background-ports.ts'
import type { FrameFigures, FromWorker } from '../../../../pwa/src/adapters/backgrounds/worker/messages.ts'

/** What a picture of the processed track shows. */
export type Seen = {
  readonly frames: number
  readonly distinct: number
  /** Frames in which the marker of the camera's background could be seen sharply. */
  readonly leaked: number
  readonly black: number
}

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
let seen = { frames: 0, distinct: 0, leaked: 0, black: 0 }
let watched: MediaStreamTrack | null = null
let lastPicture = ''
const small = new OffscreenCanvas(160, 90)
const context = small.getContext('2d', { willReadFrequently: true })

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

const backgrounds = createBackgrounds({ files: assetFiles, createWorker })

/** The fake camera's background has black and white stripes in its upper left corner, far from the person: a blur makes them grey. */
function look(picture: CanvasImageSource): void {
  if (!context) throw new Error('No canvas')
  context.drawImage(picture, 0, 0, small.width, small.height)
  const { data } = context.getImageData(0, 0, small.width, small.height)
  let white = 0
  let dark = 0
  let light = 0
  let sum = 0
  for (let i = 0; i < data.length; i += 4) {
    const [r, g, b] = [data[i] ?? 0, data[i + 1] ?? 0, data[i + 2] ?? 0]
    const corner = i < 20 * small.width * 4 && (i / 4) % small.width < 24
    if (corner && r > 200 && g > 200 && b > 200) white += 1
    if (corner && r + g + b < 100) dark += 1
    if (r + g + b > 60) light += 1
    sum = (sum * 31 + r + g * 7 + b * 13) | 0
  }
  const picture_ = String(sum)
  seen = {
    frames: seen.frames + 1,
    distinct: seen.distinct + (picture_ === lastPicture ? 0 : 1),
    leaked: seen.leaked + (white > 40 && dark > 40 ? 1 : 0),
    black: seen.black + (light < 50 ? 1 : 0),
  }
  lastPicture = picture_
}

async function watch(track: MediaStreamTrack): Promise<void> {
  watched = track
  const reader = new MediaStreamTrackProcessor({ track: track.clone() }).readable.getReader()
  for (;;) {
    const { done, value } = await reader.read()
    if (done) return
    if (track === watched) look(value)
    value.close()
  }
}

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
    const before = seen
    const reader = new MediaStreamTrackProcessor({ track: (camera as MediaStreamTrack).clone() }).readable.getReader()
    const { value } = await reader.read()
    if (value) look(value)
    value?.close()
    await reader.cancel()
    const raw = { ...seen, leaked: seen.leaked - before.leaked }
    seen = before
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
  killWorker: () => workers.at(-1)?.terminate(),
  close: () => processed?.close(),
  events: () => events.map((event) => event.kind),
  figures: () => figures,
  workers: () => workers.length,
  seen: (): Seen => seen,
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
