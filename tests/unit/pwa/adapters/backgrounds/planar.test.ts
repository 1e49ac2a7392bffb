import { describe, expect, it } from 'vitest'
import type { PlanarSize } from '../../../../../pwa/src/adapters/backgrounds/compositor/planar.ts'
import { loadPlanar, outputPlanes, putPicture } from '../../../../support/backgrounds/compositor.ts'
import { type DrawnPicture, drawPicture, modelAnswer } from '../../../../support/backgrounds/pictures.ts'
import {
  beforeImage,
  beforeRoom,
  blurredRoom,
  type Cell,
  cellAt,
  edgePlanes,
  type Grid,
  gridOf,
  interpolate,
  type Plane,
  shareAt,
  shrinkPlane,
  type Steady,
  steadyMask,
} from '../../../../support/backgrounds/reference.ts'

const sizes: readonly (readonly [string, PlanarSize])[] = [
  ['a landscape', { width: 192, height: 108, gridWidth: 48, gridHeight: 27, modelWidth: 48, modelHeight: 27 }],
  ['a portrait in a square model', { width: 90, height: 160, gridWidth: 36, gridHeight: 64, modelWidth: 64, modelHeight: 64 }],
  ['an odd size with a margin', { width: 101, height: 57, gridWidth: 33, gridHeight: 19, modelWidth: 40, modelHeight: 32 }],
]

const planesOf = (size: PlanarSize, picture: DrawnPicture): [Plane, Plane, Plane] => {
  const [w, h] = [Math.ceil(size.width / 2), Math.ceil(size.height / 2)]
  return [
    { width: size.width, height: size.height, at: picture.y },
    { width: w, height: h, at: picture.u },
    { width: w, height: h, at: picture.v },
  ]
}

function guideOf(size: PlanarSize, picture: DrawnPicture): Grid<Cell> {
  const [y, u, v] = planesOf(size, picture).map((plane) => shrinkPlane(plane, size.gridWidth, size.gridHeight)) as [
    Grid<number>,
    Grid<number>,
    Grid<number>,
  ]
  return gridOf(size.gridWidth, size.gridHeight, (gx, gy) => [cellAt(y, gx, gy), cellAt(u, gx, gy), cellAt(v, gx, gy)])
}

/** The middle of the model's answer: what lies in the picture. */
function answerGrid(size: PlanarSize, answer: Float32Array): Grid<number> {
  const [left, top] = [(size.modelWidth - size.gridWidth) >> 1, (size.modelHeight - size.gridHeight) >> 1]
  return gridOf(size.gridWidth, size.gridHeight, (x, y) => answer[(y + top) * size.modelWidth + x + left] ?? Number.NaN)
}

const farthest = (a: ArrayLike<number>, b: ArrayLike<number>) => {
  expect(a.length).toBe(b.length)
  let most = 0
  for (let i = 0; i < a.length; i++) most = Math.max(most, Math.abs((a[i] ?? Number.NaN) - (b[i] ?? Number.NaN)))
  return most
}

