import type { Page } from 'playwright-core'
import type { Page as TabbedPage } from 'puppeteer-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openTabbed, type TabbedChromium } from '../support/hidden-tab.ts'
import { openVisit } from '../support/stories/clinic.ts'
import { setStage, type StoryStage } from '../support/stories/stage.ts'

/** The clinician's tab is behind another one. Puppeteer's tabs hide as a person's do. */
let stage: StoryStage
let clinic: TabbedChromium
let app: TabbedPage
let sam: Page
let invite = ''

const named = (role: string, name: string) => `::-p-aria([name="${name}"][role="${role}"])`
const visibility = () => app.evaluate(() => document.visibilityState)

beforeAll(async () => {
  stage = await setStage()
  clinic = await openTabbed()
  stage.alsoClose(() => clinic.close())
  app = clinic.page
  await clinic.browser.defaultBrowserContext().overridePermissions(stage.server.origin, ['notifications'])
  await app.evaluateOnNewDocument(() => {
    const shown: { title: string; body: string }[] = []
    Object.assign(window, { shownNotifications: shown })
    // The platform's own interface records what would be shown: a headless browser has no tray.
    window.Notification = class extends window.Notification {
      constructor(title: string, options?: NotificationOptions) {
        super(title, options)
        shown.push({ title, body: options?.body ?? '' })
      }
    }
  })
  await app.goto(stage.server.origin)
  await app.locator(named('textbox', 'Practice name')).fill('Willow Practice')
  await app.locator(named('textbox', 'Your name')).fill('Dr. Ana Rivera')
  await app.locator(named('button', 'Create practice')).click()
  await app.locator(named('button', 'Account menu')).click()
  await app.locator('::-p-text(Waiting room link)').click()
  await app.waitForFunction(() => [...document.querySelectorAll('input')].some((input) => input.value.includes('/join#')), { polling: 100 })
  invite = await app.evaluate(() => [...document.querySelectorAll('input')].find((input) => input.value.includes('/join#'))?.value ?? '')
  await app.keyboard.press('Escape')
}, 90_000)
afterAll(async () => {
  await stage?.close()
})

describe('a patient who arrives while the tab is hidden', () => {
  it('S20 is announced by title, ring and a notification without a name', async () => {
    await clinic.hide()
    expect(await visibility()).toBe('hidden')
    sam = await openVisit((await stage.profile()).context, invite, 'Sam Planted')
    await expect.poll(() => app.title(), { timeout: 20_000 }).toMatch(/^\(1\)/)
    expect(await visibility()).toBe('hidden')
    expect(await app.title()).not.toContain('Sam')
    const shown = await app.evaluate(
      () => (window as unknown as { shownNotifications: { title: string; body: string }[] }).shownNotifications,
    )
    expect(shown.length).toBeGreaterThanOrEqual(1)
    expect(JSON.stringify(shown)).not.toContain('Planted')
  }, 60_000)

  it('is still in the middle of the screen when the tab is shown, and the mark goes with the answer', async () => {
    await clinic.show()
    await app.locator('[role=alertdialog]').wait()
    await sam.getByRole('button', { name: 'Leave the waiting room' }).click()
    await app.waitForFunction(() => !document.querySelector('[role=alertdialog]') && !document.title.startsWith('('), { polling: 100 })
  }, 60_000)
})
