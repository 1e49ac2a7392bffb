import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect } from 'vitest'
import { chromiumPath, quietFlags } from '../chromium.ts'
import { type ServedPage, servePage } from '../serve-page.ts'

/** Serves the app with puppets for store and sync to one test file; every call shows it in a browser profile of its own. */
export function peopleDemo(): (query?: string, options?: BrowserContextOptions) => Promise<Page> {
  let browser: Browser
  let site: ServedPage
  let shown: Page[] = []
  const faults: string[] = []

  beforeAll(async () => {
    site = await servePage('people-demo')
    browser = await chromium.launch({ executablePath: chromiumPath(), args: [...quietFlags] })
  })
  afterAll(async () => {
    await browser?.close()
    await site?.close()
  })
  afterEach(async () => {
    for (const page of shown) await page.context().close()
    shown = []
    expect(faults.splice(0)).toEqual([])
  })

  return async (query = '', options = {}) => {
    const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, locale: 'en-US', ...options })
    const page = await context.newPage()
    page.setDefaultTimeout(15_000)
    shown.push(page)
    page.on('pageerror', (error) => faults.push(error.message))
    page.on('console', (message) => {
      if (message.text().includes('Content Security Policy')) faults.push(message.text())
    })
    await page.goto(`${site.url}?${query}`)
    await page.getByRole('heading').first().waitFor()
    return page
  }
}
