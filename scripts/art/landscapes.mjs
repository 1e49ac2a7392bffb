import { colour } from './rooms.mjs'
import { createRandom } from './tracer.mjs'

/** Two backgrounds without a room, drawn in linear light like the others: `(size) => numbers`. */

const smooth = (from, to, value) => {
  const t = Math.min(1, Math.max(0, (value - from) / (to - from)))
  return t * t * (3 - 2 * t)
}
const mix = (a, b, share) => a.map((value, c) => value * (1 - share) + b[c] * share)

/** Soft hills and valleys between 0 and 1. */
function noiseOf(seed) {
  const random = createRandom(seed)
  const values = Float32Array.from({ length: 4096 }, () => random())
  const at = (x, y) => values[(((x % 64) + 64) % 64) + 64 * (((y % 64) + 64) % 64)]
  return (x, y) => {
    const [fx, fy] = [Math.floor(x), Math.floor(y)]
    const [u, v] = [smooth(0, 1, x - fx), smooth(0, 1, y - fy)]
    const row = (dy) => at(fx, fy + dy) * (1 - u) + at(fx + 1, fy + dy) * u
    return row(0) * (1 - v) + row(1) * v
  }
}
const layered = (noise, x, y) => 0.55 * noise(x, y) + 0.3 * noise(x * 2.1 + 5, y * 2.1) + 0.15 * noise(x * 4.3, y * 4.3 + 9)

function paint({ width, height }, at) {
  const picture = new Float32Array(width * height * 3)
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) picture.set(at((x + 0.5) / width, (y + 0.5) / height), (y * width + x) * 3)
  return picture
}

/** Hills one behind the other, after sunset. */
function dusk(size) {
  const noise = noiseOf(3)
  const sky = [
    [0, '#44506e'],
    [0.24, '#6d6a88'],
    [0.44, '#a98695'],
    [0.58, '#d9a690'],
    [0.68, '#efc79c'],
  ].map(([at, hex]) => [at, colour(hex)])
  const hills = [
    { at: 0.66, rise: 0.1, wide: 2.2, soft: 0.012, hex: '#a98a92' },
    { at: 0.74, rise: 0.13, wide: 1.7, soft: 0.016, hex: '#7d7084' },
    { at: 0.85, rise: 0.15, wide: 1.3, soft: 0.022, hex: '#545670' },
    { at: 0.98, rise: 0.16, wide: 1, soft: 0.03, hex: '#363d55' },
  ].map((hill, i) => ({ ...hill, colour: colour(hill.hex), shift: i * 17.3 }))
  const skyAt = (y) => {
    const next = sky.findIndex(([at]) => at >= y)
    if (next < 0) return sky.at(-1)[1]
    const [from, to] = [sky[Math.max(0, next - 1)], sky[next]]
    return mix(from[1], to[1], smooth(from[0] - 1e-6, to[0], y))
  }
  return paint(size, (x, y) => {
    const glow = Math.exp(-(((x - 0.63) / 0.3) ** 2) - ((y - 0.62) / 0.2) ** 2)
    const cloud = smooth(0.48, 0.8, layered(noise, x * 3.4 + y * 0.8, y * 15)) * smooth(0.03, 0.25, y) * smooth(0.62, 0.4, y)
    let light = mix(skyAt(y), colour('#f4c9a4'), 0.34 * cloud)
    light = light.map((value, c) => value + glow * [0.3, 0.19, 0.1][c])
    for (const { at, rise, wide, soft, colour: own, shift } of hills) {
      const edge = at - rise * (layered(noise, x * wide * 2.3 + shift, shift) - 0.42)
      // Mist lies in the valleys.
      const mist = mix(own, colour('#d3a798'), 0.5 * smooth(0.01, 0.2, y - edge) + 0.1 * glow)
      light = mix(light, mist, smooth(edge - soft, edge + soft, y))
    }
    return light
  })
}

