import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openProfile, type Profile } from '../support/chromium.ts'
import { type RunningServer, startServer } from '../support/server.ts'
import { addPatient, book, setUpPractice } from '../support/stories/clinic.ts'

const hourMs = 60 * 60 * 1000

let server: RunningServer
let profile: Profile
let page: Page

beforeAll(async () => {
  server = await startServer()
  profile = await openProfile()
  page = profile.page
  page.setDefaultTimeout(15_000)
})
afterAll(async () => {
  await profile.close()
  await server.stop()
})

describe('a device clock that is wrong', () => {
  it('is said, and server time decides about the window (S9)', async () => {
    await page.clock.install({ time: Date.now() + 6 * hourMs })
    await setUpPractice(page, server.origin)
    await page.getByText(/This device’s clock is 3(59|60|61) minutes ahead/).waitFor()
    await addPatient(page, 'Sam', 'Fox')
    // The device believes that this starts now; it is six hours away.
    await book(page, { patient: 'Sam Fox', inMs: 0 })
    await page
      .getByRole('region', { name: 'Telehealth session' })
      .getByText(/^Opens at/)
      .waitFor()
    expect(await page.getByRole('button', { name: 'Start Telehealth Session' }).count()).toBe(0)
  })
})
