import * as m from './memory.ts'

/** NV12 to I420: the interleaved chroma of `inputRaw` (rows of yStride bytes) into its two planes. */
export function takeNv12(): void {
  for (let y = 0; y < m.chromaHeight; y++) {
    let from = m.inputRaw + y * m.yStride
    const u = m.inputU + y * m.cStride
    const v = m.inputV + y * m.cStride
    for (let x = 0; x < m.cStride; x += 16) {
      const a = v128.load(from)
      const b = v128.load(from, 16)
      v128.store(u + x, i8x16.shuffle(a, b, 0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30))
      v128.store(v + x, i8x16.shuffle(a, b, 1, 3, 5, 7, 9, 11, 13, 15, 17, 19, 21, 23, 25, 27, 29, 31))
      from += 32
    }
  }
}

/**
 * RGBA of `inputRaw` (rows of `stride` bytes) into three planes; chroma is the mean of 2x2.
 * `red` and `blue` are the places of the channels: 0 and 2, or 2 and 0 for BGRA.
 */
export function fromRgba(stride: i32, red: i32, y: usize, u: usize, v: usize, fullRange: bool, bt709: bool): void {
  const kr: f32 = bt709 ? 0.2126 : 0.299
  const kb: f32 = bt709 ? 0.0722 : 0.114
  const kg: f32 = 1 - kr - kb
  const yScale: f32 = fullRange ? 1 : 219.0 / 255.0
  const cScale: f32 = fullRange ? 1 : 224.0 / 255.0
  const yBase: f32 = fullRange ? 0.5 : 16.5
  const blue = 2 - red
  for (let row = 0; row < m.chromaHeight; row++) {
    for (let column = 0; column < m.chromaWidth; column++) {
      let r: f32 = 0
      let g: f32 = 0
      let b: f32 = 0
      for (let k = 0; k < 4; k++) {
        const px = min(2 * column + (k & 1), m.width - 1)
        const py = min(2 * row + (k >> 1), m.height - 1)
        const at = m.inputRaw + py * stride + px * 4
        const pr: f32 = <f32>load<u8>(at + red)
        const pg: f32 = <f32>load<u8>(at + 1)
        const pb: f32 = <f32>load<u8>(at + blue)
        store<u8>(y + py * m.yStride + px, <u8>((kr * pr + kg * pg + kb * pb) * yScale + yBase))
        r += pr
        g += pg
        b += pb
      }
      const luma = kr * r + kg * g + kb * b
      const at = row * m.cStride + column
      store<u8>(u + at, <u8>min(255, ((b - luma) / (2 * (1 - kb))) * 0.25 * cScale + 128.5))
      store<u8>(v + at, <u8>min(255, ((r - luma) / (2 * (1 - kr))) * 0.25 * cScale + 128.5))
    }
  }
}
