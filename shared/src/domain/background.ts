import type { TelehealthTier } from './practice.ts'

/** What stands behind the clinician. Images by id: those of ours by name, one's own by a random one. */
export type BackgroundChoice =
  | { readonly kind: 'none' }
  | { readonly kind: 'light' }
  | { readonly kind: 'blur' }
  | { readonly kind: 'image'; readonly id: string }

export const noBackground: BackgroundChoice = { kind: 'none' }

/** Images made for this project, in the order in which they are offered. One's own have ids of 22 characters, so that none is taken for one of these. */
export const projectImages = ['quiet-office', 'bookshelf', 'morning-window', 'warm-wall', 'forest', 'dusk'] as const
export type ProjectImage = (typeof projectImages)[number]

export function isProjectImage(id: string): id is ProjectImage {
  return projectImages.some((known) => known === id)
}

/** So many images of one's own are kept. */
export const maxOwnImages = 20

/** S39: only in Premium practices. Patients have none, whatever the practice. */
export function mayUseBackgrounds(tier: TelehealthTier): boolean {
  return tier === 'premium'
}

/** As it is remembered on the device; null when it is not one. */
export function readBackgroundChoice(text: string | null): BackgroundChoice | null {
  if (text === 'none' || text === 'light' || text === 'blur') return { kind: text }
  const id = /^image:([A-Za-z0-9_-]{1,64})$/.exec(text ?? '')?.[1]
  return id === undefined ? null : { kind: 'image', id }
}

export function writeBackgroundChoice(choice: BackgroundChoice): string {
  return choice.kind === 'image' ? `image:${choice.id}` : choice.kind
}
