import type { Page } from 'puppeteer-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  command,
  extensionAs,
  goodReport,
  heard,
  lastQuiet,
  optionsOf,
  type PlainSite,
  say,
  servePlainSite,
  soon,
  stateOf,
  workerOf,
} from '../support/extension/installed.ts'
import { openTabbed, type TabbedChromium } from '../support/hidden-tab.ts'

/**
 * The built extension, unpacked, in Chromium. The manifest is that of the test build: what a person would have to allow in a
 * question of the browser stands in it as granted; the code is the shipped one's.
 */
let chromium: TabbedChromium
let site: PlainSite
let stranger: PlainSite
let own = ''
let screen: Page
let page: Page

beforeAll(async () => {
  site = await servePlainSite()
  stranger = await servePlainSite()
  chromium = await openTabbed({ extension: extensionAs('chromium', 'test'), answer: 'ask' })
  own = (await workerOf(chromium.browser)).url().replace('/background.js', '')
  screen = await optionsOf(chromium.browser)
  page = await chromium.newPage()
  await page.goto(site.origin)
}, 60_000)
afterAll(async () => {
  await chromium?.close()
  await site?.close()
  await stranger?.close()
})

const add = (origin: string) => command(screen, { type: 'add-site', origin })

/** In the worker, where the extension's own interfaces are. */
async function inWorker<R>(run: (chrome: Chrome) => Promise<R>): Promise<R> {
  const worker = await workerOf(chromium.browser)
  return worker.evaluate(`(${run.toString()})(chrome)`) as Promise<R>
}
type Chrome = {
  readonly action: { getBadgeText(of: object): Promise<string> }
  readonly notifications: {
    getAll(): Promise<Record<string, unknown>>
    readonly onClicked: { dispatch(id: string): void }
    readonly onButtonClicked: { dispatch(id: string, button: number): void }
  }
  readonly tabs: { query(by: object): Promise<{ id: number; url?: string }[]>; update(id: number, change: object): Promise<unknown> }
  readonly contentSettings: Record<'camera', { set(rule: object): Promise<void>; clear(of: object): Promise<void> }>
}
const badge = () => inWorker((chrome) => chrome.action.getBadgeText({}))
const notices = async () => Object.keys(await inWorker((chrome) => chrome.notifications.getAll()))

/** As the browser does after half a minute without an event. Resolves once it is gone. */
async function killWorker(): Promise<void> {
  const isWorker = (url: string) => url === `${own}/background.js`
  const worker = await workerOf(chromium.browser)
  const target = chromium.browser.targets().find((one) => isWorker(one.url()))
  await worker.close()
  await soon(() => chromium.browser.targets().some((one) => one === target)).toBe(false)
}

/** The clock of the sound that the offscreen document makes, by the browser's own account; null while there is no such document. */
async function soundClock(): Promise<number | null> {
  const target = chromium.browser.targets().find((one) => one.url() === `${own}/offscreen.html`)
  if (!target) return null
  const session = await target.createCDPSession()
  try {
    let contextId = ''
    session.on('WebAudio.contextCreated', ({ context }) => {
      contextId = context.contextId
    })
    await session.send('WebAudio.enable')
    if (contextId === '') return null
    const { realtimeData } = await session.send('WebAudio.getRealtimeData', { contextId })
    return realtimeData.currentTime
  } finally {
    await session.detach()
  }
}

