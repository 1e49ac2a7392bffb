/** How well a mask follows the truth. Masks: one value a pixel, row by row. */
export type Quality = {
  /** Intersection over union, 0 to 1. */
  readonly iou: number
  /** Of the borders' pixels, how many lie within `tolerance` of the other border: the harmonic mean of both ways, 0 to 1. */
  readonly boundary: number
}

export function qualityOf(mask: ArrayLike<boolean>, truth: ArrayLike<boolean>, width: number, tolerance = 2): Quality {
  let both = 0
  let either = 0
  for (let i = 0; i < truth.length; i++) {
    if (mask[i] && truth[i]) both += 1
    if (mask[i] || truth[i]) either += 1
  }
  const [found, wanted] = [borderOf(mask, width), borderOf(truth, width)]
  const precision = nearShare(found, wanted, width, tolerance)
  const recall = nearShare(wanted, found, width, tolerance)
  const boundary = precision + recall === 0 ? 0 : (2 * precision * recall) / (precision + recall)
  return { iou: either === 0 ? 1 : both / either, boundary }
}

/** Pixels of the mask with a neighbour on the right or below that is not, or the other way round. The picture's edge is none. */
function borderOf(mask: ArrayLike<boolean>, width: number): Uint8Array {
  const border = new Uint8Array(mask.length)
  for (let i = 0; i < mask.length; i++) {
    const right = i % width < width - 1 && mask[i] !== mask[i + 1]
    const below = i + width < mask.length && mask[i] !== mask[i + width]
    if (right || below) border[i] = 1
  }
  return border
}

function nearShare(of: Uint8Array, to: Uint8Array, width: number, tolerance: number): number {
  let all = 0
  let near = 0
  for (let i = 0; i < of.length; i++) {
    if (!of[i]) continue
    all += 1
    if (hasNear(to, i, width, tolerance)) near += 1
  }
  return all === 0 ? 0 : near / all
}

function hasNear(border: Uint8Array, at: number, width: number, tolerance: number): boolean {
  const x = at % width
  for (let dy = -tolerance; dy <= tolerance; dy++) {
    for (let dx = -tolerance; dx <= tolerance; dx++) {
      if (dx * dx + dy * dy > tolerance * tolerance || x + dx < 0 || x + dx >= width) continue
      if (border[at + dy * width + dx]) return true
    }
  }
  return false
}
