import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { makeFilm, moreFrames, watched, watchTracks, withFilmCameras } from '../support/backgrounds/watched-tracks.ts'
import type { Profile } from '../support/chromium.ts'
import { accept, addPatient, book, openVisit, setUpPractice } from '../support/stories/clinic.ts'
import { setStage, type StoryStage } from '../support/stories/stage.ts'

/** A clinician with Premium and a patient, in the app itself. What tells of a leak is the filmed room's stripes. */
let stage: StoryStage
let folder: string
let clinician: Profile
let page: Page
let patient: Page
let link: string
const asked: string[] = []
const served: string[] = []
const patientAsked: string[] = []
const pathOf = (one: { url(): string }) => new URL(one.url()).pathname

const ofBackgrounds = (paths: readonly string[]) => paths.filter((path) => path.startsWith('/assets/app/backgrounds/'))
const welcome = () => page.getByRole('dialog', { name: 'Welcome!' })
const tile = (name: string) => page.getByRole('radio', { name, exact: true })
const isOn = (name: string) => page.getByText(`Your background is ${name}.`).first().waitFor({ state: 'attached' })

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'alcove-film-'))
  const film = join(folder, 'person.y4m')
  await makeFilm(film)
  stage = await setStage()
  clinician = await stage.profile({
    camera: 'full',
    args: ['--use-fake-device-for-media-stream=device-count=2', `--use-file-for-fake-video-capture=${film}`],
  })
  await clinician.context.addInitScript(withFilmCameras)
  await clinician.context.addInitScript(watchTracks, true)
  clinician.context.on('request', (request) => asked.push(pathOf(request)))
  // Chromium tells of what the service worker asks the server, too.
  clinician.context.on('response', (response) => response.fromServiceWorker() || served.push(pathOf(response)))
  page = clinician.page
}, 120_000)

afterAll(async () => {
  await stage?.close()
  await rm(folder, { recursive: true, force: true })
})

async function changeTelehealth(to: string): Promise<void> {
  await page.getByRole('button', { name: 'Account menu' }).click()
  await page.getByRole('menuitem', { name: 'Settings' }).click()
  await page.getByLabel('Telehealth', { exact: true }).selectOption({ label: to })
  await page.getByText('Saved', { exact: true }).waitFor()
}

async function openWelcome(): Promise<void> {
  await page.getByRole('button', { name: 'Start Telehealth Session' }).first().click()
  await welcome().waitFor()
}

async function openAppointment(): Promise<void> {
  await page.getByRole('link', { name: 'Scheduling' }).click()
  await page
    .getByRole('button', { name: /Sam Fox/ })
    .first()
    .click()
}

/** Nothing of the room has gone to the preview or to the patient; both have seen something else. */
async function expectNoLeak(when: string): Promise<void> {
  await moreFrames(page)
  await moreFrames(patient)
  expect((await watched(page)).leaked, when).toBe(0)
  expect((await watched(patient)).leaked, when).toBe(0)
}

async function countedByCall(): Promise<readonly string[]> {
  const found = await page.evaluate(async () => {
    const { alcovePeers } = globalThis as unknown as { readonly alcovePeers: readonly RTCPeerConnection[] }
    const names = new Set<string>()
    for (const peer of alcovePeers) {
      for (const stats of (await peer.getStats()).values()) {
        for (const name of Object.keys({ ...stats, ...stats.qualityLimitationDurations })) names.add(name)
      }
    }
    return [...names]
  })
  return ['cpu', 'synthesizedSamplesDuration'].filter((name) => found.includes(name))
}

it('a Basic practice sees nothing of it and fetches nothing', async () => {
  await setUpPractice(page, stage.server.origin, { telehealth: 'Basic' })
  await addPatient(page, 'Sam', 'Fox')
  link = await book(page, { patient: 'Sam Fox', inMs: 0 })
  await openWelcome()
  await moreFrames(page, 3)
  expect((await watched(page)).leaked, 'what would tell of a leak').toBeGreaterThan(0)
  expect(await page.getByRole('radio').count()).toBe(0)
  expect(ofBackgrounds(asked)).toEqual([])
  await welcome().getByRole('button', { name: 'Not now' }).click()
})

