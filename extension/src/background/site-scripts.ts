import type { Context } from './context.ts'
import { hasAccess, patternOf, tabsOf } from './site-tabs.ts'

const file = 'content.js'

/** The content script stands where the person added a site and the browser lets us see it, and nowhere else. */
export async function registerScripts({ browser, store }: Context): Promise<void> {
  const { sites } = await store.settings()
  const accessible: string[] = []
  for (const origin of sites) if (await hasAccess(browser, origin)) accessible.push(origin)
  const wanted = new Map(accessible.map((origin) => [patternOf(browser, origin), origin]))
  const present = await browser.scripting.getRegisteredContentScripts()
  const stale = present.filter(({ id }) => !wanted.has(id)).map(({ id }) => id)
  if (stale.length > 0) await browser.scripting.unregisterContentScripts({ ids: stale })
  for (const [pattern, origin] of wanted) {
    if (present.some(({ id }) => id === pattern)) continue
    await browser.scripting.registerContentScripts([
      { id: pattern, matches: [pattern], js: [file], runAt: 'document_start', allFrames: false, persistAcrossSessions: true },
    ])
    await injectNow({ browser }, origin)
  }
}

/** Into pages that were open before. */
export async function injectNow({ browser }: Pick<Context, 'browser'>, origin: string): Promise<void> {
  for (const { id, discarded } of await tabsOf(browser, origin)) {
    if (id === undefined || discarded === true) continue
    await browser.scripting.executeScript({ target: { tabId: id }, files: [file] }).catch(() => undefined)
  }
}
