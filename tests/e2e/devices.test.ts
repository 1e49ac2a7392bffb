import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { addPatient, book, clinicianName, joinWaitingRoom, setUpPractice } from '../support/stories/clinic.ts'
import {
  changeAppointment,
  goOffline,
  goOnline,
  inviteOwnDevice,
  join,
  openAppointment,
  readAppointment,
  removeOtherDevice,
  waitForSync,
} from '../support/stories/devices.ts'
import { dumpStorage, findIn } from '../support/store/search.ts'
import { setStage, type StoryStage } from '../support/stories/stage.ts'

/** Two devices of one clinician: each test goes on where the one before it stopped. */
let stage: StoryStage
let laptop: Page
let phone: Page
let link = ''

beforeAll(async () => {
  stage = await setStage()
  const [one, two] = await Promise.all([stage.profile(), stage.profile()])
  laptop = one.page
  phone = two.page
  await setUpPractice(laptop, stage.server.origin)
  await addPatient(laptop, 'Sam', 'Fox')
  link = await book(laptop, { patient: 'Sam Fox' })
  await laptop.getByRole('dialog').getByRole('button', { name: 'Close', exact: true }).click()
}, 90_000)
afterAll(() => stage?.close())

const patients = (page: Page) => page.getByRole('link', { name: 'Patients' }).click()

describe('a second device', () => {
  it('is linked by an invitation, after both screens show the same six digits', async () => {
    const { inviterCode, joinerCode } = await join(await inviteOwnDevice(laptop), phone)
    expect(joinerCode).toMatch(/^\d{6}$/)
    expect(inviterCode).toBe(joinerCode)
    await Promise.all([waitForSync(laptop), waitForSync(phone)])
    expect(await readAppointment(phone, 'Sam Fox')).toEqual({ status: 'Scheduled', duration: '50' })
  })

  it('takes over what is changed while both are there', async () => {
    await changeAppointment(phone, 'Sam Fox', { duration: '55' })
    await expect.poll(() => readAppointment(laptop, 'Sam Fox'), { timeout: 15_000 }).toMatchObject({ duration: '55' })
  })

  it('keeps what both change while they are apart, of one appointment too, and says how much is not synced yet', async () => {
    await Promise.all([goOffline(laptop), goOffline(phone)])
    await addPatient(laptop, 'Nora', 'Vance')
    await changeAppointment(laptop, 'Sam Fox', { status: 'Arrived' })
    await addPatient(phone, 'Omar', 'Reed')
    await changeAppointment(phone, 'Sam Fox', { duration: '30' })
    await Promise.all([laptop, phone].map((page) => waitForSync(page, /^2 changes not yet synced/)))
    await patients(phone)
    expect(await phone.getByText('Nora').count()).toBe(0)
  })

  it('is equal to the first one again once both are back, and both screens say so', async () => {
    await Promise.all([goOnline(laptop), goOnline(phone)])
    await Promise.all([waitForSync(laptop), waitForSync(phone)])
    for (const page of [laptop, phone]) {
      await patients(page)
      for (const name of ['Sam', 'Nora', 'Omar']) await page.getByText(name).first().waitFor()
      expect(await readAppointment(page, 'Sam Fox')).toEqual({ status: 'Arrived', duration: '30' })
    }
  })

  it('that is lost is removed from the first: it erases its copy at the next contact, says so, and gets nothing new', async () => {
    await goOffline(phone)
    await removeOtherDevice(laptop)
    await addPatient(laptop, 'Paula', 'Afterwards')
    await goOnline(phone)
    await phone.getByRole('heading', { name: `This device was removed from Willow Practice by ${clinicianName}.` }).waitFor()
    expect(findIn(await dumpStorage(phone), ['Paula', 'Nora', 'Sam Fox'])).toEqual([])
  })

  it('that was lost had the key of the room: the clinician replaces it, and is told whom to send a new link', async () => {
    await laptop.getByRole('region', { name: 'Replace the waiting room' }).getByRole('button').click()
    await laptop.getByRole('alertdialog').getByRole('button', { name: 'Replace the waiting room' }).click()
    await laptop.getByRole('region', { name: 'Replace the waiting room' }).waitFor({ state: 'detached' })
    await laptop.getByRole('link', { name: 'Scheduling' }).click()
    await laptop.getByText('1 patient needs a new link').waitFor()
    const dialog = await openAppointment(laptop, 'Sam Fox')
    const newLink = await dialog.getByLabel('Patient link').inputValue()
    expect(newLink).not.toBe(link)
    await dialog.getByRole('button', { name: 'Close', exact: true }).click()
    const visit = (await stage.profile()).page
    await visit.goto(newLink)
    await joinWaitingRoom(visit, 'Sammy')
    await laptop
      .getByRole('alertdialog')
      .getByText(/Sam Fox is waiting/)
      .waitFor()
  })
})