it('with Premium nobody sees the room from the choice on, and the patient sees the person', async () => {
  await changeTelehealth('Premium')
  // As an older version would have left them.
  await page.evaluate(async () => {
    const cache = await caches.open('alcove-backgrounds')
    for (const name of ['frame-worker-a1B2c3D4.js', '0123456789ab/selfie-landscape.tflite']) {
      await cache.put(`/assets/app/backgrounds/${name}`, new Response('old'))
    }
  })
  await openAppointment()
  await openWelcome()
  await moreFrames(page, 1)
  await tile('Blur').check()
  // From now on: the preview has something else in the tick of the click.
  await page.evaluate(() => Object.assign(globalThis.watchedTracks, { leaked: 0 }))
  await isOn('Blur')
  await welcome().getByRole('button', { name: 'Join Session' }).click()
  await page.getByRole('button', { name: 'End session' }).waitFor()

  const guest = await stage.profile()
  await guest.context.addInitScript(watchTracks, false)
  guest.context.on('request', (request) => patientAsked.push(pathOf(request)))
  patient = await openVisit(guest.context, link, 'Sam')
  await accept(page)
  await expectNoLeak('at the start')
  // What tells the processor how well the computer copes with the call.
  expect(await countedByCall()).toEqual(['cpu', 'synthesizedSamplesDuration'])
})

it('nor when another one is chosen, the camera changes, is turned off and on, or the worker dies', async () => {
  await page.getByRole('tab', { name: 'Settings' }).click()
  await tile('Forest').check()
  await isOn('Forest')
  await expectNoLeak('another background')

  await page.getByLabel('Camera', { exact: true }).selectOption('other')
  await expectNoLeak('another camera')

  await page.getByRole('button', { name: 'Turn off camera' }).click()
  await page.getByRole('button', { name: 'Turn on camera' }).click()
  await expectNoLeak('the camera off and on')

  const [worker] = page.workers()
  const another = page.waitForEvent('worker')
  await worker?.evaluate(() => globalThis.close())
  await another
  await expectNoLeak('another worker')
})

it('nor after the end, with the remembered one, from the first picture on', async () => {
  await page.getByRole('button', { name: 'End session' }).click()
  await expect.poll(() => page.workers().length).toBe(0)
  for (const one of [page, patient]) await one.getByRole('button', { name: 'Restart the Session' }).first().click()
  await expectNoLeak('the session again')
  expect(patientAsked.filter((path) => path.startsWith('/assets/app/'))).toEqual([])
  const heavy = ofBackgrounds(served).filter((path) => /\.(?:wasm|tflite)$/.test(path))
  expect(heavy.length).toBeGreaterThanOrEqual(3)
  expect(new Set(heavy).size).toBe(heavy.length)

  await page.getByRole('tab', { name: 'Settings' }).click()
  await tile('None').check()
  await expect.poll(async () => (await watched(page)).leaked, { timeout: 10_000 }).toBeGreaterThan(0)
  await expect.poll(async () => (await watched(patient)).leaked, { timeout: 20_000 }).toBeGreaterThan(0)
})

it('nor from the choice on in the middle of a call, when the patient has seen the room before', async () => {
  await tile('Blur').check()
  await page.evaluate(() => Object.assign(globalThis.watchedTracks, { leaked: 0 }))
  await isOn('Blur')
  // What was on its way to the patient has come.
  await moreFrames(patient, 3)
  await patient.evaluate(() => Object.assign(globalThis.watchedTracks, { leaked: 0 }))
  await expectNoLeak('blurred in the call')
})

it('without a network, from what was kept', async () => {
  await page.getByRole('button', { name: 'End session' }).click()
  const kept = await page.evaluate(async () => {
    const requests = await (await caches.open('alcove-backgrounds')).keys()
    return requests.map(({ url }) => new URL(url).pathname)
  })
  for (const name of ['frame-worker-', 'images/forest-', 'selfie-landscape.tflite', 'vision_wasm_module_internal.js']) {
    const found = kept.filter((path) => path.includes(name) && !path.includes('-small-'))
    expect(found, 'of this version alone').toEqual([expect.not.stringMatching(/a1B2c3D4|0123456789ab/)])
  }
  await stage.server.kill()
  await page.goto(stage.server.origin)
  await openAppointment()
  await openWelcome()
  await moreFrames(page)
  expect((await watched(page)).leaked).toBe(0)
})
