import type { Browser, BrowserContextOptions, Page } from 'playwright-core'

export type PagePool = {
  /** A page in a browser profile of its own, which shows nothing yet. */
  take(options?: BrowserContextOptions): Promise<Page>
  /** After a test: what was taken is emptied, or closed where that cannot be done. */
  giveBack(): Promise<void>
}

/** Pages that others are done with are emptied and used again: to make one takes longer than most tests. */
export function createPagePool(browser: Browser, prepare: (page: Page) => unknown = () => undefined): PagePool {
  const free = new Map<string, Page[]>()
  const taken: { readonly key: string; readonly page: Page }[] = []

  async function make(options: BrowserContextOptions): Promise<Page> {
    const page = await (await browser.newContext(options)).newPage()
    await prepare(page)
    return page
  }

  return {
    async take({ viewport = { width: 1280, height: 800 }, colorScheme, reducedMotion, ...options } = {}) {
      // A phone's context cannot get another size.
      const rest = { locale: 'en-US', ...options, ...(options.isMobile ? { viewport } : {}) }
      const key = JSON.stringify(rest)
      const page = free.get(key)?.pop() ?? (await make({ viewport, ...rest }))
      taken.push({ key, page })
      if (viewport && !options.isMobile) await page.setViewportSize(viewport)
      await page.emulateMedia({ media: null, colorScheme: colorScheme ?? 'light', reducedMotion: reducedMotion ?? 'no-preference' })
      return page
    },
    async giveBack() {
      await Promise.all(
        taken.splice(0).map(async ({ key, page }) => {
          if (await empty(page)) free.set(key, [...(free.get(key) ?? []), page])
          else await page.context().close()
        }),
      )
    },
  }
}

/** As if nobody had been there: nothing stored, no click that would let sound out, no pointer over anything. */
async function empty(page: Page): Promise<boolean> {
  if (page.isClosed()) return false
  try {
    for (const other of page.context().pages()) if (other !== page) await other.close()
    await page.mouse.move(-1, -1)
    await page.evaluate(async () => {
      localStorage.clear()
      sessionStorage.clear()
      // Done once the page is left, which has them open.
      for (const { name } of await indexedDB.databases()) if (name) indexedDB.deleteDatabase(name)
    })
    await page.goto('about:blank', { timeout: 5000 })
    return true
  } catch {
    return false
  }
}
