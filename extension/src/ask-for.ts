import type { ExtensionBrowser } from './browser.ts'
import { matchPattern } from './sites.ts'

/**
 * The browser's own questions. Each must be called straight from a click, with nothing awaited before it (Firefox closes
 * the door at the first await). The answer may come after the popup was closed by the question itself: what follows from
 * a yes is therefore done by the background, which hears of every permission that was given.
 */

/** May the extension see this site? @returns the person's answer; false, too, where the browser refuses to ask. */
export function askForSite(browser: ExtensionBrowser, origin: string): Promise<boolean> {
  return ask(browser, { origins: [matchPattern(origin, knowsPorts(browser))] })
}

/** `contentSettings`: to set camera, microphone and notifications for a site (Chromium). `notifications`: to show its own. */
export function askFor(browser: ExtensionBrowser, permission: 'contentSettings' | 'notifications'): Promise<boolean> {
  return ask(browser, { permissions: [permission] })
}

export const knowsPorts = (browser: ExtensionBrowser): boolean => browser.offscreen !== undefined

async function ask(browser: ExtensionBrowser, wanted: { readonly origins?: string[]; readonly permissions?: string[] }): Promise<boolean> {
  try {
    return await browser.permissions.request(wanted as Parameters<typeof browser.permissions.request>[0])
  } catch {
    return false
  }
}
