import puppeteer, { type Browser, type Page } from 'puppeteer-core'
import { type Answer, chromiumPath, type Devices, mediaFlags, quietFlags } from './chromium.ts'
import { keepPeers } from './video.ts'

export type TabbedOptions = {
  readonly devices?: Devices
  readonly answer?: Answer
  readonly viewport?: { readonly width: number; readonly height: number }
  readonly languages?: string
  readonly args?: readonly string[]
  /** Folder of an unpacked extension. */
  readonly extension?: string
}

export type TabbedChromium = {
  readonly browser: Browser
  readonly page: Page
  /** Another tab, in front of the others. */
  newPage(): Promise<Page>
  /** Puts another tab in front, and resolves once the page is hidden; throws where it is not within 5 s. */
  hide(page?: Page): Promise<void>
  /** Brings the tab back, and resolves once it is visible. */
  show(page?: Page): Promise<void>
  close(): Promise<void>
}

/** Chromium whose background tabs are truly hidden (Playwright keeps every page visible and focused). */
export async function openTabbed(options: TabbedOptions = {}): Promise<TabbedChromium> {
  const browser = await puppeteer.launch({
    executablePath: chromiumPath(),
    headless: true,
    defaultViewport: options.viewport ?? { width: 1280, height: 800 },
    args: [
      ...quietFlags,
      ...mediaFlags(options.devices ?? 'all', options.answer ?? 'allow'),
      ...(options.languages ? [`--accept-lang=${options.languages}`] : []),
      ...(options.args ?? []),
      ...(options.extension ? [`--disable-extensions-except=${options.extension}`, `--load-extension=${options.extension}`] : []),
    ],
    enableExtensions: options.extension !== undefined,
  })
  async function newPage(): Promise<Page> {
    const page = await browser.newPage()
    await page.evaluateOnNewDocument(keepPeers)
    return page
  }
  const page = await newPage()
  let cover: Page | null = null
  return {
    browser,
    page,
    newPage,
    async hide(hidden = page) {
      cover ??= await browser.newPage()
      await cover.bringToFront()
      await waitForVisibility(hidden, 'hidden')
    },
    async show(shown = page) {
      await shown.bringToFront()
      await waitForVisibility(shown, 'visible')
    },
    close: () => browser.close(),
  }
}

async function waitForVisibility(page: Page, wanted: DocumentVisibilityState): Promise<void> {
  // Polled by timer: a hidden page draws no frames, and the default is to ask at every frame.
  await page.waitForFunction((state) => document.visibilityState === state, { timeout: 5000, polling: 50 }, wanted)
}
