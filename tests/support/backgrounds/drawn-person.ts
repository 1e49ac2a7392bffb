import { noise } from './pictures.ts'

/** How a person sits, what they wear, what is behind them. Lengths in units of the picture's height. */
export type Look = {
  /** Of the head's middle, from the picture's. */
  readonly aside: number
  readonly down: number
  readonly scale: number
  readonly hair: 'short' | 'long' | 'curly'
  readonly glasses: boolean
  readonly handUp: boolean
  readonly skin: Colour
  readonly hairColour: Colour
  readonly shirt: Colour
  /** `busy`: shelves; `shirt`: of the shirt's colour, nearly; `portrait`: shelves, and a small face in a frame. */
  readonly wall: 'busy' | 'shirt' | 'portrait'
}

export type DrawnPerson = { readonly rgba: Uint8Array; readonly person: readonly boolean[] }

type Colour = readonly [number, number, number]

export const plainLook: Look = {
  aside: 0,
  down: 0,
  scale: 1,
  hair: 'short',
  glasses: false,
  handUp: false,
  skin: [240, 198, 164],
  hairColour: [58, 38, 24],
  shirt: [52, 80, 128],
  wall: 'busy',
}

const look = (change: Partial<Look>): Look => ({ ...plainLook, ...change })

/** Different people, poses and rooms. */
export const looks: Readonly<Record<string, Look>> = {
  plain: plainLook,
  aside: look({ aside: 0.32, down: 0.06, scale: 0.85, shirt: [150, 62, 58] }),
  'long hair': look({ hair: 'long', hairColour: [36, 26, 22], shirt: [196, 188, 170], skin: [198, 146, 108] }),
  'curly hair and glasses': look({ hair: 'curly', glasses: true, skin: [122, 80, 56], hairColour: [26, 20, 18], shirt: [84, 118, 96] }),
  'clothes like the wall': look({ wall: 'shirt', shirt: [168, 160, 148] }),
  'a hand': look({ handUp: true, aside: -0.1, shirt: [70, 70, 84] }),
  'a picture on the wall': look({ wall: 'portrait', aside: 0.12, glasses: true, shirt: [92, 60, 104] }),
}

/**
 * Head and shoulders in plain shades before a wall, which both models take for a person. `grain`: grey levels of noise, as of a
 * camera's sensor, with `seed`. The edge is half covered where it is in a camera's picture.
 */
export function drawnPerson(
  width: number,
  height: number,
  { look = plainLook, grain = 4, seed = 3 }: { readonly look?: Look; readonly grain?: number; readonly seed?: number } = {},
): DrawnPerson {
  const rgba = new Uint8Array(width * height * 4)
  const person: boolean[] = []
  for (let py = 0; py < height; py++) {
    for (let px = 0; px < width; px++) {
      const sum = [0, 0, 0]
      let covered = 0
      for (let k = 0; k < 4; k++) {
        const x = (px + 0.25 + 0.5 * (k & 1) - width / 2) / height
        const y = (py + 0.25 + 0.5 * (k >> 1)) / height
        const [bodyX, bodyY] = [(x - look.aside) / look.scale, (y - look.down - 0.43) / look.scale + 0.43]
        const own = personColour(bodyX, bodyY, look)
        const colour = own ?? wallColour(x, y, look)
        const shade = own ? 1 - 0.35 * (bodyX * 2) ** 2 - 0.15 * bodyY : 1
        if (own) covered += 1
        for (let i = 0; i < 3; i++) sum[i] = (sum[i] ?? 0) + ((colour[i] ?? 0) * shade) / 4
      }
      person.push(covered >= 2)
      const noisy = grain * (noise(px, py, seed) - 0.5)
      for (let i = 0; i < 3; i++) rgba[(py * width + px) * 4 + i] = Math.min(Math.max((sum[i] ?? 0) + noisy, 0), 255)
      rgba[(py * width + px) * 4 + 3] = 255
    }
  }
  return { rgba, person }
}

const inEllipse = (x: number, y: number, cx: number, cy: number, rx: number, ry: number) => ((x - cx) / rx) ** 2 + ((y - cy) / ry) ** 2 < 1

