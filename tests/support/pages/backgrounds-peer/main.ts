/// <reference path="../../../../pwa/src/adapters/backgrounds/frames.d.ts" />
import { BackgroundProcessor } from '@livekit/track-processors'
import { createWatch } from '../backgrounds-lab/watch.ts'

/** @livekit/track-processors without LiveKit around it: its own pipeline, with its files from us and the same model. */
declare global {
  interface Window {
    peer: Peer
  }
}

const { watch, count, seen } = createWatch()
let processedTrack: MediaStreamTrack | null = null

const peer = {
  async start(width: number, height: number): Promise<number> {
    const stream = await navigator.mediaDevices.getUserMedia({ video: { width, height, frameRate: 30 } })
    const [track] = stream.getVideoTracks()
    if (!track) throw new Error('No camera')
    const begin = performance.now()
    const processor = BackgroundProcessor({
      mode: 'background-blur',
      blurRadius: 10,
      assetPaths: { tasksVisionFileSet: '/peer', modelAssetPath: '/peer/model.tflite' },
    })
    const element = document.createElement('video')
    element.muted = true
    element.srcObject = stream
    await element.play()
    type Options = Parameters<typeof processor.init>[0]
    await processor.init({ kind: 'video', track, element } as unknown as Options)
    processedTrack = processor.processedTrack ?? null
    if (!processedTrack) throw new Error('The peer has no track')
    void watch(processedTrack)
    return begin
  },
  seen,
  count: (ms: number) => count(processedTrack as MediaStreamTrack, ms),
}

export type Peer = typeof peer

window.peer = peer
