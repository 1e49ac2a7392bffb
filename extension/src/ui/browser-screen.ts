import { decodeScreenAnswer, decodeToScreen, screenSays } from '@alcove/shared/protocol/extension-inside'
import { askFor, askForSite } from '../ask-for.ts'
import type { ExtensionBrowser, Runtime } from '../browser.ts'
import type { ScreenPort } from './screen-port.ts'

/** A screen of the extension inside a browser. Whatever is not of this extension, or is no answer of ours, is not read. */
export function createBrowserScreen(browser: ExtensionBrowser): ScreenPort {
  return {
    async tell(message) {
      try {
        const answer = decodeScreenAnswer(await browser.runtime.sendMessage(screenSays(message)))
        return answer.ok ? answer.value : null
      } catch {
        return null
      }
    },
    watch(listener) {
      // The background is no tab; a content script or another extension's page is.
      function hear(data: unknown, sender: Runtime.MessageSender): undefined {
        if (sender.id !== browser.runtime.id || sender.tab !== undefined) return undefined
        const message = decodeToScreen(data)
        if (message.ok) listener(message.value.state)
        return undefined
      }
      browser.runtime.onMessage.addListener(hear)
      return () => browser.runtime.onMessage.removeListener(hear)
    },
    ask: {
      site: (origin) => askForSite(browser, origin),
      permission: (permission) => askFor(browser, permission),
    },
    openOptions: () => void browser.runtime.openOptionsPage(),
    async copy(text) {
      try {
        await navigator.clipboard.writeText(text)
        return true
      } catch {
        return false
      }
    },
    now: () => Date.now(),
    every(intervalMs, run) {
      const timer = setInterval(run, intervalMs)
      return () => clearInterval(timer)
    },
    languages: navigator.languages,
  }
}
