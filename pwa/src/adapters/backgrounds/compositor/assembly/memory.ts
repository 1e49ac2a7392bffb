/**
 * Where everything lies. One block of memory, laid out anew for each size of picture; addresses are bytes.
 *
 * Planes have rows of `yStride` (luma) and half of that (chroma) bytes, multiples of 32 and 16, so that no loop has a remainder.
 * The grid is the picture at the size in which the model sees it: `gridWidth` x `gridHeight` cells of four floats.
 */

/** Bytes of a grid's cell: four f32. */
export const CELL: i32 = 16
/** Luma pixels that are composed together, of one kind: all background, all person, or mixed. */
export const SEGMENT: i32 = 16

export let width: i32 = 0
export let height: i32 = 0
export let chromaWidth: i32 = 0
export let chromaHeight: i32 = 0
export let yStride: i32 = 0
export let cStride: i32 = 0
export let gridWidth: i32 = 0
export let gridHeight: i32 = 0
export let modelWidth: i32 = 0
export let modelHeight: i32 = 0

export let inputY: usize = 0
export let inputU: usize = 0
export let inputV: usize = 0
/** NV12's interleaved chroma, or RGBA: as they come. */
export let inputRaw: usize = 0
export let outputY: usize = 0
export let outputU: usize = 0
export let outputV: usize = 0
export let imageY: usize = 0
export let imageU: usize = 0
export let imageV: usize = 0
export let softY: usize = 0
export let softU: usize = 0
export let softV: usize = 0

/** Per cell: Y, U, V of 0 to 1, and 1. */
export let guide: usize = 0
export let guideBefore: usize = 0
/** RGBA bytes, modelWidth x modelHeight. */
export let modelInput: usize = 0
/** What the model answers: f32 of 0 to 1, modelWidth x modelHeight. */
export let modelMask: usize = 0
/** f32 per cell. */
export let motion: usize = 0
export let steady: usize = 0
export let mask: usize = 0
/** Per cell: the plane through Y, U, V that gives the person's share, and its offset. */
export let plane: usize = 0
export let planeSmooth: usize = 0
/** u8 per cell. */
export let kinds: usize = 0
/** u8 per grid row and segment. */
export let segments: usize = 0
export let segmentCount: i32 = 0
/** Per cell of the blur's grid, which may be as large as the grid itself: Y, U, V times weight, and weight. */
export let blurA: usize = 0
export let blurB: usize = 0
/** i16 of value * 64, one row per row of the blur's grid, stretched to the picture's width. */
export let rowsY: usize = 0
export let rowsU: usize = 0
export let rowsV: usize = 0
/** i16, 0 to 32767: how much of the surroundings is background. */
export let rowsW: usize = 0
/** i16 of 0 to 32767: two rows of the person's share. */
export let alpha: usize = 0
/** Per luma column: i32, the place of the cell on its left in a row of cells; f32, how far it is to the next one, 0 to 1. */
export let columns: usize = 0
/** i16: eight ones, then eight zeros. */
export let ones: usize = 0
/** Small working space: rows of sums, tables. */
export let scratch: usize = 0

let next: usize = 0

function take(bytes: i32): usize {
  const at = next
  next += (<usize>bytes + 63) & ~63
  return at
}

function align32(n: i32): i32 {
  return (n + 31) & ~31
}

/** @returns bytes in all. The grid must not be larger than the model's input. */
export function configure(w: i32, h: i32, gridW: i32, gridH: i32, modelW: i32, modelH: i32): i32 {
  width = w
  height = h
  chromaWidth = (w + 1) >> 1
  chromaHeight = (h + 1) >> 1
  yStride = align32(w)
  cStride = yStride >> 1
  gridWidth = gridW
  gridHeight = gridH
  modelWidth = modelW
  modelHeight = modelH
  segmentCount = yStride / SEGMENT

  // Rows beyond an odd height are read in pairs, so there is room for one more.
  const luma = yStride * (h + 1)
  const chroma = cStride * (chromaHeight + 1)
  const cells = gridW * gridH
  next = (__heap_base + 63) & ~63
  inputY = take(luma)
  inputU = take(chroma)
  inputV = take(chroma)
  inputRaw = take(yStride * h * 4)
  outputY = take(luma)
  outputU = take(chroma)
  outputV = take(chroma)
  imageY = take(luma)
  imageU = take(chroma)
  imageV = take(chroma)
  softY = take(luma)
  softU = take(chroma)
  softV = take(chroma)
  guide = take(cells * CELL)
  guideBefore = take(cells * CELL)
  modelInput = take(modelW * modelH * 4)
  modelMask = take(modelW * modelH * 4 + 64)
  motion = take(cells * 4 + 64)
  steady = take(cells * 4 + 64)
  mask = take(cells * 4 + 64)
  plane = take(cells * CELL)
  planeSmooth = take(cells * CELL)
  kinds = take(cells)
  segments = take((gridH + 1) * segmentCount)
  blurA = take(cells * CELL)
  blurB = take(cells * CELL)
  // Vectors write a little beyond the last row.
  rowsY = take(yStride * gridH * 2 + 64)
  rowsU = take(cStride * gridH * 2 + 64)
  rowsV = take(cStride * gridH * 2 + 64)
  rowsW = take(yStride * gridH * 2 + 64)
  alpha = take(yStride * 4)
  columns = take(yStride * 8)
  ones = take(32)
  scratch = take(yStride * 16 + (gridW + 2) * CELL * 8)

  const pages = <i32>((next + 0xffff) >>> 16) - memory.size()
  if (pages > 0) memory.grow(pages)
  memory.fill(guide, 0, next - guide)
  for (let k = 0; k < 8; k++) store<i16>(ones + k * 2, 1)
  for (let x = 0; x < yStride; x++) {
    const place: f32 = min(max(((<f32>x + 0.5) * <f32>gridW) / <f32>w - 0.5, 0), <f32>(gridW - 1))
    const index = min(<i32>place, gridW - 2)
    store<i32>(columns + x * 8, index * CELL)
    store<f32>(columns + x * 8 + 4, place - <f32>index)
  }
  return <i32>next
}
