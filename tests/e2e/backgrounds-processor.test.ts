import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { keptAnswer } from '../support/backgrounds/model-answers.ts'
import { drawFilm, filmPerson } from '../support/backgrounds/person-film.ts'
import { type ServedLab, serveLab } from '../support/backgrounds/serve-lab.ts'
import { prepareStill, stills } from '../support/backgrounds/stills.ts'
import { openProfile, type Profile } from '../support/chromium.ts'

let lab: ServedLab
let folder: string
let profile: Profile
/** Upright, as a phone's camera or one that was turned gives it; the fake camera has no such shape. */
let upright: readonly string[]
const uprightSize = { width: 360, height: 640 }
const foreign: string[] = []

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'alcove-film-'))
  lab = await serveLab()
  const film = join(folder, 'person.y4m')
  const studio = await openProfile()
  await filmPerson(studio.page, film, { width: 640, height: 360, frames: 20, sway: 30, grain: 6 })
  upright = await drawFilm(studio.page, { ...uprightSize, frames: 10, sway: 20, grain: 6 })
  await studio.close()
  profile = await openProfile({ args: [`--use-file-for-fake-video-capture=${film}`] })
  profile.context.on('request', (request) => {
    if (new URL(request.url()).origin !== new URL(lab.url).origin) foreign.push(request.url())
  })
  await profile.page.goto(lab.url)
}, 120_000)

afterAll(async () => {
  await profile?.close()
  await lab?.close()
  await rm(folder, { recursive: true, force: true })
})

const seen = () => profile.page.evaluate(() => window.lab.seen())
const events = () => profile.page.evaluate(() => window.lab.events())

/** Waits until so many more frames have been seen that are neither black nor the same. */
async function moreFrames(count: number): Promise<void> {
  const { distinct } = await seen()
  await profile.page.waitForFunction((least) => window.lab.seen().distinct >= least, distinct + count, { timeout: 30_000 })
}

describe('the prepared models', () => {
  it.each(['landscape', 'square'] as const)('answer as they did when their answers were stored (%s)', async (model) => {
    const own = stills.filter((one) => one.model === model).slice(0, 2)
    const inputs: string[] = []
    for (const still of own) inputs.push((await prepareStill(still)).input)
    const masks = await profile.page.evaluate(([name, pixels]) => window.lab.masks(name, pixels), [model, inputs] as const)
    for (const [i, still] of own.entries()) {
      const kept = keptAnswer(still)
      const farther = (masks[i] ?? []).map((share, at) => Math.abs(share - (kept[at] ?? Number.NaN)))
      expect(farther.reduce((sum, one) => sum + one, 0) / kept.length, still.what).toBeLessThan(0.005)
    }
  })
})

/** Waits for something new of this kind, and for frames after it. */
async function heals(kind: string, cause: () => Promise<void>): Promise<void> {
  const before = (await events()).filter((one) => one === kind).length
  await cause()
  const count = before + 1
  await profile.page.waitForFunction(
    ([what, least]) => window.lab.events().filter((one) => one === what).length >= least,
    [kind, count] as const,
    { timeout: 30_000 },
  )
  await moreFrames(5)
}

const fault = (one: 'lose context' | 'hang' | 'crash') => () => profile.page.evaluate((what) => window.lab.fault(what), one)

describe('a processed camera', () => {
  it('lets nothing of the room out: at the start, at a switch, with another size or camera', async () => {
    const { page } = profile
    expect(await page.evaluate(() => window.lab.start('blur'))).toBe('ok')
    await moreFrames(10)
    expect(await events()).toContain('processing')
    const first = await seen()
    expect(first.black).toBeGreaterThan(0)

    for (const effect of ['light', 'image', 'blur'] as const) {
      await page.evaluate((kind) => window.lab.effect(kind), effect)
      await moreFrames(5)
    }
    await page.evaluate(() => window.lab.camera(320, 240))
    await moreFrames(5)
    await page.evaluate(() => window.lab.camera(640, 360))
    await moreFrames(5)
    expect((await page.evaluate(() => window.lab.lookAtCamera())).leaked, 'what would tell of a leak').toBe(1)
  })

  it('heals when the graphics context is lost, when the worker crashes, and when it hangs', async () => {
    await heals('processing', fault('lose context'))
    expect(await profile.page.evaluate(() => window.lab.workers())).toBe(1)
    await heals('replaced', fault('crash'))
    await heals('replaced', fault('hang'))
    expect(await profile.page.evaluate(() => window.lab.workers())).toBe(3)
    await expect.poll(() => profile.page.workers().length, { timeout: 10_000, message: 'the one that hangs is ended' }).toBe(1)
  })

  it('goes on with a camera that stands upright, first with the model that is here, then with its own', async () => {
    const { page } = profile
    const interrupted = async () => (await events()).filter((kind) => kind === 'interrupted').length
    const before = await interrupted()
    await page.evaluate(([{ width, height }, frames]) => window.lab.useFilm(width, height, frames), [uprightSize, upright] as const)
    await page.evaluate(() => window.lab.camera(0, 0))
    await moreFrames(5)
    expect((await page.evaluate(() => window.lab.lookAtCamera())).leaked, 'what would tell of a leak').toBe(1)
    await expect.poll(() => lab.requests.some((one) => one.path.endsWith('selfie-square.tflite'))).toBe(true)
    await moreFrames(15)
    expect(await interrupted()).toBe(before)
  })

  it('has shown nothing of the room in all that time, and keeps no frame open', async () => {
    const { page } = profile
    const last = await seen()
    expect(last.leaked).toBe(0)
    expect(last.frames).toBeGreaterThan(60)
    expect((await events()).filter((kind) => kind === 'failed')).toEqual([])
    expect((await page.evaluate(() => window.lab.figures()))?.open).toBe(0)
    await page.evaluate(() => window.lab.close())
    await expect.poll(() => page.workers().length).toBeLessThanOrEqual(1)
  })

  it('fetched each file once, from us, and reported to nobody', () => {
    const heavy = lab.requests.map((one) => one.path).filter((path) => /\.(?:wasm|tflite)$/.test(path))
    const twice = heavy.filter((path, i) => heavy.indexOf(path) !== i && !path.endsWith('.tflite'))
    expect(heavy.length).toBeGreaterThanOrEqual(3)
    expect(twice).toEqual([])
    expect(foreign).toEqual([])
  })
})
