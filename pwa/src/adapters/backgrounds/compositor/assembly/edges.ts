import * as m from './memory.ts'

/**
 * A guided filter (He, Sun, Tang 2010) with the colour picture as guide: in each window the person's share is taken for a plane
 * through Y, U and V, so that its edge lies where the picture's edge lies. The plane is found in the small grid and evaluated in
 * the large picture (He, Sun 2015).
 */
const radius: i32 = 3
const smoothRadius: i32 = 2
/** Variance of the guide below which there is no edge to follow. */
const epsilon: f32 = 0.003
/** How far the edge follows the picture; the rest follows the mask, so that a wall of the person's colour stays a wall. */
const trust: f32 = 0.55
/** A share below the first is none, above the second all. */
export const NONE_BELOW: f32 = 0.25
export const ALL_ABOVE: f32 = 0.8

/** Cell kinds: no person, nothing but person, an edge. */
export const BACKGROUND: u8 = 0
export const PERSON: u8 = 1
export const EDGE: u8 = 2

/** Adds (or takes away) a row of the grid to the columns' sums: guide, guide * share, guide^2, and the products of two. */
function addRow(y: i32, sign: f32, sums: usize): void {
  const s = f32x4.splat(sign)
  let cell = m.guide + y * m.gridWidth * m.CELL
  let share = m.mask + y * m.gridWidth * 4
  for (let x = 0; x < m.gridWidth; x++) {
    const g = v128.load(cell)
    const signed = f32x4.mul(g, s)
    v128.store(sums, f32x4.add(v128.load(sums), signed))
    v128.store(sums, f32x4.add(v128.load(sums, 16), f32x4.mul(signed, v128.load32_splat(share))), 16)
    v128.store(sums, f32x4.add(v128.load(sums, 32), f32x4.mul(signed, g)), 32)
    v128.store(sums, f32x4.add(v128.load(sums, 48), f32x4.mul(signed, v128.shuffle<f32>(g, g, 1, 2, 0, 3))), 48)
    cell += m.CELL
    share += 4
    sums += 64
  }
}

/** The plane of one window, from its sums: (a of Y, of U, of V, offset). */
function solve(ofGuide: v128, ofShare: v128, ofSquares: v128, ofProducts: v128, own: f32): v128 {
  const one = f32x4.splat(<f32>1 / f32x4.extract_lane(ofGuide, 3))
  const g = f32x4.mul(ofGuide, one)
  const p = f32x4.mul(ofShare, one)
  const squares = f32x4.mul(ofSquares, one)
  const products = f32x4.mul(ofProducts, one)
  const share = f32x4.extract_lane(p, 3)
  if (share < 0.004) return f32x4.splat(0)
  if (share > 0.996) return f32x4(0, 0, 0, 1)
  const next = v128.shuffle<f32>(g, g, 1, 2, 0, 3)
  const variance = f32x4.sub(squares, f32x4.mul(g, g))
  const covariance = f32x4.sub(products, f32x4.mul(g, next))
  const withShare = f32x4.sub(p, f32x4.mul(g, f32x4.splat(share)))
  const yy = f32x4.extract_lane(variance, 0) + epsilon
  const uu = f32x4.extract_lane(variance, 1) + epsilon
  const vv = f32x4.extract_lane(variance, 2) + epsilon
  const yu = f32x4.extract_lane(covariance, 0)
  const uv = f32x4.extract_lane(covariance, 1)
  const yv = f32x4.extract_lane(covariance, 2)
  const sy = f32x4.extract_lane(withShare, 0)
  const su = f32x4.extract_lane(withShare, 1)
  const sv = f32x4.extract_lane(withShare, 2)
  const c00 = uu * vv - uv * uv
  const c01 = yv * uv - yu * vv
  const c02 = yu * uv - yv * uu
  const c11 = yy * vv - yv * yv
  const c12 = yu * yv - yy * uv
  const c22 = yy * uu - yu * yu
  const scale: f32 = 1 / (yy * c00 + yu * c01 + yv * c02)
  const ay = (c00 * sy + c01 * su + c02 * sv) * scale
  const au = (c01 * sy + c11 * su + c12 * sv) * scale
  const av = (c02 * sy + c12 * su + c22 * sv) * scale
  const offset = share - ay * f32x4.extract_lane(g, 0) - au * f32x4.extract_lane(g, 1) - av * f32x4.extract_lane(g, 2)
  return f32x4(trust * ay, trust * au, trust * av, trust * offset + (1 - trust) * own)
}

