import type { Page as VisitorPage } from 'playwright-core'
import type { Page } from 'puppeteer-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { command, extensionAs, optionsOf, soon, stateOf, workerOf } from '../support/extension/installed.ts'
import { openTabbed, type TabbedChromium } from '../support/hidden-tab.ts'
import { openVisit } from '../support/stories/clinic.ts'
import { setStage, type StoryStage } from '../support/stories/stage.ts'

/** The app, its server, a patient and the extension together, in a tab that is behind another one and was never clicked. */
let stage: StoryStage
let clinic: TabbedChromium
let app: Page
let screen: Page
let sam: VisitorPage
let invite = ''

const named = (role: string, name: string) => `::-p-aria([name="${name}"][role="${role}"])`

beforeAll(async () => {
  stage = await setStage()
  clinic = await openTabbed({ extension: extensionAs('chromium', 'test'), args: ['--autoplay-policy=document-user-activation-required'] })
  stage.alsoClose(() => clinic.close())
  screen = await optionsOf(clinic.browser)
  // Another one: the blank tab may be the one that the options page opened in.
  const first = await clinic.newPage()
  await first.goto(stage.server.origin)
  await first.locator(named('textbox', 'Practice name')).fill('Willow Practice')
  await first.locator(named('textbox', 'Your name')).fill('Dr. Ana Rivera')
  await first.locator(named('button', 'Create practice')).click()
  await first.locator(named('button', 'Account menu')).click()
  await first.locator('::-p-text(Waiting room link)').click()
  await first.waitForFunction(() => [...document.querySelectorAll('input')].some((input) => input.value.includes('/join#')), {
    polling: 100,
  })
  invite = await first.evaluate(() => [...document.querySelectorAll('input')].find((input) => input.value.includes('/join#'))?.value ?? '')
  await command(screen, { type: 'add-site', origin: stage.server.origin })
  app = await clinic.newPage()
  await app.goto(stage.server.origin)
  await first.bringToFront()
  await first.goto('about:blank')
}, 90_000)
afterAll(async () => {
  await stage?.close()
})

type Chrome = {
  readonly action: { getBadgeText(of: object): Promise<string> }
  readonly notifications: {
    getAll(): Promise<object>
    readonly onClicked: { dispatch(id: string): void }
    readonly onButtonClicked: { dispatch(id: string, button: number): void }
  }
}
async function inWorker<R>(run: (chrome: Chrome) => Promise<R>): Promise<R> {
  return (await workerOf(clinic.browser)).evaluate(`(${run.toString()})(chrome)`) as Promise<R>
}

/** Whatever Puppeteer itself evaluates in a page counts as a click there, after which it may make sound. */
async function silently(expression: string): Promise<unknown> {
  const session = await app.createCDPSession()
  const { result } = await session.send('Runtime.evaluate', { expression, returnByValue: true })
  await session.detach()
  return result.value
}

describe('a patient who arrives while the tab is hidden and silent', () => {
  it('is on the badge, in a notification and rung for by the extension', async () => {
    expect(await silently('[document.visibilityState, navigator.userActivation.hasBeenActive]')).toEqual(['hidden', false])
    sam = await openVisit((await stage.profile()).context, invite, 'Sam Planted')
    await soon(() => inWorker((chrome) => chrome.action.getBadgeText({}))).toBe('1')
    expect(await silently('document.visibilityState')).toBe('hidden')
    await soon(async () => Object.keys(await inWorker((chrome) => chrome.notifications.getAll()))).toEqual(['waiting'])
    await soon(async () => (await stateOf(screen)).waiting).toEqual({ people: 1, rings: 'extension' })
    expect((await stateOf(screen)).ring.wasPlaying).toBe(true)
  }, 60_000)

  it('reads that it takes a moment, and is before the eyes after one click, where the page rings itself', async () => {
    await inWorker(async (chrome) => chrome.notifications.onButtonClicked.dispatch('waiting', 1))
    await sam
      .getByText(/moment/i)
      .first()
      .waitFor()
    await inWorker(async (chrome) => chrome.notifications.onClicked.dispatch('waiting'))
    await soon(() => silently('document.visibilityState')).toBe('visible')
    // A click in the page frees its sound.
    await app.keyboard.press('Tab')
    await soon(async () => (await stateOf(screen)).waiting.rings).not.toBe('extension')
    const kept = await screen.evaluate(async () => {
      const { storage } = (
        globalThis as unknown as { chrome: { storage: Record<'local' | 'session', { get(of: null): Promise<object> }> } }
      ).chrome
      return JSON.stringify([await storage.local.get(null), await storage.session.get(null)])
    })
    expect(kept).not.toMatch(/Planted|Sam|Rivera|Willow|join#/)
  }, 60_000)
})
