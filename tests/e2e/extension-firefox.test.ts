import type { Page } from 'puppeteer-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { firefoxId } from '../../extension/src/manifest.ts'
import {
  command,
  extensionAs,
  goodReport,
  heard,
  lastQuiet,
  type PlainSite,
  say,
  servePlainSite,
  soon,
  stateOf,
} from '../support/extension/installed.ts'
import { type Firefox, openFirefox } from '../support/firefox.ts'

/**
 * The built extension in Firefox, installed over WebDriver BiDi, which opens no page of an extension: the one in this story is
 * the options page, that the extension itself opens when it is new. The background is ended after three seconds of
 * idleness instead of thirty, so that it dies between most steps.
 */
let firefox: Firefox
let site: PlainSite
let stranger: PlainSite
let page: Page
let screen: Page

beforeAll(async () => {
  site = await servePlainSite()
  stranger = await servePlainSite()
  firefox = await openFirefox({
    prefs: {
      'extensions.background.idle.timeout': 3000,
    },
  })
  page = firefox.page
  // Not blank: Firefox would open the extension's page in its place.
  await page.goto(site.origin)
  expect(await firefox.browser.installExtension(extensionAs('firefox', 'test'))).toBe(firefoxId)
  screen = await openedByExtension()
  await page.bringToFront()
}, 90_000)
afterAll(async () => {
  await firefox?.close()
  await site?.close()
  await stranger?.close()
})

/** Puppeteer is not told its address: it is asked. */
async function openedByExtension(): Promise<Page> {
  const until = Date.now() + 30_000
  while (Date.now() < until) {
    for (const one of await firefox.browser.pages()) {
      const path = await one
        .evaluate(() => (location.protocol === 'moz-extension:' && 'browser' in globalThis ? location.pathname : ''))
        .catch(() => '')
      if (path === '/options.html') return one
    }
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  throw new Error('The extension opened no options page')
}

type Own = {
  readonly action: { getBadgeText(of: object): Promise<string> }
  readonly storage: { readonly session: { get(key: string): Promise<{ present?: { notified: number } }> } }
  readonly extension: { getViews(): Window[] }
}
const badge = () => screen.evaluate(() => (globalThis as unknown as { browser: Own }).browser.action.getBadgeText({}))
/** People for whom a notification was asked for: a browser without a screen drops it at once, and lists none. */
const notified = () =>
  screen.evaluate(async () => (await (globalThis as unknown as { browser: Own }).browser.storage.session.get('present')).present?.notified)
const isAlive = () =>
  screen.evaluate(() =>
    (globalThis as unknown as { browser: Own }).browser.extension.getViews().some((view) => view.location.pathname.includes('background')),
  )
const untilDead = () => soon(isAlive).toBe(false)

describe('in Firefox', () => {
  it('hears a site that was added, and no other port of the same host', async () => {
    expect(await command(screen, { type: 'add-site', origin: site.origin })).toMatchObject({
      type: 'state',
      state: { browser: 'firefox', chosen: site.origin, canSet: 'no', notifies: 'yes', isOpen: true },
    })
    await soon(() => heard(page)).toContainEqual({ type: 'welcome', canRing: true, notifies: true })
    const other = await firefox.newPage()
    await other.goto(stranger.origin)
    await say(other, { type: 'waiting', people: 9, ring: 'needed' })
    await say(page, { type: 'check', report: goodReport(Date.now()) })
    await soon(async () => (await stateOf(screen)).reportAt).not.toBeNull()
    expect(await heard(other)).toEqual([])
    expect(await badge()).toBe('')
    // Nothing can be set here; it is said so.
    expect(await command(screen, { type: 'set-permissions', origin: site.origin, permissions: ['camera'] })).toEqual({
      type: 'failed',
      reason: 'not-possible',
    })
    await other.goto(site.origin)
    await say(other, { type: 'session', isRunning: true })
    await soon(async () => (await stateOf(screen)).extras.tab).toBe('other-session')
    await other.close()
    await soon(async () => (await stateOf(screen)).extras.tab).not.toBe('other-session')
  })

  it('who waits while the tab is hidden is on the badge, in a notification, and rung for', async () => {
    await screen.bringToFront()
    await soon(() => page.evaluate(() => document.visibilityState)).toBe('hidden')
    await untilDead()
    await say(page, { type: 'waiting', people: 2, ring: 'needed' })
    await soon(badge).toBe('2')
    await soon(notified).toBe(2)
    await soon(async () => (await stateOf(screen)).ring.wasPlaying).not.toBeNull()
    const { ring, waiting } = await stateOf(screen)
    // The page is silenced by a ring that is heard, and by no other.
    await soon(() => lastQuiet(page)).toBe(ring.wasPlaying)
    // Without a sound card Firefox's audio clock stands still: then it says so instead of taking itself for heard.
    expect({ how: ring.how, rings: waiting.rings }).toEqual({ how: 'background', rings: ring.wasPlaying === true ? 'extension' : 'nobody' })
  })

  it('the background is ended, and begins where it was', async () => {
    await say(page, { type: 'waiting', people: 1, ring: 'here' })
    await soon(() => lastQuiet(page)).toBe(false)
    await untilDead()
    expect(await badge()).toBe('1')
    await say(page, { type: 'waiting', people: 0, ring: 'none' })
    await soon(badge).toBe('')
    await soon(notified).toBe(0)
  })

  it('before an appointment it looks quietly, with no tab of the site, and speaks up when something is wrong', async () => {
    await command(screen, { type: 'set-reminders', reminders: { isOn: true, minutesBefore: [5] } })
    site.isUp = false
    await say(page, { type: 'appointments', startsAt: [Date.now() + 5 * 60_000 + 1500] })
    await soon(async () => (await stateOf(screen)).nextAt).not.toBeNull()
    await page.goto('about:blank')
    await soon(async () => (await stateOf(screen)).quiet?.problems).toContain('unreachable')
    expect(await badge()).toBe('!')
  })
})