describe.each(sizes)('the compositor, for %s', (_, size) => {
  const picture = drawPicture(size)
  const guide = guideOf(size, picture)
  const answer = modelAnswer(size, picture)
  const { mask } = steadyMask(null, guide, answerGrid(size, answer))
  const planes = edgePlanes(guide, mask)
  const shares = sharesOf(size, picture, planes)

  it.each(['I420', 'NV12'] as const)('takes the mean of each cell of an %s picture', async (format) => {
    const planar = await loadPlanar(size)
    putPicture(planar, size, picture, format)
    planar.shrink()
    const expected = guide.cells.flatMap((cell) => [...cell, 1])
    expect(farthest(planar.guide(), expected)).toBeLessThan(1e-6)
  })

  it('shows the model red, green and blue, in the middle of black', async () => {
    const planar = await loadPlanar(size)
    putPicture(planar, size, picture)
    planar.shrink()
    const input = planar.modelInput({ fullRange: false, bt709: false })
    const [left, top] = [(size.modelWidth - size.gridWidth) >> 1, (size.modelHeight - size.gridHeight) >> 1]
    const expected = gridOf(size.modelWidth, size.modelHeight, (x, y) => {
      const [gx, gy] = [x - left, y - top]
      if (gx < 0 || gy < 0 || gx >= size.gridWidth || gy >= size.gridHeight) return [0, 0, 0, 0]
      const [cy, cu, cv] = cellAt(guide, gx, gy).map((value) => value * 255) as [number, number, number]
      const luma = ((cy - 16) * 255) / 219
      const [pb, pr] = [((cu - 128) * 255) / 224, ((cv - 128) * 255) / 224]
      const rgb = [luma + 1.402 * pr, luma - 0.344136 * pb - 0.714136 * pr, luma + 1.772 * pb]
      return [...rgb.map((value) => Math.min(Math.max(value, 0), 255)), 255]
    })
    expect(farthest(input, expected.cells.flat())).toBeLessThan(1.01)
  })

  it('steadies the mask as the reference does, over pictures that move and stand still', async () => {
    const planar = await loadPlanar(size)
    let before: Steady | null = null
    for (const [seed, shift] of [0, 0, 0, 6, 12, 12].entries()) {
      const moved = drawPicture(size, { shift, seed })
      const answer = modelAnswer(size, moved, 0.5, seed)
      putPicture(planar, size, moved)
      planar.shrink()
      planar.updateMask(answer, before === null)
      before = steadyMask(before, guideOf(size, moved), answerGrid(size, answer))
      expect(farthest(planar.mask(), before.mask.cells)).toBeLessThan(1e-4)
    }
  })

  it("lays the person's edge where the picture's edge is, as the reference does", async () => {
    const planar = await loadPlanar(size)
    putPicture(planar, size, picture)
    planar.shrink()
    planar.updateMask(answer, true)
    planar.refineEdges()
    expect(farthest(planar.edges(), planes.cells.flat())).toBeLessThan(0.02)
  })

  it.each([
    { divisor: 2, radius: 3 },
    { divisor: 1, radius: 2 },
  ] as const)('composes the person before their blurred room, $divisor/$radius, as the reference does', async (blur) => {
    const planar = await loadPlanar(size)
    putPicture(planar, size, picture)
    planar.shrink()
    planar.updateMask(answer, true)
    planar.refineEdges()
    planar.blurBackground(blur, false)
    planar.compose('blur')

    const room = blurredRoom(guide, mask, blur.divisor, blur.radius)
    for (const [i, plane] of outputPlanes(planar, size).entries()) {
      const own = planesOf(size, picture)[i] as Plane
      const difference = compare(plane, (x, y) =>
        beforeRoom(
          own.at(x, y),
          (interpolate(room, x, y, plane.width, plane.height)[i] ?? 0) * 255,
          shares[i === 0 ? 'luma' : 'chroma'](x, y),
        ),
      )
      expect(difference.most).toBeLessThan(1)
      // A fixed pattern decides which way a fraction goes: a third of a step on average.
      expect(difference.mean).toBeLessThan(0.4)
    }
  })

  it('composes the person before an image, in its light, as the reference does', async () => {
    const planar = await loadPlanar(size)
    const grey = (value: number) => new Uint8ClampedArray(size.width * size.height * 4).fill(value)
    planar.setImage(grey(200), grey(120), { fullRange: true, bt709: false })
    putPicture(planar, size, picture)
    planar.shrink()
    planar.updateMask(answer, true)
    planar.refineEdges()
    planar.blurBackground({ divisor: 2, radius: 3 }, true)
    planar.compose('image')

    const room = blurredRoom(guide, mask, 2, 3)
    for (const [i, plane] of outputPlanes(planar, size).entries()) {
      const own = planesOf(size, picture)[i] as Plane
      const [image, soft] = i === 0 ? [200, 120] : [128, 128]
      const difference = compare(plane, (x, y) => {
        const cell = interpolate(room, x, y, plane.width, plane.height)
        const share = shares[i === 0 ? 'luma' : 'chroma'](x, y)
        // Deep in the person nothing is computed, and no light falls there.
        if (share > 0.999) return plane.at(x, y)
        return beforeImage(own.at(x, y), (cell[i] ?? 0) * 255, image, soft, share, cell[3] ?? 0)
      })
      expect(difference.most).toBeLessThan(1)
      // A fixed pattern decides which way a fraction goes: a third of a step on average.
      expect(difference.mean).toBeLessThan(0.4)
    }
  })
})

describe.each(sizes)('the picture that is given away, for %s', (_, size) => {
  it('lies alone, with gaps between its rows or without', async () => {
    const planar = await loadPlanar(size)
    const picture = drawPicture(size)
    putPicture(planar, size, picture)
    planar.shrink()
    planar.updateMask(modelAnswer(size, picture), true)
    planar.refineEdges()
    planar.blurBackground({ divisor: 2, radius: 3 }, false)
    planar.compose('blur')

    const planes = outputPlanes(planar, size)
    const rows = planes.flatMap(({ width, height, at }) =>
      Array.from({ length: width * height }, (_, i) => at(i % width, Math.floor(i / width))),
    )
    expect([...planar.packedOutput()]).toEqual(rows)
    const { data, layout } = planar.output()
    const ends = layout.map(({ offset, stride }, i) => offset + stride * (planes[i]?.height ?? 0))
    expect([layout[0]?.offset, data.length]).toEqual([0, ends[2]])
    const inputs = planar.inputLayout('I420').map(({ offset }) => offset)
    expect(inputs.every((offset) => offset < data.byteOffset || offset >= data.byteOffset + data.length)).toBe(true)
  })
})

