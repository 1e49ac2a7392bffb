import { createTicks } from './ticks.ts'
import { createLook } from './watch.ts'

/** Where tracks give no frames (Firefox): a video shows the track, and is looked at twice as often as frames come. */
export function createSampledWatch() {
  const { look, seen, forget } = createLook()
  const video = document.createElement('video')
  video.muted = true
  createTicks(() => {
    if (video.readyState < HTMLMediaElement.HAVE_CURRENT_DATA || video.videoWidth === 0) return
    const frame = new VideoFrame(video, { timestamp: 0 })
    look(frame)
    frame.close()
  })
  return {
    look,
    async watch(track: MediaStreamTrack | null): Promise<void> {
      video.srcObject = track && new MediaStream([track])
      if (track) await video.play()
    },
    seen,
    forget,
  }
}
