import { dropIslands } from './islands.ts'
import * as m from './memory.ts'
import { spread } from './spread.ts'

/** Below this change of a cell's colour (0 to 1) the picture stands still there; above the other one it moves. */
const stillBelow: f32 = 0.012
const movesAbove: f32 = 0.05
/** How much of a new mask counts where the picture stands still. Where it moves, all of it does: nothing trails behind. */
const stillShare: f32 = 0.18
/** What was person stays so until the model is this much surer of the contrary, and the other way round. */
const hysteresis: f32 = 0.1
/** From surely background to surely person, around the middle. */
const softness: f32 = 0.32

/** How much each cell has changed since the last mask: Y and both chroma planes together. @returns the mean. */
function measureMotion(): f32 {
  const cells = m.gridWidth * m.gridHeight
  let total: f32 = 0
  for (let i = 0; i < cells; i++) {
    const d = f32x4.abs(f32x4.sub(v128.load(m.guide + i * m.CELL), v128.load(m.guideBefore + i * m.CELL)))
    const sum = f32x4.extract_lane(d, 0) + f32x4.extract_lane(d, 1) + f32x4.extract_lane(d, 2)
    store<f32>(m.motion + i * 4, sum)
    total += sum
  }
  return total / <f32>cells
}

function clamped(t: v128): v128 {
  return f32x4.pmin(f32x4.splat(1), f32x4.pmax(f32x4.splat(0), t))
}

/** Four cells at `at` bytes into the grid. */
function updateFour(at: i32, answer: usize, moved: usize, fresh: bool): void {
  const raw = v128.load(answer)
  let now = raw
  let was = f32x4.splat(0.5)
  if (!fresh) {
    const moves = clamped(f32x4.mul(f32x4.sub(v128.load(moved), f32x4.splat(stillBelow)), f32x4.splat(1 / (movesAbove - stillBelow))))
    const share = f32x4.add(f32x4.splat(stillShare), f32x4.mul(f32x4.splat(1 - stillShare), moves))
    const before = v128.load(m.steady + at)
    now = f32x4.add(before, f32x4.mul(f32x4.sub(raw, before), share))
    was = v128.load(m.mask + at)
  }
  v128.store(m.steady + at, now)
  const middle = f32x4.sub(f32x4.splat(0.5 + hysteresis), f32x4.mul(f32x4.splat(2 * hysteresis), was))
  const t = clamped(f32x4.add(f32x4.mul(f32x4.sub(now, middle), f32x4.splat(1 / (2 * softness))), f32x4.splat(0.5)))
  v128.store(m.mask + at, f32x4.mul(f32x4.mul(t, t), f32x4.sub(f32x4.splat(3), f32x4.add(t, t))))
}

/**
 * Takes the model's answer in: steady where the picture stands still, at once where it moves, with hysteresis, without small pieces
 * apart from the person.
 * @returns how much the picture has changed since the last time, 0 to 1, as a mean.
 */
export function updateMask(fresh: bool): f32 {
  const changed: f32 = fresh ? 1 : measureMotion()
  const left = (m.modelWidth - m.gridWidth) >> 1
  const top = (m.modelHeight - m.gridHeight) >> 1
  const bytes = m.gridWidth * 4
  const moved = m.scratch + bytes + 32
  // Four cells at a time; what the last four write beyond their row is put back.
  const beyond = m.gridWidth & 3 ? 16 - (bytes & 15) : 0
  for (let y = 0; y < m.gridHeight; y++) {
    const answer = m.modelMask + ((y + top) * m.modelWidth + left) * 4
    const row = y * bytes
    if (!fresh) spread(m.motion, y, moved)
    const steadyBeyond = v128.load(m.steady + row + bytes)
    const maskBeyond = v128.load(m.mask + row + bytes)
    for (let x = 0; x < bytes; x += 16) updateFour(row + x, answer + x, moved + x, fresh)
    if (beyond === 0) continue
    v128.store(m.steady + row + bytes, steadyBeyond)
    v128.store(m.mask + row + bytes, maskBeyond)
  }
  dropIslands()
  memory.copy(m.guideBefore, m.guide, m.gridWidth * m.gridHeight * m.CELL)
  return changed
}
