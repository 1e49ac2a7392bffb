import { type ProjectImage, projectImages } from '@alcove/shared/domain/background'
import type { ProjectImages } from '../../background-ports.ts'

/** Drawn by scripts/draw-backgrounds.mjs. */
const files = import.meta.glob<string>('./images/*.webp', { query: '?url', import: 'default', eager: true })

function urlOf(name: string): string {
  const url = files[`./images/${name}.webp`]
  if (url === undefined) throw new Error(`There is no image ${name}`)
  return url
}

/** Nothing is fetched before somebody looks at them or chooses one; the service worker keeps what was fetched. */
export function createProjectImages(get: (url: string) => Promise<Response> = (url) => fetch(url)): ProjectImages {
  const urls = new Map(projectImages.map((image) => [image, { full: urlOf(image), thumbnail: urlOf(`${image}-small`) }]))
  const url = (image: ProjectImage, kind: 'full' | 'thumbnail') => urls.get(image)?.[kind] ?? ''
  return {
    thumbnailUrl: (image) => url(image, 'thumbnail'),
    async imageOf(image) {
      try {
        const response = await get(url(image, 'full'))
        return response.ok ? await response.blob() : null
      } catch {
        return null
      }
    },
  }
}
