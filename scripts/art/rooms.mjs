import { createRandom } from './tracer.mjs'

/** Rooms as they look behind somebody: what one sees is at the sides and above, the middle is quiet. Metres; x to the right, y up, z away. */

const solid =
  (shape) =>
  (at, size, colour, more = {}) => ({ shape, at, size, colour, ...more })
const box = solid('box')
const ball = solid('ball')
const tube = solid('tube')

/** sRGB as written in a style sheet, to linear. */
export function colour(hex) {
  return [1, 3, 5].map((i) => {
    const value = Number.parseInt(hex.slice(i, i + 2), 16) / 255
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4
  })
}
const times = (rgb, by) => rgb.map((value) => value * by)
const mix = (a, b, share) => a.map((value, c) => value * (1 - share) + b[c] * share)
const smooth = (from, to, value) => {
  const t = Math.min(1, Math.max(0, (value - from) / (to - from)))
  return t * t * (3 - 2 * t)
}

const camera = { at: [0, 1.3, 0], width: 1.36, focus: 1.05, lens: 0.03, tilt: 0.02 }

/** A large window to one side and behind the camera, and a dim rest of the room. */
const daylight = (side, bright, rest) => (x, y, z) => {
  const window = smooth(0.15, 0.75, x * side * 0.86 - z * 0.35 + y * 0.22)
  const ceiling = smooth(-0.2, 0.9, y) * 0.35
  return mix(times(rest, 0.75 + ceiling), bright, window)
}

function floorAndWall(wall, floor, depth) {
  return [
    box([0, 2, depth + 0.1], [6, 3, 0.1], wall),
    box([0, -0.05, 2], [6, 0.05, 4], floor),
    box([0, 0.05, depth - 0.008], [6, 0.05, 0.01], times(wall, 1.08)),
  ]
}

/** A ceiling, and a wall out of sight with a window in it: light falls off across the room. */
function shell(side, { from = 0.5, to = 2.3, low = 0.75, high = 2.55, x = 2.75 } = {}) {
  const wall = colour('#d8d0c2')
  const at = side * (x + 0.1)
  return [
    box([0, 3, 1.5], [6, 0.05, 3], colour('#efebe3')),
    box([at, 1.5, (from - 2) / 2], [0.1, 2, (from + 2) / 2], wall),
    box([at, 1.5, (to + 5) / 2], [0.1, 2, (5 - to) / 2], wall),
    box([at, low / 2 - 0.3, (from + to) / 2], [0.1, low / 2 + 0.3, (to - from) / 2], wall),
    box([at, (high + 4) / 2, (from + to) / 2], [0.1, (4 - high) / 2, (to - from) / 2], wall),
  ]
}
const pane = (side, colour, { from = 0.5, to = 2.3, low = 0.75, high = 2.55, x = 2.75 } = {}) => ({
  x: side * (x + 0.2),
  y: [low, high],
  z: [from, to],
  colour,
})

/** Long leaves that hang in arcs from one place. */
function plant(
  x,
  z,
  height,
  seed,
  { leaves = 26, size = 0.2, pot = colour('#b9a893'), green = ['#4d6b4a', '#6f8a5c', '#3f5c45'], potHeight = 0.2, base = 0 } = {},
) {
  const random = createRandom(seed)
  const greens = green.map(colour)
  const parts = [
    tube([x, base + potHeight, z], [0.17, potHeight, 0.17], pot),
    tube([x, base + 2 * potHeight + 0.005, z], [0.155, 0.006, 0.155], colour('#3b2f26')),
  ]
  const from = base + 2 * potHeight
  for (let i = 0; i < leaves; i++) {
    const around = (i / leaves) * Math.PI * 2 * 2.618 + random() * 0.5
    const rise = 0.35 + 0.65 * random()
    const out = (0.1 + 0.32 * random()) * (1.25 - rise * 0.6) * (height / 1.1)
    const y = from + height * rise
    const at = [x + Math.cos(around) * out, y, z + Math.sin(around) * out * 0.7]
    const droop = 0.5 + random() * 0.7
    parts.push(
      ball(at, [size * (0.75 + random() * 0.5), 0.008, size * 0.42], greens[Math.floor(random() * greens.length)], {
        turn: [random() * 0.6 - 0.3, -around, -droop * (rise > 0.8 ? -0.5 : 0.7)],
      }),
    )
    // The stalk, from the pot to the leaf.
    const [dx, dy, dz] = [at[0] - x, at[1] - from, at[2] - z]
    const length = Math.hypot(dx, dy, dz)
    parts.push(
      tube([(x + at[0]) / 2, (from + at[1]) / 2, (z + at[2]) / 2], [0.007, length / 2, 0.007], colour('#5d6b45'), {
        turn: [Math.asin(dz / length), 0, -Math.atan2(dx, dy)],
      }),
    )
  }
  return parts
}

