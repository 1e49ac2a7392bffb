import { browser } from '../browser.ts'
import { countDevices } from '../ring/count-devices.ts'
import { createRing } from '../ring/ring.ts'
import { chooseLocale } from '../words/locale.ts'
import { createBackground } from './background.ts'
import { createOffscreenRinger, createPageRinger, type Ringer, silentRinger } from './ringer.ts'
import { createStore } from './stored.ts'

const reachMs = 4000

/** Chromium lends a document, Firefox's background is one, Safari has neither. */
function ringer(): Ringer {
  if (browser.offscreen) return createOffscreenRinger(browser)
  const hasPage = typeof document !== 'undefined' && typeof AudioContext !== 'undefined'
  return hasPage && typeof browser.runtime.getBrowserInfo === 'function' ? createPageRinger(createRing(), countDevices) : silentRinger
}

createBackground({
  browser,
  store: createStore(browser.storage),
  ringer: ringer(),
  now: () => Date.now(),
  locale: (choice) => chooseLocale(choice, [browser.i18n.getUILanguage(), ...navigator.languages]),
  userAgent: navigator.userAgent,
  async reach(origin) {
    if (!navigator.onLine) return 'offline'
    try {
      const response = await fetch(`${origin}/healthz`, { cache: 'no-store', credentials: 'omit', signal: AbortSignal.timeout(reachMs) })
      return response.ok ? 'ready' : 'unreachable'
    } catch {
      return 'unreachable'
    }
  },
})
