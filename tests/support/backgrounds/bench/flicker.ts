import type { ServedLab } from '../serve-lab.ts'
import { type BrowserOptions, openBrowser, rest, within } from './browser.ts'
import { startStage } from './round.ts'

const small = { width: 320, height: 180 } as const
const pictures = 12

/**
 * A person who sits still, before one colour, seen through a camera with grain: how much the person's share of a pixel changes from
 * one distinct picture to the next; summed over all pixels that are not surely person, divided by the number of pixels. 0 to 1.
 */
export async function measureFlicker(site: ServedLab, options: BrowserOptions): Promise<number> {
  const browser = await openBrowser(options)
  try {
    const { page } = browser
    await startStage(page, site.url, 'image')
    await rest(3000)
    const ask = (what: 'pictures' | 'cameraPictures') =>
      within(
        90_000,
        'the pictures',
        page.evaluate((name, count, width, height) => window.stage[name](count, width, height), what, pictures, small.width, small.height),
      )
    const [seen, own] = [(await ask('pictures')).map(bytesOf), (await ask('cameraPictures')).map(bytesOf)]
    return flickerOf(seen, own)
  } finally {
    await browser.close()
  }
}

const bytesOf = (base64: string) => new Uint8Array(Buffer.from(base64, 'base64'))

/** Pixels with more of the person than this on average show the camera's own grain, whatever the mask does. */
const surelyPerson = 0.97

/** `seen` = share * camera + (1 - share) * key, per pixel; the key is what stands in the upper left corner. */
export function flickerOf(seen: readonly Uint8Array[], camera: readonly Uint8Array[]): number {
  const mean = Float32Array.from(camera[0] ?? [], (_, i) => camera.reduce((sum, one) => sum + (one[i] ?? 0), 0) / camera.length)
  const shares = seen.map((picture) => sharesOf(picture, mean))
  const meanShare = (i: number) => shares.reduce((sum, one) => sum + (one[i] ?? 0), 0) / shares.length
  const uncertain = Array.from(shares[0] ?? [], (_, i) => meanShare(i) <= surelyPerson)
  let total = 0
  for (let k = 1; k < shares.length; k++) {
    const [now, before] = [shares[k] ?? [], shares[k - 1] ?? []]
    for (let i = 0; i < now.length; i++) if (uncertain[i]) total += Math.abs((now[i] ?? 0) - (before[i] ?? 0)) / now.length
  }
  return total / (shares.length - 1)
}

function sharesOf(picture: Uint8Array, camera: Float32Array): Float32Array {
  const key = [picture[0] ?? 0, picture[1] ?? 0, picture[2] ?? 0]
  return Float32Array.from({ length: picture.length / 4 }, (_, pixel) => {
    let dot = 0
    let square = 0
    for (let c = 0; c < 3; c++) {
      const [own, behind] = [camera[pixel * 4 + c] ?? 0, key[c] ?? 0]
      dot += ((picture[pixel * 4 + c] ?? 0) - behind) * (own - behind)
      square += (own - behind) ** 2
    }
    return square === 0 ? 0 : Math.min(Math.max(dot / square, 0), 1)
  })
}
