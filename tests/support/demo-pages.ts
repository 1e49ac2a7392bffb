import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll } from 'vitest'
import { chromiumPath, quietFlags } from './chromium.ts'
import { createPagePool, type PagePool } from './page-pool.ts'
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

/** Serves a page of components with puppets to one test file; every call shows it as in a browser profile of its own. */
export function demoPages({ name, args = [], prepare, open }: DemoPages): ShowDemo {
  let browser: Browser
  let site: ServedPage
  let pool: PagePool

  beforeAll(async () => {
    ;[site, browser] = await Promise.all([
      servePage(name),
      chromium.launch({ executablePath: chromiumPath(), args: [...quietFlags, ...args] }),
    ])
    pool = createPagePool(browser, prepare)
  })
  afterAll(async () => {
    await browser?.close()
    await site?.close()
  })
  afterEach(() => pool.giveBack())

  return async (query = '', options = {}) => {
    const page = await pool.take(options)
    await open(page, `${site.url}?${query}`)
    return page
  }
}
