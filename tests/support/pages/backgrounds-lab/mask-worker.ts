import { createSegmenter, modelSizes, type SegmenterModel } from '../../../../pwa/src/adapters/backgrounds/worker/segmenter.ts'

type Question = {
  readonly folder: string
  readonly model: SegmenterModel
  readonly file: string
  readonly pixels: Uint8ClampedArray<ArrayBuffer>
}

/** One still, one mask. */
globalThis.onmessage = async ({ data }: MessageEvent<Question>) => {
  const { folder, model, file, pixels } = data
  const bytes = new Uint8Array(await (await fetch(`${folder}/${file}`)).arrayBuffer())
  const segmenter = await createSegmenter(folder, model, bytes, () => undefined)
  const mask = segmenter.segment(pixels, 1).slice()
  segmenter.close()
  globalThis.postMessage({ mask, ...modelSizes[model] })
}
