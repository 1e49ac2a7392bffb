import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { openProfile, type Profile } from '../../support/chromium.ts'
import { servePage, type ServedPage } from '../../support/serve-page.ts'

let served: ServedPage
let browser: Profile

beforeAll(async () => {
  served = await servePage('rtc-harness')
  browser = await openProfile()
})

afterAll(async () => {
  await browser?.close()
  await served?.close()
})

beforeEach(async () => {
  await browser.page.goto(served.url)
  await browser.page.evaluate(() => window.calls.prepare())
})

async function connect(): Promise<void> {
  await browser.page.evaluate(() => window.calls.open())
  await connected()
}

async function connected(): Promise<void> {
  const both = () => window.calls.state('clinician') === 'connected' && window.calls.state('patient') === 'connected'
  await browser.page.waitForFunction(both, undefined, { timeout: 20_000 })
}

const watch = (name: 'clinician' | 'patient', which: 'main' | 'screen' = 'main') =>
  browser.page.evaluate(([who, what]) => window.calls.watch(who, what, 10), [name, which] as const)

describe('peer links in Chromium', () => {
  it('carry different pictures and sound both ways', async () => {
    await connect()
    for (const name of ['clinician', 'patient'] as const) {
      const arriving = await watch(name)
      expect(arriving.distinct).toBeGreaterThanOrEqual(10)
      expect(await browser.page.evaluate((who) => window.calls.loudness(who), name)).toBeGreaterThan(0.01)
    }
  })

  it('say nothing before they are opened, although an offer is ready', async () => {
    await browser.page.waitForFunction(() => window.calls.isPrepared())
    expect(await browser.page.evaluate(() => window.calls.said())).toEqual([])
  })

  it('need one offer, one answer and few messages with candidates', async () => {
    await connect()
    await watch('patient')
    const said = await browser.page.evaluate(() => window.calls.said())
    expect(said.filter(({ type }) => type === 'description')).toEqual([
      { from: 'clinician', type: 'description' },
      { from: 'patient', type: 'description' },
    ])
    expect(said.filter(({ type }) => type === 'candidates').length).toBeLessThan(8)
  })

  it('turn a camera off and on, and share a screen, without another word of negotiation', async () => {
    await connect()
    await watch('patient')
    const before = await browser.page.evaluate(() => window.calls.said().length)
    await browser.page.evaluate(() => window.calls.setCamera('clinician', false))
    await browser.page.evaluate(() => window.calls.setCamera('clinician', true))
    await browser.page.evaluate(() => window.calls.shareScreen('patient'))
    expect((await watch('patient')).distinct).toBeGreaterThanOrEqual(10)
    expect((await watch('clinician', 'screen')).distinct).toBeGreaterThanOrEqual(10)
    expect(await browser.page.evaluate(() => window.calls.said().length)).toBe(before)
  })

  it('send a camera no higher than the limit', async () => {
    await connect()
    await watch('patient')
    await browser.page.evaluate(() => window.calls.limit('clinician', 240))
    await expect.poll(() => browser.page.evaluate(() => window.calls.height('patient')), { timeout: 15_000 }).toBeLessThanOrEqual(240)
  })

  it('carry messages on the data channel while the line is cut', async () => {
    await connect()
    await browser.page.evaluate(() => window.calls.cutLine(true))
    await expect.poll(() => browser.page.evaluate(() => window.calls.sayDirect('clinician'))).toBe(true)
    await expect.poll(() => browser.page.evaluate(() => window.calls.direct('patient'))).toEqual([{ type: 'bye' }])
  })

  it('begin anew on the same streams when they are opened again', async () => {
    await connect()
    await watch('patient')
    await browser.page.evaluate(() => window.calls.open())
    await expect.poll(() => browser.page.evaluate(() => window.calls.said().filter(({ type }) => type === 'description').length)).toBe(4)
    await connected()
    expect((await watch('patient')).distinct).toBeGreaterThanOrEqual(10)
    expect((await watch('clinician')).distinct).toBeGreaterThanOrEqual(10)
  })

  it('go on with pictures when both sides lose the path in the same moment, with one offer', async () => {
    await connect()
    await watch('patient')
    const before = await browser.page.evaluate(() => window.calls.paths())
    await browser.page.evaluate(() => window.calls.losePath('clinician', 'patient'))
    const isRenewed = (old: string[]) => {
      const now = window.calls.paths()
      return window.calls.isAgreed() && now.length === 2 && now.every((path) => !old.includes(path))
    }
    await browser.page.waitForFunction(isRenewed, before, { timeout: 15_000 })
    expect((await watch('patient')).distinct).toBeGreaterThanOrEqual(10)
    expect((await watch('clinician')).distinct).toBeGreaterThanOrEqual(10)
    const said = await browser.page.evaluate(() => window.calls.said())
    const negotiated = said
      .filter(({ type }) => type === 'description' || type === 'restart-ice')
      .map(({ from, type }) => `${from} ${type}`)
    const once = ['clinician description', 'patient description']
    expect(negotiated.filter((what) => what !== 'patient restart-ice')).toEqual([...once, ...once])
    expect(negotiated).toContain('patient restart-ice')
  })

  it('get a new path when only the polite side lost it', async () => {
    await connect()
    await watch('patient')
    const before = await browser.page.evaluate(() => window.calls.paths())
    await browser.page.evaluate(() => window.calls.losePath('patient'))
    await browser.page.waitForFunction((old) => window.calls.paths().every((path) => !old.includes(path)), before, { timeout: 15_000 })
    expect((await watch('patient')).distinct).toBeGreaterThanOrEqual(10)
    expect((await watch('clinician')).distinct).toBeGreaterThanOrEqual(10)
  })

  it('notice within seconds that the other side is gone', async () => {
    await connect()
    await watch('patient')
    await browser.page.evaluate(() => window.calls.close('patient'))
    await expect.poll(() => browser.page.evaluate(() => window.calls.state('clinician')), { timeout: 10_000 }).toBe('reconnecting')
  })

  it('connect late when the line was cut at first', async () => {
    await browser.page.evaluate(() => window.calls.cutLine(true))
    await browser.page.evaluate(() => window.calls.open())
    await browser.page.evaluate(() => window.calls.cutLine(false))
    await browser.page.evaluate(() => window.calls.checkPath('clinician'))
    await connected()
  })
})
