import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openProfile, type Profile } from '../support/chromium.ts'
import { openSession } from '../support/stories/clinic.ts'
import { startUpdatingServer, type UpdatingServer } from '../support/updating-server.ts'

let server: UpdatingServer
let profile: Profile

beforeAll(async () => {
  server = await startUpdatingServer()
  profile = await openProfile()
  profile.page.setDefaultTimeout(15_000)
})
afterAll(async () => {
  await profile.close()
  await server.stop()
})

const notice = (page: Page) => page.getByText('A new version is ready. Restart when you like.')

/** A page that was loaded again has forgotten this. */
const mark = (page: Page) => page.evaluate(() => Object.assign(window, { marked: true }).marked)
const isMarked = (page: Page) => page.evaluate(() => 'marked' in window)

describe('an update', () => {
  it('asks, and never during a session, in whatever tab', async () => {
    const { page } = profile
    await openSession(page, server.origin)
    await page.evaluate(() => navigator.serviceWorker.ready)
    await mark(page)
    server.deploy()
    await page.evaluate(async () => (await navigator.serviceWorker.ready).update())
    await expect.poll(() => page.evaluate(async () => (await navigator.serviceWorker.ready).waiting !== null)).toBe(true)
    await page.goBack()
    await page.getByRole('button', { name: 'Return to session' }).first().waitFor()
    expect(await notice(page).count()).toBe(0)

    const other = await profile.context.newPage()
    await other.goto(server.origin)
    await other.getByText('Your waiting room is open in another tab of this browser.').waitFor()
    await notice(other).waitFor()
    await mark(other)
    await other.getByRole('button', { name: 'Restart now' }).click()
    await other.getByText('A session is running on this device. Restart after it.').waitFor()
    expect([await isMarked(page), await isMarked(other)]).toEqual([true, true])
    await other.close()

    await page.getByRole('button', { name: 'Return to session' }).first().click()
    await page.getByRole('button', { name: 'End session' }).click()
    await notice(page).waitFor()
    await page.getByRole('button', { name: 'Restart now' }).click()
    await expect.poll(() => isMarked(page).catch(() => true)).toBe(false)
    await page.getByRole('link', { name: 'Scheduling', exact: true }).waitFor()
    expect(await page.evaluate(async () => (await navigator.serviceWorker.ready).waiting)).toBe(null)
  })
})
