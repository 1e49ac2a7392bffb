import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { drawnPerson } from '../support/backgrounds/drawn-person.ts'
import { filmPerson } from '../support/backgrounds/person-film.ts'
import { type ServedLab, serveLab } from '../support/backgrounds/serve-lab.ts'
import { openProfile, type Profile } from '../support/chromium.ts'

let lab: ServedLab
let folder: string
let profile: Profile
const foreign: string[] = []

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'alcove-film-'))
  lab = await serveLab()
  const film = join(folder, 'person.y4m')
  const studio = await openProfile()
  await filmPerson(studio.page, film, { width: 640, height: 360, frames: 20, sway: 30, grain: 6 })
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
  it.each([
    ['landscape', 256, 144],
    ['square', 256, 256],
  ] as const)('find a drawn person (%s)', async (model, width, height) => {
    const { rgba, person } = drawnPerson(width, height)
    const pixels = Buffer.from(rgba).toString('base64')
    const mask = await profile.page.evaluate(([name, text]) => window.lab.mask(name, text), [model, pixels] as const)
    const both = mask.filter((share, i) => share > 0.5 && person[i]).length
    const either = mask.filter((share, i) => share > 0.5 || person[i]).length
    expect(both / either).toBeGreaterThan(0.9)
    expect(mask.every((share) => share >= 0 && share <= 1)).toBe(true)
  })
})

describe('a processed camera', () => {
  it('lets nothing of the room out: at the start, at a switch, with another size, when the worker dies', async () => {
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

    await page.evaluate(() => window.lab.killWorker())
    await page.waitForFunction(() => window.lab.events().includes('replaced'), undefined, { timeout: 30_000 })
    await moreFrames(5)
    expect(await page.evaluate(() => window.lab.workers())).toBe(2)

    expect((await page.evaluate(() => window.lab.lookAtCamera())).leaked, 'what would tell of a leak').toBe(1)
    const last = await seen()
    expect(last.leaked).toBe(0)
    expect(last.frames).toBeGreaterThan(35)
    expect((await events()).filter((kind) => kind === 'failed')).toEqual([])
    const figures = await page.evaluate(() => window.lab.figures())
    expect(figures?.open).toBe(0)
    await page.evaluate(() => window.lab.close())
  })

  it('fetched each file once, from us, and reported to nobody', () => {
    const heavy = lab.requests.map((one) => one.path).filter((path) => /\.(?:wasm|tflite)$/.test(path))
    const twice = heavy.filter((path, i) => heavy.indexOf(path) !== i && !path.endsWith('.tflite'))
    expect(heavy.length).toBeGreaterThanOrEqual(3)
    expect(twice).toEqual([])
    expect(foreign).toEqual([])
  })
})
