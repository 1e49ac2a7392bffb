// Draws the PNG icons of app and extension from pwa/public/icons/mark.svg. Run it by hand after the mark has changed; the PNGs are checked in.
import { readFile, writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { chromium } from 'playwright-core'

const folder = new URL('../pwa/public/icons/', import.meta.url)
const ofExtension = new URL('../extension/public/icons/', import.meta.url)
const mark = await readFile(new URL('mark.svg', folder), 'utf8')

// Masks cut to a circle of 80 %; Apple rounds the corners of an opaque square.
const icons = [
  ...[16, 32, 48, 128].map((size) => ({ name: `icon-${size}.png`, size, share: 0.94, paper: 'transparent', to: ofExtension })),
  { name: 'icon-192.png', size: 192, share: 0.86, paper: 'transparent' },
  { name: 'icon-512.png', size: 512, share: 0.86, paper: 'transparent' },
  { name: 'icon-maskable-512.png', size: 512, share: 0.56, paper: '#faf7f3' },
  { name: 'apple-touch-icon.png', size: 180, share: 0.68, paper: '#faf7f3' },
]

const browser = await chromium.launch({ executablePath: process.env.CHROMIUM_PATH ?? '/usr/bin/chromium' })
for (const { name, size, share, paper, to = folder } of icons) {
  const page = await browser.newPage({ viewport: { width: size, height: size } })
  const inner = Math.round(size * share)
  await page.setContent(
    `<style>body{margin:0;display:grid;place-items:center;height:${size}px;background:${paper}}svg{width:${inner}px;height:${inner}px}</style>${mark}`,
  )
  await writeFile(fileURLToPath(new URL(name, to)), await page.screenshot({ omitBackground: paper === 'transparent' }))
  await page.close()
}
await browser.close()
