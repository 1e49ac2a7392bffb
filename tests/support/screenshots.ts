import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { root } from './source-graph.ts'

export const screens = {
  desktop: { width: 1280, height: 800 },
  phone: { width: 390, height: 844 },
  'phone on its side': { width: 844, height: 390 },
} as const
export type Screen = keyof typeof screens
export type Scheme = 'light' | 'dark'

const folder = join(root, 'tests/screenshots')

/** Pictures are to be looked at: they are taken in the long suite, and with `ALCOVE_PICTURES=1`. */
export const takesPictures = process.env.ALCOVE_LONG === '1' || process.env.ALCOVE_PICTURES === '1'

/**
 * The page as it stands, on each screen in each colour scheme, into `tests/screenshots/<name>-<screen>-<scheme>.png`
 * (which git ignores). The page has its own size and scheme again afterwards.
 * @returns their paths; none where no pictures are taken
 */
export async function photograph(
  page: Page,
  name: string,
  on: { readonly screens?: readonly Screen[]; readonly schemes?: readonly Scheme[]; readonly fullPage?: boolean } = {},
): Promise<readonly string[]> {
  if (!takesPictures) return []
  await mkdir(folder, { recursive: true })
  const size = page.viewportSize()
  const before: Scheme = (await page.evaluate(() => matchMedia('(prefers-color-scheme: dark)').matches)) ? 'dark' : 'light'
  const paths: string[] = []
  for (const screen of on.screens ?? (['desktop', 'phone', 'phone on its side'] as const)) {
    for (const colorScheme of on.schemes ?? (['light', 'dark'] as const)) {
      await page.setViewportSize(screens[screen])
      await page.emulateMedia({ colorScheme })
      const path = join(folder, `${name}-${screen.replaceAll(' ', '-')}-${colorScheme}.png`)
      await page.screenshot({ path, fullPage: on.fullPage ?? false, animations: 'disabled' })
      paths.push(path)
    }
  }
  await page.emulateMedia({ colorScheme: before })
  if (size) await page.setViewportSize(size)
  return paths
}
