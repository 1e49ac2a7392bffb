/// <reference path="../../../../pwa/src/adapters/backgrounds/frames.d.ts" />
import type { Counted } from '../backgrounds-lab/watch.ts'
import { createCall } from './call.ts'
import type { Contender, Effect, Processed } from './contender.ts'
import { createWatcher } from './watcher.ts'

/** The page's side of the bench: a camera, whoever processes it, and whoever looks at the result. */

declare global {
  interface Window {
    stage: Stage
  }
}

/** One colour that no person has: who stands before it can be cut out of the picture. */
export const keyColour = [255, 0, 255] as const

export async function keyImage(): Promise<Blob> {
  const canvas = new OffscreenCanvas(640, 360)
  const paint = canvas.getContext('2d')
  if (!paint) throw new Error('No canvas')
  paint.fillStyle = `rgb(${keyColour.join(' ')})`
  paint.fillRect(0, 0, 640, 360)
  return canvas.convertToBlob()
}

async function openCamera(width: number, height: number): Promise<MediaStreamTrack> {
  const stream = await navigator.mediaDevices.getUserMedia({ video: { width, height, frameRate: 30 } })
  const [track] = stream.getVideoTracks()
  if (!track) throw new Error('No camera')
  return track
}

/** How long the window's thread was busy at most: a short timer that comes late. */
function measureGaps(): () => number {
  let longest = 0
  let last = performance.now()
  const ticks = setInterval(() => {
    const at = performance.now()
    longest = Math.max(longest, at - last - 4)
    last = at
  }, 4)
  return () => {
    clearInterval(ticks)
    return longest
  }
}

const base64 = (bytes: Uint8ClampedArray) => {
  let text = ''
  for (let i = 0; i < bytes.length; i += 0x8000) text += String.fromCharCode(...bytes.subarray(i, i + 0x8000))
  return btoa(text)
}

function createStage(contender: Contender) {
  const watcher = createWatcher()
  const call = createCall()
  let camera: MediaStreamTrack | null = null
  let processed: Processed | null = null
  let longestGap = () => 0
  const running = () => {
    if (!processed) throw new Error('Not started')
    return processed
  }

  return {
    async open(width: number, height: number): Promise<void> {
      camera = await openCamera(width, height)
    },
    /** The click. @returns when that was, epoch milliseconds. */
    async start(effect: Effect): Promise<number> {
      if (!camera) throw new Error('No camera')
      const begin = performance.timeOrigin + performance.now()
      processed = await contender(camera, effect)
      watcher.watch(processed.track())
      processed.onTrack((track) => watcher.watch(track))
      return begin
    },
    switchTo: (effect: Effect) => running().switchTo(effect),
    async reopen(width: number, height: number): Promise<void> {
      const before = camera
      camera = await openCamera(width, height)
      await running().setCamera(camera)
      before?.stop()
    },
    crash: () => running().crash(),
    unclosed: () => processed?.open() ?? null,
    seen: watcher.seen,
    /** Looking costs processor time. */
    unwatch: watcher.rest,
    count: (lengthMs: number): Promise<Counted> => watcher.count(running().track(), lengthMs),
    beginGaps() {
      longestGap = measureGaps()
    },
    endGaps: () => longestGap(),
    /** One's own preview. */
    show() {
      const video = document.createElement('video')
      video.muted = true
      video.width = 320
      video.srcObject = new MediaStream([running().track()])
      document.body.append(video)
      return video.play()
    },
    async cameraPictures(count: number, width: number, height: number): Promise<string[]> {
      if (!camera) throw new Error('No camera')
      return (await watcher.pictures(camera, count, { width, height })).map(base64)
    },
    async pictures(count: number, width: number, height: number): Promise<string[]> {
      return (await watcher.pictures(running().track(), count, { width, height })).map(base64)
    },
    offer: () => call.offer(running()),
    answer: call.answer,
    accept: call.accept,
    countReceived: async (lengthMs: number) => watcher.count(await call.received(), lengthMs),
    limited: call.limited,
  }
}

export type Stage = ReturnType<typeof createStage>

export function openStage(contender: Contender): void {
  window.stage = createStage(contender)
}
