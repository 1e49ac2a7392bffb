import { afterAll, beforeAll, expect, it } from 'vitest'
import { openProfile, plainAddresses, type Profile } from '../../support/chromium.ts'
import { openTabbed, type TabbedChromium } from '../../support/hidden-tab.ts'
import { servePage, type ServedPage } from '../../support/serve-page.ts'
import { type StockServer, startStockServer } from '../../support/sync/stock-server.ts'

let served: ServedPage
let server: StockServer
let phone: Profile
let laptop: TabbedChromium

beforeAll(async () => {
  ;[served, server, phone, laptop] = await Promise.all([
    servePage('sync-harness'),
    startStockServer(),
    openProfile({ args: plainAddresses }),
    openTabbed({ args: plainAddresses }),
  ])
}, 60_000)

afterAll(async () => {
  await Promise.all([phone?.close(), laptop?.close(), server?.kill(), served?.close()])
})

it('a device whose tab is hidden goes on syncing, sends long messages, and is found again', async () => {
  const soon = { timeout: 20_000 }
  const hidden = laptop.page
  const onLaptop = (name: string) => expect.poll(() => hidden.evaluate((field) => window.device.read(field), name), soon)
  const onPhone = (name: string) => expect.poll(() => phone.page.evaluate((field) => window.device.read(field), name), soon)
  const openPhone = async () => {
    await phone.page.goto(served.url)
    await phone.page.evaluate((url) => window.device.open(url, 'topic', 'secret'), server.url)
    await expect.poll(() => phone.page.evaluate(() => window.device.channels()), soon).toBe(1)
  }
  await hidden.goto(served.url)
  await hidden.evaluate((url) => window.device.open(url, 'topic', 'secret'), server.url)
  await openPhone()

  await laptop.hide()
  await phone.page.evaluate(() => window.device.change('while', 'hidden'))
  await onLaptop('while').toBe('hidden')
  expect(await hidden.evaluate(() => window.device.sayMuch(3_000_000, 'abc', 'xyz'))).toBe(true)
  await expect.poll(() => phone.page.evaluate(() => window.device.heard()), soon).toEqual([{ length: 3_000_000, ends: 'abcxyz' }])

  await openPhone()
  await onPhone('while').toBe('hidden')
  await hidden.evaluate(() => window.device.change('by', 'laptop'))
  await onPhone('by').toBe('laptop')
  expect(await hidden.evaluate(() => document.visibilityState)).toBe('hidden')
}, 90_000)
