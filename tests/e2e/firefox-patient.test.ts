import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Page } from 'playwright-core'
import { type Firefox, openFirefox } from '../support/firefox.ts'
import { accept, clinicianName, openSession } from '../support/stories/clinic.ts'
import { seeAndHear, setStage, type StoryStage } from '../support/stories/stage.ts'

/** A clinician in Chromium, a patient in Firefox. */
let stage: StoryStage
let app: Page
let firefox: Firefox

beforeAll(async () => {
  stage = await setStage()
  app = (await stage.profile()).page
  firefox = await openFirefox({ viewport: { width: 390, height: 844 } })
  stage.alsoClose(() => firefox.close())
}, 90_000)
afterAll(async () => {
  await stage?.close()
})

const button = (name: string) => `::-p-aria([name="${name}"][role="button"])`

describe('a patient with Firefox', () => {
  it('S21 sees and hears the clinician, and the other way round', async () => {
    const { link } = await openSession(app, stage.server.origin)
    const { page } = firefox
    await page.goto(link)
    await page.locator('input').fill('Sammy')
    await page.locator(button('Join Waiting Room')).click()
    await accept(app)
    const [there, here] = await Promise.all([seeAndHear(app, 'Sammy'), seeAndHear(page, clinicianName)])
    for (const { distinct, loudest } of [there, here]) {
      expect(distinct).toBeGreaterThanOrEqual(5)
      expect(loudest).toBeGreaterThan(0.005)
    }
  }, 120_000)

  it('S42 restarts after an end', async () => {
    const { page } = firefox
    await page.locator(button('End session')).click()
    await app.getByRole('button', { name: 'Restart the Session' }).first().click()
    await page.locator(button('Restart the Session')).click()
    const [there, here] = await Promise.all([seeAndHear(app, 'Sammy'), seeAndHear(page, clinicianName)])
    for (const { distinct } of [there, here]) expect(distinct).toBeGreaterThanOrEqual(5)
  }, 120_000)
})
