import type { Locator, Page } from 'playwright-core'
import type { Demo } from '../pages/session-demo/main.tsx'
import { demoPages, type ShowDemo } from '../demo-pages.ts'

declare const demo: Demo

export const desktop = { width: 1280, height: 800 }
export const phone = { width: 390, height: 844 }
export const phoneOnItsSide = { width: 844, height: 390 }

/** Serves the session's components to one test file; every call shows them as in a browser profile of its own. */
export function sessionDemo(): ShowDemo {
  return demoPages({
    name: 'session-demo',
    // As for everybody: sound only after a click. (Headless browsers are more generous.)
    args: ['--autoplay-policy=document-user-activation-required'],
    prepare(page) {
      page.on('pageerror', (error) => {
        throw error
      })
    },
    async open(page, url) {
      // Not by looking at the page: a script that is run from here counts as a click and would let sound out.
      const drawn = page.waitForRequest((request) => request.url().endsWith('/drawn'))
      await page.goto(url)
      await drawn
    },
  })
}

export const button = (page: Page | Locator, name: string) => page.getByRole('button', { name, exact: true })
export const preview = (page: Page) => page.getByLabel('Your video', { exact: true })

/** What was asked of the room, and of everything else. */
export const roomCalls = (page: Page) => page.evaluate(() => demo.room.calls)
export const log = (page: Page) => page.evaluate(() => demo.log)

export const announced = (page: Page, text: string | RegExp) =>
  page.getByRole('status').filter({ hasText: text }).first().waitFor({ state: 'attached' })

export async function box(locator: Locator) {
  const found = await locator.boundingBox()
  if (!found) throw new Error('not on the screen')
  return found
}

export const centre = (area: { x: number; y: number; width: number; height: number }) => ({
  x: area.x + area.width / 2,
  y: area.y + area.height / 2,
})

/** Puts these people into the session. */
export async function group(page: Page, names = ['Sam Lee', 'Alex Kim']) {
  await page.evaluate((all) => {
    const { session } = demo.room.state()
    if (session.kind === 'running') demo.room.update({ session: { ...session, people: all.map((name) => demo.personOf(name)) } })
  }, names)
}
