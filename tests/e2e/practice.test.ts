import type { Page } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { openProfile, type Profile } from '../support/chromium.ts'
import { type RunningServer, startServer } from '../support/server.ts'
import { accessibilityProblems } from '../support/axe.ts'
import { addPatient, book, clinicianName, setUpPractice } from '../support/stories/clinic.ts'

let server: RunningServer
let profile: Profile
let page: Page

beforeAll(async () => {
  server = await startServer()
})
afterAll(() => server.stop())

/** One browser for the tests of a group: each adds what it needs under names of its own. */
function inOneBrowser(prepare: () => Promise<void>): void {
  const violations: string[] = []
  beforeAll(async () => {
    profile = await openProfile()
    page = profile.page
    page.setDefaultTimeout(15_000)
    page.on('console', (message) => {
      if (message.text().includes('Content Security Policy')) violations.push(message.text())
    })
    await prepare()
  })
  afterAll(async () => {
    await profile.close()
    expect(violations).toEqual([])
  })
}

async function home(): Promise<void> {
  await page.goto(server.origin)
  await page.getByRole('heading', { name: 'Scheduling' }).waitFor()
}

const hourMs = 60 * 60 * 1000
const banner = () => page.getByRole('region', { name: 'Telehealth session' })
const startButton = () => page.getByRole('button', { name: 'Start Telehealth Session' })

async function save(): Promise<void> {
  await page.getByRole('button', { name: 'Save', exact: true }).click()
  await page.getByText('Saved', { exact: true }).waitFor()
}

async function changeAndSave(field: string, label: string): Promise<void> {
  await page.getByRole('dialog').getByLabel(field, { exact: true }).selectOption({ label })
  await save()
}

async function accountMenu(item: string): Promise<void> {
  await page.getByRole('button', { name: 'Account menu' }).click()
  await page.getByRole('menuitem', { name: item }).click()
}

async function turnTelehealth(label: string): Promise<void> {
  await accountMenu('Settings')
  await page.getByLabel('Telehealth', { exact: true }).selectOption({ label })
  await page.getByText('Saved', { exact: true }).waitFor()
}

