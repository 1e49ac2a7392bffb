import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { accept, clinicianName, openSession, openVisit } from '../support/stories/clinic.ts'
import { seen, setStage, type StoryStage } from '../support/stories/stage.ts'
import { countFrames } from '../support/video.ts'

let stage: StoryStage
let app: Page
let guests: Page[] = []
const names = ['Ana Uno', 'Ben Dos', 'Cleo Tres']

beforeAll(async () => {
  stage = await setStage()
  const clinic = await stage.profile()
  app = clinic.page
  await openSession(app, stage.server.origin)
  await app.getByRole('button', { name: 'Invite Others' }).click()
  const invite = await app.getByLabel('Invite link').inputValue()
  for (const name of names) {
    // One browser each: two tabs of one browser are one guest.
    const home = await stage.profile()
    guests.push(await openVisit(home.context, invite, name))
    await accept(app)
    await app.locator(`video[aria-label="Video of ${name}"]`).waitFor()
  }
}, 180_000)
afterAll(async () => {
  await stage?.close()
  guests = []
})

describe('a group of four', () => {
  it('shows everybody to everybody: at least 10 distinct frames in 10 s from each', async () => {
    const everybody = [clinicianName, ...names]
    for (const [index, page] of [app, ...guests].entries()) {
      const others = everybody.filter((_, other) => other !== index)
      const counts = await Promise.all(
        others.map((name) => countFrames(page, `video[aria-label="Video of ${name}"]`, { forMs: 10_000, enough: 10 })),
      )
      for (const { distinct } of counts) expect(distinct).toBeGreaterThanOrEqual(10)
    }
  }, 150_000)

  it('tells the fifth that the session is full', async () => {
    const invite = await app.getByLabel('Invite link').inputValue()
    const fifth = await openVisit((await stage.profile()).context, invite, 'Dora Quinta')
    await accept(app)
    await app.getByText('Four people are the most that fit into one session').first().waitFor()
    await fifth.getByText('The session is full').first().waitFor()
    await fifth.close()
  }, 60_000)

  it('S32 removes one person, and the others stay', async () => {
    await app.getByRole('button', { name: 'Remove Cleo Tres' }).first().click()
    await guests[2]?.getByRole('heading', { name: 'You are no longer in the session' }).waitFor()
    await app.locator('video[aria-label="Video of Cleo Tres"]').waitFor({ state: 'detached' })
    const [ana] = guests
    if (!ana) throw new Error('nobody there')
    await ana.locator('video[aria-label="Video of Cleo Tres"]').waitFor({ state: 'detached' })
    expect(await seen(ana, 'Ben Dos')).toBeGreaterThanOrEqual(5)
  }, 60_000)

  it('S40 lets a patient leave alone', async () => {
    const [ana, ben] = guests
    if (!ana || !ben) throw new Error('nobody there')
    await ben.getByRole('button', { name: 'Leave', exact: true }).click()
    await app.locator('video[aria-label="Video of Ben Dos"]').waitFor({ state: 'detached' })
    expect(await seen(ana, clinicianName)).toBeGreaterThanOrEqual(5)
    expect(await app.getByRole('button', { name: 'Restart the Session' }).count()).toBe(0)
  }, 60_000)
})
