/**
 * The door to the compositor's WebAssembly (`assembly/`): planes of bytes in, planes of bytes out, no browser interface. One call
 * per stage, so that each can be tested; `compositor.ts` puts them in order for video frames.
 */

export type PlanarSize = {
  readonly width: number
  readonly height: number
  /** The picture as the model sees it: fits into the model's input, in the middle of it. */
  readonly gridWidth: number
  readonly gridHeight: number
  readonly modelWidth: number
  readonly modelHeight: number
}

/** How Y, U and V are made of red, green and blue. */
export type PlanarColour = { readonly fullRange: boolean; readonly bt709: boolean }

export type PlanarFormat = 'I420' | 'NV12' | 'RGBA' | 'RGBX' | 'BGRA' | 'BGRX'

/** `divisor`: how much coarser than the grid the blur is made, 1 or 2. `radius`: of each of its three boxes, in such cells. */
export type BlurStrength = { readonly divisor: 1 | 2; readonly radius: number }

export type Plane = { readonly offset: number; readonly stride: number }

type Exports = {
  readonly memory: WebAssembly.Memory
  configure(width: number, height: number, gridWidth: number, gridHeight: number, modelWidth: number, modelHeight: number): number
  lumaStride(): number
  planeAddress(which: number): number
  modelInputAddress(): number
  modelMaskAddress(): number
  maskAddress(): number
  guideAddress(): number
  roomAddress(): number
  edgesAddress(): number
  takeNv12(): void
  takeRgba(to: number, stride: number, red: number, fullRange: boolean, bt709: boolean): void
  shrink(): void
  prepareModelInput(fullRange: boolean, bt709: boolean): void
  updateMask(fresh: boolean): number
  refineEdges(): void
  blurBackground(divisor: number, radius: number, withSurroundings: boolean): void
  compose(mode: number): void
}

export type Planar = ReturnType<typeof createPlanar>

/** The planes by their numbers in `assembly/compositor.ts`. */
const plane = { input: 0, raw: 3, output: 4, image: 7, soft: 10 } as const

const noSize: PlanarSize = { width: 0, height: 0, gridWidth: 0, gridHeight: 0, modelWidth: 0, modelHeight: 0 }

