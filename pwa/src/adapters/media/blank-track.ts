import type { BlankTrack } from '../../background-ports.ts'

/** Painted anew this often: whoever begins to look sees black, and not what came last. */
const paintEveryMs = 250

/** A black picture that was never near a camera. */
export function createBlankTrack(): BlankTrack {
  const canvas = document.createElement('canvas')
  canvas.width = 640
  canvas.height = 360
  const context = canvas.getContext('2d', { alpha: false })
  const [track] = canvas.captureStream().getVideoTracks()
  if (!context || !track) throw new Error('This browser captures no canvas')
  const paint = () => context.fillRect(0, 0, canvas.width, canvas.height)
  paint()
  const timer = setInterval(paint, paintEveryMs)
  return {
    track,
    stop() {
      clearInterval(timer)
      track.stop()
    },
  }
}
