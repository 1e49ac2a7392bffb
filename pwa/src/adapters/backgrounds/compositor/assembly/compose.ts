import { blurHeight } from './blur.ts'
import { ALL_ABOVE, BACKGROUND, EDGE, NONE_BELOW, PERSON } from './edges.ts'
import * as m from './memory.ts'

/** Behind the person: the room, blurred. */
export const BLUR: i32 = 0
/** Behind the person: a picture. */
export const IMAGE: i32 = 1

/** How strongly the picture's light falls on the person's edge, and from which share of background around it on. */
const wrapStrength: f32 = 0.3
const wrapFrom: i16 = 8192

/** The two rows of stretched values that a row of pixels lies between. */
let upper: i32 = 0
let lower: i32 = 0
let between: i16 = 0

function findRows(y: i32, rows: i32): void {
  const last = blurHeight - 1
  const place = min(max(((<f32>y + 0.5) * <f32>blurHeight) / <f32>rows - 0.5, 0), <f32>last)
  upper = <i32>place
  lower = min(upper + 1, last)
  between = <i16>((place - <f32>upper) * 32767)
}

/**
 * What is added to a row's values of 1/64 before the fraction is cut off. Rounding alone would show the steps of a soft wall as
 * contours; a fixed pattern (the ordered one of 4x4, Bayer 1973) breaks them up. It stays within what leaves whole numbers whole.
 */
let pattern: v128 = i16x8.splat(32)

function findPattern(y: i32): void {
  switch (y & 3) {
    case 0:
      pattern = i16x8(4, 34, 11, 41, 4, 34, 11, 41)
      break
    case 1:
      pattern = i16x8(49, 19, 56, 26, 49, 19, 56, 26)
      break
    case 2:
      pattern = i16x8(15, 45, 8, 38, 15, 45, 8, 38)
      break
    default:
      pattern = i16x8(60, 30, 53, 23, 60, 30, 53, 23)
  }
}

function bytesOf(low: v128, high: v128): v128 {
  return i8x16.narrow_i16x8_u(i16x8.shr_s(i16x8.add(low, pattern), 6), i16x8.shr_s(i16x8.add(high, pattern), 6))
}

function low(bytes: v128): v128 {
  return i16x8.shl(i16x8.extend_low_i8x16_u(bytes), 6)
}

function high(bytes: v128): v128 {
  return i16x8.shl(i16x8.extend_high_i8x16_u(bytes), 6)
}

function mix(from: v128, to: v128, share: v128): v128 {
  return i16x8.add(from, i16x8.q15mulr_sat_s(i16x8.sub(to, from), share))
}

/** Eight values of the blurred room. */
function room(rows: usize, stride: i32, x: i32): v128 {
  const at = rows + (x << 1)
  return mix(v128.load(at + upper * stride * 2), v128.load(at + lower * stride * 2), i16x8.splat(between))
}

/**
 * The person before a picture: what of the room shines through the edge is taken out of it (one step of `(I - (1 - a) B) / a`), and
 * the picture's soft light falls on it where there is much background around.
 */
function before(person: v128, behind: v128, picture: v128, soft: v128, share: v128, wrap: v128): v128 {
  const rest = i16x8.sub(i16x8.splat(32767), share)
  let own = i16x8.add(person, i16x8.q15mulr_sat_s(i16x8.sub(person, behind), rest))
  own = i16x8.min_s(i16x8.max_s(own, i16x8.splat(0)), i16x8.splat(255 << 6))
  return mix(picture, mix(own, soft, wrap), share)
}

function wrapOf(surroundings: v128): v128 {
  const over = i16x8.max_s(i16x8.sub(surroundings, i16x8.splat(wrapFrom)), i16x8.splat(0))
  return i16x8.q15mulr_sat_s(over, i16x8.splat(<i16>(wrapStrength * 32767)))
}

/** The two rows of planes that a row of pixels lies between, and how far down. */
let planeRow: usize = 0
let planeRowBelow: usize = 0
let planeBetween: f32 = 0

function findPlaneRows(y: i32): void {
  const down: f32 = min(max(((<f32>y + 0.5) * <f32>m.gridHeight) / <f32>m.height - 0.5, 0), <f32>(m.gridHeight - 1))
  const row = <i32>down
  const rowBytes = m.gridWidth * m.CELL
  planeRow = m.planeSmooth + row * rowBytes
  planeRowBelow = m.planeSmooth + min(row + 1, m.gridHeight - 1) * rowBytes
  planeBetween = down - <f32>row
}

