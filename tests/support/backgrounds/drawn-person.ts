import { noise } from './pictures.ts'

/** A head and shoulders in plain shades before a busy wall, which both models take for a person; in units of the height. */
export function drawnPerson(width: number, height: number): { readonly rgba: Uint8Array; readonly person: readonly boolean[] } {
  const rgba = new Uint8Array(width * height * 4)
  const person: boolean[] = []
  for (let py = 0; py < height; py++) {
    for (let px = 0; px < width; px++) {
      const [x, y] = [(px + 0.5 - width / 2) / height, (py + 0.5) / height]
      const shade = 1 - 0.35 * (x * 2) ** 2 - 0.15 * y
      const colour = personColour(x, y) ?? wallColour(x, y)
      person.push(personColour(x, y) !== null)
      const isPerson = person.at(-1) === true
      for (let i = 0; i < 3; i++)
        rgba[(py * width + px) * 4 + i] = Math.max((colour[i] ?? 0) * (isPerson ? shade : 1) + 4 * (noise(px, py, 3) - 0.5), 0)
      rgba[(py * width + px) * 4 + 3] = 255
    }
  }
  return { rgba, person }
}

type Colour = readonly [number, number, number]
const inEllipse = (x: number, y: number, cx: number, cy: number, rx: number, ry: number) => ((x - cx) / rx) ** 2 + ((y - cy) / ry) ** 2 < 1

function personColour(x: number, y: number): Colour | null {
  for (const side of [-1, 1]) {
    if (inEllipse(x, y, side * 0.058, 0.418, 0.012, 0.012)) return [50, 36, 24]
    if (inEllipse(x, y, side * 0.058, 0.418, 0.026, 0.014)) return [255, 255, 255]
    if (inEllipse(x, y, side * 0.058, 0.38, 0.034, 0.008)) return [58, 38, 24]
  }
  if (inEllipse(x, y, 0, 0.56, 0.05, 0.012)) return [164, 69, 63]
  if (inEllipse(x, y, 0.005, 0.48, 0.012, 0.02)) return [190, 130, 92]
  const isHair = inEllipse(x, y, 0, 0.36, 0.175, 0.2) && y < 0.36
  const isFace = inEllipse(x, y, 0, 0.43, 0.16, 0.21)
  if (isHair && !inEllipse(x, y, 0, 0.46, 0.15, 0.16)) return [58, 38, 24]
  if (isFace) return [240, 198, 164]
  if (Math.abs(x) < 0.078 && y > 0.5 && y < 0.72) return [196, 143, 105]
  const shoulder = 0.69 + 0.55 * Math.max(Math.abs(x) - 0.12, 0) ** 1.6
  return y > shoulder && Math.abs(x) < 0.33 ? [52, 80, 128] : null
}

function wallColour(x: number, y: number): Colour {
  const [u, v] = [(((x + 2) * 8) % 1) * 64, ((y * 8) % 1) * 64]
  if (u < 30 && v < 60) return [138, 111, 82]
  if (u >= 34 && u < 60 && v < 40) return [93, 122, 106]
  return [201, 194, 180]
}
