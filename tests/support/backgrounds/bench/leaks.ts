import type { Page } from 'puppeteer-core'
import type { ServedLab } from '../serve-lab.ts'
import { type BrowserOptions, openBrowser, rest, until, within } from './browser.ts'
import { startStage } from './round.ts'

/** Frames in which the room could be seen, by what happened; null where that cannot happen, or does not come to an end. */
export type Leaks = Readonly<Record<'start' | 'switch' | 'camera' | 'crash' | 'context', number | null>>

const settleMs = 2500

/** What does not come to an end is null. */
export async function countLeaks(site: ServedLab, options: BrowserOptions): Promise<Leaks> {
  const leaks: Record<keyof Leaks, number | null> = { start: null, switch: null, camera: null, crash: null, context: null }
  const browser = await openBrowser(options)
  try {
    const { page } = browser
    await startStage(page, site.url)
    await rest(settleMs)
    let known = 0
    const more = async () => {
      const { leaked } = await within(
        30_000,
        'a look',
        page.evaluate(() => window.stage.seen()),
      )
      const fresh = leaked - known
      known = leaked
      return fresh
    }
    leaks.start = await more()
    for (const effect of ['image', 'blur', 'light', 'blur'] as const) {
      await within(
        30_000,
        'a switch',
        page.evaluate((next) => window.stage.switchTo(next), effect),
      )
      await rest(settleMs)
    }
    leaks.switch = await more()
    if (await page.evaluate(() => window.stage.crash())) leaks.crash = await afterMending(page, more)
    const session = await browser.browser.target().createCDPSession()
    await within(10_000, 'the crash', session.send('Browser.crashGpuProcess')).catch(() => undefined)
    leaks.context = await afterMending(page, more)
    // Last, since the peer may not come back from it.
    await changeCamera(page)
    leaks.camera = await more()
  } catch {
    // What is null says so.
  } finally {
    await browser.close()
  }
  return leaks
}

async function changeCamera(page: Page): Promise<void> {
  for (const [width, height] of [
    [640, 480],
    [1280, 720],
  ] as const) {
    await within(
      45_000,
      'another camera',
      page.evaluate((w, h) => window.stage.reopen(w, h), width, height),
    )
    await rest(settleMs)
  }
}

/** Counts until pictures come again; 20 s without any are a count as well. */
async function afterMending(page: Page, count: () => Promise<number>): Promise<number> {
  await rest(1000)
  const { frames } = await page.evaluate(() => window.stage.seen())
  await page.evaluate((least) => {
    Object.assign(globalThis, { least })
  }, frames + 5)
  await until(page, 'the mending', () => window.stage.seen().frames >= Number((globalThis as { least?: number }).least), 20_000).catch(
    () => undefined,
  )
  await rest(settleMs)
  return count()
}
