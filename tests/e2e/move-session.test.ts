import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { accessibilityProblems } from '../support/axe.ts'
import { photograph } from '../support/screenshots.ts'
import { accept, addPatient, book, clinicianName, joinWaitingRoom, setUpPractice, startSession } from '../support/stories/clinic.ts'
import { inviteOwnDevice, join, openAppointment, openSettings, waitForSync } from '../support/stories/devices.ts'
import { mark, seen, setStage, type StoryStage } from '../support/stories/stage.ts'

/** A clinician with two devices, and Sam on a computer of their own: each test goes on where the one before it stopped. */
let stage: StoryStage
let laptop: Page
let phone: Page
let sam: Page
let samIsMarked: () => Promise<boolean>

beforeAll(async () => {
  stage = await setStage()
  const [one, two, three] = await Promise.all([stage.profile(), stage.profile(), stage.profile()])
  laptop = one.page
  phone = two.page
  sam = three.page
  await setUpPractice(laptop, stage.server.origin)
  await addPatient(laptop, 'Sam', 'Fox')
  const link = await book(laptop, { patient: 'Sam Fox' })
  await laptop.getByRole('dialog').getByRole('button', { name: 'Close', exact: true }).click()
  await join(await inviteOwnDevice(laptop), phone)
  await Promise.all([waitForSync(laptop), waitForSync(phone)])
  await phone.getByRole('link', { name: 'Scheduling' }).click()
  await sam.goto(link)
  await joinWaitingRoom(sam, 'Sam')
  samIsMarked = await mark(sam)
}, 120_000)
afterAll(() => stage?.close())

async function removeOther(page: Page): Promise<void> {
  await openSettings(page)
  const others = page.getByRole('listitem').filter({ hasNotText: 'This device' })
  await others.getByRole('button', { name: /^Remove device/ }).click()
  await page.getByRole('alertdialog').getByRole('button', { name: 'Remove device' }).click()
}

describe('a session on one of two devices', () => {
  it('rings on both, and the Accept on one silences the other, which says where', async () => {
    await Promise.all([laptop, phone].map((page) => page.getByRole('alertdialog').getByText('Sam Fox is waiting').waitFor()))
    await startSession(laptop)
    await accept(laptop)
    await phone
      .getByText(/^Accepted on /)
      .first()
      .waitFor()
    expect(await phone.getByRole('alertdialog').count()).toBe(0)
    await phone
      .getByText(/^Session on /)
      .first()
      .waitFor()
    const dialog = await openAppointment(phone, 'Sam Fox')
    await dialog.getByRole('button', { name: 'Move here' }).waitFor()
    expect(await dialog.getByRole('button', { name: 'Start Telehealth Session' }).count()).toBe(0)
    await dialog.getByRole('button', { name: 'Close', exact: true }).click()
    expect(await accessibilityProblems(phone)).toEqual([])
    await photograph(phone, 'session-on-another-device', { screens: ['desktop', 'phone'], schemes: ['light'] })
    expect(await seen(sam, clinicianName)).toBeGreaterThanOrEqual(5)
  })

  it('moves to the other one: pictures flow there, and Sam does nothing', async () => {
    await phone.getByRole('button', { name: 'Move here' }).click()
    await phone.getByRole('button', { name: 'End session' }).waitFor()
    expect(await seen(phone, 'Sam')).toBeGreaterThanOrEqual(5)
    expect(await seen(sam, clinicianName)).toBeGreaterThanOrEqual(5)
    expect(await samIsMarked()).toBe(true)
    await laptop
      .getByText(/^Moved to /)
      .first()
      .waitFor()
    expect(await laptop.getByRole('button', { name: 'End session' }).count()).toBe(0)
    expect(await accessibilityProblems(laptop)).toEqual([])
    await photograph(laptop, 'moved-away', { screens: ['desktop', 'phone'], schemes: ['light'] })
  })

  it('moves back from the session itself', async () => {
    await phone.getByRole('tab', { name: 'Settings' }).click()
    await phone.getByRole('button', { name: /^Move to / }).waitFor()
    expect(await accessibilityProblems(phone)).toEqual([])
    await phone.getByRole('button', { name: /^Move to / }).click()
    await laptop.getByRole('button', { name: 'End session' }).waitFor()
    expect(await seen(laptop, 'Sam')).toBeGreaterThanOrEqual(5)
    expect(await samIsMarked()).toBe(true)
    await laptop.getByRole('button', { name: 'End session' }).click()
    await sam.getByRole('button', { name: 'Restart the Session' }).waitFor()
  })
})

describe('a device of the clinician is lost', () => {
  it('and its room is replaced: the patients whose links must be sent again are listed until each was copied', async () => {
    await laptop.getByRole('link', { name: 'Scheduling' }).click()
    await removeOther(laptop)
    await laptop.getByRole('button', { name: 'Replace the waiting room' }).click()
    const question = laptop.getByRole('alertdialog')
    await question.getByText(/All links to your waiting room stop working/).waitFor()
    await question.getByRole('button', { name: 'Replace the waiting room' }).click()
    await laptop.getByRole('link', { name: 'Scheduling' }).click()
    await laptop.getByText('1 patient needs a new link').waitFor()
    await laptop.getByRole('button', { name: 'Show the links' }).click()
    expect(await accessibilityProblems(laptop)).toEqual([])
    await photograph(laptop, 'links-to-send', { screens: ['desktop', 'phone'], schemes: ['light'] })
    await laptop.context().grantPermissions(['clipboard-read', 'clipboard-write'])
    await laptop.getByRole('button', { name: 'Copy link of Sam Fox' }).click()
    await laptop.getByText('All links are copied.').waitFor()
    const link = await laptop.evaluate(() => navigator.clipboard.readText())
    await laptop.reload()
    await laptop.getByRole('link', { name: 'Scheduling' }).waitFor()
    expect(await laptop.getByText('Links to send again').count()).toBe(0)
    await sam.goto(link)
    await joinWaitingRoom(sam, 'Sam')
    await laptop.getByRole('alertdialog').getByText('Sam Fox is waiting').waitFor()
  })
})
