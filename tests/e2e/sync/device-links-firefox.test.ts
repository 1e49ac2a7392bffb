import { afterAll, beforeAll, expect, it } from 'vitest'
import { openProfile, plainAddresses, type Profile } from '../../support/chromium.ts'
import { type Firefox, openFirefox } from '../../support/firefox.ts'
import { servePage, type ServedPage } from '../../support/serve-page.ts'
import { type StockServer, startStockServer } from '../../support/sync/stock-server.ts'
import { asEvaluator, type Evaluator } from '../../support/video.ts'

let served: ServedPage
let server: StockServer
let chromium: Profile
let firefox: Firefox

beforeAll(async () => {
  ;[served, server, chromium, firefox] = await Promise.all([
    servePage('sync-harness'),
    startStockServer(),
    openProfile({ args: plainAddresses }),
    openFirefox(),
  ])
}, 90_000)

afterAll(async () => {
  await Promise.all([chromium?.close(), firefox?.close(), server?.kill(), served?.close()])
})

it('links between Chromium and Firefox carry the practice document and long messages both ways, and are dialled again', async () => {
  const pages: readonly Evaluator[] = [asEvaluator(chromium.page), asEvaluator(firefox.page)]
  const [laptop, phone] = pages as [Evaluator, Evaluator]
  const soon = { timeout: 20_000 }
  const change = (page: Evaluator, name: string) => page.evaluate((field) => window.device.change(field, 'changed'), name)
  const reads = (page: Evaluator, name: string) =>
    expect.poll(() => page.evaluate((field) => window.device.read(field), name), soon).toBe('changed')
  const heard = (page: Evaluator) => expect.poll(() => page.evaluate(() => window.device.heard(), undefined), soon)
  async function linked(times: number): Promise<void> {
    for (const page of pages)
      await expect.poll(() => page.evaluate(() => window.device.everOpened(), undefined), soon).toBeGreaterThanOrEqual(times)
    for (const page of pages) await expect.poll(() => page.evaluate(() => window.device.channels(), undefined), soon).toBe(1)
  }

  await chromium.page.goto(served.url)
  await firefox.page.goto(served.url)
  for (const page of pages) await page.evaluate((url) => window.device.open(url, 'topic', 'secret'), server.url)
  await linked(1)
  const [mine, theirs] = await Promise.all(pages.map((page) => page.evaluate(() => window.device.fingerprints(), undefined)))
  expect(mine).toEqual({ mine: theirs?.theirs, theirs: theirs?.mine })

  const sent = pages.map((page) => page.evaluate((length) => window.device.sayMuch(length, 'abc', 'xyz'), 4_000_000))
  await Promise.all([change(laptop, 'by-chromium'), change(phone, 'by-firefox')])
  await Promise.all([reads(phone, 'by-chromium'), reads(laptop, 'by-firefox')])
  expect(await Promise.all(sent)).toEqual([true, true])
  for (const page of pages) await heard(page).toEqual([{ length: 4_000_000, ends: 'abcxyz' }])

  await Promise.all(pages.map((page) => page.evaluate(() => window.device.losePeers(), undefined)))
  await linked(2)
  await Promise.all([change(laptop, 'again-by-chromium'), change(phone, 'again-by-firefox')])
  await Promise.all([reads(phone, 'again-by-chromium'), reads(laptop, 'again-by-firefox')])
}, 120_000)
