import { randomId } from '@alcove/shared/crypto/bytes'
import { maxOwnImages } from '@alcove/shared/domain/background'
import { err, ok, type Result } from '@alcove/shared/domain/result'
import type { ImageStore, OwnBackgroundProblem, OwnBackgrounds } from '../../background-ports.ts'
import { readImageHeader } from './image-header.ts'
import { type Frame, shrunkTo, type Size } from './image-size.ts'

/** Beyond this nothing is read. */
const maxFileBytes = 20 * 1024 * 1024
/** Telephones take 50 megapixels; decoded, that is 200 MB for a moment. */
const maxPixels = 52_000_000
const maxSide = 16_384

const full: Size = { width: 1920, height: 1080 }
const small: Size = { width: 256, height: 144 }

/**
 * Images of one's own. What the file is called counts for nothing: its first bytes say whether it is an image, and how large, before
 * anything is decoded. What is kept was painted anew from its pixels, so that neither place nor camera, nor anything hidden in the file, is.
 */
export function createOwnImages(store: ImageStore): OwnBackgrounds {
  async function encoded(file: Blob): Promise<Result<{ readonly image: Blob; readonly thumbnail: Blob }, OwnBackgroundProblem>> {
    if (file.size > maxFileBytes) return err('too-large')
    const bytes = new Uint8Array(await file.arrayBuffer())
    const header = readImageHeader(bytes)
    if (!header) return err('not-an-image')
    const { type, width, height } = header
    if (width * height > maxPixels || Math.max(width, height) > maxSide) return err('too-large')
    // Said to be what it is: the browser shall not guess.
    const bitmap = await createImageBitmap(new Blob([bytes], { type: `image/${type}` }))
    try {
      return ok({ image: await painted(bitmap, shrunkTo(bitmap, full)), thumbnail: await painted(bitmap, shrunkTo(bitmap, small)) })
    } finally {
      bitmap.close()
    }
  }

  return {
    list: () => store.list(),
    imageOf: (id) => store.image(id),
    async add(file) {
      const before = await store.count().catch(() => null)
      if (before === null) return err('not-kept')
      if (before >= maxOwnImages) return err('too-many')
      const made = await encoded(file).catch(() => err('not-an-image' as const))
      if (!made.ok) return made
      const id = randomId()
      const kept = await store.add({ id, ...made.value })
      return kept.ok ? ok({ id, thumbnail: made.value.thumbnail }) : kept
    },
    remove: (id) => store.remove(id),
  }
}

/** The bitmap is upright already: browsers turn it as its file says. */
async function painted(bitmap: ImageBitmap, { source, size }: Frame): Promise<Blob> {
  const canvas = new OffscreenCanvas(size.width, size.height)
  const context = canvas.getContext('2d', { alpha: false })
  if (!context) throw new Error('There is no canvas')
  // Where the image is transparent.
  context.fillStyle = '#8a8f8c'
  context.fillRect(0, 0, size.width, size.height)
  context.imageSmoothingQuality = 'high'
  context.drawImage(bitmap, source.x, source.y, source.width, source.height, 0, 0, size.width, size.height)
  return canvas.convertToBlob({ type: 'image/jpeg', quality: 0.86 })
}
