import type { Finding } from '@alcove/shared/domain/device-check'
import { type BackgroundToContent, sayToContent } from '@alcove/shared/protocol/extension-inside'
import { knowsPorts } from '../ask-for.ts'
import type { ExtensionBrowser, Tabs } from '../browser.ts'
import { matchPattern } from '../sites.ts'
import type { Present } from './stored.ts'

export const patternOf = (browser: ExtensionBrowser, origin: string) => matchPattern(origin, knowsPorts(browser))

export async function hasAccess(browser: ExtensionBrowser, origin: string): Promise<boolean> {
  return browser.permissions.contains({ origins: [patternOf(browser, origin)] })
}

/** Every open tab of the site; addresses are known of no other. */
export async function tabsOf(browser: ExtensionBrowser, origin: string): Promise<readonly Tabs.Tab[]> {
  const tabs = await browser.tabs.query({ url: patternOf(browser, origin) })
  return tabs.filter((tab) => tab.url !== undefined && new URL(tab.url).origin === origin)
}

export async function isWindowInFront(browser: ExtensionBrowser, windowId: number | undefined): Promise<boolean> {
  if (windowId === undefined) return false
  const window = await browser.windows.get(windowId).catch(() => null)
  return window?.focused === true && window.state !== 'minimized'
}

/** @returns false when nobody of ours is in that tab (any more). */
export async function tell(browser: ExtensionBrowser, tabId: number, message: BackgroundToContent): Promise<boolean> {
  try {
    await browser.tabs.sendMessage(tabId, sayToContent(message), { frameId: 0 })
    return true
  } catch {
    return false
  }
}

export async function bringToFront(browser: ExtensionBrowser, tab: Tabs.Tab): Promise<void> {
  if (tab.id !== undefined) await browser.tabs.update(tab.id, { active: true })
  if (tab.windowId !== undefined) await browser.windows.update(tab.windowId, { focused: true }).catch(() => undefined)
}

/** The tab to show when people wait: one that calls, else any page of the site, else a new one. */
export async function openSite(browser: ExtensionBrowser, origin: string, present: Present): Promise<void> {
  const open = await tabsOf(browser, origin)
  const rank = ({ id }: Tabs.Tab) => {
    const memory = present.tabs.find((one) => one.tabId === id)
    return memory === undefined ? 0 : memory.inSession ? 3 : memory.people > 0 ? 2 : 1
  }
  const best = [...open].sort((a, b) => rank(b) - rank(a))[0]
  if (best) await bringToFront(browser, best)
  else await browser.tabs.create({ url: `${origin}/` })
}

/** The site's own check, at a line of it. */
export async function openCheck(browser: ExtensionBrowser, origin: string, line: string | null): Promise<void> {
  const open = (await tabsOf(browser, origin)).find((tab) => new URL(tab.url ?? origin).pathname === '/check')
  if (open?.id !== undefined) {
    // The page opens the steps of the line in its address. Given the same address again, a browser would load it anew.
    const url = `${origin}/check#${line}`
    if (line !== null && open.url !== url) await browser.tabs.update(open.id, { url })
    await bringToFront(browser, open)
    await tell(browser, open.id, { type: 'page', message: { type: 'check-again' } })
  } else {
    await browser.tabs.create({ url: `${origin}/check${line === null ? '' : `#${line}`}` })
  }
}

/** What only the extension sees of the site's tabs. */
export async function lookAtTabs(
  browser: ExtensionBrowser,
  origin: string,
  present: Present,
): Promise<{
  readonly finding: Exclude<Finding<'tab'>, 'unknown' | 'looking'>
  readonly isMuted: boolean
  readonly open: readonly Tabs.Tab[]
}> {
  const open = await tabsOf(browser, origin)
  const isMuted = open.some((tab) => tab.mutedInfo?.muted === true)
  const finding = (await otherSession(browser, open, present))
    ? 'other-session'
    : open.length === 0
      ? 'none'
      : open.some((tab) => tab.active)
        ? 'ready'
        : 'background'
  return { finding, isMuted, open }
}

/**
 * Another tab that holds camera and microphone for a session, while the site's own check is open or none is: a page of
 * Alcove says so itself; Firefox tells of any tab.
 */
export async function otherSession(browser: ExtensionBrowser, open: readonly Tabs.Tab[], present: Present): Promise<Tabs.Tab | null> {
  const own = new Set(open.map((tab) => tab.id))
  const running = present.tabs.find((tab) => tab.inSession)
  if (running) return browser.tabs.get(running.tabId).catch(() => null)
  const all = await browser.tabs.query({})
  const shares = all.find((tab) => !own.has(tab.id) && (tab.sharingState?.camera === true || tab.sharingState?.microphone === true))
  return shares ?? null
}
