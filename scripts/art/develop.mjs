import { createRandom } from './tracer.mjs'

/** From linear light to the bytes of a picture: enlarged, rounded off where it is bright, with a grain so fine that nothing shows steps. */

/** Takes the last noise of the samples away; what is out of focus has nothing finer. */
export function softened(picture, { width, height }, sigma) {
  const reach = Math.ceil(sigma * 2.5)
  const weights = Array.from({ length: 2 * reach + 1 }, (_, i) => Math.exp(-(((i - reach) / sigma) ** 2) / 2))
  const sum = weights.reduce((a, b) => a + b)
  const along = (source, stepX, stepY) => {
    const target = new Float32Array(source.length)
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        for (let k = -reach; k <= reach; k++) {
          const from = (clamp(y + k * stepY, height) * width + clamp(x + k * stepX, width)) * 3
          const weight = (weights[k + reach] ?? 0) / sum
          for (let c = 0; c < 3; c++) target[(y * width + x) * 3 + c] += source[from + c] * weight
        }
      }
    }
    return target
  }
  return along(along(picture, 1, 0), 0, 1)
}

const clamp = (at, length) => Math.min(length - 1, Math.max(0, at))

/** Keys' cubic, without the overshoot that would ring around a lamp. */
function cubic(t) {
  const a = Math.abs(t)
  return a < 1 ? 2 / 3 - a * a + (a * a * a) / 2 : a < 2 ? (2 - a) ** 3 / 6 : 0
}

export function enlarged(picture, from, to) {
  const target = new Float32Array(to.width * to.height * 3)
  for (let y = 0; y < to.height; y++) {
    const sy = ((y + 0.5) * from.height) / to.height - 0.5
    for (let x = 0; x < to.width; x++) {
      const sx = ((x + 0.5) * from.width) / to.width - 0.5
      const [bx, by] = [Math.floor(sx), Math.floor(sy)]
      const at = (y * to.width + x) * 3
      for (let j = -1; j <= 2; j++) {
        const wy = cubic(sy - by - j)
        const row = clamp(by + j, from.height) * from.width
        for (let i = -1; i <= 2; i++) {
          const weight = wy * cubic(sx - bx - i)
          const source = (row + clamp(bx + i, from.width)) * 3
          for (let c = 0; c < 3; c++) target[at + c] += picture[source + c] * weight
        }
      }
    }
  }
  return target
}

/** RGBA. `grain`: in steps of 256. */
export function developed(picture, { width, height }, { exposure, grain }) {
  const random = createRandom(2026)
  const bytes = new Uint8ClampedArray(width * height * 4)
  for (let i = 0; i < width * height; i++) {
    const noise = (random() + random() + random() - 1.5) * grain
    for (let c = 0; c < 3; c++) {
      const light = picture[i * 3 + c] * exposure
      const shown = Math.min(1, (light * (1 + light * 0.1)) / (1 + light * 0.55))
      const value = shown <= 0.0031308 ? 12.92 * shown : 1.055 * shown ** (1 / 2.4) - 0.055
      bytes[i * 4 + c] = value * 255 + noise + (random() - 0.5)
    }
    bytes[i * 4 + 3] = 255
  }
  return bytes
}