function frame(x, y, z, w, h, picture, wood = colour('#8a6a4c')) {
  return [
    box([x, y, z], [w / 2, h / 2, 0.015], wood),
    box([x, y, z - 0.016], [w / 2 - 0.025, h / 2 - 0.025, 0.004], colour('#f3eee4')),
    ...picture(x, y, z - 0.021, w, h),
  ]
}

function lamp(x, floor, z, { stem = 0.35, shade = 0.15, tall = 0.13, glow = [7.5, 4.9, 2.7] } = {}) {
  return [
    tube([x, floor + 0.012, z], [0.09, 0.012, 0.09], colour('#5c5046')),
    tube([x, floor + stem / 2, z], [0.011, stem / 2, 0.011], colour('#5c5046')),
    tube([x, floor + stem + tall, z], [shade, tall, shade], colour('#f0e3cd'), { glow, open: true }),
  ]
}

function books(random, left, right, bottom, height, z, palette) {
  const parts = []
  for (let x = left; x < right - 0.02; ) {
    const roll = random()
    if (roll < 0.07) {
      x += 0.05 + random() * 0.12
      continue
    }
    const thick = 0.018 + random() * 0.03
    const tall = height * (0.66 + random() * 0.28)
    const lean = roll > 0.93 ? 0.14 : 0
    if (x + thick > right) break
    parts.push(
      box(
        [x + thick / 2 + lean * 0.06, bottom + tall / 2, z + random() * 0.03],
        [thick / 2, tall / 2, 0.09],
        times(palette[Math.floor(random() * palette.length)], 0.8 + random() * 0.4),
        {
          turn: [0, 0, -lean],
        },
      ),
    )
    x += thick + 0.002 + lean * 0.2
  }
  return parts
}

const quiet = [
  '#a08a6c',
  '#7d8578',
  '#8f6a52',
  '#66736f',
  '#b5a58b',
  '#6f5f4f',
  '#9a7d60',
  '#56635a',
  '#86604f',
  '#c2b59f',
  '#74808a',
  '#a58d5e',
].map(colour)
const muted = [
  '#c9b79c',
  '#8f9a8b',
  '#a4644a',
  '#5f7480',
  '#d8cfc0',
  '#7c6a58',
  '#b08d6a',
  '#46584f',
  '#93534a',
  '#e4dccd',
  '#6b7f8c',
  '#c4a35f',
].map(colour)

const dim = [0.4, 0.37, 0.34]

