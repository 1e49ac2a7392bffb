import { createTicks } from './ticks.ts'

/**
 * A canvas that stands in for a camera: of a shape that the browser's fake camera does not have, or, in Firefox, which takes no film for
 * its own, with a person in it. `frames`: I420 as base64, shown thirty times a second. @returns what opens it.
 */
export function createFilmCamera(width: number, height: number, frames: readonly string[]): () => MediaStream {
  const canvas = document.createElement('canvas')
  canvas.width = width
  canvas.height = height
  const context = canvas.getContext('2d')
  const pictures = frames.map((base64) => {
    const data = Uint8Array.from(atob(base64), (char) => char.charCodeAt(0))
    return new VideoFrame(data, { format: 'I420', codedWidth: width, codedHeight: height, timestamp: 0 })
  })
  let ticks = 0
  createTicks(() => {
    ticks += 1
    const picture = pictures[(ticks >> 1) % pictures.length]
    if (picture && ticks % 2 === 0) context?.drawImage(picture, 0, 0)
  })
  return () => canvas.captureStream()
}
