import * as m from './memory.ts'
import { spread } from './spread.ts'

/** Cells this much person (0 to 1) count for nothing in the background's blur: nobody shines into their own surroundings. */
const personFrom: f32 = 0.6
/** Where there is nothing but person, something must stand. */
const atLeast: f32 = 0.0005

export let blurWidth: i32 = 0
export let blurHeight: i32 = 0

/** Colours times their weight (how little person there is), and the weight, summed over `divisor` x `divisor` cells. */
function gather(divisor: i32): void {
  const around = m.scratch + (m.gridWidth + 8) * 4
  memory.fill(m.blurA, 0, blurWidth * blurHeight * m.CELL)
  for (let row = 0; row < m.gridHeight; row++) {
    spread(m.mask, row, around)
    const to = m.blurA + (row / divisor) * blurWidth * m.CELL
    let cell = m.guide + row * m.gridWidth * m.CELL
    for (let x = 0; x < m.gridWidth; x++) {
      const free: f32 = 1 - load<f32>(around + (x << 2)) * (1 / personFrom)
      const weight = free > 0 ? free + atLeast : atLeast
      const at = to + (divisor === 1 ? x : x >> 1) * m.CELL
      v128.store(at, f32x4.add(v128.load(at), f32x4.mul(v128.load(cell), f32x4.splat(weight))))
      cell += m.CELL
    }
  }
}

/** A box of 2r + 1 cells along each row; beyond the border the last cell goes on. */
function boxRows(from: usize, to: usize, r: i32): void {
  const cells = 2 * r + 1
  const scale = f32x4.splat(<f32>1 / <f32>cells)
  const rowBytes = blurWidth * m.CELL
  const last = rowBytes - m.CELL
  const reach = r * m.CELL
  for (let y = 0; y < blurHeight; y++) {
    const row = from + y * rowBytes
    const out = to + y * rowBytes
    let sum = f32x4.mul(v128.load(row), f32x4.splat(<f32>r))
    for (let k = 0; k < r; k++) sum = f32x4.add(sum, v128.load(row + min(k * m.CELL, last)))
    for (let x = 0; x <= last; x += m.CELL) {
      sum = f32x4.add(sum, v128.load(row + min(x + reach, last)))
      v128.store(out + x, f32x4.mul(sum, scale))
      sum = f32x4.sub(sum, v128.load(row + max(x - reach, 0)))
    }
  }
}

/** The same along each column: all columns' sums go down together, so that memory is read in its order. */
function boxColumns(from: usize, to: usize, r: i32): void {
  const cells = 2 * r + 1
  const scale = f32x4.splat(<f32>1 / <f32>cells)
  const rowBytes = blurWidth * m.CELL
  const last = blurHeight - 1
  const sums = m.scratch
  for (let x = 0; x < rowBytes; x += m.CELL) {
    let sum = f32x4.mul(v128.load(from + x), f32x4.splat(<f32>r))
    for (let k = 0; k < r; k++) sum = f32x4.add(sum, v128.load(from + x + min(k, last) * rowBytes))
    v128.store(sums + x, sum)
  }
  for (let y = 0; y <= last; y++) {
    const enters = from + min(y + r, last) * rowBytes
    const leaves = from + max(y - r, 0) * rowBytes
    const out = to + y * rowBytes
    for (let x = 0; x < rowBytes; x += m.CELL) {
      const sum = f32x4.add(v128.load(sums + x), v128.load(enters + x))
      v128.store(out + x, f32x4.mul(sum, scale))
      v128.store(sums + x, f32x4.sub(sum, v128.load(leaves + x)))
    }
  }
}

/** Added to a number below 2^22, it leaves the number, rounded, in the lowest bits. */
const magic: f32 = 8388608

/** One channel of one row of the blur's grid, stretched to `stride` values of i16: value * scale. Straight lines between cells. */
function stretch(row: usize, lane: i32, to: usize, length: i32, stride: i32, scale: f32): void {
  const cell = <f32>length / <f32>blurWidth
  const ramp = f32x4(0, 1, 2, 3)
  const bits = i32x4.splat(0x7fff)
  let x = 0
  let a = load<f32>(row + lane * 4) * scale
  for (let k = 0; k <= blurWidth; k++) {
    // Before the first cell's middle and after the last one's, nothing changes.
    const b = load<f32>(row + min(k, blurWidth - 1) * m.CELL + lane * 4) * scale
    const middle = (<f32>k - 0.5) * cell - 0.5
    const end = k === blurWidth ? stride : min(<i32>Mathf.ceil(middle + cell), stride)
    const slope = (b - a) / cell
    const steps = f32x4.mul(ramp, f32x4.splat(slope))
    let value = f32x4.add(f32x4.splat(a + slope * (<f32>x - middle)), steps)
    const four = f32x4.splat(4 * slope)
    const eight = f32x4.splat(8 * slope)
    for (; x < end; x += 8) {
      const low = v128.and(f32x4.add(value, f32x4.splat(magic)), bits)
      const high = v128.and(f32x4.add(f32x4.add(value, four), f32x4.splat(magic)), bits)
      v128.store(to + (x << 1), i16x8.narrow_i32x4_s(low, high))
      value = f32x4.add(value, eight)
    }
    x = max(end, 0)
    a = b
  }
}

/**
 * The background without the person in it, blurred: three boxes of radius `radius` on a grid `divisor` times coarser, of weighted
 * colours; divided by the weights; each row stretched to the picture's width.
 */
export function blurBackground(divisor: i32, radius: i32, withSurroundings: bool): void {
  blurWidth = (m.gridWidth + divisor - 1) / divisor
  blurHeight = (m.gridHeight + divisor - 1) / divisor
  gather(divisor)
  const rowBytes = blurWidth * m.CELL
  for (let pass = 0; pass < 3; pass++) {
    boxRows(m.blurA, m.blurB, radius)
    boxColumns(m.blurB, m.blurA, radius)
  }
  const cellsInOne: f32 = 1 / <f32>(divisor * divisor)
  for (let y = 0; y < blurHeight; y++) {
    const row = m.blurA + y * rowBytes
    for (let x = 0; x < blurWidth; x++) {
      const cell = v128.load(row + x * m.CELL)
      const weight = f32x4.extract_lane(cell, 3)
      const colour = f32x4.mul(cell, f32x4.splat(<f32>1 / weight))
      v128.store(row + x * m.CELL, f32x4.replace_lane(colour, 3, min(weight * cellsInOne, 1)))
    }
    const luma = y * m.yStride * 2
    const chroma = y * m.cStride * 2
    stretch(row, 0, m.rowsY + luma, m.width, m.yStride, 255 * 64)
    stretch(row, 1, m.rowsU + chroma, m.chromaWidth, m.cStride, 255 * 64)
    stretch(row, 2, m.rowsV + chroma, m.chromaWidth, m.cStride, 255 * 64)
    if (withSurroundings) stretch(row, 3, m.rowsW + luma, m.width, m.yStride, 32767)
  }
}
