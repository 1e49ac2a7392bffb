import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Profile } from '../support/chromium.ts'
import { accept, addPatient, book, clinicianName, joinWaitingRoom, setUpPractice } from '../support/stories/clinic.ts'
import { seeAndHear, seen, setStage, type StoryStage } from '../support/stories/stage.ts'

/** The main job, once through, with two browsers on two profiles: each test goes on where the one before it stopped. */
let stage: StoryStage
let clinic: Profile
let home: Profile
let app: Page
let patient: Page
let link = ''

beforeAll(async () => {
  stage = await setStage()
  clinic = await stage.profile({ camera: 'full' })
  home = await stage.profile({ camera: 'full' })
  app = clinic.page
  patient = home.page
  await setUpPractice(app, stage.server.origin)
  await addPatient(app, 'Sam', 'Fox')
}, 90_000)
afterAll(async () => {
  await stage?.close()
})

const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true })

describe('the first session', () => {
  it('S11 S12 shows the banner in the dialog once the appointment is saved', async () => {
    link = await book(app, { patient: 'Sam Fox' })
    expect(link.startsWith(`${stage.server.origin}/join#1.`)).toBe(true)
    await button(app, 'Start Telehealth Session').waitFor()
  })

  it('S24 opens the waiting room from the link without an account, S19 and knocks only then', async () => {
    await patient.goto(link)
    await patient.getByText(`Session with ${clinicianName}`).waitFor()
    await patient.getByText('555 0100').first().waitFor()
    await patient.getByRole('heading', { name: 'Welcome!' }).waitFor()
    expect(await patient.evaluate(() => window.location.hash)).toBe(new URL(link).hash)
    expect(await app.getByText('is waiting').count()).toBe(0)
    await joinWaitingRoom(patient, 'Sammy')
    expect(await patient.evaluate(() => window.location.hash)).toBe('')
    expect(await home.context.cookies()).toEqual([])
  })

  it('says on any page who is waiting for when, with the start right there', async () => {
    const arrival = app.getByRole('alertdialog')
    await arrival.getByText(/Sam Fox is waiting for/).waitFor()
    await arrival.getByRole('button', { name: /Start Telehealth Session/ }).click()
  })

  it('S13 to S18 asks for the devices, shows oneself and a meter that moves with the voice', async () => {
    const welcome = app.getByRole('dialog', { name: 'Welcome!' })
    await welcome.waitFor()
    for (const name of ['Enter Your Name', 'Camera', 'Microphone']) await welcome.getByLabel(name, { exact: true }).waitFor()
    await expect.poll(() => welcome.locator('video').evaluate((video: HTMLVideoElement) => video.videoWidth)).toBeGreaterThan(0)
    const levels = new Set<string>()
    await expect
      .poll(
        async () => {
          levels.add((await welcome.getByRole('meter').getAttribute('aria-valuenow')) ?? '')
          return levels.size
        },
        { timeout: 15_000, interval: 100 },
      )
      .toBeGreaterThan(3)
    expect(await welcome.getByLabel('Enter Your Name').inputValue()).toBe(clinicianName)
  })

  it('S20 announces the patient in the middle, and nobody is in before Accept', async () => {
    await app.getByRole('dialog', { name: 'Welcome!' }).getByRole('button', { name: 'Join Session' }).click()
    const arrival = app.getByRole('alertdialog')
    await arrival.getByText('Sam Fox is here').waitFor()
    await arrival.getByText('Sammy').waitFor()
    const place = await arrival.boundingBox()
    const middle = { x: (place?.x ?? 0) + (place?.width ?? 0) / 2, y: (place?.y ?? 0) + (place?.height ?? 0) / 2 }
    expect(Math.abs(middle.x - 640)).toBeLessThan(100)
    expect(Math.abs(middle.y - 400)).toBeLessThan(160)
    await patient.getByRole('heading', { name: 'You are in the waiting room' }).waitFor()
    expect(await patient.locator('video[aria-label^="Video of"]').count()).toBe(0)
  })

  it('S21 connects them on Accept: both see and hear each other', async () => {
    await accept(app)
    const [there, here] = await Promise.all([seeAndHear(app, 'Sammy'), seeAndHear(patient, clinicianName)])
    for (const { distinct, loudest } of [there, here]) {
      expect(distinct).toBeGreaterThanOrEqual(5)
      expect(loudest).toBeGreaterThan(0.005)
    }
  }, 60_000)

  it('S30 turns the camera off and on again for the other side, and says so', async () => {
    await button(patient, 'Turn off camera').click()
    await app.locator('figure').getByText('Camera off').waitFor()
    await button(patient, 'Turn on camera').click()
    await app.locator('figure').getByText('Camera off').waitFor({ state: 'detached' })
    expect(await seen(app, 'Sammy')).toBeGreaterThanOrEqual(5)
  })

  it('S30 mutes: the other side reads it', async () => {
    await button(app, 'Mute').click()
    await patient.locator('figure').getByText('Muted').waitFor()
    await button(app, 'Unmute').click()
    await patient.locator('figure').getByText('Muted').waitFor({ state: 'detached' })
  })

  it('S29 hides one’s own video while it is still sent', async () => {
    const preview = patient.getByLabel('Your video', { exact: true })
    await preview.hover()
    await button(patient, 'Hide your video').click()
    await preview.waitFor({ state: 'detached' })
    expect(await seen(app, 'Sammy')).toBeGreaterThanOrEqual(5)
  })

  it('S31 S32 has the box with its tabs and the four groups', async () => {
    for (const tab of ['People', 'Schedule', 'Settings']) await app.getByRole('tab', { name: new RegExp(tab) }).waitFor()
    await app.getByRole('tab', { name: /People/ }).click()
    for (const group of ['In session', 'Waiting', 'Waiting as guests', 'Waiting for upcoming sessions'])
      await app.getByRole('region', { name: group, exact: true }).waitFor()
    await app.getByRole('region', { name: 'In session', exact: true }).getByText('Sammy').waitFor()
  })

  it('S23 Invite Others shows the standing link while the session runs', async () => {
    await button(app, 'Invite Others').click()
    const invite = await app.getByLabel('Invite link').inputValue()
    expect(invite.startsWith(`${stage.server.origin}/join#1.`)).toBe(true)
    expect(invite).not.toBe(link)
    await button(app, 'Copy link').waitFor()
  })

  it('S35 changes the name in the middle of the session', async () => {
    await app.getByRole('tab', { name: /Settings/ }).click()
    const name = app.getByLabel('Your name')
    await name.fill('Dr. R')
    await name.blur()
    await patient.locator('video[aria-label="Video of Dr. R"]').waitFor()
    await name.fill(clinicianName)
    await name.blur()
    await patient.locator(`video[aria-label="Video of ${clinicianName}"]`).waitFor()
  })

  it('S36 changes the microphone without a gap in the other’s sound', async () => {
    const microphone = app.getByLabel('Microphone', { exact: true })
    const options = await microphone.locator('option').evaluateAll((all) => all.map((option) => (option as HTMLOptionElement).value))
    expect(options.length).toBeGreaterThan(1)
    await microphone.selectOption(options.at(-1) ?? '')
    const { loudest } = await seeAndHear(patient, clinicianName)
    expect(loudest).toBeGreaterThan(0.005)
  })

  it('S37 S38 switches the own video and the timer', async () => {
    await app.getByRole('switch', { name: 'Show my video' }).click()
    await app.getByLabel('Your video', { exact: true }).waitFor({ state: 'detached' })
    await app.getByRole('switch', { name: 'Show my video' }).click()
    await app.getByLabel('Your video', { exact: true }).waitFor()
    const timer = app.getByRole('timer')
    const before = await timer.count()
    await app.getByRole('switch', { name: 'Show call timer' }).click()
    await expect.poll(() => timer.count()).toBe(1 - before)
  })

  it('returns to the running session from the appointment', async () => {
    await app.goBack()
    await app.getByRole('link', { name: 'Scheduling' }).click()
    await app
      .getByRole('button', { name: /Sam Fox/ })
      .first()
      .click()
    await app.getByRole('dialog').getByRole('button', { name: 'Return to session' }).click()
    await app.locator('video[aria-label="Video of Sammy"]').waitFor()
    expect(await seen(app, 'Sammy')).toBeGreaterThanOrEqual(5)
  })

  it('S40 S41 ends for both, who then see Restart the Session', async () => {
    await button(app, 'End session').click()
    for (const page of [app, patient]) await button(page, 'Restart the Session').first().waitFor()
    expect(await patient.locator('video[aria-label^="Video of"]').count()).toBe(0)
  })

  it('S42 connects them again only when both have chosen it', async () => {
    await button(patient, 'Restart the Session').click()
    await patient.getByText(`Waiting for ${clinicianName}`).waitFor()
    expect(await app.locator('video[aria-label^="Video of"]').count()).toBe(0)
    await button(app, 'Restart the Session').first().click()
    expect(await seen(app, 'Sammy')).toBeGreaterThanOrEqual(5)
    expect(await seen(patient, clinicianName)).toBeGreaterThanOrEqual(5)
  })

  it('S40 lets the patient end it as well', async () => {
    await button(patient, 'End session').click()
    for (const page of [app, patient]) await button(page, 'Restart the Session').first().waitFor()
  })

  it('S43 S44 leads to help with connection problems and to the practice', async () => {
    await patient
      .getByRole('link', { name: /connection problems/ })
      .or(patient.getByRole('button', { name: /connection problems/ }))
      .first()
      .waitFor()
    await patient
      .getByText(/Contact the practice/)
      .first()
      .waitFor()
  })
})
