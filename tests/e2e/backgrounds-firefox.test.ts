import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { hideTab, measureRate } from '../support/backgrounds/firefox-rate.ts'
import { drawFilm } from '../support/backgrounds/person-film.ts'
import { type ServedLab, serveLab } from '../support/backgrounds/serve-lab.ts'
import { type Firefox, openFirefox } from '../support/firefox.ts'

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
