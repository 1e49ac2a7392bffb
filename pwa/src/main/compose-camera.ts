import { blurredBySystem, frameSupport } from '../adapters/backgrounds/frame-support.ts'
import { createBlankTrack } from '../adapters/media/blank-track.ts'
import { type CameraWithBackgroundDeps, createCameraWithBackground } from '../features/backgrounds/camera-with-background.ts'
import type { LocalMedia } from '../features/device-check/local-media-state.ts'

type Given = Pick<CameraWithBackgroundDeps, 'practice' | 'preferences' | 'imageOf'>

/** What processes comes with the first background that is chosen. */
export function composeCamera(devices: LocalMedia, given: Given): ReturnType<typeof createCameraWithBackground> {
  return createCameraWithBackground(devices, {
    ...given,
    load: async () => (await import('../adapters/backgrounds/open-backgrounds.ts')).openBackgrounds(),
    support: frameSupport,
    alreadyBlurred: blurredBySystem,
    blank: createBlankTrack,
  })
}
