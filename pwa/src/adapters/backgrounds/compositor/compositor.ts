import { type BlurStrength, createPlanar, type PlanarColour, type PlanarFormat } from './planar.ts'

/**
 * Person and background, for video frames. This one works on planes, on the processor; one that works on a GPU's textures can stand
 * behind the same words.
 */
export type Compositor = {
  /**
   * Takes a frame in; the frame stays the caller's. `model`: the size of the model's input.
   * @returns true when nothing is known yet about such a picture, so that a mask has to come first.
   */
  take(frame: VideoFrame, model: { readonly width: number; readonly height: number }): Promise<boolean>
  /** RGBA, of the model's size. Valid until the next call. */
  modelInput(): Uint8ClampedArray<ArrayBuffer>
  /** @returns how much the picture has changed since the last answer, 0 to 1. Throws when the answer is no mask. */
  updateMask(answer: Float32Array): number
  /** The picture that was taken in, before its new background, with the same time and shape. The caller closes it. */
  compose(frame: VideoFrame): VideoFrame
  setEffect(effect: CompositorEffect): void
  /** The next picture gets a mask of its own, with nothing left of those before. */
  forget(): void
}

export type CompositorEffect =
  | { readonly kind: 'light' }
  | { readonly kind: 'blur' }
  | { readonly kind: 'image'; readonly image: ImageBitmap }

const strengths: Readonly<Record<CompositorEffect['kind'], BlurStrength>> = {
  light: { divisor: 1, radius: 2 },
  blur: { divisor: 2, radius: 3 },
  image: { divisor: 2, radius: 3 },
}

const asTheyCome: readonly string[] = ['I420', 'NV12', 'RGBA', 'RGBX', 'BGRA', 'BGRX']
/** What a picture made of red, green and blue becomes. */
const ownColour: VideoColorSpaceInit = { matrix: 'bt709', primaries: 'bt709', transfer: 'bt709', fullRange: false }

/** The picture's size in the model's input: as large as fits, in whole pixels. */
export function gridFor(width: number, height: number, model: { readonly width: number; readonly height: number }) {
  const scale = Math.min(model.width / width, model.height / height)
  const cells = (size: number, most: number) => Math.min(Math.max(Math.round(size * scale), 4), most)
  return { gridWidth: cells(width, model.width), gridHeight: cells(height, model.height) }
}

type Shape = { readonly width: number; readonly height: number; readonly modelWidth: number; readonly modelHeight: number }
const sameShape = (a: Shape | null, b: Shape) =>
  a?.width === b.width && a.height === b.height && a.modelWidth === b.modelWidth && a.modelHeight === b.modelHeight

