import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Firefox, openFirefox } from '../../support/firefox.ts'
import { servePage, type ServedPage } from '../../support/serve-page.ts'

let served: ServedPage
let firefox: Firefox

beforeAll(async () => {
  served = await servePage('rtc-harness')
  firefox = await openFirefox()
}, 90_000)

afterAll(async () => {
  await firefox?.close()
  await served?.close()
})

it('peer links in Firefox carry pictures both ways, begin anew and go on when both sides lose the path at once', async () => {
  const { page } = firefox
  const watch = (name: 'clinician' | 'patient') => page.evaluate((who) => window.calls.watch(who, 'main', 10), name)
  const connected = () => window.calls.state('clinician') === 'connected' && window.calls.state('patient') === 'connected'
  async function bothWays(): Promise<void> {
    await page.waitForFunction(connected, { timeout: 20_000 })
    for (const name of ['clinician', 'patient'] as const) expect((await watch(name)).distinct).toBeGreaterThanOrEqual(10)
  }
  await page.goto(served.url)
  await page.evaluate(() => window.calls.prepare())
  await page.evaluate(() => window.calls.open())
  await bothWays()
  await page.evaluate(() => window.calls.open())
  await bothWays()
  const before = await page.evaluate(() => window.calls.paths())
  await page.evaluate(() => window.calls.losePath('clinician', 'patient'))
  const isRenewed = (old: string[]) => window.calls.isAgreed() && window.calls.paths().every((path) => !old.includes(path))
  await page.waitForFunction(isRenewed, { timeout: 15_000 }, before)
  await bothWays()
}, 120_000)
