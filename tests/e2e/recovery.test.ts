import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Profile } from '../support/chromium.ts'
import { accept, addPatient, book, joinWaitingRoom, setUpPractice } from '../support/stories/clinic.ts'
import { changeAppointment, readAppointment } from '../support/stories/devices.ts'
import { waitForLog } from '../support/stories/log.ts'
import { makeKit, restore, testKit, typeWords, wordsOn } from '../support/stories/recovery.ts'
import { setStage, type StoryStage } from '../support/stories/stage.ts'

/** The only laptop of a practice is gone for good; there is a sheet of paper, and a new computer. */
let stage: StoryStage
let stolen: Profile
let laptop: Page
let fresh: Page
let patientLink = ''
let words: readonly string[] = []

beforeAll(async () => {
  stage = await setStage()
  const [one, two] = await Promise.all([stage.profile(), stage.profile()])
  stolen = one
  laptop = one.page
  fresh = two.page
  await setUpPractice(laptop, stage.server.origin)
  await addPatient(laptop, 'Sam', 'Fox')
  patientLink = await book(laptop, { patient: 'Sam Fox' })
  await laptop.getByRole('dialog').getByRole('button', { name: 'Close', exact: true }).click()
}, 90_000)
afterAll(() => stage?.close())

describe('a recovery kit', () => {
  it('is asked for on Scheduling until it is made and tested', async () => {
    words = await makeKit(laptop)
    expect(words).toHaveLength(12)
    await laptop.getByRole('link', { name: 'Scheduling' }).click()
    await laptop.getByRole('link', { name: 'Test it now' }).click()
    await typeWords(laptop, words.toSpliced(3, 1, 'xyzzy'))
    await laptop.getByRole('button', { name: 'Test', exact: true }).click()
    await laptop.getByText('Word 4, “xyzzy”, is not in the list').waitFor()
  })

  it('is void once there is a newer one', async () => {
    const old = words
    await laptop.getByRole('button', { name: 'Make a new kit' }).click()
    await laptop.getByRole('alertdialog').getByRole('button', { name: 'Make a new kit' }).click()
    words = await wordsOn(laptop)
    expect(words).not.toEqual(old)
    await waitForLog(laptop)
    await restore(fresh, stage.server.origin, old)
    await fresh.getByRole('heading', { name: 'This kit is no longer valid' }).waitFor()
  })

  it('says in numbers what it would bring back, and is asked for no more', async () => {
    expect(await testKit(laptop, words)).toEqual([
      '1 person',
      '1 appointment',
      '1 patient',
      'your waiting room, so that the links patients have keep working',
    ])
    await laptop.getByRole('heading', { level: 1 }).first().waitFor()
    expect(await laptop.getByRole('region', { name: 'Recovery kit' }).count()).toBe(0)
    await changeAppointment(laptop, 'Sam Fox', { duration: '45' })
    await waitForLog(laptop)
  })
})

describe('an empty computer', () => {
  it('is the practice again, from the kit and the server alone', async () => {
    await stolen.close()
    await restore(fresh, stage.server.origin, words)
    await fresh.getByRole('heading', { name: 'Willow Practice is back' }).waitFor()
  })

  it('is offered to remove the device that was stolen', async () => {
    await fresh.getByRole('button', { name: 'Remove Chrome on Linux' }).click()
    await fresh.getByRole('region', { name: 'Is a device lost or stolen?' }).waitFor({ state: 'detached' })
    await fresh.getByRole('button', { name: 'Open the schedule' }).click()
  })

  it('has the schedule', async () => {
    await expect.poll(() => readAppointment(fresh, 'Sam Fox'), { timeout: 15_000 }).toEqual({ status: 'Scheduled', duration: '45' })
  })

  it('lets in a patient who comes by a link that was given out before', async () => {
    const visit = (await stage.profile()).page
    await visit.goto(patientLink)
    await joinWaitingRoom(visit, 'Sammy')
    await fresh
      .getByRole('alertdialog')
      .getByText(/Sam Fox is waiting/)
      .waitFor()
    await fresh.getByRole('button', { name: 'Start Telehealth Session' }).first().click()
    await fresh.getByRole('dialog', { name: 'Welcome!' }).getByRole('button', { name: 'Join Session' }).click()
    await accept(fresh)
    await visit
      .getByRole('button', { name: 'Leave' })
      .or(visit.getByRole('button', { name: 'End session' }))
      .first()
      .waitFor()
  })
})
