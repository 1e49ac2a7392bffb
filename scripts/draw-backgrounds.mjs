/**
 * Draws the images that stand behind a clinician (scripts/art), and writes them as WebP. Run it by hand after a scene has changed; the images
 * are checked in. `node scripts/draw-backgrounds.mjs [--quick] [name...]`: a minute or two for each room; quick ones show where things stand.
 */
import { mkdir, writeFile } from 'node:fs/promises'
import { chromium } from 'playwright-core'
import { developed, enlarged, softened } from './art/develop.mjs'
import { landscapes } from './art/landscapes.mjs'
import { rooms } from './art/rooms.mjs'
import { trace } from './art/tracer.mjs'

const folder = new URL('../pwa/src/adapters/backgrounds/images/', import.meta.url)
const full = { width: 1280, height: 720 }
const maxBytes = 56_000
const small = { width: 256, height: 144 }

const quick = process.argv.includes('--quick')
const names = process.argv.slice(2).filter((name) => !name.startsWith('--'))
const wanted = names.length > 0 ? names : [...Object.keys(rooms), ...Object.keys(landscapes)]

function drawn(name) {
  const room = rooms[name]?.()
  if (room) {
    const size = { width: 320, height: 180 }
    const picture = trace(room, { ...size, samples: quick ? 16 : (room.samples ?? 81), seed: 1 })
    return { size, picture: softened(picture, size, quick ? 2.2 : (room.softness ?? 1.7)), exposure: room.exposure }
  }
  const size = { width: 640, height: 360 }
  return { size, picture: landscapes[name](size), exposure: 1.05 }
}

const browser = await chromium.launch({ executablePath: process.env.CHROMIUM_PATH ?? '/usr/bin/chromium' })
const page = await browser.newPage()
/** The browser is the encoder: no library more. */
async function encoded(bytes, { width, height }, quality) {
  const base64 = await page.evaluate(
    async ({ pixels, width, height, quality }) => {
      const raw = Uint8ClampedArray.from(atob(pixels), (character) => character.charCodeAt(0))
      const canvas = new OffscreenCanvas(width, height)
      canvas.getContext('2d').putImageData(new ImageData(raw, width, height), 0, 0)
      const file = new Uint8Array(await (await canvas.convertToBlob({ type: 'image/webp', quality })).arrayBuffer())
      return btoa(Array.from(file, (byte) => String.fromCharCode(byte)).join(''))
    },
    { pixels: Buffer.from(bytes.buffer).toString('base64'), width, height, quality },
  )
  return Buffer.from(base64, 'base64')
}

await mkdir(folder, { recursive: true })
for (const name of wanted) {
  const { size, picture, exposure } = drawn(name)
  const pixels = developed(enlarged(picture, size, full), full, { exposure, grain: 2 })
  // As good as its grain, and no heavier than it may be.
  let large = await encoded(pixels, full, 0.95)
  for (let quality = 0.94; large.length > maxBytes; quality -= 0.01) large = await encoded(pixels, full, quality)
  // Smaller ones need no grain, and a third of the pixels.
  const thumbnail = await encoded(developed(enlarged(softened(picture, size, 0.8), size, small), small, { exposure, grain: 0 }), small, 0.8)
  await writeFile(new URL(`${name}.webp`, folder), large)
  await writeFile(new URL(`${name}-small.webp`, folder), thumbnail)
  console.log(`${name}: ${large.length} bytes, thumbnail ${thumbnail.length}`)
}
await browser.close()