export async function createCompositor(wasm: Response): Promise<Compositor> {
  const { instance } = await WebAssembly.instantiate(await wasm.arrayBuffer(), {})
  const planar = createPlanar(instance)
  const readsLayout = await framesReadLayouts()
  let shape: Shape | null = null
  let colour: PlanarColour = { fullRange: false, bt709: false }
  let effect: CompositorEffect = { kind: 'blur' }
  let fresh = true
  /** The image must be laid out for this size and these colours. */
  let imageStale = true
  let canvas: OffscreenCanvas | null = null

  function configure(next: Shape): void {
    if (sameShape(shape, next)) return
    shape = next
    planar.configure({ ...next, ...gridFor(next.width, next.height, { width: next.modelWidth, height: next.modelHeight }) })
    fresh = true
    imageStale = true
  }

  function useColour(next: PlanarColour): void {
    if (next.fullRange !== colour.fullRange || next.bt709 !== colour.bt709) imageStale = true
    colour = next
  }

  /** Rotated, mirrored or in a form that cannot be read: drawn first, as it is to be seen. */
  function takeDrawn(frame: VideoFrame, width: number, height: number): void {
    if (canvas?.width !== width || canvas.height !== height) canvas = new OffscreenCanvas(width, height)
    const context = canvas.getContext('2d', { willReadFrequently: true })
    if (!context) throw new Error('No canvas to draw on')
    context.drawImage(frame, 0, 0, width, height)
    useColour({ fullRange: false, bt709: true })
    planar.memory().set(context.getImageData(0, 0, width, height).data, planar.inputLayout('RGBA')[0]?.offset)
    planar.take('RGBA', colour)
  }

  function layImage(image: ImageBitmap, width: number, height: number): void {
    const sharp = coverPixels(image, width, height, width, height)
    // Drawn very small, then large again: light without details.
    const soft = coverPixels(image, width, height, Math.max(Math.round(width / 40), 2), Math.max(Math.round(height / 40), 2))
    planar.setImage(sharp, soft, colour)
    imageStale = false
  }

  return {
    async take(frame, model) {
      const { width, height } = visibleSize(frame)
      const turned = isTurned(frame)
      const readable = frame.format !== null && asTheyCome.includes(frame.format) && !turned
      configure({ width: turned ? frame.displayWidth : width, height: turned ? frame.displayHeight : height, ...modelShape(model) })
      if (readable) {
        const format = frame.format as PlanarFormat
        const rgb = format !== 'I420' && format !== 'NV12'
        useColour({ fullRange: !rgb && frame.colorSpace.fullRange === true, bt709: rgb || frame.colorSpace.matrix === 'bt709' })
        await frame.copyTo(planar.memory(), { layout: planar.inputLayout(format) })
        planar.take(format, colour)
      } else takeDrawn(frame, shape?.width ?? width, shape?.height ?? height)
      planar.shrink()
      return fresh
    },
    modelInput: () => planar.modelInput(colour),
    updateMask(answer) {
      // Something that is no number would spread; and it means that whatever computed it is broken.
      if (!answer.every((share) => share >= -0.01 && share <= 1.01)) throw new Error('The answer is no mask')
      const changed = planar.updateMask(answer, fresh)
      fresh = false
      return changed
    },
    compose(frame) {
      if (fresh || !shape) throw new Error('There is no mask for this picture')
      const { width, height } = shape
      if (effect.kind === 'image' && imageStale) layImage(effect.image, width, height)
      planar.refineEdges()
      planar.blurBackground(strengths[effect.kind], effect.kind === 'image')
      planar.compose(effect.kind === 'image' ? 'image' : 'blur')
      const ofPlanes = frame.format === 'I420' || frame.format === 'NV12'
      const { data, layout } = readsLayout ? planar.output() : { data: planar.packedOutput(), layout: undefined }
      return new VideoFrame(data, {
        format: 'I420',
        codedWidth: width,
        codedHeight: height,
        ...(layout && { layout }),
        timestamp: frame.timestamp,
        ...(frame.duration !== null && { duration: frame.duration }),
        colorSpace: ofPlanes && !isTurned(frame) ? frame.colorSpace.toJSON() : ownColour,
      })
    },
    setEffect(next) {
      effect = next
      imageStale = true
    },
    forget() {
      fresh = true
    },
  }
}

/** Firefox 153 takes the first bytes for the picture, wherever `layout` says that its planes lie. */
async function framesReadLayouts(): Promise<boolean> {
  const bytes = new Uint8Array(64)
  const [y, u, v] = [7, 8, 9]
  bytes.fill(y, 16, 20)
  bytes[32] = u
  bytes[48] = v
  const layout = [16, 32, 48].map((offset, i) => ({ offset, stride: i === 0 ? 2 : 1 }))
  const read = new Uint8Array(6)
  try {
    const frame = new VideoFrame(bytes, { format: 'I420', codedWidth: 2, codedHeight: 2, timestamp: 0, layout })
    await frame.copyTo(read).finally(() => frame.close())
  } catch {
    return false
  }
  return [y, y, y, y, u, v].every((value, i) => read[i] === value)
}

const modelShape = (model: { readonly width: number; readonly height: number }) => ({ modelWidth: model.width, modelHeight: model.height })

function visibleSize(frame: VideoFrame) {
  return { width: frame.visibleRect?.width ?? frame.codedWidth, height: frame.visibleRect?.height ?? frame.codedHeight }
}

/** Newer browsers say how a frame is to be turned for display (phones). */
function isTurned(frame: VideoFrame): boolean {
  const { rotation = 0, flip = false } = frame as { rotation?: number; flip?: boolean }
  return rotation !== 0 || flip
}

/** The middle of the image, as much as fills `width` x `height`, drawn at `drawWidth` x `drawHeight` on the way. */
function coverPixels(image: ImageBitmap, width: number, height: number, drawWidth: number, drawHeight: number): Uint8ClampedArray {
  const scale = Math.max(width / image.width, height / image.height)
  const [cutWidth, cutHeight] = [width / scale, height / scale]
  const [x, y] = [(image.width - cutWidth) / 2, (image.height - cutHeight) / 2]
  const small = drawn(image, [x, y, cutWidth, cutHeight], drawWidth, drawHeight)
  const large = drawWidth === width ? small : drawn(small.canvas, [0, 0, drawWidth, drawHeight], width, height)
  return large.getImageData(0, 0, width, height).data
}

function drawn(source: CanvasImageSource, from: readonly [number, number, number, number], width: number, height: number) {
  const context = new OffscreenCanvas(width, height).getContext('2d', { willReadFrequently: true })
  if (!context) throw new Error('No canvas to draw on')
  context.imageSmoothingQuality = 'high'
  context.drawImage(source, ...from, 0, 0, width, height)
  return context
}