describe('a fresh browser', () => {
  inOneBrowser(async () => undefined)

  it('is set up at any address of a fresh browser, which says what is missing', async () => {
    await page.goto(`${server.origin}/patients`)
    await page.getByRole('heading', { name: 'Set up your practice' }).waitFor()
    expect(await page.getByLabel('Practice Administrator').isChecked()).toBe(true)
    expect(await page.getByLabel('Clinician').isChecked()).toBe(true)
    expect(await accessibilityProblems(page)).toEqual([])
    await page.getByRole('button', { name: 'Create practice' }).click()
    await page.getByText('Give your practice a name.').waitFor()
    await page.getByText('Enter your name.').waitFor()
  })

  it('says what to do where nothing can be stored', async () => {
    const blocked = await profile.context.newPage()
    await blocked.addInitScript(() => {
      IDBFactory.prototype.open = () => {
        throw new DOMException('The operation is insecure.', 'SecurityError')
      }
    })
    await blocked.goto(server.origin)
    await blocked.getByRole('heading', { name: /does not let Alcove keep anything on this device/ }).waitFor()
    await blocked.getByRole('button', { name: 'Try again' }).waitFor()
    expect(await accessibilityProblems(blocked)).toEqual([])
    await blocked.close()
  })

  it('shows a person who is no clinician whom to ask instead of a start (S2)', async () => {
    await page.goto(server.origin)
    await page.getByLabel('Practice name').fill('Willow Practice')
    await page.getByLabel('Your name').fill('Pat Desk')
    await page.getByLabel('Clinician').uncheck()
    await page.getByRole('button', { name: 'Create practice' }).click()
    await addPatient(page, 'Sam', 'Fox')
    await page.getByRole('link', { name: 'Scheduling' }).click()
    await page.getByRole('button', { name: 'New appointment' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('Patient', { exact: true }).selectOption({ label: 'Sam Fox' })
    await dialog.getByLabel('Use Telehealth').check()
    await save()
    await banner().getByText('Starting a session takes the Clinician role.').waitFor()
    expect(await startButton().count()).toBe(0)
  })
})

describe('the practice', () => {
  inOneBrowser(() => setUpPractice(page, server.origin))
  beforeEach(home)

  it('starts with me, today, the next quarter of an hour, 50 minutes, Scheduled', async () => {
    await page.getByRole('button', { name: 'New appointment' }).click()
    const dialog = page.getByRole('dialog', { name: 'New appointment' })
    const value = (label: string) => dialog.getByLabel(label, { exact: true }).inputValue()
    const expected = await page.evaluate(() => {
      const at = new Date(Math.ceil(Date.now() / 900_000) * 900_000)
      const two = (part: number) => String(part).padStart(2, '0')
      return {
        date: `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`,
        time: `${two(at.getHours())}:${two(at.getMinutes())}`,
      }
    })
    expect(await dialog.getByLabel('Clinician').locator('option:checked').textContent()).toBe(clinicianName)
    expect({ date: await value('Date'), time: await value('Start time') }).toEqual(expected)
    expect(await value('Duration')).toBe('50')
    expect(await dialog.getByLabel('Status').locator('option:checked').textContent()).toBe('Scheduled')
    expect(await accessibilityProblems(page)).toEqual([])
  })

  it('S11 S12 opens from the calendar and holds the start if, and only if, the saved appointment is eligible', async () => {
    await addPatient(page, 'Bo', 'Ash')
    const link = await book(page, { patient: 'Bo Ash' })
    expect(link).toContain(`${server.origin}/join#1.`)
    await startButton().waitFor()
    expect(await accessibilityProblems(page)).toEqual([])
    await page.getByRole('button', { name: 'Close' }).click()
    await page.getByRole('button', { name: /Bo Ash, Therapy Session.*Telehealth/ }).click()
    await startButton().waitFor()

    for (const [status, words] of [
      ['Missed', 'Marked Missed'],
      ['Cancelled', 'Marked Cancelled'],
    ] as const) {
      await changeAndSave('Status', status)
      await banner().getByText(words).waitFor()
      expect(await startButton().count()).toBe(0)
    }
    await changeAndSave('Status', 'Arrived')
    await startButton().waitFor()
    for (const type of ['Scheduled Event', 'Vacation', 'Blackout Period']) {
      await changeAndSave('Type', type)
      await banner().getByText(`A ${type} has no telehealth session.`).waitFor()
      expect(await startButton().count()).toBe(0)
    }
    await changeAndSave('Type', 'Consultation')
    await startButton().waitFor()
    await changeAndSave('Patient', 'No patient')
    await banner().getByText('Choose a patient: a session needs somebody to meet.').waitFor()
    await changeAndSave('Patient', 'Bo Ash')
    expect(await page.getByLabel('Patient link').inputValue()).toBe(link)
    await page.getByLabel('Use Telehealth').uncheck()
    await save()
    await banner().getByText('Use Telehealth is not selected.').waitFor()
  })

  it('S10 counts only what is saved, says so while it is dirty, and asks before changes are lost', async () => {
    await addPatient(page, 'Cy', 'Elm')
    await page.getByRole('link', { name: 'Scheduling' }).click()
    await page.getByRole('button', { name: 'New appointment' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('Patient', { exact: true }).selectOption({ label: 'Cy Elm' })
    await dialog.getByLabel('Use Telehealth').check()
    await banner().getByText('Save the appointment first.').waitFor()
    expect(await startButton().count()).toBe(0)
    await save()
    await startButton().waitFor()
    await dialog.getByLabel('Status').selectOption({ label: 'Cancelled' })
    await banner().getByText('Save first: only the saved appointment counts.').waitFor()
    expect(await startButton().count()).toBe(1)
    await page.keyboard.press('Escape')
    await page.getByRole('alertdialog', { name: 'Leave without saving?' }).waitFor()
    expect(await accessibilityProblems(page)).toEqual([])
    await page.getByRole('button', { name: 'Keep editing' }).click()
    expect(await dialog.first().getByLabel('Status').locator('option:checked').textContent()).toBe('Cancelled')
    await page.getByRole('button', { name: 'Close' }).click()
    await page.getByRole('button', { name: 'Discard changes' }).click()
    await page.getByRole('button', { name: /Cy Elm.*Scheduled/ }).waitFor()
  })

  it('takes a saved change back with Undo', async () => {
    await addPatient(page, 'Di', 'Oak')
    await book(page, { patient: 'Di Oak' })
    await changeAndSave('Status', 'Missed')
    await page.getByRole('button', { name: 'Undo' }).click()
    await startButton().waitFor()
    expect(await page.getByLabel('Status').locator('option:checked').textContent()).toBe('Scheduled')
  })

  it('keeps a patient link through a move and replaces it alone, after asking', async () => {
    await addPatient(page, 'Eve', 'Fir')
    const first = await book(page, { patient: 'Eve Fir' })
    const link = page.getByLabel('Patient link')
    await page.getByLabel('Start time').fill('23:15')
    await save()
    expect(await link.inputValue()).toBe(first)
    await page.getByRole('button', { name: 'Replace link' }).click()
    await page.getByRole('alertdialog').getByRole('button', { name: 'Keep the old link' }).click()
    expect(await link.inputValue()).toBe(first)
    await page.getByRole('button', { name: 'Replace link' }).click()
    await page.getByRole('alertdialog').getByRole('button', { name: 'Replace link' }).click()
    await expect.poll(() => link.inputValue()).not.toBe(first)
  })

  it('S1 lets a Practice Administrator turn telehealth on and off', async () => {
    await addPatient(page, 'Ada', 'Moss')
    await turnTelehealth('Off')
    await book(page, { patient: 'Ada Moss' })
    await banner().getByText('Telehealth is off for this practice.').waitFor()
    await banner().getByText('You can turn it on in Settings.').waitFor()
    await page.getByRole('button', { name: 'Close' }).click()
    await turnTelehealth('Premium')
    expect(await accessibilityProblems(page)).toEqual([])
    await page.reload()
    expect(await page.getByLabel('Telehealth', { exact: true }).inputValue()).toBe('premium')
    await page.getByRole('link', { name: 'Scheduling' }).click()
    await page.getByRole('button', { name: /Ada Moss/ }).click()
    await startButton().waitFor()
  })

  it('adds a clinician without a device: the links say so, and only that clinician could start (S5)', async () => {
    await addPatient(page, 'Flo', 'Yew')
    await accountMenu('Settings')
    await page.getByRole('button', { name: 'Add clinician' }).click()
    await page.getByLabel('Name', { exact: true }).fill('Dr. Kofi Mensah')
    await page.getByRole('button', { name: 'Save', exact: true }).click()
    await page.getByText('Dr. Kofi Mensah').first().waitFor()
    await accountMenu('Waiting room link')
    const links = page.getByRole('dialog', { name: 'Waiting room link' })
    expect(await links.getByLabel('Waiting room link', { exact: true }).inputValue()).toContain(`${server.origin}/join#1.`)
    await links.getByText('Available when Dr. Kofi Mensah has set up a device.').waitFor()
    expect(await accessibilityProblems(page)).toEqual([])
    await links.getByRole('button', { name: 'Close' }).click()

    await page.getByRole('link', { name: 'Scheduling' }).click()
    await page.getByRole('button', { name: 'New appointment' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('Patient', { exact: true }).selectOption({ label: 'Flo Yew' })
    await dialog.getByLabel('Clinician').selectOption({ label: 'Dr. Kofi Mensah' })
    await dialog.getByLabel('Use Telehealth').check()
    await save()
    await banner().getByText('Only Dr. Kofi Mensah, the clinician on this appointment, can start it.').waitFor()
    await dialog.getByText('The patient link is available when Dr. Kofi Mensah has set up a device.').waitFor()
    expect(await startButton().count()).toBe(0)
  })

  it('are added, found without accents, and renamed', async () => {
    await addPatient(page, 'José', 'Álvarez')
    await addPatient(page, 'Gil', 'Bay')
    await page.getByLabel('Search patients').fill('jose')
    await page.getByText('1 patient', { exact: true }).waitFor()
    await page.getByRole('button', { name: 'Edit José Álvarez' }).click()
    await page.getByLabel('Last name').fill('Alonso')
    await page.getByRole('button', { name: 'Save', exact: true }).click()
    await page.getByRole('button', { name: 'Edit José Alonso' }).waitFor()
    await page.getByLabel('Search patients').fill('zzz')
    await page.getByText('Nobody is called “zzz”.').waitFor()
    expect(await accessibilityProblems(page)).toEqual([])
    await page.reload()
    await page.getByRole('button', { name: 'Edit José Alonso' }).waitFor()
  })

  it('is worked with the keyboard alone', async () => {
    await page.goto(`${server.origin}/schedule/week/2027-03-10`)
    await page.getByRole('group', { name: 'Calendar' }).waitFor()
    await page.keyboard.press('n')
    await page.getByRole('dialog', { name: 'New appointment' }).waitFor()
    await page.keyboard.press('Escape')
    await page.getByRole('dialog').waitFor({ state: 'detached' })
    const slot = page.getByRole('button', { name: /: free, book here$/ })
    await slot.focus()
    await page.keyboard.press('ArrowRight')
    await page.keyboard.press('ArrowDown')
    const place = await slot.getAttribute('aria-label')
    await page.keyboard.press('Enter')
    const dialog = page.getByRole('dialog', { name: 'New appointment' })
    expect(place).toMatch(/^Monday, March 8, 8:30 AM/)
    expect(await dialog.getByLabel('Date').inputValue()).toBe('2027-03-08')
    expect(await dialog.getByLabel('Start time').inputValue()).toBe('08:30')
    await dialog.getByLabel('Type').selectOption({ label: 'Scheduled Event' })
    await save()
    await page.keyboard.press('Escape')
    await page.getByRole('dialog').waitFor({ state: 'detached' })
    const booked = page.getByRole('button', { name: /8:30 AM Scheduled Event.*until 9:20 AM/ })
    await booked.focus()
    await page.keyboard.press('ArrowUp')
    await page.keyboard.press('ArrowDown')
    expect(await booked.evaluate((element) => element === document.activeElement)).toBe(true)
    await page.keyboard.press('Enter')
    await page.getByRole('dialog', { name: 'Appointment' }).waitFor()
    await page.keyboard.press('Escape')
    await page.getByRole('dialog').waitFor({ state: 'detached' })
    await page.keyboard.press('d')
    await page.waitForURL(/\/schedule\/day\/2027-03-10$/)
    await page.keyboard.press('t')
    await page.waitForURL((url) => !url.pathname.includes('2027'))
    await page.keyboard.press('w')
    await page.waitForURL(/\/schedule\/week\//)
    expect(await accessibilityProblems(page)).toEqual([])
  })

  it('speaks Spanish when asked to, at once and after a reload', async () => {
    await accountMenu('Settings')
    await page.getByLabel('Language').selectOption({ label: 'Español' })
    await page.getByRole('heading', { name: 'Ajustes' }).waitFor()
    expect(await page.evaluate(() => document.documentElement.lang)).toBe('es')
    await page.reload()
    await page.getByRole('link', { name: 'Agenda' }).click()
    await page.getByRole('button', { name: 'Nueva cita' }).click()
    await page.getByRole('dialog', { name: 'Nueva cita' }).waitFor()
    expect(await accessibilityProblems(page)).toEqual([])
  })
})

describe('offline', () => {
  inOneBrowser(async () => {
    await setUpPractice(page, server.origin)
    await addPatient(page, 'Sam', 'Fox')
    await page.evaluate(() => navigator.serviceWorker.ready)
  })

  it("leaves the patient's page alone", async () => {
    const kept = await page.evaluate(async () => {
      const names = await caches.keys()
      const requests = await Promise.all(names.map(async (name) => (await caches.open(name)).keys()))
      return requests.flat().map(({ url }) => new URL(url).pathname)
    })
    expect(kept).toContain('/index.html')
    expect(kept.filter((path) => path.includes('join'))).toEqual([])
    const response = await page.goto(`${server.origin}/join`)
    expect(response?.fromServiceWorker()).toBe(false)
  })

  it('starts every view and saves in airplane mode', async () => {
    await profile.context.setOffline(true)
    for (const [path, heading] of [
      ['/', 'Scheduling'],
      ['/schedule/week/2026-12-01', 'Scheduling'],
      ['/patients', 'Patients'],
      ['/settings', 'Settings'],
      ['/session', null],
      ['/help/connection', null],
      ['/help/camera', null],
    ] as const) {
      await page.goto(server.origin + path)
      if (heading === null) await page.getByRole('main').waitFor()
      else await page.getByRole('heading', { name: heading, level: 1 }).waitFor()
    }
    await page.goto(server.origin)
    await book(page, { patient: 'Sam Fox' })
    await page.reload()
    await page.getByRole('button', { name: /Sam Fox/ }).waitFor()
  })

  it('S12 follows the clock: the start comes with the window and goes with it, while the dialog is open', async () => {
    // Offline from here: the server's clock would correct the one that is moved.
    await profile.context.setOffline(true)
    await page.clock.install()
    await page.goto(server.origin)
    await book(page, { patient: 'Sam Fox', inMs: 5 * hourMs + 10 * 60_000 })
    await banner()
      .getByText(/^Opens at \d+:\d\d [AP]M/)
      .waitFor()
    expect(await startButton().count()).toBe(0)
    await page.clock.fastForward(11 * 60_000)
    await startButton().waitFor()
    await banner()
      .getByText(/can be started until/)
      .waitFor()
    await page.clock.fastForward(10 * hourMs)
    await banner()
      .getByText(/^Closed at \d+:\d\d [AP]M/)
      .waitFor()
    expect(await startButton().count()).toBe(0)
  })
})
