import * as m from './memory.ts'

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

/** The most that the cell or one of its eight neighbours has changed. */
function motionAround(x: i32, y: i32): f32 {
  const left = max(x - 1, 0)
  const right = min(x + 1, m.gridWidth - 1)
  let most: f32 = 0
  for (let row = max(y - 1, 0); row <= min(y + 1, m.gridHeight - 1); row++) {
    const at = m.motion + row * m.gridWidth * 4
    most = max(most, max(load<f32>(at + left * 4), max(load<f32>(at + x * 4), load<f32>(at + right * 4))))
  }
  return most
}

/**
 * Takes the model's answer in: steady where the picture stands still, at once where it moves, with hysteresis.
 * @returns how much the picture has changed since the last time, 0 to 1, as a mean.
 */
export function updateMask(fresh: bool): f32 {
  const changed = fresh ? <f32>1 : measureMotion()
  const left = (m.modelWidth - m.gridWidth) >> 1
  const top = (m.modelHeight - m.gridHeight) >> 1
  for (let y = 0; y < m.gridHeight; y++) {
    const answer = m.modelMask + ((y + top) * m.modelWidth + left) * 4
    for (let x = 0; x < m.gridWidth; x++) {
      const at = (y * m.gridWidth + x) * 4
      const raw = load<f32>(answer + x * 4)
      let share: f32 = 1
      if (!fresh) {
        const moves: f32 = min(max((motionAround(x, y) - stillBelow) / (movesAbove - stillBelow), 0), 1)
        share = stillShare + (1 - stillShare) * moves
      }
      const before = load<f32>(m.steady + at)
      const now = fresh ? raw : before + (raw - before) * share
      store<f32>(m.steady + at, now)
      const was = fresh ? <f32>0.5 : load<f32>(m.mask + at)
      const middle: f32 = 0.5 + hysteresis * (1 - 2 * was)
      const t: f32 = min(max((now - middle) / (2 * softness) + 0.5, 0), 1)
      store<f32>(m.mask + at, t * t * (3 - 2 * t))
    }
  }
  memory.copy(m.guideBefore, m.guide, m.gridWidth * m.gridHeight * m.CELL)
  return changed
}
