import { BackgroundProcessor, type BackgroundProcessorOptions } from '@livekit/track-processors'
import type { Effect } from '../backgrounds-bench/contender.ts'
import { keyImage, openStage } from '../backgrounds-bench/stage.ts'

/** @livekit/track-processors without LiveKit around it: its own pipeline, with its files from us and the same model. */

type Mode =
  | Extract<BackgroundProcessorOptions, { mode: 'background-blur' }>
  | Extract<BackgroundProcessorOptions, { mode: 'virtual-background' }>

/** 10 is what it blurs with by itself. */
async function modeOf(effect: Effect): Promise<Mode> {
  if (effect === 'image') return { mode: 'virtual-background', imagePath: URL.createObjectURL(await keyImage()) }
  return { mode: 'background-blur', blurRadius: effect === 'light' ? 5 : 10 }
}

openStage(async (camera, effect) => {
  const processor = BackgroundProcessor({
    ...(await modeOf(effect)),
    assetPaths: { tasksVisionFileSet: '/assets/peer', modelAssetPath: '/assets/peer/model.tflite' },
  })
  type Options = Parameters<typeof processor.init>[0]
  /** As LiveKit's track does it: an element of its own that plays the camera. */
  async function optionsFor(track: MediaStreamTrack): Promise<Options> {
    const element = document.createElement('video')
    element.muted = true
    element.srcObject = new MediaStream([track])
    await element.play()
    return { kind: 'video', track, element } as unknown as Options
  }
  await processor.init(await optionsFor(camera))
  const track = () => {
    if (!processor.processedTrack) throw new Error('The peer has no track')
    return processor.processedTrack
  }
  let changed = (_: MediaStreamTrack) => {}
  return {
    track,
    onTrack: (listener) => {
      changed = listener
    },
    switchTo: async (next) => processor.switchTo(await modeOf(next)),
    async setCamera(next) {
      await processor.restart(await optionsFor(next))
      changed(track())
    },
    crash: () => false,
    open: () => null,
    reportLoad: () => undefined,
  }
})