/** A soft office: sideboard, lamp, pictures, a plant in the light of a window. */
function quietOffice() {
  const wall = colour('#d9d1c3')
  const oak = colour('#b48f66')
  const depth = 3.3
  const hills = (x, y, z, w, h) => [
    box([x, y - h * 0.1, z], [w * 0.3, h * 0.14, 0.002], colour('#93a596')),
    ball([x + w * 0.08, y + h * 0.1, z], [w * 0.1, w * 0.1, 0.003], colour('#d9a273')),
  ]
  const solids = [
    ...floorAndWall(wall, colour('#a58a6c'), depth),
    ...shell(-1),
    // Sideboard, with what stands on it.
    box([-1.25, 0.42, depth - 0.24], [0.78, 0.3, 0.22], oak),
    box([-1.25, 0.42, depth - 0.463], [0.005, 0.28, 0.004], times(oak, 0.4)),
    box([-1.77, 0.06, depth - 0.24], [0.02, 0.06, 0.15], times(oak, 0.6)),
    box([-0.72, 0.06, depth - 0.24], [0.02, 0.06, 0.15], times(oak, 0.6)),
    ...lamp(-1.72, 0.72, depth - 0.26, { stem: 0.24, shade: 0.16, tall: 0.12 }),
    ...books(createRandom(5), -1.4, -1.12, 0.72, 0.3, depth - 0.24, muted),
    ball([-0.85, 0.83, depth - 0.26], [0.1, 0.12, 0.1], colour('#e9e0d2')),
    tube([-0.85, 0.96, depth - 0.26], [0.035, 0.06, 0.035], colour('#e9e0d2')),
    ...frame(-1.28, 1.72, depth - 0.02, 0.52, 0.68, hills),
    ...frame(-0.72, 1.86, depth - 0.02, 0.36, 0.36, (x, y, z, w) => [ball([x, y, z], [w * 0.2, w * 0.26, 0.003], colour('#7f968f'))]),
    // Armchair at the right, the plant behind it.
    box([1.18, 0.32, depth - 0.75], [0.42, 0.14, 0.4], colour('#7d8f86')),
    ball([1.18, 0.5, depth - 0.78], [0.4, 0.12, 0.38], colour('#879a90')),
    ball([1.18, 0.78, depth - 0.42], [0.44, 0.5, 0.14], colour('#7d8f86')),
    ball([0.75, 0.56, depth - 0.75], [0.1, 0.16, 0.4], colour('#7d8f86')),
    ball([1.61, 0.56, depth - 0.75], [0.1, 0.16, 0.4], colour('#7d8f86')),
    ball([1.2, 0.74, depth - 0.66], [0.23, 0.21, 0.09], colour('#cf9a72'), { turn: [-0.3, 0, 0.1] }),
    ...plant(1.92, depth - 0.4, 1.42, 11, { leaves: 34, size: 0.22 }),
  ]
  return { solids, camera, around: daylight(-1, dim, dim), window: pane(-1, [13, 13, 12.8]), exposure: 0.95 }
}

/** A wall of books, daylight from the right, a lamp in the shelves. */
function bookshelf() {
  const random = createRandom(31)
  const wood = colour('#9c7650')
  const depth = 3.15
  const solids = [...floorAndWall(colour('#8d7458'), colour('#8a6f55'), depth), ...shell(1)]
  const columns = [-2.6, -1.72, -0.84, 0.04, 0.92, 1.8, 2.68]
  const shelves = [0.12, 0.5, 0.88, 1.26, 1.64, 2.02, 2.4]
  for (const x of columns) solids.push(box([x, 1.4, depth - 0.17], [0.014, 1.4, 0.17], wood))
  for (const y of shelves) solids.push(box([0, y, depth - 0.17], [2.7, 0.013, 0.17], wood))
  columns.slice(0, -1).forEach((left, column) => {
    shelves.slice(0, -1).forEach((bottom, row) => {
      const [from, to, floor] = [left + 0.02, (columns[column + 1] ?? 0) - 0.02, bottom + 0.014]
      const special = (column * 7 + row * 3) % 11
      if (column === 1 && row === 3)
        solids.push(...lamp(left + 0.6, floor, depth - 0.2, { stem: 0.06, shade: 0.075, tall: 0.06, glow: [3.4, 2.1, 1.1] }))
      else if (special === 2) solids.push(ball([from + 0.62, floor + 0.11, depth - 0.18], [0.1, 0.11, 0.1], colour('#e6ddcf')))
      else if (special === 5) solids.push(ball([from + 0.6, floor + 0.09, depth - 0.18], [0.13, 0.09, 0.1], colour('#6f8a86')))
      const half = special === 2 || special === 5 || (column === 1 && row === 3)
      solids.push(...books(random, from, half ? from + 0.4 : to - random() * 0.2, floor, 0.34, depth - 0.19, quiet))
    })
  })
  solids.push(...plant(1.98, depth - 0.55, 0.9, 4, { leaves: 26, size: 0.17, potHeight: 0.24, pot: colour('#d8cbb8') }))
  return {
    solids,
    softness: 2.1,
    camera: { ...camera, lens: 0.046 },
    around: daylight(1, dim, dim),
    window: pane(1, [19, 18.4, 17.6]),
    exposure: 1.35,
  }
}

