import type { Size } from './preview-position.ts'
import type { RemotePerson } from './room-state.ts'

/** How the stage is divided. `screen`: one shared screen large, every face small beside it. */
export type StageLayout =
  | { readonly kind: 'empty' }
  | { readonly kind: 'one' }
  | { readonly kind: 'grid'; readonly count: number }
  | { readonly kind: 'screen'; readonly sharer: RemotePerson['id'] }

export function stageLayout(people: readonly Pick<RemotePerson, 'id' | 'sharing' | 'screen'>[]): StageLayout {
  const sharer = people.find((person) => person.sharing && person.screen !== null)
  if (sharer) return { kind: 'screen', sharer: sharer.id }
  if (people.length === 0) return { kind: 'empty' }
  if (people.length === 1) return { kind: 'one' }
  return { kind: 'grid', count: people.length }
}

/** More than this share of a picture is never cut away to fill its box: a face must not be cropped. */
const mostCropped = 0.3

/** Whether a video fills its box (`cover`) or is shown whole (`contain`). */
export function fitOf(video: Size, box: Size): 'cover' | 'contain' {
  if (video.width <= 0 || video.height <= 0 || box.width <= 0 || box.height <= 0) return 'contain'
  const ratio = video.width / video.height / (box.width / box.height)
  const kept = ratio > 1 ? 1 / ratio : ratio
  return 1 - kept <= mostCropped ? 'cover' : 'contain'
}
