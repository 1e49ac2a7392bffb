import * as blur from './blur.ts'
import * as edges from './edges.ts'
import * as frames from './compose.ts'
import * as masks from './mask.ts'
import * as m from './memory.ts'
import * as planes from './planes.ts'
import * as small from './shrink.ts'

/** What the outside sees. `../compositor.ts` says in which order these are called. */

export function configure(width: i32, height: i32, gridWidth: i32, gridHeight: i32, modelWidth: i32, modelHeight: i32): i32 {
  return m.configure(width, height, gridWidth, gridHeight, modelWidth, modelHeight)
}

export function lumaStride(): i32 {
  return m.yStride
}

/** Planes by number: 0 to 2 input, 3 raw input, 4 to 6 output, 7 to 9 image, 10 to 12 the image's soft light. */
export function planeAddress(which: i32): usize {
  switch (which) {
    case 0:
      return m.inputY
    case 1:
      return m.inputU
    case 2:
      return m.inputV
    case 3:
      return m.inputRaw
    case 4:
      return m.outputY
    case 5:
      return m.outputU
    case 6:
      return m.outputV
    case 7:
      return m.imageY
    case 8:
      return m.imageU
    case 9:
      return m.imageV
    case 10:
      return m.softY
    case 11:
      return m.softU
    default:
      return m.softV
  }
}

export function modelInputAddress(): usize {
  return m.modelInput
}

export function modelMaskAddress(): usize {
  return m.modelMask
}

/** f32 per cell: the mask as it is used. */
export function maskAddress(): usize {
  return m.mask
}

export function guideAddress(): usize {
  return m.guide
}

/** i16 of value * 64, rows of `lumaStride`: the blurred room's luma. */
export function roomAddress(): usize {
  return m.rowsY
}

/** The plane's coefficients per cell, smoothed. */
export function edgesAddress(): usize {
  return m.planeSmooth
}

export function takeNv12(): void {
  planes.takeNv12()
}

/** From raw input to input (0), image (7) or soft light (10). `red`: place of red in a pixel. */
export function takeRgba(to: i32, stride: i32, red: i32, fullRange: bool, bt709: bool): void {
  planes.fromRgba(stride, red, planeAddress(to), planeAddress(to + 1), planeAddress(to + 2), fullRange, bt709)
}

export function shrink(): void {
  small.shrink()
}

export function prepareModelInput(fullRange: bool, bt709: bool): void {
  small.prepareModelInput(fullRange, bt709)
}

export function updateMask(fresh: bool): f32 {
  return masks.updateMask(fresh)
}

export function refineEdges(): void {
  edges.refineEdges()
}

export function blurBackground(divisor: i32, radius: i32, withSurroundings: bool): void {
  blur.blurBackground(divisor, radius, withSurroundings)
}

export function compose(mode: i32): void {
  frames.compose(mode)
}
