import puppeteer, { type Browser, type Page } from 'puppeteer-core'
import { ensureBrowsers, findProgram } from '../../scripts/browsers.mjs'
import { keepPeers } from './video.ts'
import { startScreen } from './virtual-screen.ts'

export type FirefoxOptions = {
  readonly viewport?: { readonly width: number; readonly height: number }
  /** Languages as the browser sends them: `es-ES, es`. */
  readonly languages?: string
  /** `deny`: camera and microphone are blocked for every page. */
  readonly answer?: 'allow' | 'deny'
  /** On a screen of its own that nobody sees, with WebGL 2 by software: without a screen, and a graphics card, Firefox has none. */
  readonly webgl?: boolean
  readonly prefs?: Readonly<Record<string, string | number | boolean>>
}

export type Firefox = {
  readonly browser: Browser
  readonly page: Page
  /** Another tab, measurable like the first. */
  newPage(): Promise<Page>
  close(): Promise<void>
}

/**
 * Firefox over WebDriver BiDi, with a new profile, a fake camera (changing colours) and a fake microphone (a tone).
 * On a machine without a sound card its AudioContext never starts: meters stand still there, and sound counts as blocked.
 */
export async function openFirefox(options: FirefoxOptions = {}): Promise<Firefox> {
  const executablePath = findProgram('firefox')
  if (executablePath === null) throw new Error('Firefox is not installed; `npm test` installs it, or says how')
  if (options.webgl) await ensureBrowsers(['virtualScreen'])
  const screen = options.webgl ? await startScreen() : null
  const onScreen = screen && { ...process.env, DISPLAY: screen.display, LIBGL_ALWAYS_SOFTWARE: '1', MOZ_X11_EGL: '1' }
  const launch = puppeteer.launch({
    browser: 'firefox',
    executablePath,
    headless: !onScreen,
    ...(onScreen && { env: onScreen }),
    defaultViewport: options.viewport ?? { width: 1280, height: 800 },
    extraPrefsFirefox: {
      'media.navigator.streams.fake': true,
      ...(options.answer === 'deny'
        ? { 'permissions.default.camera': 2, 'permissions.default.microphone': 2 }
        : { 'media.navigator.permission.disabled': true }),
      'media.peerconnection.ice.obfuscate_host_addresses': false,
      'media.autoplay.default': 0,
      // Nothing is fetched that the tests did not ask for.
      'media.gmp-manager.updateEnabled': false,
      'network.captive-portal-service.enabled': false,
      'network.connectivity-service.enabled': false,
      ...(options.webgl ? { 'webgl.force-enabled': true } : {}),
      ...(options.languages ? { 'intl.accept_languages': options.languages } : {}),
      ...options.prefs,
    },
  })
  const browser = await launch.catch(async (error: unknown) => {
    await screen?.stop()
    throw error
  })
  async function newPage(): Promise<Page> {
    const page = await browser.newPage()
    await page.evaluateOnNewDocument(keepPeers)
    return page
  }
  return {
    browser,
    page: await newPage(),
    newPage,
    async close() {
      await browser.close()
      await screen?.stop()
    },
  }
}
