export type PictureSize = { readonly width: number; readonly height: number }

/** So many distinct pictures of a track, made small: RGBA. */
export async function takePictures(frames: ReadableStream<VideoFrame>, count: number, size: PictureSize) {
  const reader = frames.getReader()
  const canvas = new OffscreenCanvas(size.width, size.height)
  const context = canvas.getContext('2d', { willReadFrequently: true })
  if (!context) throw new Error('No canvas')
  context.imageSmoothingQuality = 'high'
  const taken: Uint8ClampedArray<ArrayBuffer>[] = []
  while (taken.length < count) {
    const { done, value } = await reader.read()
    if (done) break
    context.drawImage(value, 0, 0, size.width, size.height)
    value.close()
    const { data } = context.getImageData(0, 0, size.width, size.height)
    const last = taken.at(-1)
    if (!last || data.some((byte, i) => byte !== last[i])) taken.push(data as Uint8ClampedArray<ArrayBuffer>)
  }
  await reader.cancel()
  return taken
}