/** The person's share of 16 pixels of row `y` from pixel `x` on: the planes, interpolated, at each pixel's own colour. */
function evaluate(y: i32, x: i32, to: usize): void {
  const columns = m.columns + (x << 3)
  const first = load<i32>(columns)
  const last = load<i32>(columns + 120) + m.CELL
  const share = f32x4.splat(planeBetween)
  for (let k = first; k <= last; k += m.CELL) {
    const a = v128.load(planeRow + k)
    const b = v128.load(planeRowBelow + k)
    v128.store(m.scratch + k, f32x4.add(a, f32x4.mul(f32x4.sub(b, a), share)))
  }
  const toOne = f32x4.splat(1.0 / 255.0)
  const u = m.inputU + (y >> 1) * m.cStride + (x >> 1)
  const v = m.inputV + (y >> 1) * m.cStride + (x >> 1)
  const luma = m.inputY + y * m.yStride + x
  let low4 = i32x4.splat(0)
  for (let k = 0; k < 16; k += 4) {
    const p0 = planeAt(columns + (k << 3))
    const p1 = planeAt(columns + (k << 3) + 8)
    const p2 = planeAt(columns + (k << 3) + 16)
    const p3 = planeAt(columns + (k << 3) + 24)
    const ab0 = v128.shuffle<f32>(p0, p1, 0, 4, 1, 5)
    const ab1 = v128.shuffle<f32>(p2, p3, 0, 4, 1, 5)
    const cd0 = v128.shuffle<f32>(p0, p1, 2, 6, 3, 7)
    const cd1 = v128.shuffle<f32>(p2, p3, 2, 6, 3, 7)
    const ofY = v128.shuffle<f32>(ab0, ab1, 0, 1, 4, 5)
    const ofU = v128.shuffle<f32>(ab0, ab1, 2, 3, 6, 7)
    const ofV = v128.shuffle<f32>(cd0, cd1, 0, 1, 4, 5)
    const offset = v128.shuffle<f32>(cd0, cd1, 2, 3, 6, 7)
    const y4 = floats(load<u32>(luma + k))
    const pairU = load<u16>(u + (k >> 1))
    const pairV = load<u16>(v + (k >> 1))
    const u4 = floats(doubled(pairU))
    const v4 = floats(doubled(pairV))
    const sum = f32x4.add(f32x4.mul(ofY, y4), f32x4.add(f32x4.mul(ofU, u4), f32x4.mul(ofV, v4)))
    const raw = f32x4.add(offset, f32x4.mul(sum, toOne))
    let t = f32x4.mul(f32x4.sub(raw, f32x4.splat(NONE_BELOW)), f32x4.splat(<f32>1 / (ALL_ABOVE - NONE_BELOW)))
    t = f32x4.pmin(f32x4.splat(1), f32x4.pmax(f32x4.splat(0), t))
    const eased = f32x4.mul(f32x4.mul(t, t), f32x4.sub(f32x4.splat(3), f32x4.add(t, t)))
    const whole = i32x4.trunc_sat_f32x4_s(f32x4.mul(eased, f32x4.splat(32767)))
    if (k & 4) v128.store(to + ((k - 4) << 1), i16x8.narrow_i32x4_s(low4, whole))
    else low4 = whole
  }
}

function planeAt(column: usize): v128 {
  const at = m.scratch + load<i32>(column)
  const a = v128.load(at)
  return f32x4.add(a, f32x4.mul(f32x4.sub(v128.load(at, 16), a), v128.load32_splat(column, 4)))
}

/** u8 a, b to a, a, b, b. */
function doubled(pair: u32): u32 {
  const spread = (pair & 0xff) | ((pair & 0xff00) << 8)
  return spread | (spread << 8)
}

function floats(four: u32): v128 {
  const words = i16x8.extend_low_i8x16_u(i32x4.splat(four))
  return f32x4.convert_i32x4_u(i32x4.extend_low_i16x8_u(words))
}

/** A row of luma; writes the person's share of each pixel to `shares`. */
function composeLuma(y: i32, shares: usize, mode: i32): void {
  findRows(y, m.height)
  findPattern(y)
  findPlaneRows(y)
  const gridRow = <i32>Mathf.floor(((<f32>y + 0.5) * <f32>m.gridHeight) / <f32>m.height - 0.5) + 1
  const kinds = m.segments + gridRow * m.segmentCount
  const from = m.inputY + y * m.yStride
  const to = m.outputY + y * m.yStride
  const image = m.imageY + y * m.yStride
  const soft = m.softY + y * m.yStride
  const none = i16x8.splat(0)
  const all = i16x8.splat(32767)
  for (let s = 0; s < m.segmentCount; s++) {
    const x = s << 4
    const kind = load<u8>(kinds + s)
    const share = shares + (x << 1)
    if (kind === PERSON) {
      v128.store(to + x, v128.load(from + x))
      v128.store(share, all)
      v128.store(share, all, 16)
      continue
    }
    if (kind === BACKGROUND) {
      if (mode === IMAGE) v128.store(to + x, v128.load(image + x))
      else v128.store(to + x, bytesOf(room(m.rowsY, m.yStride, x), room(m.rowsY, m.yStride, x + 8)))
      v128.store(share, none)
      v128.store(share, none, 16)
      continue
    }
    evaluate(y, x, share)
    const own = v128.load(from + x)
    const behindLow = room(m.rowsY, m.yStride, x)
    const behindHigh = room(m.rowsY, m.yStride, x + 8)
    const shareLow = v128.load(share)
    const shareHigh = v128.load(share, 16)
    if (mode === IMAGE) {
      const picture = v128.load(image + x)
      const light = v128.load(soft + x)
      const wrapLow = wrapOf(room(m.rowsW, m.yStride, x))
      const wrapHigh = wrapOf(room(m.rowsW, m.yStride, x + 8))
      v128.store(
        to + x,
        bytesOf(
          before(low(own), behindLow, low(picture), low(light), shareLow, wrapLow),
          before(high(own), behindHigh, high(picture), high(light), shareHigh, wrapHigh),
        ),
      )
    } else v128.store(to + x, bytesOf(mix(behindLow, low(own), shareLow), mix(behindHigh, high(own), shareHigh)))
  }
}

