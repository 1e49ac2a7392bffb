/// <reference path="./frames.d.ts" />
import type { BackgroundSupport } from '../../background-ports.ts'
import type { FromWorker, ToWorker } from './worker/messages.ts'

/** How frames get from the camera into the worker and out of it again, in this browser. The worker decides what goes out. */
export type FrameRoute = {
  /** The only track that may leave. */
  readonly track: MediaStreamTrack
  setCamera(camera: MediaStreamTrack): void
  close(): void
}

type Send = (message: ToWorker, transfer?: Transferable[]) => void

const grabsPerSecond = 30

export function frameSupport(): BackgroundSupport {
  if (typeof OffscreenCanvas !== 'function' || typeof Worker !== 'function' || typeof VideoFrame !== 'function') return 'no-frames'
  // The worker asks for one of these too.
  const context = new OffscreenCanvas(1, 1).getContext('webgl2')
  if (!context) return 'no-webgl2'
  context.getExtension('WEBGL_lose_context')?.loseContext()
  return 'available'
}

/** Chromium has both ends in windows; Safari in workers, whereto tracks travel; Firefox has neither. */
export async function connectFrames(worker: Worker, send: Send): Promise<FrameRoute> {
  if (typeof MediaStreamTrackGenerator === 'function' && typeof MediaStreamTrackProcessor === 'function') return streamRoute(send)
  if (isSafari()) return trackRoute(worker, send)
  return grabRoute(worker, send)
}

/** Only Safari lets tracks travel, and only workers there have the interfaces; nothing in the window says so. */
function isSafari(): boolean {
  return /^((?!chrome|android|crios|fxios).)*safari/i.test(navigator.userAgent)
}

function streamRoute(send: Send): FrameRoute {
  const generator = new MediaStreamTrackGenerator({ kind: 'video' })
  send({ kind: 'output', frames: generator.writable }, [generator.writable])
  return {
    track: generator,
    setCamera(camera) {
      const { readable } = new MediaStreamTrackProcessor({ track: camera, maxBufferSize: 1 })
      send({ kind: 'camera', frames: readable }, [readable])
    },
    close: () => generator.stop(),
  }
}

async function trackRoute(worker: Worker, send: Send): Promise<FrameRoute> {
  const track = await new Promise<MediaStreamTrack>((resolve, reject) => {
    worker.addEventListener('error', () => reject(new Error('The worker did not start')), { once: true })
    worker.addEventListener('message', function hear({ data }: MessageEvent<FromWorker>) {
      if (data.kind !== 'output-track') return
      worker.removeEventListener('message', hear)
      resolve(data.track)
    })
    send({ kind: 'make-output' })
  })
  return {
    track,
    setCamera(camera) {
      // A copy travels: the camera's own track stays with whoever stops it.
      const copy = camera.clone()
      camera.addEventListener('ended', () => copy.stop())
      send({ kind: 'camera-track', track: copy }, [copy as unknown as Transferable])
    },
    close: () => track.stop(),
  }
}

/**
 * The worker's clock asks, since its timers also run in hidden tabs; the window grabs what the camera shows and paints what comes
 * back: two short tasks a frame.
 */
function grabRoute(worker: Worker, send: Send): FrameRoute {
  const video = document.createElement('video')
  video.muted = true
  video.playsInline = true
  const canvas = document.createElement('canvas')
  canvas.width = 16
  canvas.height = 9
  const context = canvas.getContext('bitmaprenderer')
  const [track] = canvas.captureStream().getVideoTracks()
  if (!context || !track) throw new Error('This browser captures no canvas')
  const painter = context

  function hear({ data }: MessageEvent<FromWorker>): void {
    if (data.kind === 'grab') grab()
    else if (data.kind === 'paint') {
      if (canvas.width !== data.image.width) canvas.width = data.image.width
      if (canvas.height !== data.image.height) canvas.height = data.image.height
      painter.transferFromImageBitmap(data.image)
    }
  }
  function grab(): void {
    const isReady = video.readyState >= HTMLMediaElement.HAVE_CURRENT_DATA && video.videoWidth > 0
    const frame = isReady ? new VideoFrame(video, { timestamp: Math.round(performance.now() * 1000) }) : null
    send({ kind: 'grabbed', frame }, frame ? [frame] : [])
  }
  worker.addEventListener('message', hear)
  send({ kind: 'make-grabs', framesPerSecond: grabsPerSecond })
  return {
    track,
    setCamera(camera) {
      video.srcObject = new MediaStream([camera])
      void video.play().catch(() => undefined)
    },
    close() {
      worker.removeEventListener('message', hear)
      video.srcObject = null
      track.stop()
    },
  }
}