export function createPlanar(instance: WebAssembly.Instance) {
  const wasm = instance.exports as unknown as Exports
  let size = noSize
  let stride = 0
  let bytes = new Uint8Array(wasm.memory.buffer)
  let packed = new Uint8Array(0)

  const address = (which: number) => wasm.planeAddress(which)
  const planes = (first: number): Plane[] => [
    { offset: address(first), stride },
    { offset: address(first + 1), stride: stride / 2 },
    { offset: address(first + 2), stride: stride / 2 },
  ]
  const floats = (at: number, count: number) => new Float32Array(wasm.memory.buffer, at, count)
  const isRgb = (format: PlanarFormat) => format !== 'I420' && format !== 'NV12'
  const chromaOf = (length: number) => (length + 1) >> 1
  const redOf = (format: PlanarFormat) => (format.startsWith('B') ? 2 : 0)

  return {
    /** Lays memory out anew; everything that was in it is gone, and every view of it is void. */
    configure(next: PlanarSize): void {
      size = next
      wasm.configure(next.width, next.height, next.gridWidth, next.gridHeight, next.modelWidth, next.modelHeight)
      stride = wasm.lumaStride()
      bytes = new Uint8Array(wasm.memory.buffer)
    },
    /** All of the memory; `inputLayout` says where in it. */
    memory: (): Uint8Array<ArrayBuffer> => bytes as Uint8Array<ArrayBuffer>,
    inputLayout(format: PlanarFormat): Plane[] {
      if (isRgb(format)) return [{ offset: address(plane.raw), stride: size.width * 4 }]
      const [y, u, v] = planes(plane.input) as [Plane, Plane, Plane]
      return format === 'I420' ? [y, u, v] : [y, { offset: address(plane.raw), stride }]
    },
    /** The output's planes with nothing else beside them: whoever misreads their layout sees no more than a crooked processed picture. */
    output(): { readonly data: Uint8Array<ArrayBuffer>; readonly layout: Plane[] } {
      const layout = planes(plane.output)
      const begin = address(plane.output)
      const data = bytes.subarray(begin, address(plane.output + 2) + (stride / 2) * chromaOf(size.height))
      return { data: data as Uint8Array<ArrayBuffer>, layout: layout.map((one) => ({ ...one, offset: one.offset - begin })) }
    },
    /** The same, row after row without gaps: a copy, valid until the next call. */
    packedOutput(): Uint8Array<ArrayBuffer> {
      const sides = [
        { width: size.width, height: size.height, stride },
        { width: chromaOf(size.width), height: chromaOf(size.height), stride: stride / 2 },
        { width: chromaOf(size.width), height: chromaOf(size.height), stride: stride / 2 },
      ]
      const length = sides.reduce((sum, side) => sum + side.width * side.height, 0)
      if (packed.length !== length) packed = new Uint8Array(length)
      let to = 0
      for (const [which, side] of sides.entries()) {
        const from = address(plane.output + which)
        const [rows, width] = side.stride === side.width ? [1, side.width * side.height] : [side.height, side.width]
        for (let row = 0; row < rows; row++, to += width)
          packed.set(bytes.subarray(from + row * side.stride, from + row * side.stride + width), to)
      }
      return packed
    },
    /** After the bytes of a frame were copied to where `inputLayout` says. */
    take(format: PlanarFormat, colour: PlanarColour): void {
      if (format === 'NV12') wasm.takeNv12()
      else if (isRgb(format)) wasm.takeRgba(plane.input, size.width * 4, redOf(format), colour.fullRange, colour.bt709)
    },
    /** RGBA of the picture's size, for behind the person, and the same without its details, whose light falls on them. */
    setImage(sharp: Uint8ClampedArray, soft: Uint8ClampedArray, colour: PlanarColour): void {
      for (const [pixels, to] of [
        [sharp, plane.image],
        [soft, plane.soft],
      ] as const) {
        bytes.set(pixels, address(plane.raw))
        wasm.takeRgba(to, size.width * 4, 0, colour.fullRange, colour.bt709)
      }
    },
    /** The picture's means in the grid: what all the others work with. */
    shrink: () => wasm.shrink(),
    /** RGBA, modelWidth x modelHeight: a view of the memory. */
    modelInput(colour: PlanarColour): Uint8ClampedArray<ArrayBuffer> {
      wasm.prepareModelInput(colour.fullRange, colour.bt709)
      return new Uint8ClampedArray(wasm.memory.buffer as ArrayBuffer, wasm.modelInputAddress(), size.modelWidth * size.modelHeight * 4)
    },
    /** `answer`: modelWidth x modelHeight, 0 to 1. @returns how much the picture has changed since the last answer, 0 to 1. */
    updateMask(answer: Float32Array, fresh: boolean): number {
      floats(wasm.modelMaskAddress(), size.modelWidth * size.modelHeight).set(answer)
      return wasm.updateMask(fresh)
    },
    refineEdges: () => wasm.refineEdges(),
    blurBackground: (blur: BlurStrength, withSurroundings: boolean) => wasm.blurBackground(blur.divisor, blur.radius, withSurroundings),
    compose: (behind: 'blur' | 'image') => wasm.compose(behind === 'blur' ? 0 : 1),

    /** For tests and measurements: copies. */
    mask: () => floats(wasm.maskAddress(), size.gridWidth * size.gridHeight).slice(),
    guide: () => floats(wasm.guideAddress(), size.gridWidth * size.gridHeight * 4).slice(),
    edges: () => floats(wasm.edgesAddress(), size.gridWidth * size.gridHeight * 4).slice(),
    room: (rows: number) => new Int16Array(wasm.memory.buffer, wasm.roomAddress(), stride * rows).slice(),
  }
}