/** Sums along a row of windows, cell by cell. */
function solveRow(y: i32, sums: usize): void {
  let a = f32x4.splat(0)
  let b = f32x4.splat(0)
  let c = f32x4.splat(0)
  let d = f32x4.splat(0)
  const to = m.plane + y * m.gridWidth * m.CELL
  for (let x = -radius; x < m.gridWidth; x++) {
    const enters = x + radius
    if (enters < m.gridWidth) {
      const at = sums + enters * 64
      a = f32x4.add(a, v128.load(at))
      b = f32x4.add(b, v128.load(at, 16))
      c = f32x4.add(c, v128.load(at, 32))
      d = f32x4.add(d, v128.load(at, 48))
    }
    const leaves = x - radius - 1
    if (leaves >= 0) {
      const at = sums + leaves * 64
      a = f32x4.sub(a, v128.load(at))
      b = f32x4.sub(b, v128.load(at, 16))
      c = f32x4.sub(c, v128.load(at, 32))
      d = f32x4.sub(d, v128.load(at, 48))
    }
    if (x >= 0) v128.store(to + x * m.CELL, solve(a, b, c, d, load<f32>(m.mask + (y * m.gridWidth + x) * 4)))
  }
}

/** Means of cells over a square window, clipped at the border. */
function boxMean(from: usize, to: usize, r: i32): void {
  const w = m.gridWidth
  const h = m.gridHeight
  const sums = m.scratch
  memory.fill(sums, 0, w * m.CELL)
  for (let y = -r; y < h; y++) {
    for (let k = 0; k < 2; k++) {
      const row = k === 0 ? y + r : y - r - 1
      if (row < 0 || row >= h) continue
      const sign = f32x4.splat(k === 0 ? 1 : -1)
      for (let x = 0; x < w; x++) {
        const at = sums + x * m.CELL
        v128.store(at, f32x4.add(v128.load(at), f32x4.mul(sign, v128.load(from + (row * w + x) * m.CELL))))
      }
    }
    if (y < 0) continue
    const rows = min(y + r, h - 1) - max(y - r, 0) + 1
    let sum = f32x4.splat(0)
    for (let x = -r; x < w; x++) {
      if (x + r < w) sum = f32x4.add(sum, v128.load(sums + (x + r) * m.CELL))
      if (x - r - 1 >= 0) sum = f32x4.sub(sum, v128.load(sums + (x - r - 1) * m.CELL))
      if (x < 0) continue
      const columns = min(x + r, w - 1) - max(x - r, 0) + 1
      v128.store(to + (y * w + x) * m.CELL, f32x4.mul(sum, f32x4.splat(<f32>1 / <f32>(rows * columns))))
    }
  }
}

/** What the plane can say at most and at least, whatever the colour. */
function kindOf(cell: usize): u8 {
  const p = v128.load(cell)
  const zero = f32x4.splat(0)
  const above = f32x4.max(p, zero)
  const below = f32x4.min(p, zero)
  const offset = f32x4.extract_lane(p, 3)
  const most = offset + f32x4.extract_lane(above, 0) + f32x4.extract_lane(above, 1) + f32x4.extract_lane(above, 2)
  const least = offset + f32x4.extract_lane(below, 0) + f32x4.extract_lane(below, 1) + f32x4.extract_lane(below, 2)
  return most < NONE_BELOW ? BACKGROUND : least > ALL_ABOVE ? PERSON : EDGE
}

/** For each grid row and each segment: what the cells are whose planes take part in it. */
function findKinds(): void {
  const w = m.gridWidth
  const h = m.gridHeight
  for (let i = 0; i < w * h; i++) store<u8>(m.kinds + i, kindOf(m.planeSmooth + i * m.CELL))
  for (let y = 0; y <= h; y++) {
    const above = max(y - 1, 0)
    const below = min(y, h - 1)
    for (let s = 0; s < m.segmentCount; s++) {
      const first = min(max((s * m.SEGMENT * w) / m.width - 1, 0), w - 1)
      const last = min(((s + 1) * m.SEGMENT * w) / m.width + 1, w - 1)
      const kind = load<u8>(m.kinds + above * w + first)
      let same = kind !== EDGE
      for (let x = first; x <= last && same; x++) {
        same = load<u8>(m.kinds + above * w + x) === kind && load<u8>(m.kinds + below * w + x) === kind
      }
      store<u8>(m.segments + y * m.segmentCount + s, same ? kind : EDGE)
    }
  }
}

/** From `mask` and `guide` to `planeSmooth` and `segments`. */
export function refineEdges(): void {
  const sums = m.scratch + m.gridWidth * m.CELL
  memory.fill(sums, 0, m.gridWidth * 64)
  for (let y = -radius; y < m.gridHeight; y++) {
    if (y + radius < m.gridHeight) addRow(y + radius, 1, sums)
    if (y - radius - 1 >= 0) addRow(y - radius - 1, -1, sums)
    if (y >= 0) solveRow(y, sums)
  }
  boxMean(m.plane, m.planeSmooth, smoothRadius)
  findKinds()
}