/** A tall window with curtains, the morning in it. */
function morningWindow() {
  const depth = 3.4
  const wall = colour('#e3dccf')
  const [left, right, low, high] = [-1.75, -0.45, 0.55, 2.5]
  // Outside, far off: they glow as leaves do that the light comes through.
  const random = createRandom(19)
  const trees = Array.from({ length: 90 }, () => {
    const [x, y, away] = [-5.4 + random() * 6.4, -0.4 + random() ** 1.4 * 3.1, 7 + random() * 3]
    const light = 0.5 + random() * 0.9
    return ball([x, y * (0.75 + 0.35 * Math.sin(x * 1.7)), away], [0.3 + random() * 0.4, 0.25 + random() * 0.3, 0.3], colour('#66804f'), {
      glow: [0.2 * light, 0.29 * light, 0.1 * light],
    })
  })
  const solids = [
    box([0, -0.05, 2], [6, 0.05, 4], colour('#b4946f')),
    // The wall, around the window.
    box([(left - 6) / 2, 1.5, depth + 0.08], [(left + 6) / 2, 2.5, 0.08], wall),
    box([(right + 6) / 2, 1.5, depth + 0.08], [(6 - right) / 2, 2.5, 0.08], wall),
    box([(left + right) / 2, low / 2 - 0.5, depth + 0.08], [(right - left) / 2, low / 2 + 0.5, 0.08], wall),
    box([(left + right) / 2, (high + 4) / 2, depth + 0.08], [(right - left) / 2, (4 - high) / 2, 0.08], wall),
    box([(left + right) / 2, low - 0.02, depth - 0.06], [(right - left) / 2 + 0.1, 0.02, 0.16], colour('#efe9df')),
    // Its frame.
    ...[left + 0.03, (left + right) / 2, right - 0.03].map((x) =>
      box([x, (low + high) / 2, depth + 0.06], [0.03, (high - low) / 2, 0.03], colour('#f1ece3')),
    ),
    ...[low + 0.03, 1.75, high - 0.03].map((y) =>
      box([(left + right) / 2, y, depth + 0.06], [(right - left) / 2, 0.025, 0.03], colour('#f1ece3')),
    ),
    ...trees,
    // Low bench and plant, a picture at the right.
    box([1.35, 0.24, depth - 0.26], [0.75, 0.05, 0.24], colour('#a98358')),
    box([0.75, 0.1, depth - 0.26], [0.03, 0.1, 0.2], colour('#8c6b47')),
    box([1.95, 0.1, depth - 0.26], [0.03, 0.1, 0.2], colour('#8c6b47')),
    ball([0.95, 0.42, depth - 0.22], [0.26, 0.2, 0.11], colour('#d5b48f'), { turn: [-0.25, 0, 0.15] }),
    ball([1.45, 0.42, depth - 0.22], [0.26, 0.2, 0.11], colour('#8fa39a'), { turn: [-0.25, 0, -0.1] }),
    ...frame(1.2, 1.68, depth - 0.02, 0.78, 0.56, (x, y, z, w, h) => [
      box([x, y - h * 0.16, z], [w * 0.4, h * 0.12, 0.002], colour('#9db0ac')),
      box([x, y + h * 0.02, z], [w * 0.4, h * 0.06, 0.002], colour('#d9c3a5')),
    ]),
    ...plant(2.0, depth - 0.3, 0.95, 23, { leaves: 26, size: 0.18, potHeight: 0.16, pot: colour('#cdb9a0') }),
    ...plant(-0.62, depth - 0.08, 0.3, 8, { leaves: 12, size: 0.09, potHeight: 0.06, base: low, pot: colour('#b5744f') }),
  ]
  // Curtains: folds of a cloth that lets the light through.
  const cloth = colour('#f4eee4')
  for (let i = 0; i < 9; i++) {
    for (const [x, way] of [
      [left - 0.28, 1],
      [right + 0.24, -1],
    ])
      solids.push(
        tube([x + way * i * 0.044, 1.34, depth - 0.12 - (i % 2) * 0.03], [0.034, 1.32, 0.03], cloth, {
          glow: i % 2 ? [0.26, 0.24, 0.2] : [0.4, 0.37, 0.31],
          open: true,
        }),
      )
  }
  solids.push(tube([(left + right) / 2, 2.67, depth - 0.13], [0.012, 1.15, 0.012], colour('#7a6048'), { turn: [0, 0, Math.PI / 2] }))
  const room = daylight(-1, [2.9, 2.75, 2.5], [0.62, 0.6, 0.57])
  const sky = (x, y, z) => (z > 0.5 ? mix([2.1, 1.95, 1.65], [1.25, 1.5, 1.85], smooth(0, 0.35, y)) : room(x, y, z))
  return {
    solids,
    camera,
    samples: 324,
    around: sky,
    sun: { from: [-0.62, 0.5, 0.42], colour: [4.2, 3.5, 2.5], size: 0.05 },
    exposure: 0.9,
  }
}