/** A wood in summer, far out of focus: trunks, leaves, and the light between them as discs. */
function forest(size) {
  const { width, height } = size
  const noise = noiseOf(8)
  const picture = paint(size, (x, y) => {
    const opening = Math.exp(-(((x - 0.57) / 0.34) ** 2) - ((y - 0.33) / 0.34) ** 2)
    const leaves = layered(noise, x * 6, y * 5)
    const deep = mix(colour('#22382a'), colour('#4b6a42'), leaves)
    const light = mix(deep, colour('#dfe6ac'), 0.78 * opening * (0.55 + 0.45 * leaves))
    const ground = mix(colour('#4a4a30'), colour('#7f8250'), layered(noise, x * 4 + 30, y * 9))
    return mix(light, ground, smooth(0.68, 0.95, y + 0.05 * (leaves - 0.5)))
  })

  function disc(cx, cy, radius, light, opacity) {
    const edge = Math.max(1.5, radius * 0.4)
    for (let y = Math.max(0, Math.floor(cy - radius - edge)); y < Math.min(height, cy + radius + edge); y++) {
      for (let x = Math.max(0, Math.floor(cx - radius - edge)); x < Math.min(width, cx + radius + edge); x++) {
        const away = Math.hypot(x + 0.5 - cx, y + 0.5 - cy)
        // A lens draws the rim of a disc a little brighter.
        const share = opacity * smooth(radius + edge, radius - edge, away) * (0.9 + 0.1 * smooth(radius * 0.4, radius * 0.95, away))
        if (share <= 0) continue
        const i = (y * width + x) * 3
        for (let c = 0; c < 3; c++) picture[i + c] = picture[i + c] * (1 - share) + light[c] * share
      }
    }
  }
  /** `foot`: where it stands, from the top; 1.3 is out of the picture. */
  function trunk(at, wide, lean, own, opacity, foot) {
    for (let y = 0; y < height; y++) {
      const middle = at + lean * (y / height - 0.5) + 0.004 * Math.sin((y / height) * 7 + at * 20)
      const half = wide * (0.82 + 0.3 * (y / height) ** 3)
      for (let x = 0; x < width; x++) {
        const away = (x + 0.5) / width - middle
        const share = opacity * smooth(half + 0.014, half - 0.008, Math.abs(away)) * smooth(foot + 0.05, foot - 0.06, y / height)
        if (share <= 0) continue
        const lit = mix(own, colour('#a89a70'), 0.5 * smooth(-half, half, at < 0.57 ? away : -away))
        const i = (y * width + x) * 3
        for (let c = 0; c < 3; c++) picture[i + c] = picture[i + c] * (1 - share) + lit[c] * share
      }
    }
  }

  const random = createRandom(12)
  const greens = ['#2c4a30', '#3f6238', '#5b7c41', '#7c9a4f', '#a5b865'].map(colour)
  const near = (x, y) => Math.exp(-(((x - 0.57) / 0.36) ** 2) - ((y - 0.34) / 0.36) ** 2)
  const leavesOf = (count, radius, opacity) => {
    for (let i = 0; i < count; i++) {
      const [x, y] = [random(), random() * 0.74]
      const light = greens[Math.min(4, Math.floor(random() * 2.6 + near(x, y) * 2.6))]
      disc(x * width, y * height, radius * (0.6 + random() * 0.8) * width, light, opacity)
    }
  }
  leavesOf(150, 0.03, 0.32)
  for (const [at, wide, lean, foot] of [
    [0.33, 0.009, 0.01, 0.76],
    [0.47, 0.006, -0.01, 0.72],
    [0.68, 0.008, 0.012, 0.74],
    [0.79, 0.011, -0.014, 0.79],
  ])
    trunk(at, wide, lean, colour('#5f6148'), 0.5, foot)
  leavesOf(120, 0.022, 0.3)
  // The sky through the leaves: many faint ones, few bright ones.
  for (let i = 0; i < 54; i++) {
    const [x, y] = [0.57 + (random() + random() + random() - 1.5) * 0.5, 0.3 + (random() + random() - 1) * 0.3]
    disc(x * width, y * height, (0.012 + random() * 0.022) * width, [1.05, 1.08, 0.7], 0.04 + random() ** 3 * 0.3)
  }
  trunk(0.225, 0.014, -0.012, colour('#39372b'), 0.85, 0.9)
  trunk(0.1, 0.028, 0.014, colour('#332f25'), 0.94, 1.3)
  trunk(0.92, 0.036, -0.024, colour('#332f25'), 0.94, 1.3)
  leavesOf(70, 0.034, 0.2)
  return picture
}

export const landscapes = { forest, dusk }
