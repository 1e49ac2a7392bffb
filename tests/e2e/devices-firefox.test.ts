import type { Page } from 'playwright-core'
import type { Page as FirefoxPage } from 'puppeteer-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { plainAddresses } from '../support/chromium.ts'
import { openFirefox } from '../support/firefox.ts'
import { addPatient, book, setUpPractice } from '../support/stories/clinic.ts'
import { allSynced, inviteOwnDevice, waitForSync } from '../support/stories/devices.ts'
import { setStage, type StoryStage } from '../support/stories/stage.ts'

/** A clinician with Chromium on one device and Firefox on the other; the server goes away in between. */
let stage: StoryStage
let laptop: Page
let other: FirefoxPage

beforeAll(async () => {
  stage = await setStage()
  const firefox = await openFirefox()
  stage.alsoClose(() => firefox.close())
  other = firefox.page
  laptop = (await stage.profile({ args: plainAddresses })).page
  await setUpPractice(laptop, stage.server.origin)
  await addPatient(laptop, 'Sam', 'Fox')
  await book(laptop, { patient: 'Sam Fox' })
  await laptop.getByRole('dialog').getByRole('button', { name: 'Close', exact: true }).click()
}, 90_000)
afterAll(() => stage?.close())

const named = (role: string, name: string) => `::-p-aria([name="${name}"][role="${role}"])`
const shows = (text: string) =>
  other.waitForFunction((wanted: string) => document.body.innerText.includes(wanted), { timeout: 30_000 }, text)

describe('a second device with another browser', () => {
  it('is linked, and has the schedule', async () => {
    const invitation = await inviteOwnDevice(laptop)
    await other.goto(invitation.link)
    const code = await other
      .locator('[data-code]')
      .map((element) => (element as HTMLElement).dataset.code)
      .wait()
    expect(code).toBe(await invitation.code())
    await invitation.match()
    await other.locator(named('button', 'The codes match')).click()
    await invitation.done()
    await shows(allSynced)
    await waitForSync(laptop)
    await shows('Sam Fox')
  })

  it('keeps what both change without a server, and exchanges it when there is one again', async () => {
    await Promise.all([
      laptop.evaluate(() => navigator.serviceWorker.ready.then(() => 0)),
      other.evaluate(() => navigator.serviceWorker.ready.then(() => 0)),
    ])
    await stage.server.kill()
    await Promise.all([laptop.reload(), other.reload()])
    await addPatient(laptop, 'Nora', 'Vance')
    await other.locator(named('link', 'Patients')).click()
    await shows('Sam')
    expect(await other.evaluate(() => document.body.innerText)).not.toContain('Nora')
    await other.locator(named('button', 'New patient')).click()
    await other.locator(named('textbox', 'First name')).fill('Omar')
    await other.locator(named('textbox', 'Last name')).fill('Reed')
    await other.locator(named('button', 'Save')).click()
    await shows('Omar')
    await stage.server.restart()
    await shows('Nora')
    await shows(allSynced)
    await waitForSync(laptop)
    await laptop.getByText('Omar').waitFor()
  })
})
