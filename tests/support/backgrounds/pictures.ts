import type { PlanarSize } from '../../../pwa/src/adapters/backgrounds/compositor/planar.ts'

/** A picture as three planes, with where the person in it is: a head and shoulders before stripes and spots. */
export type DrawnPicture = {
  readonly y: (x: number, y: number) => number
  readonly u: (x: number, y: number) => number
  readonly v: (x: number, y: number) => number
  /** 1 where the person is; x and y in luma pixels. */
  readonly person: (x: number, y: number) => number
}

/** The same number for the same place and seed, 0 to 1. */
export function noise(x: number, y: number, seed: number): number {
  let h = Math.imul(x + 1, 374761393) ^ Math.imul(y + 1, 668265263) ^ Math.imul(seed + 1, 2246822519)
  h = Math.imul(h ^ (h >>> 13), 1274126177)
  return ((h ^ (h >>> 16)) >>> 0) / 2 ** 32
}

export function drawPicture(
  size: PlanarSize,
  options: { readonly shift?: number; readonly grain?: number; readonly seed?: number } = {},
): DrawnPicture {
  const { shift = 0, grain = 6, seed = 1 } = options
  const unit = Math.min(size.width, size.height)
  const middle = size.width / 2 + shift
  const person = (x: number, y: number) => {
    const head = ((x - middle) / (unit * 0.18)) ** 2 + ((y - size.height * 0.4) / (unit * 0.24)) ** 2 < 1
    const body = y > size.height * 0.66 && Math.abs(x - middle) < unit * 0.4
    return head || body ? 1 : 0
  }
  const stripes = (x: number, y: number) => (Math.floor(x / (unit / 12)) + Math.floor(y / (unit / 9))) % 2
  return {
    person,
    y: (x, y) => Math.round((person(x, y) ? 170 - 40 * (y / size.height) : 60 + 110 * stripes(x, y)) + grain * (noise(x, y, seed) - 0.5)),
    u: (x, y) => (person(2 * x, 2 * y) ? 108 : 120 + 16 * stripes(2 * x, 2 * y)),
    v: (x, y) => (person(2 * x, 2 * y) ? 152 : 136 - 20 * stripes(2 * x, 2 * y)),
  }
}

/** What a model would say: the person's share of each cell of its input, with soft edges and some doubt. */
export function modelAnswer(size: PlanarSize, picture: DrawnPicture, doubt = 0.1, seed = 7): Float32Array {
  const answer = new Float32Array(size.modelWidth * size.modelHeight)
  const [left, top] = [(size.modelWidth - size.gridWidth) >> 1, (size.modelHeight - size.gridHeight) >> 1]
  for (let gy = 0; gy < size.gridHeight; gy++) {
    for (let gx = 0; gx < size.gridWidth; gx++) {
      let sum = 0
      for (let k = 0; k < 9; k++) {
        const x = ((gx + (k % 3) - 0.5) * size.width) / size.gridWidth
        const y = ((gy + Math.floor(k / 3) - 0.5) * size.height) / size.gridHeight
        sum += picture.person(Math.floor(x), Math.floor(y)) / 9
      }
      const doubted = sum + doubt * (noise(gx, gy, seed) - 0.5)
      answer[(gy + top) * size.modelWidth + gx + left] = Math.min(Math.max(doubted, 0), 1)
    }
  }
  return answer
}
