import * as m from './memory.ts'

/** Cells this much person (0 to 1) count for nothing in the background's blur: nobody shines into their own surroundings. */
const personFrom: f32 = 0.6
/** Where there is nothing but person, something must stand. */
const atLeast: f32 = 0.0005

export let blurWidth: i32 = 0
export let blurHeight: i32 = 0

/** The most person in a cell and its eight neighbours. */
function personAround(x: i32, y: i32): f32 {
  const left = max(x - 1, 0)
  const right = min(x + 1, m.gridWidth - 1)
  let most: f32 = 0
  for (let row = max(y - 1, 0); row <= min(y + 1, m.gridHeight - 1); row++) {
    const at = m.mask + row * m.gridWidth * 4
    most = max(most, max(load<f32>(at + left * 4), max(load<f32>(at + x * 4), load<f32>(at + right * 4))))
  }
  return most
}

/** Colours times their weight (how little person there is), and the weight, summed over `divisor` x `divisor` cells. */
function gather(divisor: i32): void {
  for (let y = 0; y < blurHeight; y++) {
    for (let x = 0; x < blurWidth; x++) {
      let sum = f32x4.splat(0)
      for (let row = y * divisor; row < min((y + 1) * divisor, m.gridHeight); row++) {
        for (let column = x * divisor; column < min((x + 1) * divisor, m.gridWidth); column++) {
          const free: f32 = max<f32>(1 - personAround(column, row) / personFrom, 0)
          const cell = v128.load(m.guide + (row * m.gridWidth + column) * m.CELL)
          sum = f32x4.add(sum, f32x4.mul(cell, f32x4.splat(free + atLeast)))
        }
      }
      v128.store(m.blurA + (y * blurWidth + x) * m.CELL, sum)
    }
  }
}

/** A box of 2r + 1 cells along lines; beyond the border the last cell goes on. */
function boxLines(from: usize, to: usize, lines: i32, lineStep: i32, length: i32, step: i32, r: i32): void {
  const cells = 2 * r + 1
  const scale = f32x4.splat(<f32>1 / <f32>cells)
  for (let line = 0; line < lines; line++) {
    const begin = from + line * lineStep
    const out = to + line * lineStep
    const first = v128.load(begin)
    let sum = f32x4.mul(first, f32x4.splat(<f32>r))
    for (let k = 0; k < r; k++) sum = f32x4.add(sum, v128.load(begin + min(k, length - 1) * step))
    for (let k = 0; k < length; k++) {
      sum = f32x4.add(sum, v128.load(begin + min(k + r, length - 1) * step))
      v128.store(out + k * step, f32x4.mul(sum, scale))
      sum = f32x4.sub(sum, v128.load(begin + max(k - r, 0) * step))
    }
  }
}

/** One channel of one row of the blur's grid, stretched to `length` values of i16: value * scale. */
function stretch(row: usize, lane: i32, to: usize, length: i32, stride: i32, scale: f32): void {
  const step = <f32>blurWidth / <f32>length
  const last = blurWidth - 1
  let position: f32 = 0.5 * step - 0.5
  for (let x = 0; x < stride; x++) {
    const place = min(max(position, 0), <f32>last)
    const index = min(<i32>place, last - 1)
    const share = place - <f32>index
    const at = row + index * m.CELL + lane * 4
    const a = load<f32>(at)
    const b = load<f32>(at, 16)
    store<i16>(to + (x << 1), <i16>((a + (b - a) * share) * scale + 0.5))
    position += step
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
    boxLines(m.blurA, m.blurB, blurHeight, rowBytes, blurWidth, m.CELL, radius)
    boxLines(m.blurB, m.blurA, blurWidth, m.CELL, blurHeight, rowBytes, radius)
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
