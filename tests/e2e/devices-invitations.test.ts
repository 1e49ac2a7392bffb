import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { accessibilityProblems } from '../support/axe.ts'
import { setUpPractice } from '../support/stories/clinic.ts'
import { confirmCode, inviteColleague, inviteOwnDevice, type OpenInvitation } from '../support/stories/devices.ts'
import { setStage, type StoryStage } from '../support/stories/stage.ts'

/** Invitations that must not work: each says so in plain words on the device that tried, and gives it nothing. */
let stage: StoryStage
let desk: Page
let first: Page
let second: Page
let used: OpenInvitation

beforeAll(async () => {
  stage = await setStage()
  const [one, two, three] = await Promise.all([stage.profile(), stage.profile(), stage.profile()])
  desk = one.page
  first = two.page
  second = three.page
  for (const page of [desk, first, second]) page.setDefaultTimeout(15_000)
  await setUpPractice(desk, stage.server.origin)
}, 90_000)
afterAll(() => stage?.close())

const heading = (page: Page, name: string) => page.getByRole('heading', { name, level: 1 }).waitFor()

/** Nothing of the practice is on this device: it is offered what a fresh one is offered. */
async function expectNothingTaken(page: Page): Promise<void> {
  await page.goto(stage.server.origin)
  await page.getByRole('heading', { name: 'Set up your practice' }).waitFor()
}

describe('an invitation', () => {
  it('is declined where the codes differ, and both read what that means', async () => {
    const invitation = await inviteOwnDevice(desk)
    await first.goto(invitation.link)
    await invitation.code()
    await invitation.differ()
    await desk.getByRole('heading', { name: 'The codes differ, so nothing was sent' }).waitFor()
    await heading(first, 'The codes were not the same')
    await first.getByRole('alert').getByText('nothing was stored on this device').waitFor()
    expect(await accessibilityProblems(first)).toEqual([])
    await expectNothingTaken(first)
    await desk.getByRole('dialog').getByRole('button', { name: 'Close' }).click()
  })

  it('is declined by the joining person, too', async () => {
    const invitation = await inviteOwnDevice(desk)
    await first.goto(invitation.link)
    await first.getByText('Does the other screen show the same code?').waitFor()
    expect(await accessibilityProblems(first)).toEqual([])
    await first.getByRole('button', { name: 'They differ' }).click()
    await heading(first, 'The codes were not the same')
    await desk.getByRole('heading', { name: 'The codes differ, so nothing was sent' }).waitFor()
    await expectNothingTaken(first)
    await desk.getByRole('dialog').getByRole('button', { name: 'Close' }).click()
  })

  it('belongs to the device that opens it first; a second one is sent away, and the inviting person is warned', async () => {
    used = await inviteColleague(desk, { name: 'Dr. Zora Quill', role: 'Clinician' })
    await first.goto(used.link)
    const code = await used.code()
    await second.goto(used.link)
    await heading(second, 'This invitation was already opened on another device')
    await desk.getByRole('alert').getByText('A second device has tried this link').waitFor()
    expect(await used.code()).toBe(code)
    await confirmCode(first)
    await used.match()
    await used.done()
    await first.getByRole('link', { name: 'Scheduling' }).waitFor()
    await expectNothingTaken(second)
  })

  it('that was used opens nothing any more, nor one that was called off', async () => {
    await second.clock.install()
    await second.goto(used.link)
    await second.getByText('Looking for the device that invites you').waitFor()
    await second.clock.runFor(20_000)
    await heading(second, 'The inviting device does not answer')
    const cancelled = await inviteOwnDevice(desk)
    await desk.getByRole('dialog').getByRole('button', { name: 'Cancel the invitation' }).click()
    await second.goto(cancelled.link)
    await second.getByText('Looking for the device that invites you').waitFor()
    await second.clock.runFor(20_000)
    await heading(second, 'The inviting device does not answer')
  })

  it('expires after ten minutes', async () => {
    const invitation = await inviteOwnDevice(desk)
    await desk.getByRole('dialog').getByRole('button', { name: 'Cancel the invitation' }).click()
    await second.clock.setSystemTime(Date.now() + 11 * 60_000)
    await second.goto(invitation.link)
    await second.getByText('Looking for the device that invites you').waitFor()
    await second.clock.runFor(20_000)
    await heading(second, 'This invitation has expired')
  })

  it('that was cut off on the way is told from a good one, without a server', async () => {
    await second.goto(used.link.slice(0, -3))
    await heading(second, 'This link is not complete')
  })

  it('does not replace a practice that is in this browser already', async () => {
    const invitation = await inviteOwnDevice(desk)
    await first.goto(invitation.link)
    await heading(first, 'This browser already has a practice')
    await first.getByText('Willow Practice').first().waitFor()
    await desk.getByRole('dialog').getByRole('button', { name: 'Cancel the invitation' }).click()
  })
})
