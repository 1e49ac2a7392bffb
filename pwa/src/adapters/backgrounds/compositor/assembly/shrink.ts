import * as m from './memory.ts'

/** Adds `count` rows of bytes, `bytes` long, into u16 sums. */
function addRows(from: usize, stride: i32, count: i32, bytes: i32, sums: usize): void {
  for (let x = 0; x < bytes; x += 16) {
    let low = i16x8.splat(0)
    let high = i16x8.splat(0)
    let at = from + x
    for (let k = 0; k < count; k++) {
      const row = v128.load(at)
      low = i16x8.add(low, i16x8.extend_low_i8x16_u(row))
      high = i16x8.add(high, i16x8.extend_high_i8x16_u(row))
      at += stride
    }
    v128.store(sums + x * 2, low)
    v128.store(sums + x * 2, high, 16)
  }
}

/** The sum of up to eight u16 (each below 2^15), of which the first `count` are asked for. */
function sumOf(at: usize, count: i32): v128 {
  return i32x4.dot_i16x8_s(v128.load(at), v128.load(m.ones + ((8 - count) << 1)))
}

/** One row of a plane's means into one lane of a row of cells. `bounds`: i32, where each cell begins, and where the last one ends. */
function means(sums: usize, bounds: usize, rows: i32, cells: usize, lane: i32): void {
  const most = (load<i32>(bounds + (m.gridWidth << 2)) - load<i32>(bounds)) / m.gridWidth + 1
  const narrow = most <= 8 && rows <= 128
  for (let x = 0; x < m.gridWidth; x++) {
    const begin = load<i32>(bounds + (x << 2))
    const end = max(load<i32>(bounds + ((x + 1) << 2)), begin + 1)
    let sum: i32 = 0
    if (narrow) {
      const four = sumOf(sums + (begin << 1), end - begin)
      const two = i32x4.add(four, v128.shuffle<i32>(four, four, 2, 3, 0, 1))
      sum = i32x4.extract_lane(i32x4.add(two, v128.shuffle<i32>(two, two, 1, 0, 3, 2)), 0)
    } else for (let k = begin; k < end; k++) sum += load<u16>(sums + (k << 1))
    store<f32>(cells + x * m.CELL + lane * 4, <f32>sum / (<f32>((end - begin) * rows) * 255))
  }
}

function boundsOf(size: i32, at: usize): void {
  for (let x = 0; x <= m.gridWidth; x++) store<i32>(at + (x << 2), min((x * size) / m.gridWidth, size - 1 + i32(x === m.gridWidth)))
}

function shrinkPlane(plane: usize, stride: i32, rows: i32, gridRow: i32, sums: usize, bounds: usize, lane: i32): void {
  const begin = (gridRow * rows) / m.gridHeight
  const end = max(((gridRow + 1) * rows) / m.gridHeight, begin + 1)
  addRows(plane + begin * stride, stride, end - begin, stride, sums)
  means(sums, bounds, end - begin, m.guide + gridRow * m.gridWidth * m.CELL, lane)
}

/** The picture's means over the cells of the grid: guide = Y, U, V of 0 to 1, and 1. */
export function shrink(): void {
  const sums = m.scratch
  const lumaBounds = sums + m.yStride * 2
  const chromaBounds = lumaBounds + (m.gridWidth + 1) * 4
  boundsOf(m.width, lumaBounds)
  boundsOf(m.chromaWidth, chromaBounds)
  for (let y = 0; y < m.gridHeight; y++) {
    shrinkPlane(m.inputY, m.yStride, m.height, y, sums, lumaBounds, 0)
    shrinkPlane(m.inputU, m.cStride, m.chromaHeight, y, sums, chromaBounds, 1)
    shrinkPlane(m.inputV, m.cStride, m.chromaHeight, y, sums, chromaBounds, 2)
    const row = m.guide + y * m.gridWidth * m.CELL
    for (let x = 0; x < m.gridWidth; x++) store<f32>(row + x * m.CELL + 12, 1)
  }
}

/** The guide as RGBA in the middle of the model's input, the rest black. */
export function prepareModelInput(fullRange: bool, bt709: bool): void {
  const kr: f32 = bt709 ? 0.2126 : 0.299
  const kb: f32 = bt709 ? 0.0722 : 0.114
  const kg: f32 = 1 - kr - kb
  const scale: f32 = fullRange ? 255 : 255.0 * (255.0 / 219.0)
  const chroma: f32 = fullRange ? 255 : 255.0 * (255.0 / 224.0)
  const toRed: f32 = 2 * (1 - kr) * chroma
  const toBlue: f32 = 2 * (1 - kb) * chroma
  const ofY = f32x4.splat(scale)
  const ofU = f32x4(0, (-toBlue * kb) / kg, toBlue, 0)
  const ofV = f32x4(toRed, (-toRed * kr) / kg, 0, 0)
  const half: f32 = 128.0 / 255.0
  const base: f32 = fullRange ? 0.5 : (-16.0 * 255.0) / 219.0 + 0.5
  const ofOne = f32x4(base - toRed * half, base + half * ((toBlue * kb) / kg + (toRed * kr) / kg), base - toBlue * half, 0)
  const opaque = i32x4(0, 0, 0, 255)
  const left = (m.modelWidth - m.gridWidth) >> 1
  const top = (m.modelHeight - m.gridHeight) >> 1
  for (let y = 0; y < m.gridHeight; y++) {
    let cell = m.guide + y * m.gridWidth * m.CELL
    let to = m.modelInput + ((y + top) * m.modelWidth + left) * 4
    for (let x = 0; x < m.gridWidth; x++) {
      const c = v128.load(cell)
      let rgb = f32x4.mul(v128.shuffle<f32>(c, c, 0, 0, 0, 0), ofY)
      rgb = f32x4.add(rgb, f32x4.mul(v128.shuffle<f32>(c, c, 1, 1, 1, 1), ofU))
      rgb = f32x4.add(rgb, f32x4.mul(v128.shuffle<f32>(c, c, 2, 2, 2, 2), ofV))
      const whole = i32x4.trunc_sat_f32x4_s(f32x4.add(rgb, ofOne))
      const with255 = v128.or(v128.and(whole, i32x4(-1, -1, -1, 0)), opaque)
      const words = i16x8.narrow_i32x4_s(with255, with255)
      v128.store32_lane(to, i8x16.narrow_i16x8_u(words, words), 0)
      cell += m.CELL
      to += 4
    }
  }
}
