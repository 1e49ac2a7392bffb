import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll } from 'vitest'
import { chromiumPath, quietFlags } from './chromium.ts'
import { type ServedPage, servePage } from './serve-page.ts'

export type DemoPages = {
  /** Below tests/support/pages. */
  readonly name: string
  readonly args?: readonly string[]
  /** Of a page that was made, before it shows anything. */
  prepare?(page: Page): void
  /** Goes there, and waits until it is drawn. */
  open(page: Page, url: string): Promise<unknown>
}

export type ShowDemo = (query?: string, options?: BrowserContextOptions) => Promise<Page>

/**
 * Serves a page of components with puppets to one test file. Every call shows it as in a browser profile of its own: a page
 * that another test is done with is emptied and used again, as making one takes longer than most tests.
 */
export function demoPages({ name, args = [], prepare, open }: DemoPages): ShowDemo {
  let browser: Browser
  let site: ServedPage
  const free = new Map<string, Page[]>()
  let shown: { readonly key: string; readonly page: Page }[] = []

  beforeAll(async () => {
    ;[site, browser] = await Promise.all([
      servePage(name),
      chromium.launch({ executablePath: chromiumPath(), args: [...quietFlags, ...args] }),
    ])
  })
  afterAll(async () => {
    await browser?.close()
    await site?.close()
    free.clear()
  })
  afterEach(async () => {
    await Promise.all(
      shown.map(async ({ key, page }) => {
        if (await empty(page)) free.set(key, [...(free.get(key) ?? []), page])
        else await page.context().close()
      }),
    )
    shown = []
  })

  return async (query = '', { viewport = { width: 1280, height: 800 }, colorScheme, reducedMotion, ...options } = {}) => {
    // A phone's context cannot get another size.
    const rest = { locale: 'en-US', ...options, ...(options.isMobile ? { viewport } : {}) }
    const key = JSON.stringify(rest)
    const page = free.get(key)?.pop() ?? (await (await browser.newContext({ viewport, ...rest })).newPage())
    if (!known.has(page)) prepare?.(page)
    known.add(page)
    shown.push({ key, page })
    if (viewport && !options.isMobile) await page.setViewportSize(viewport)
    await page.emulateMedia({ media: null, colorScheme: colorScheme ?? 'light', reducedMotion: reducedMotion ?? 'no-preference' })
    await open(page, `${site.url}?${query}`)
    return page
  }
}

const known = new WeakSet<Page>()

/** As if nobody had been there: nothing stored, no click that would let sound out, no pointer over anything. */
async function empty(page: Page): Promise<boolean> {
  if (page.isClosed()) return false
  try {
    for (const other of page.context().pages()) if (other !== page) await other.close()
    await page.mouse.move(-1, -1)
    await page.evaluate(() => {
      localStorage.clear()
      sessionStorage.clear()
    })
    await page.goto('about:blank', { timeout: 5000 })
    return true
  } catch {
    return false
  }
}
