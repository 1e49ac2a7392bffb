import type { Planar, PlanarSize } from '../../../pwa/src/adapters/backgrounds/compositor/planar.ts'
import type { SegmenterModel } from '../../../pwa/src/adapters/backgrounds/worker/segmenter.ts'
import { loadPlanar } from './compositor.ts'
import { type DrawnPerson, drawnPerson, type Look, looks } from './drawn-person.ts'
import { finalShares, isPerson, rawShares } from './person-mask.ts'
import { type Quality, qualityOf } from './mask-quality.ts'

/** Pictures whose true masks are known, as both models get them. */
export type Still = { readonly what: string; readonly model: SegmenterModel; readonly look: Look }

export const stillSizes: Readonly<Record<SegmenterModel, PlanarSize>> = {
  landscape: { width: 640, height: 360, gridWidth: 256, gridHeight: 144, modelWidth: 256, modelHeight: 144 },
  square: { width: 360, height: 640, gridWidth: 144, gridHeight: 256, modelWidth: 256, modelHeight: 256 },
}

const upright = (look: Look): Look => ({ ...look, scale: look.scale * 0.55, aside: look.aside * 0.4 })

export const stills: readonly Still[] = [
  ...Object.entries(looks).map(([what, look]): Still => ({ what, model: 'landscape', look })),
  ...['plain', 'aside', 'long hair', 'curly hair and glasses'].map(
    (what): Still => ({ what: `${what}, upright`, model: 'square', look: upright(looks[what] as Look) }),
  ),
]

const colour = { fullRange: false, bt709: true } as const

/** Shows the compositor a picture. @returns what it shows the model: RGBA. */
export function showPicture(planar: Planar, { rgba }: DrawnPerson): Uint8ClampedArray<ArrayBuffer> {
  planar.memory().set(rgba, planar.inputLayout('RGBA')[0]?.offset)
  planar.take('RGBA', colour)
  planar.shrink()
  return planar.modelInput(colour)
}

/** The picture of a still, and what the model is asked. */
export async function prepareStill({ model, look }: Still) {
  const size = stillSizes[model]
  const drawn = drawnPerson(size.width, size.height, { look })
  const planar = await loadPlanar(size)
  const input = Buffer.from(showPicture(planar, drawn)).toString('base64')
  return { planar, size, drawn, input }
}

export type MaskFigures = { readonly what: string; readonly raw: Quality; readonly final: Quality }

/** The mask that is used for a still, and the model's answer alone, against the truth. */
export async function judgeStill(still: Still, answer: Float32Array): Promise<MaskFigures> {
  const { planar, size, drawn } = await prepareStill(still)
  planar.updateMask(answer, true)
  return { what: still.what, ...judge(planar, size, drawn, answer) }
}

/** After `updateMask`. */
export function judge(planar: Planar, size: PlanarSize, { person }: DrawnPerson, answer: Float32Array) {
  planar.refineEdges()
  const quality = (shares: Float32Array) => qualityOf(isPerson(shares), person, size.width)
  return { raw: quality(rawShares(answer, size)), final: quality(finalShares(planar, size)) }
}
