import { blurredBySystem, frameSupport } from '../adapters/backgrounds/frame-support.ts'
import { createProjectImages } from '../adapters/backgrounds/project-images.ts'
import { createBlankTrack } from '../adapters/media/blank-track.ts'
import type { ImageStore, OwnBackgrounds } from '../background-ports.ts'
import { type BackgroundImages, createBackgroundImages } from '../features/backgrounds/background-images.ts'
import { type CameraWithBackgroundDeps, createCameraWithBackground } from '../features/backgrounds/camera-with-background.ts'
import type { LocalMedia } from '../features/device-check/local-media-state.ts'

type Given = Pick<CameraWithBackgroundDeps, 'practice' | 'preferences' | 'page'> & { readonly imageStore: ImageStore }
type Composed = { readonly media: ReturnType<typeof createCameraWithBackground>; readonly images: BackgroundImages }

/** What processes comes with the first background that is chosen, what reads images with the first look at them. */
export function composeCamera(devices: LocalMedia, { imageStore, ...given }: Given): Composed {
  const images = createBackgroundImages(createProjectImages(), laterOwnImages(imageStore))
  const media = createCameraWithBackground(devices, {
    ...given,
    load: async () => (await import('../adapters/backgrounds/open-backgrounds.ts')).openBackgrounds(),
    support: askedOnce(frameSupport),
    imageOf: images.imageOf,
    alreadyBlurred: blurredBySystem,
    blank: createBlankTrack,
  })
  return { media, images }
}

/** It takes a graphics context, of which a page has few, and some milliseconds; the answer is another one only after a restart. */
function askedOnce<Answer extends string>(ask: () => Answer): () => Answer {
  let answer: Answer | null = null
  return () => {
    answer ??= ask()
    return answer
  }
}

function laterOwnImages(store: ImageStore): OwnBackgrounds {
  const load = async () => (await import('../adapters/backgrounds/own-images.ts')).createOwnImages(store)
  return {
    list: async () => (await load()).list(),
    imageOf: async (id) => (await load()).imageOf(id),
    add: async (file) => (await load()).add(file),
    remove: async (id) => (await load()).remove(id),
  }
}
