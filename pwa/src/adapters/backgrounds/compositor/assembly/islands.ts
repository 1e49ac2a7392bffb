import { NONE_BELOW } from './edges.ts'
import * as m from './memory.ts'

/**
 * Small pieces of "person" far from the person are things that the model takes for one: a lamp, a coat, a face on a poster. What is
 * this much smaller than the largest piece, and does not come in from the side or from below as a hand does, is background.
 */
const smallBelow: f32 = 1.0 / 25.0

/** Working space, free until the blur: i32 per cell, its piece; per piece: i32, the piece that it turned out to be a part of; f32, its mass; i32, whether it comes in. */
function parents(): usize {
  return m.blurA + m.gridWidth * m.gridHeight * 4
}

function masses(): usize {
  return m.blurA + m.gridWidth * m.gridHeight * 8
}

function entering(): usize {
  return m.blurA + m.gridWidth * m.gridHeight * 12
}

function rootOf(piece: i32, parent: usize): i32 {
  while (load<i32>(parent + (piece << 2)) !== piece) piece = load<i32>(parent + (piece << 2))
  return piece
}

/** Numbers the pieces from 1 on; cells side by side, or one above the other, belong together. @returns how many numbers there are. */
function findPieces(pieces: usize, parent: usize): i32 {
  const w = m.gridWidth
  let count: i32 = 0
  for (let y = 0; y < m.gridHeight; y++) {
    let left: i32 = 0
    for (let x = 0; x < w; x++) {
      const at = (y * w + x) << 2
      let piece: i32 = 0
      if (load<f32>(m.mask + at) > NONE_BELOW) {
        const above = y > 0 ? load<i32>(pieces + at - (w << 2)) : 0
        piece = left !== 0 ? left : above
        if (piece === 0) {
          count += 1
          piece = count
          store<i32>(parent + (piece << 2), piece)
        } else if (left !== 0 && above !== 0 && left !== above) {
          const a = rootOf(left, parent)
          const b = rootOf(above, parent)
          store<i32>(parent + (max(a, b) << 2), min(a, b))
        }
      }
      store<i32>(pieces + at, piece)
      left = piece
    }
  }
  return count
}

/** Takes small pieces out of `mask`. */
export function dropIslands(): void {
  const w = m.gridWidth
  const h = m.gridHeight
  const pieces = m.blurA
  const parent = parents()
  const mass = masses()
  const enters = entering()
  // A number for every second cell is the most that there can be.
  const count = findPieces(pieces, parent)
  if (count < 2) return
  memory.fill(mass, 0, (count + 1) << 2)
  memory.fill(enters, 0, (count + 1) << 2)
  for (let y = 0; y < h; y++) {
    for (let x = 0; x < w; x++) {
      const at = (y * w + x) << 2
      const piece = load<i32>(pieces + at)
      if (piece === 0) continue
      const root = rootOf(piece, parent) << 2
      store<f32>(mass + root, load<f32>(mass + root) + load<f32>(m.mask + at))
      if (x === 0 || x === w - 1 || y === h - 1) store<i32>(enters + root, 1)
    }
  }
  let largest: f32 = 0
  for (let piece = 1; piece <= count; piece++) largest = max(largest, load<f32>(mass + (piece << 2)))
  for (let i = 0; i < w * h; i++) {
    const piece = load<i32>(pieces + (i << 2))
    if (piece === 0) continue
    const root = rootOf(piece, parent) << 2
    if (load<f32>(mass + root) < largest * smallBelow && load<i32>(enters + root) === 0) store<f32>(m.mask + (i << 2), 0)
  }
}
