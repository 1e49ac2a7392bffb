/// <reference path="./frames.d.ts" />
import type { FromWorker, ToWorker } from './worker/messages.ts'

/** How frames get from the camera into the worker and out of it again, in this browser. The worker decides what goes out. */
export type FrameRoute = {
  /** The only track that may leave. */
  readonly track: MediaStreamTrack
  /** Throws when it has ended. Null: the camera is gone, and nothing of it may be kept open. */
  setCamera(camera: MediaStreamTrack | null): void
  close(): void
}

export type Send = (message: ToWorker, transfer?: Transferable[]) => void

const grabsPerSecond = 30
/** No new picture for so long: the camera is very slow, or the tab is hidden. */
const silentForMs = 100

/** Chromium has both ends in windows; Safari in workers, whereto tracks travel; Firefox has neither. Only the worker knows which. */
export async function connectFrames(worker: Worker, send: Send): Promise<FrameRoute> {
  if (typeof MediaStreamTrackGenerator === 'function' && typeof MediaStreamTrackProcessor === 'function') return streamRoute(send)
  const track = await madeOutput(worker, send)
  return track ? trackRoute(track, send) : grabRoute(worker, send)
}

function streamRoute(send: Send): FrameRoute {
  const generator = new MediaStreamTrackGenerator({ kind: 'video' })
  send({ kind: 'output', frames: generator.writable }, [generator.writable])
  return {
    track: generator,
    setCamera(camera) {
      if (!camera) return send({ kind: 'no-camera' })
      const { readable } = new MediaStreamTrackProcessor({ track: camera, maxBufferSize: 1 })
      send({ kind: 'camera', frames: readable }, [readable])
    },
    close: () => generator.stop(),
  }
}

function madeOutput(worker: Worker, send: Send): Promise<MediaStreamTrack | null> {
  return new Promise((resolve) => {
    worker.addEventListener('message', function hear({ data }: MessageEvent<FromWorker>) {
      if (data.kind !== 'output-track' && data.kind !== 'no-output') return
      worker.removeEventListener('message', hear)
      resolve(data.kind === 'output-track' ? data.track : null)
    })
    send({ kind: 'make-output' })
  })
}

function trackRoute(track: MediaStreamTrack, send: Send): FrameRoute {
  return {
    track,
    setCamera(camera) {
      if (!camera) return send({ kind: 'no-camera' })
      // A copy travels, which the worker stops: the camera's own track stays with whoever stops it.
      const copy = camera.clone()
      send({ kind: 'camera-track', track: copy }, [copy as unknown as Transferable])
    },
    close: () => track.stop(),
  }
}

/**
 * The window grabs what the camera shows and paints what comes back: two short tasks a frame. It grabs when the camera has a new
 * picture; hidden tabs do not hear of that, and there the worker's clock asks, since timers of workers also run in them.
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
  let isAsked = false
  let newPictureAt = Number.NEGATIVE_INFINITY
  let callback = 0

  function hear({ data }: MessageEvent<FromWorker>): void {
    if (data.kind === 'grab') {
      isAsked = true
      if (data.when === 'now' && performance.now() - newPictureAt > silentForMs) grab()
    } else if (data.kind === 'paint') {
      if (canvas.width !== data.image.width) canvas.width = data.image.width
      if (canvas.height !== data.image.height) canvas.height = data.image.height
      painter.transferFromImageBitmap(data.image)
    }
  }
  function grab(): void {
    if (!isAsked) return
    isAsked = false
    const frame = shownFrame(video)
    send({ kind: 'grabbed', frame }, frame ? [frame] : [])
  }
  function watchPictures(): void {
    callback = video.requestVideoFrameCallback?.(() => {
      newPictureAt = performance.now()
      grab()
      watchPictures()
    })
  }
  worker.addEventListener('message', hear)
  send({ kind: 'make-grabs', framesPerSecond: grabsPerSecond })
  watchPictures()
  return {
    track,
    setCamera(camera) {
      // First: what was grabbed before is the old camera's.
      send({ kind: 'no-camera' })
      video.srcObject = camera && new MediaStream([camera])
      if (camera) void video.play().catch(() => undefined)
    },
    close() {
      worker.removeEventListener('message', hear)
      video.cancelVideoFrameCallback?.(callback)
      video.srcObject = null
      track.stop()
    },
  }
}

/** Null when there is nothing to grab: no picture yet, or none any more. */
function shownFrame(video: HTMLVideoElement): VideoFrame | null {
  if (video.readyState < HTMLMediaElement.HAVE_CURRENT_DATA || video.videoWidth === 0) return null
  try {
    return new VideoFrame(video, { timestamp: Math.round(performance.now() * 1000) })
  } catch {
    return null
  }
}
