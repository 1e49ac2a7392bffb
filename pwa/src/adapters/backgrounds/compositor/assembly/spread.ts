import * as m from './memory.ts'

/** One row of the grid's floats: of each cell the most of it and its eight neighbours. Writes a few floats more than the row has. */
export function spread(grid: usize, y: i32, to: usize): void {
  const w = m.gridWidth
  const above = grid + max(y - 1, 0) * w * 4
  const here = grid + y * w * 4
  const below = grid + min(y + 1, m.gridHeight - 1) * w * 4
  const columns = m.scratch
  for (let x = 0; x < w * 4; x += 16) {
    const most = f32x4.pmax(v128.load(above + x), f32x4.pmax(v128.load(here + x), v128.load(below + x)))
    v128.store(columns + x + 4, most)
  }
  store<f32>(columns, load<f32>(columns, 4))
  store<f32>(columns + (w + 1) * 4, load<f32>(columns + w * 4))
  for (let x = 0; x < w * 4; x += 16) {
    const at = columns + x
    v128.store(to + x, f32x4.pmax(v128.load(at), f32x4.pmax(v128.load(at, 4), v128.load(at, 8))))
  }
}
