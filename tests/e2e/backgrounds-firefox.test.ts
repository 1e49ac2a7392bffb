import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { hideTab, measureRate } from '../support/backgrounds/firefox-rate.ts'
import { drawFilm, filmCameraScript } from '../support/backgrounds/person-film.ts'
import { type ServedLab, serveLab } from '../support/backgrounds/serve-lab.ts'
import { moreFrames as morePictures, watched, watchTracks } from '../support/backgrounds/watched-tracks.ts'
import { type Firefox, openFirefox } from '../support/firefox.ts'
import { openVisit } from '../support/stories/clinic.ts'
import { setStage, type StoryStage } from '../support/stories/stage.ts'

/**
 * Firefox has no streams of frames: the window grabs and paints. A canvas with the film of a drawn person stands in for the camera, at
 * `getUserMedia`, since Firefox plays no film as its fake camera.
 */
let lab: ServedLab
let firefox: Firefox

beforeAll(async () => {
  const opening = openFirefox({ webgl: true })
  lab = await serveLab()
  firefox = await opening
  await firefox.page.goto(lab.url)
}, 60_000)

afterAll(async () => {
  await firefox?.close()
  await lab?.close()
})

const seen = () => firefox.page.evaluate(() => window.lab.seen())

async function moreFrames(count: number): Promise<void> {
  const { distinct } = await seen()
  await firefox.page.waitForFunction((least) => window.lab.seen().distinct >= least, { timeout: 30_000, polling: 50 }, distinct + count)
}

describe('a processed camera in Firefox', () => {
  it('lets nothing of the room out: at the start, at a switch, when the worker crashes', async () => {
    const { page } = firefox
    expect(await page.evaluate(() => window.lab.support())).toBe('available')
    const frames = await drawFilm(page, { width: 640, height: 360, frames: 10, sway: 30, grain: 6 })
    await page.evaluate((film) => window.lab.useFilm(640, 360, film), frames)
    expect(await page.evaluate(() => window.lab.start('blur'))).toBe('ok')
    await moreFrames(10)
    for (const effect of ['image', 'blur'] as const) {
      await page.evaluate((kind) => window.lab.effect(kind), effect)
      await moreFrames(5)
    }
    await page.evaluate(() => window.lab.fault('crash'))
    await page.waitForFunction(() => window.lab.events().includes('replaced'), { timeout: 30_000, polling: 50 })
    await moreFrames(5)
    expect((await page.evaluate(() => window.lab.lookAtCamera())).leaked, 'what would tell of a leak').toBeGreaterThan(0)
    await moreFrames(5)
    expect((await seen()).leaked).toBe(0)
    expect((await page.evaluate(() => window.lab.figures()))?.open).toBe(0)
  })

  it('goes on in a hidden tab, as fast as before, with little for the window to do', async () => {
    const { page } = firefox
    // Firefox's own camera: a canvas is painted less often in a hidden tab, whoever looks at it.
    await page.evaluate(() => window.lab.useCamera())
    await page.evaluate(() => window.lab.camera(640, 360))
    await moreFrames(20)
    const visible = await measureRate(page, 1500)
    const show = await hideTab(firefox)
    await expect
      .poll(
        async () => {
          const rate = await measureRate(page, 1500)
          return rate.hidden && rate.distinctPerSecond / visible.distinctPerSecond
        },
        { timeout: 20_000 },
      )
      .toBeGreaterThan(0.7)
    await show()
    await moreFrames(5)
    expect((await page.evaluate(() => window.lab.events())).filter((kind) => kind === 'failed')).toEqual([])
  })
})

describe('a clinician with Firefox', () => {
  let stage: StoryStage
  let patient: Page
  const app = () => firefox.page
  const named = (role: string, name: string) => `::-p-aria([name="${name}"][role="${role}"])`
  const press = (role: string, name: string) => app().locator(named(role, name)).click()
  const fill = (label: string, text: string) => app().locator(named('textbox', label)).fill(text)
  const shows = (text: string) =>
    app().waitForFunction((wanted: string) => document.body.innerText.includes(wanted), { timeout: 30_000, polling: 100 }, text)

  async function expectNoLeak(): Promise<void> {
    await morePictures(patient)
    expect((await watched(patient)).leaked).toBe(0)
  }

  beforeAll(async () => {
    stage = await setStage()
    await app().evaluateOnNewDocument(
      filmCameraScript({ width: 640, height: 360, frames: 6, sway: 30, grain: 6, framesPerSecond: 10 }) as unknown as () => void,
    )
    await app().goto(stage.server.origin)
  }, 60_000)
  afterAll(() => stage?.close())

  it('chooses blur in the device check, and the patient never sees the room, also when both come back after the end', async () => {
    await fill('Practice name', 'Willow Practice')
    await fill('Your name', 'Dr. Ana Rivera')
    await fill('Contact phone', '555 0100')
    await fill('Contact e-mail', 'desk@willow.example')
    await app().locator('select').fill('premium')
    await press('button', 'Create practice')
    await press('link', 'Patients')
    await press('button', 'New patient')
    await fill('First name', 'Sam')
    await fill('Last name', 'Fox')
    await press('button', 'Save')
    await shows('Sam')
    await press('link', 'Scheduling')
    await press('button', 'New appointment')
    const sam = await app().waitForFunction(
      () => {
        const options = [...document.querySelectorAll('select')].flatMap((list) => [...list.options].map((option) => ({ list, option })))
        const found = options.find(({ option }) => option.text.includes('Sam Fox'))
        return found ? `${found.list.id} ${found.option.value}` : ''
      },
      { timeout: 10_000, polling: 100 },
    )
    const [list = '', value = ''] = (await sam.jsonValue()).split(' ')
    await app().locator(`#${list}`).fill(value)
    await app().locator(named('checkbox', 'Use Telehealth')).click()
    await press('button', 'Save')
    const link = await app()
      .locator(named('textbox', 'Patient link'))
      .map((field) => (field as HTMLInputElement).value)
      .wait()
    await press('button', 'Start Telehealth Session')
    await app().locator(named('radio', 'Blur')).click()
    await shows('Your background is Blur.')
    await press('button', 'Join Session')

    const guest = await stage.profile()
    await guest.context.addInitScript(watchTracks, false)
    patient = await openVisit(guest.context, link, 'Sam')
    await app().waitForFunction(
      () => {
        const buttons = [...document.querySelectorAll<HTMLButtonElement>('[role="alertdialog"] button')]
        const accept = buttons.find((one) => one.innerText.startsWith('Accept'))
        accept?.click()
        return accept !== undefined
      },
      { timeout: 20_000, polling: 100 },
    )
    await expectNoLeak()
    await press('button', 'End session')
    await press('button', 'Restart the Session')
    await patient.getByRole('button', { name: 'Restart the Session' }).first().click()
    await expectNoLeak()
  }, 90_000)
})