describe('a wall whose light changes slowly', () => {
  it('shows no steps: every few pixels together are as light as they should be', async () => {
    const size: PlanarSize = { width: 192, height: 108, gridWidth: 48, gridHeight: 27, modelWidth: 48, modelHeight: 27 }
    const picture: DrawnPicture = { person: () => 0, y: (x) => 60 + Math.round(x / 24), u: () => 120, v: () => 130 }
    const planar = await loadPlanar(size)
    putPicture(planar, size, picture)
    planar.shrink()
    planar.updateMask(new Float32Array(48 * 27), true)
    planar.refineEdges()
    planar.blurBackground({ divisor: 2, radius: 3 }, false)
    planar.compose('blur')
    const guide = guideOf(size, picture)
    const room = blurredRoom(
      guide,
      gridOf(48, 27, () => 0),
      2,
      3,
    )
    const [luma] = outputPlanes(planar, size)
    let farthest = 0
    for (let y = 0; y < size.height; y += 4) {
      for (let x = 0; x < size.width; x += 4) {
        let sum = 0
        for (let k = 0; k < 16; k++) {
          const [px, py] = [x + (k & 3), y + (k >> 2)]
          sum += luma.at(px, py) - (interpolate(room, px, py, size.width, size.height)[0] ?? 0) * 255
        }
        farthest = Math.max(farthest, Math.abs(sum / 16))
      }
    }
    expect(farthest).toBeLessThan(0.15)
  })
})

describe.each(['RGBA', 'BGRA'] as const)('an %s picture', (format) => {
  it.each([
    { fullRange: false, bt709: false, red: [81, 90, 240], white: [235, 128, 128] },
    { fullRange: true, bt709: false, red: [76, 85, 255], white: [255, 128, 128] },
    { fullRange: false, bt709: true, red: [63, 102, 240], white: [235, 128, 128] },
  ])('becomes Y, U and V by the colours in use (full range $fullRange, BT.709 $bt709)', async ({ red, white, ...colour }) => {
    const size = { width: 16, height: 4, gridWidth: 8, gridHeight: 2, modelWidth: 8, modelHeight: 2 }
    const planar = await loadPlanar(size)
    const [{ offset, stride }] = planar.inputLayout(format) as [{ offset: number; stride: number }]
    for (let y = 0; y < 4; y++) {
      for (let x = 0; x < 16; x++)
        planar
          .memory()
          .set(x < 8 ? (format === 'RGBA' ? [255, 0, 0, 255] : [0, 0, 255, 255]) : [255, 255, 255, 255], offset + y * stride + x * 4)
    }
    planar.take(format, colour)
    const at = (plane: number, x: number) => planar.memory()[(planar.inputLayout('I420')[plane]?.offset ?? 0) + x]
    expect([at(0, 3), at(1, 1), at(2, 1)].map((value, i) => Math.abs((value ?? 999) - (red[i] ?? 0)) <= 1)).toEqual([true, true, true])
    expect([at(0, 12), at(1, 6), at(2, 6)].map((value, i) => Math.abs((value ?? 999) - (white[i] ?? 0)) <= 1)).toEqual([true, true, true])
  })
})

/** Each pixel's share, and each chroma pixel's: the mean of its four. */
function sharesOf(size: PlanarSize, picture: DrawnPicture, planes: ReturnType<typeof edgePlanes>) {
  const all = gridOf(size.width, size.height, (x, y) =>
    shareAt(interpolate(planes, x, y, size.width, size.height), picture.y(x, y), picture.u(x >> 1, y >> 1), picture.v(x >> 1, y >> 1)),
  )
  const luma = (x: number, y: number) => cellAt(all, x, y)
  const chroma = (x: number, y: number) => {
    const [right, below] = [Math.min(2 * x + 1, size.width - 1), Math.min(2 * y + 1, size.height - 1)]
    return (luma(2 * x, 2 * y) + luma(right, 2 * y) + luma(2 * x, below) + luma(right, below)) / 4
  }
  return { luma, chroma }
}

function compare(plane: Plane, expected: (x: number, y: number) => number): { readonly most: number; readonly mean: number } {
  let [most, sum] = [0, 0]
  for (let y = 0; y < plane.height; y++) {
    for (let x = 0; x < plane.width; x++) {
      const off = Math.abs(plane.at(x, y) - expected(x, y))
      most = Math.max(most, off)
      sum += off
    }
  }
  return { most, mean: sum / (plane.width * plane.height) }
}
