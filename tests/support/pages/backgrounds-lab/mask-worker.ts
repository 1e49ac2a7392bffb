import { createSegmenter, type SegmenterModel } from '../../../../pwa/src/adapters/backgrounds/worker/segmenter.ts'

type Question = {
  readonly folder: string
  readonly model: SegmenterModel
  readonly file: string
  readonly pictures: readonly Uint8ClampedArray<ArrayBuffer>[]
}

/** Stills, and a mask of each. */
globalThis.onmessage = async ({ data }: MessageEvent<Question>) => {
  const { folder, model, file, pictures } = data
  const bytes = new Uint8Array(await (await fetch(`${folder}/${file}`)).arrayBuffer())
  const segmenter = await createSegmenter(folder, model, bytes, () => undefined)
  const masks = pictures.map((pixels, i) => segmenter.segment(pixels, 1 + 40 * i).slice())
  segmenter.close()
  globalThis.postMessage({ masks })
}