/** Eight chroma pixels' share: the mean of 2x2 luma pixels'. */
function meanShare(above: usize, below: usize): v128 {
  const a = i32x4.add(i32x4.extadd_pairwise_i16x8_s(v128.load(above)), i32x4.extadd_pairwise_i16x8_s(v128.load(below)))
  const b = i32x4.add(i32x4.extadd_pairwise_i16x8_s(v128.load(above, 16)), i32x4.extadd_pairwise_i16x8_s(v128.load(below, 16)))
  return i16x8.narrow_i32x4_s(i32x4.shr_s(a, 2), i32x4.shr_s(b, 2))
}

/** Eight chroma pixels' surroundings: every second luma pixel's. */
function surroundings(x: i32): v128 {
  return i16x8.shuffle(room(m.rowsW, m.yStride, x), room(m.rowsW, m.yStride, x + 8), 0, 2, 4, 6, 8, 10, 12, 14)
}

function composeChroma(
  row: i32,
  kind: u8,
  x: i32,
  from: usize,
  to: usize,
  rows: usize,
  image: usize,
  soft: usize,
  shareLow: v128,
  shareHigh: v128,
  mode: i32,
): void {
  const at = row * m.cStride + x
  if (kind === PERSON) {
    v128.store(to + at, v128.load(from + at))
    return
  }
  if (kind === BACKGROUND && mode === IMAGE) {
    v128.store(to + at, v128.load(image + at))
    return
  }
  const behindLow = room(rows, m.cStride, x)
  const behindHigh = room(rows, m.cStride, x + 8)
  if (kind === BACKGROUND) {
    v128.store(to + at, bytesOf(behindLow, behindHigh))
    return
  }
  const own = v128.load(from + at)
  if (mode === IMAGE) {
    const picture = v128.load(image + at)
    const light = v128.load(soft + at)
    const personLow = before(low(own), behindLow, low(picture), low(light), shareLow, wrapOf(surroundings(x << 1)))
    const personHigh = before(high(own), behindHigh, high(picture), high(light), shareHigh, wrapOf(surroundings((x << 1) + 16)))
    v128.store(to + at, bytesOf(personLow, personHigh))
  } else v128.store(to + at, bytesOf(mix(behindLow, low(own), shareLow), mix(behindHigh, high(own), shareHigh)))
}

function kindOfPair(y: i32, pair: i32): u8 {
  const gridRow = <i32>Mathf.floor(((<f32>y + 0.5) * <f32>m.gridHeight) / <f32>m.height - 0.5) + 1
  const at = m.segments + gridRow * m.segmentCount + (pair << 1)
  const kind = load<u8>(at)
  return kind === load<u8>(at, 1) ? kind : EDGE
}

/** The picture: the person as they are, before the blurred room or an image. */
export function compose(mode: i32): void {
  const above = m.alpha
  const below = above + m.yStride * 2
  for (let row = 0; row < m.chromaHeight; row++) {
    const y = row << 1
    const hasBelow = y + 1 < m.height
    composeLuma(y, above, mode)
    if (hasBelow) composeLuma(y + 1, below, mode)
    else memory.copy(below, above, m.yStride * 2)
    findRows(row, m.chromaHeight)
    findPattern(row)
    for (let x = 0; x < m.cStride; x += 16) {
      const kindAbove = kindOfPair(y, x >> 4)
      const kindBelow = hasBelow ? kindOfPair(y + 1, x >> 4) : kindAbove
      const kind = kindAbove === kindBelow ? kindAbove : EDGE
      const shareLow = meanShare(above + (x << 2), below + (x << 2))
      const shareHigh = meanShare(above + (x << 2) + 32, below + (x << 2) + 32)
      composeChroma(row, kind, x, m.inputU, m.outputU, m.rowsU, m.imageU, m.softU, shareLow, shareHigh, mode)
      composeChroma(row, kind, x, m.inputV, m.outputV, m.rowsV, m.imageV, m.softV, shareLow, shareHigh, mode)
    }
  }
}