/** A clay wall in the late sun, which comes through leaves and a window's bars. */
function warmWall() {
  const depth = 2.9
  const clay = colour('#c98f68')
  const plaster = (x, y) =>
    times(clay, 1 + 0.035 * Math.sin(x * 3.1 + Math.sin(y * 2.3) * 1.4) * Math.sin(y * 2.7 + 1) + 0.02 * Math.sin(x * 9 + y * 7))
  const random = createRandom(77)
  const solids = [
    box([0, 2, depth + 0.1], [6, 3, 0.1], plaster),
    box([0, -0.05, 2], [6, 0.05, 4], colour('#8f6c50')),
    // A shelf with three things on it.
    box([-1.12, 1.52, depth - 0.12], [0.55, 0.018, 0.12], colour('#7b5638')),
    ball([-1.42, 1.65, depth - 0.13], [0.1, 0.115, 0.1], colour('#e8dccb')),
    tube([-1.42, 1.78, depth - 0.13], [0.03, 0.05, 0.03], colour('#e8dccb')),
    ...books(createRandom(9), -1.18, -0.9, 1.54, 0.26, depth - 0.12, muted),
    ball([-0.76, 1.6, depth - 0.13], [0.07, 0.065, 0.07], colour('#64776e')),
    ...plant(1.72, depth - 0.45, 1.5, 41, {
      leaves: 34,
      size: 0.2,
      pot: colour('#e0d2bd'),
      potHeight: 0.24,
      green: ['#55704c', '#71885a', '#465f48'],
    }),
  ]
  const unseen = { shadeOnly: true }
  // Out of sight, between the sun and the wall.
  const from = [-0.72, 0.42, -0.62]
  const towards = (x, y, away) => [x + from[0] * away, y + from[1] * away, depth + from[2] * away]
  for (const x of [-1.5, -0.55, 0.4, 1.35, 2.3]) solids.push(box(towards(x, 1.6, 3.3), [0.05, 2, 0.05], colour('#888888'), unseen))
  for (const y of [0.35, 1.3, 2.25]) solids.push(box(towards(0.4, y, 3.3), [2.2, 0.045, 0.05], colour('#888888'), unseen))
  for (const x of [-4.4, 5.6]) solids.push(box(towards(x, 1.6, 3.35), [2.9, 4, 0.05], colour('#888888'), unseen))
  solids.push(box(towards(0.4, 4.2, 3.35), [4, 1.9, 0.05], colour('#888888'), unseen))
  for (let i = 0; i < 34; i++) {
    const at = towards(-1.5 + random() * 3.2, 0.9 + random() * 1.9, 2 + random() * 1.4)
    solids.push(
      ball(at, [0.18 + random() * 0.12, 0.07, 0.02], colour('#666666'), { turn: [random(), random() * 3, random() * 3], ...unseen }),
    )
  }
  return {
    solids,
    camera: { ...camera, lens: 0.026 },
    around: daylight(-1, [1.05, 0.98, 0.92], [0.56, 0.5, 0.46]),
    sun: { from, colour: [3.1, 2.35, 1.5], size: 0.07 },
    exposure: 0.95,
  }
}

export const rooms = { 'quiet-office': quietOffice, bookshelf, 'morning-window': morningWindow, 'warm-wall': warmWall }
