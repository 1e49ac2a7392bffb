import { isProjectImage } from '@alcove/shared/domain/background'
import type { OwnBackgrounds, ProjectImages } from '../../background-ports.ts'

/** Every image that can be chosen. */
export type BackgroundImages = {
  readonly project: ProjectImages
  readonly own: OwnBackgrounds
  /** Of a choice's id. Null when it is not to be had: not fetched, removed, or damaged. */
  imageOf(id: string): Promise<Blob | null>
}

export function createBackgroundImages(project: ProjectImages, own: OwnBackgrounds): BackgroundImages {
  return { project, own, imageOf: (id) => (isProjectImage(id) ? project.imageOf(id) : own.imageOf(id)) }
}
