import type { Plane, Planar, PlanarSize } from '../../../pwa/src/adapters/backgrounds/compositor/planar.ts'
import { type Grid, gridOf, interpolate, shareAt } from './reference.ts'

/** The person's share of each pixel, as the compositor's last planes give it, by the slow reference. 0 to 1. */
export function finalShares(planar: Planar, size: PlanarSize): Float32Array {
  const flat = planar.edges()
  const planes = gridOf(size.gridWidth, size.gridHeight, (x, y) => [
    ...flat.subarray((y * size.gridWidth + x) * 4, (y * size.gridWidth + x) * 4 + 4),
  ])
  const [luma, u, v] = planar.inputLayout('I420') as [Plane, Plane, Plane]
  const memory = planar.memory()
  const shares = new Float32Array(size.width * size.height)
  for (let y = 0; y < size.height; y++) {
    for (let x = 0; x < size.width; x++) {
      const at = (plane: Plane, px: number, py: number) => memory[plane.offset + py * plane.stride + px] ?? 0
      const plane = interpolate(planes, x, y, size.width, size.height)
      shares[y * size.width + x] = shareAt(plane, at(luma, x, y), at(u, x >> 1, y >> 1), at(v, x >> 1, y >> 1))
    }
  }
  return shares
}

/** The model's own answer at the picture's size: straight lines between its pixels. */
export function rawShares(answer: Float32Array, size: PlanarSize): Float32Array {
  const [left, top] = [(size.modelWidth - size.gridWidth) >> 1, (size.modelHeight - size.gridHeight) >> 1]
  const grid: Grid<readonly number[]> = gridOf(size.gridWidth, size.gridHeight, (x, y) => [
    answer[(y + top) * size.modelWidth + x + left] ?? 0,
  ])
  return Float32Array.from({ length: size.width * size.height }, (_, i) => {
    return interpolate(grid, i % size.width, Math.floor(i / size.width), size.width, size.height)[0] ?? 0
  })
}

export const isPerson = (shares: Float32Array) => Array.from(shares, (share) => share >= 0.5)
