import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { ScreenState } from '@alcove/shared/protocol/extension-inside'
import type { Page } from 'playwright-core'
import { root } from '../source-graph.ts'
import { nowAt } from './screen-states.ts'
import { type StubBackground, stubBrowser } from './stub-browser.ts'

declare const stub: StubBackground

export type ScreenName = 'popup' | 'options'

/** The size at which a browser shows it. */
export const sizeOf = { popup: { width: 400, height: 600 }, options: { width: 900, height: 800 } } as const

/** Opens a screen with this state behind it, at the examples' time. */
export async function openScreen(page: Page, url: string, name: ScreenName, state: ScreenState): Promise<void> {
  await page.setViewportSize(sizeOf[name])
  await page.clock.setFixedTime(nowAt)
  await page.addInitScript(stubBrowser, state)
  await page.goto(`${url}${name}.html`)
  await page.getByRole('heading', { level: 1 }).waitFor()
}

export async function show(page: Page, state: ScreenState): Promise<void> {
  await page.evaluate((next) => stub.push(next), state)
  await page.waitForFunction((language) => language === 'browser' || document.documentElement.lang === language, state.language)
}

export const heard = (page: Page) => page.evaluate(() => stub.heard)

const folder = join(root, 'tests/screenshots')

/** Into `tests/screenshots/x-<name>.png`, which git ignores. */
export async function picture(page: Page, name: string): Promise<void> {
  await mkdir(folder, { recursive: true })
  await page.screenshot({ path: join(folder, `x-${name.replaceAll(' ', '-')}.png`), fullPage: true, animations: 'disabled' })
}
