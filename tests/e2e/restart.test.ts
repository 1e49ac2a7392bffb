import type { Page } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { accept, clinicianName, openSession, openVisit } from '../support/stories/clinic.ts'
import { seen, setStage, type StoryStage } from '../support/stories/stage.ts'

/** S40-S42 in browsers; every interleaving is covered on the reducers and the hub. */
let stage: StoryStage
let app: Page
let sam: Page

beforeAll(async () => {
  stage = await setStage()
  app = (await stage.profile()).page
  const { link } = await openSession(app, stage.server.origin)
  sam = await openVisit((await stage.profile()).context, link, 'Sam')
  await accept(app)
  await connected()
}, 120_000)
afterAll(async () => {
  await stage?.close()
})
beforeEach(async () => {
  await connected()
  await app.getByRole('button', { name: 'End session', exact: true }).click()
  for (const page of [app, sam]) await restart(page).waitFor()
})

const restart = (page: Page) => page.getByRole('button', { name: 'Restart the Session' }).first()

async function connected(): Promise<void> {
  expect(await seen(app, 'Sam')).toBeGreaterThanOrEqual(5)
  expect(await seen(sam, clinicianName)).toBeGreaterThanOrEqual(5)
}

describe('Restart the Session', () => {
  it('S42 the clinician first: reads that the patient has not chosen yet', async () => {
    await restart(app).click()
    await app
      .getByText(/Sam.*: not chosen yet|Waiting for Sam/)
      .first()
      .waitFor()
    await sam
      .getByText(/wants to restart/)
      .first()
      .waitFor()
    await restart(sam).click()
    await connected()
  }, 90_000)

  it('S42 after both pages were reloaded and the server was restarted', async () => {
    await stage.server.restart()
    await sam.reload()
    await app.reload()
    await restart(sam).click()
    await sam.getByText(`Waiting for ${clinicianName}`).first().waitFor()
    await sam.getByText(/^Stay on this page/).waitFor()
    expect(await sam.getByText('You can close this page').count()).toBe(0)
    await restart(app).click()
    await connected()
  }, 90_000)

  it('S41 stands on every page of the clinician’s app', async () => {
    await app.goto(`${stage.server.origin}/patients`)
    await restart(app).waitFor()
    await app.goto(`${stage.server.origin}/settings`)
    await restart(sam).click()
    await restart(app).click()
    await connected()
  }, 90_000)

  it('S42 the patient chooses, then loses the page: the choice is made again by another click', async () => {
    await restart(sam).click()
    await sam.reload()
    const again = sam
      .getByRole('button', { name: 'Restart the Session' })
      .first()
      .or(sam.getByText(`Waiting for ${clinicianName}`).first())
    await again.first().waitFor()
    if ((await restart(sam).count()) > 0) await restart(sam).click()
    await restart(app).click()
    await connected()
  }, 90_000)
})