describe('in Chromium', () => {
  it('a page that was open before is heard once its site is added, and no other origin, frame or forged message ever is', async () => {
    expect(await heard(page)).toEqual([])
    expect(await add(site.origin)).toMatchObject({ type: 'state', state: { chosen: site.origin, isOpen: true } })
    await soon(() => heard(page)).toEqual([{ type: 'welcome', canRing: true, notifies: true }])
    // Another server on the same computer, another name of this one, and the site in a frame of another.
    const other = await chromium.newPage()
    for (const origin of [stranger.origin, site.origin.replace('localhost', '127.0.0.1')]) {
      await other.goto(origin)
      await say(other, { type: 'waiting', people: 9, ring: 'needed' })
    }
    await other.evaluate((src) => document.body.append(Object.assign(document.createElement('iframe'), { src })), site.origin)
    const frame = await other.waitForFrame((one) => one.url().startsWith(site.origin))
    await frame.evaluate(() => window.postMessage('alcove/page/1 {"type":"waiting","people":9,"ring":"needed"}', location.origin))
    // What is not in the schema, from the right page.
    for (const text of ['{"type":"waiting","people":9,"ring":"needed","name":"Sam"}', '{"type":"copy-report"}', '{', '']) {
      await page.evaluate((forged) => window.postMessage(forged, '*'), `alcove/page/1 ${text}`)
    }
    await say(page, { type: 'check', report: goodReport(Date.now()) })
    await soon(async () => (await stateOf(screen)).reportAt).not.toBeNull()
    expect(await stateOf(screen)).toMatchObject({ waiting: { people: 0, rings: 'nobody' } })
    expect(await badge()).toBe('')
    expect(await heard(other)).toEqual([])
    await other.close()
  })

  it('camera, microphone and notifications go from prompt to granted for that one origin, and back', async () => {
    const permissions = (of: Page) =>
      of.evaluate(async () => [
        (await navigator.permissions.query({ name: 'camera' as PermissionName })).state,
        (await navigator.permissions.query({ name: 'microphone' as PermissionName })).state,
        (await navigator.permissions.query({ name: 'notifications' })).state,
      ])
    const other = await chromium.newPage()
    await other.goto(stranger.origin)
    expect(await permissions(page)).toEqual(['prompt', 'prompt', 'prompt'])
    await command(screen, { type: 'set-permissions', origin: site.origin, permissions: ['camera', 'microphone', 'notifications'] })
    await soon(() => permissions(page)).toEqual(['granted', 'granted', 'granted'])
    const opened = await page.evaluate(async () =>
      (await navigator.mediaDevices.getUserMedia({ video: true, audio: true })).getTracks().map((track) => {
        track.stop()
        return track.readyState
      }),
    )
    expect(opened).toEqual(['ended', 'ended'])
    expect(await permissions(other)).toEqual(['prompt', 'prompt', 'prompt'])
    expect((await stateOf(screen)).setByUs).toEqual(['camera', 'microphone', 'notifications'])
    await command(screen, { type: 'undo-permissions', origin: site.origin })
    await soon(() => permissions(page)).toEqual(['prompt', 'prompt', 'prompt'])
    expect((await stateOf(screen)).setByUs).toEqual([])
    // A change from elsewhere is noticed.
    await inWorker(async (chrome) => {
      const [tab] = await chrome.tabs.query({ url: 'http://localhost/*', active: false })
      await chrome.contentSettings.camera.set({ primaryPattern: `${new URL(tab?.url ?? '').origin}/*`, setting: 'block' })
    })
    const changed = await stateOf(screen)
    expect([changed.extras.camera, changed.lines.find(({ line }) => line === 'camera')?.finding]).toEqual(['block', 'denied'])
    await inWorker((chrome) => chrome.contentSettings.camera.clear({}))
    await other.close()
  })

  it('who waits while the tab is hidden is on the badge, in a notification, and rung for with a sound that really plays', async () => {
    await chromium.hide(page)
    expect(await page.evaluate(() => document.visibilityState)).toBe('hidden')
    await say(page, { type: 'waiting', people: 2, ring: 'needed' })
    await soon(badge).toBe('2')
    await soon(notices).toEqual(['waiting'])
    // The extension found more than silence in what it plays, and the browser's audio clock goes on.
    await soon(async () => (await stateOf(screen)).waiting.rings).toBe('extension')
    await soon(async () => (await stateOf(screen)).ring.wasPlaying).toBe(true)
    const before = await soundClock()
    expect(before).not.toBeNull()
    await soon(soundClock).toBeGreaterThan(before ?? 0)
    await soon(() => lastQuiet(page)).toBe(true)
    expect(await page.evaluate(() => document.visibilityState)).toBe('hidden')
  })

  it('the ring and all else outlive the worker, and end when nobody waits any more', async () => {
    await killWorker()
    const before = (await soundClock()) ?? 0
    await soon(soundClock).toBeGreaterThan(before)
    // The page can be heard now: it rings itself.
    await say(page, { type: 'waiting', people: 2, ring: 'here' })
    await soon(() => lastQuiet(page)).toBe(false)
    await soon(soundClock).toBeNull()
    await killWorker()
    // A muted tab is not heard, whatever it says.
    await screen.evaluate(async (origin) => {
      const { tabs } = (globalThis as unknown as { chrome: Chrome }).chrome
      const all = await tabs.query({})
      await tabs.update(all.find(({ url }) => url?.startsWith(origin))?.id ?? 0, { muted: true })
    }, site.origin)
    await soon(soundClock).not.toBeNull()
    expect(await stateOf(screen)).toMatchObject({
      extras: { isMuted: true, tab: 'background' },
      waiting: { people: 2, rings: 'extension' },
    })
    await command(screen, { type: 'fix', line: 'sound' })
    expect((await stateOf(screen)).extras.isMuted).toBe(false)
    await killWorker()
    await say(page, { type: 'waiting', people: 0, ring: 'none' })
    await soon(badge).toBe('')
    await soon(soundClock).toBeNull()
    expect(await notices()).toEqual([])
  })

  it('the notification opens the right tab, or asks the page to give a moment', async () => {
    await say(page, { type: 'waiting', people: 1, ring: 'here' })
    await soon(notices).toEqual(['waiting'])
    await inWorker(async (chrome) => chrome.notifications.onButtonClicked.dispatch('waiting', 1))
    await soon(() => heard(page)).toContainEqual({ type: 'moment' })
    await inWorker(async (chrome) => chrome.notifications.onClicked.dispatch('waiting'))
    await soon(() => page.evaluate(() => document.visibilityState)).toBe('visible')
    await soon(notices).toEqual([])
    // A page that goes to another site takes its people with it.
    expect(await badge()).toBe('1')
    await page.goto('about:blank')
    await soon(badge).toBe('')
  })

  it('before an appointment it looks quietly, with no tab of the site, and speaks up only when something is wrong', async () => {
    await command(screen, { type: 'set-reminders', reminders: { isOn: true, minutesBefore: [5] } })
    const bookSoon = async () => {
      await page.goto(site.origin)
      await say(page, { type: 'appointments', startsAt: [Date.now() + 5 * 60_000 + 1500] })
      await soon(async () => (await stateOf(screen)).nextAt).not.toBeNull()
      await page.goto('about:blank')
    }
    const pages = (await chromium.browser.pages()).length
    await bookSoon()
    await soon(async () => (await stateOf(screen)).quiet?.problems).toEqual([])
    expect(await notices()).toEqual([])
    site.isUp = false
    await bookSoon()
    await soon(async () => (await stateOf(screen)).quiet?.problems).toEqual(['unreachable'])
    await soon(notices).toEqual(['early'])
    expect(await badge()).toBe('!')
    expect((await chromium.browser.pages()).length).toBe(pages)
  })
})
