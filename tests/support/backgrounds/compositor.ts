import { compositorWasm } from '../../../scripts/build-compositor.mjs'
import { createPlanar, type Planar, type PlanarFormat, type PlanarSize } from '../../../pwa/src/adapters/backgrounds/compositor/planar.ts'
import type { DrawnPicture } from './pictures.ts'
import type { Plane } from './reference.ts'

/** The compositor as the build makes it, for a picture of this size. */
export async function loadPlanar(size: PlanarSize): Promise<Planar> {
  const { instance } = await WebAssembly.instantiate(await compositorWasm(), {})
  const planar = createPlanar(instance)
  planar.configure(size)
  return planar
}

/** Writes a picture where the compositor wants it, as a camera's frame would come. */
export function putPicture(planar: Planar, size: PlanarSize, picture: DrawnPicture, format: PlanarFormat = 'I420'): void {
  const layout = planar.inputLayout(format)
  const [chromaWidth, chromaHeight] = [Math.ceil(size.width / 2), Math.ceil(size.height / 2)]
  const memory = planar.memory()
  const fill = (plane: number, start: number, step: number, width: number, height: number, value: (x: number, y: number) => number) => {
    const { offset, stride } = layout[plane] as { offset: number; stride: number }
    for (let y = 0; y < height; y++) for (let x = 0; x < width; x++) memory[offset + y * stride + start + x * step] = value(x, y)
  }
  fill(0, 0, 1, size.width, size.height, picture.y)
  if (format === 'NV12') {
    fill(1, 0, 2, chromaWidth, chromaHeight, picture.u)
    fill(1, 1, 2, chromaWidth, chromaHeight, picture.v)
  } else {
    fill(1, 0, 1, chromaWidth, chromaHeight, picture.u)
    fill(2, 0, 1, chromaWidth, chromaHeight, picture.v)
  }
  planar.take(format, { fullRange: false, bt709: false })
}

/** Y, U and V of what the compositor made. */
export function outputPlanes(planar: Planar, size: PlanarSize): [Plane, Plane, Plane] {
  const { data, layout } = planar.output()
  const memory = data.slice()
  const plane = (which: number, width: number, height: number): Plane => {
    const { offset, stride } = layout[which] as { offset: number; stride: number }
    return { width, height, at: (x, y) => memory[offset + y * stride + x] ?? Number.NaN }
  }
  const [chromaWidth, chromaHeight] = [Math.ceil(size.width / 2), Math.ceil(size.height / 2)]
  return [plane(0, size.width, size.height), plane(1, chromaWidth, chromaHeight), plane(2, chromaWidth, chromaHeight)]
}