function personColour(x: number, y: number, look: Look): Colour | null {
  return faceColour(x, y, look) ?? hairColour(x, y, look) ?? bodyColour(x, y, look)
}

function faceColour(x: number, y: number, { glasses, hairColour, skin, hair }: Look): Colour | null {
  for (const side of [-1, 1]) {
    const rim = inEllipse(x, y, side * 0.06, 0.42, 0.048, 0.042) && !inEllipse(x, y, side * 0.06, 0.42, 0.041, 0.035)
    if (glasses && rim) return [30, 30, 34]
    if (inEllipse(x, y, side * 0.058, 0.418, 0.012, 0.012)) return [50, 36, 24]
    if (inEllipse(x, y, side * 0.058, 0.418, 0.026, 0.014)) return [255, 255, 255]
    if (inEllipse(x, y, side * 0.058, 0.38, 0.034, 0.008)) return hairColour
  }
  if (inEllipse(x, y, 0, 0.56, 0.05, 0.012)) return [164, 69, 63]
  if (inEllipse(x, y, 0.005, 0.48, 0.012, 0.02)) return shaded(skin, 0.8)
  const isFace = inEllipse(x, y, 0, 0.43, 0.16, 0.21)
  const underHair = hair === 'short' ? y < 0.36 && !inEllipse(x, y, 0, 0.46, 0.15, 0.16) : !inEllipse(x, y, 0, 0.46, 0.14, 0.17)
  return isFace && !underHair ? skin : null
}

function hairColour(x: number, y: number, { hair, hairColour }: Look): Colour | null {
  const top = inEllipse(x, y, 0, 0.36, 0.175, 0.2)
  if (hair === 'short') return top && y < 0.36 ? hairColour : null
  if (hair === 'long') {
    const falls = y > 0.34 && y < 0.8 && Math.abs(x) < 0.185 + 0.012 * Math.sin(40 * y) && Math.abs(x) > 0.06
    return top || falls ? shaded(hairColour, 1 + 0.25 * Math.sin(160 * x)) : null
  }
  const turn = Math.atan2(y - 0.36, x)
  const reach = 1 + 0.05 * Math.sin(13 * turn) + 0.03 * Math.sin(29 * turn)
  return inEllipse(x / reach, (y - 0.36) / reach + 0.36, 0, 0.36, 0.22, 0.24) && y < 0.55 ? hairColour : null
}

function bodyColour(x: number, y: number, { skin, shirt, handUp }: Look): Colour | null {
  if (handUp) {
    if (inEllipse(x, y, 0.43, 0.52, 0.055, 0.075)) return shaded(skin, 0.95)
    for (let finger = 0; finger < 4; finger++) if (inEllipse(x, y, 0.395 + finger * 0.024, 0.44, 0.011, 0.06)) return skin
    if (Math.abs(x - 0.42 + 0.1 * (y - 0.6)) < 0.045 && y > 0.57) return shaded(shirt, 0.9)
  }
  if (Math.abs(x) < 0.078 && y > 0.5 && y < 0.72) return shaded(skin, 0.8)
  const shoulder = 0.69 + 0.55 * Math.max(Math.abs(x) - 0.12, 0) ** 1.6
  return y > shoulder && Math.abs(x) < 0.33 ? shirt : null
}

const shaded = ([r, g, b]: Colour, by: number): Colour => [r * by, g * by, b * by]

function wallColour(x: number, y: number, { wall, shirt }: Look): Colour {
  if (wall === 'portrait') {
    const [px, py] = [(x + 0.62) * 2.6, (y - 0.28) * 2.6 + 0.43]
    if (Math.abs(px) < 0.34 && Math.abs(py - 0.46) < 0.4) {
      if (Math.abs(px) > 0.3 || Math.abs(py - 0.46) > 0.36) return [70, 52, 36]
      return personColour(px, py, plainLook) ?? [206, 212, 204]
    }
  }
  const [u, v] = [(((x + 2) * 8) % 1) * 64, ((y * 8) % 1) * 64]
  if (wall === 'shirt') return u < 34 ? shaded(shirt, 1.2) : shaded(shirt, 0.86)
  if (u < 30 && v < 60) return [138, 111, 82]
  if (u >= 34 && u < 60 && v < 40) return [93, 122, 106]
  return [201, 194, 180]
}
