import type { BrowserContext, Page } from 'playwright-core'

/** Finds everything as a person would: by the names on the screen (English unless told otherwise). */

export type PracticeSetUp = {
  readonly practice?: string
  readonly name?: string
  readonly phone?: string
  readonly email?: string
  readonly telehealth?: 'Off' | 'Basic' | 'Premium'
}

export const clinicianName = 'Dr. Ana Rivera'

export async function setUpPractice(page: Page, origin: string, set: PracticeSetUp = {}): Promise<void> {
  await page.goto(origin)
  await page.getByRole('heading', { name: 'Set up your practice' }).waitFor()
  await page.getByLabel('Practice name').fill(set.practice ?? 'Willow Practice')
  await page.getByLabel('Your name').fill(set.name ?? clinicianName)
  await page.getByLabel('Contact phone').fill(set.phone ?? '555 0100')
  await page.getByLabel('Contact e-mail').fill(set.email ?? 'desk@willow.example')
  await page.getByLabel('Telehealth').selectOption({ label: set.telehealth ?? 'Basic' })
  await page.getByRole('button', { name: 'Create practice' }).click()
  await page.getByRole('link', { name: 'Scheduling' }).waitFor()
}

export async function addPatient(page: Page, firstName: string, lastName: string): Promise<void> {
  await page.getByRole('link', { name: 'Patients' }).click()
  await page.getByRole('button', { name: 'New patient' }).first().click()
  await page.getByLabel('First name').fill(firstName)
  await page.getByLabel('Last name').fill(lastName)
  await page.getByRole('button', { name: 'Save', exact: true }).click()
  await page
    .getByText(`${firstName} ${lastName}`)
    .or(page.getByText(`${lastName}, ${firstName}`))
    .first()
    .waitFor()
}

export type Booking = {
  readonly patient: string
  readonly type?: string
  /** Milliseconds from now; the default is the dialog's own: the next quarter of an hour, or now in the day's last one. */
  readonly inMs?: number
}

/** Books a telehealth appointment and leaves its dialog open. Returns the patient's link. */
export async function book(page: Page, booking: Booking): Promise<string> {
  await page.getByRole('link', { name: 'Scheduling' }).click()
  await page.getByRole('button', { name: 'New appointment' }).click()
  const dialog = page.getByRole('dialog', { name: 'New appointment' })
  if (booking.type) await dialog.getByLabel('Type').selectOption({ label: booking.type })
  await dialog.getByLabel('Patient', { exact: true }).selectOption({ label: booking.patient })
  const inMs = booking.inMs ?? ((await isNextQuarterTomorrow(page)) ? 0 : null)
  if (inMs !== null) {
    const { date, time } = await page.evaluate((inMs) => {
      const start = new Date(Date.now() + inMs)
      const two = (part: number) => String(part).padStart(2, '0')
      return {
        date: `${start.getFullYear()}-${two(start.getMonth() + 1)}-${two(start.getDate())}`,
        time: `${two(start.getHours())}:${two(start.getMinutes())}`,
      }
    }, inMs)
    await dialog.getByLabel('Date').fill(date)
    await dialog.getByLabel('Start time').fill(time)
  }
  await dialog.getByLabel('Use Telehealth').check()
  await dialog.getByRole('button', { name: 'Save', exact: true }).click()
  return await page.getByRole('dialog').getByLabel('Patient link').inputValue()
}

/** The views show today. */
function isNextQuarterTomorrow(page: Page): Promise<boolean> {
  return page.evaluate(() => {
    const now = new Date()
    return now.getHours() === 23 && now.getMinutes() >= 45
  })
}

/** From the banner in the open dialog through Welcome! into the session (S11-S19). */
export async function startSession(page: Page, name?: string): Promise<void> {
  await page.getByRole('button', { name: 'Start Telehealth Session' }).first().click()
  const welcome = page.getByRole('dialog', { name: 'Welcome!' })
  await welcome.waitFor()
  if (name) await welcome.getByLabel('Enter Your Name').fill(name)
  await welcome.getByRole('button', { name: 'Join Session' }).click()
  await page.getByRole('button', { name: 'End session' }).waitFor()
}

/** A clinician's profile with a practice, a patient and a session that runs. */
export async function openSession(page: Page, origin: string, patient = { first: 'Sam', last: 'Fox' }): Promise<{ readonly link: string }> {
  await setUpPractice(page, origin)
  await addPatient(page, patient.first, patient.last)
  const link = await book(page, { patient: `${patient.first} ${patient.last}` })
  await startSession(page)
  return { link }
}

export async function openVisit(context: BrowserContext, link: string, name: string): Promise<Page> {
  const page = await context.newPage()
  await page.goto(link)
  await joinWaitingRoom(page, name)
  return page
}

export async function joinWaitingRoom(page: Page, name: string): Promise<void> {
  await page.getByLabel('Enter Your Name').fill(name)
  await page.getByRole('button', { name: 'Join Waiting Room' }).click()
  await page.getByRole('heading', { name: 'You are in the waiting room' }).waitFor()
}

/** S21, from the dialog in the middle. */
export async function accept(page: Page): Promise<void> {
  await page
    .getByRole('alertdialog')
    .getByRole('button', { name: /^Accept/ })
    .click()
}
