import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openProfile, plainAddresses, type Profile } from '../../support/chromium.ts'
import { servePage, type ServedPage } from '../../support/serve-page.ts'
import { type RunningServer, startServer } from '../../support/server.ts'

/** Two devices of a practice with their real stores, over our own server; only the interface is missing. */
let served: ServedPage
let server: RunningServer
let profiles: Profile[] = []
let url = ''
const troubles: string[] = []
const soon = { timeout: 30_000 }

function pageOf(index: number): Profile['page'] {
  const profile = profiles[index]
  if (!profile) throw new Error('There are two browsers')
  return profile.page
}
const laptop = () => pageOf(0)
const phone = () => pageOf(1)

async function start(page: Profile['page']): Promise<void> {
  await page.evaluate((where) => window.practice.startSync(where), url)
}
const line = (page: Profile['page']) => expect.poll(() => page.evaluate(() => window.practice.line()), soon)
async function bothAreSynced(): Promise<void> {
  for (const page of [laptop(), phone()]) await line(page).toBe('synced, 0')
}

beforeAll(async () => {
  served = await servePage('practice-harness')
  server = await startServer({ env: { PUBLIC_ORIGIN: new URL(served.url).origin } })
  url = `ws://127.0.0.1:${server.port}/sync`
  profiles = await Promise.all([openProfile({ args: plainAddresses }), openProfile({ args: plainAddresses })])
  for (const page of [laptop(), phone()]) {
    page.on('pageerror', (error) => troubles.push(String(error)))
    await page.goto(served.url)
    await page.evaluate(() => window.practice.open())
  }
}, 60_000)

afterAll(async () => {
  await Promise.all(profiles.map((profile) => profile.close()))
  await server?.stop()
  await served?.close()
})

describe('two devices of a practice, in Chromium', () => {
  it('come to have the same month over one connection, although it is larger than y-webrtc would carry', async () => {
    await laptop().evaluate(() => window.practice.found())
    await laptop().evaluate(() => window.practice.book(2_200))
    expect(await laptop().evaluate(() => window.practice.largest())).toBeGreaterThan(256 * 1024)
    const device = await phone().evaluate(() => window.practice.newDevice())
    const welcome = await laptop().evaluate((key) => window.practice.admit(key), device)
    await phone().evaluate((contents) => window.practice.adopt(contents), welcome)
    await Promise.all([start(laptop()), start(phone())])
    await expect.poll(() => phone().evaluate(() => window.practice.count()), soon).toBe(2_200)
    await bothAreSynced()
    const schedules = await Promise.all([laptop(), phone()].map((page) => page.evaluate(() => window.practice.schedule())))
    expect(schedules[1]).toEqual(schedules[0])
    for (const page of [laptop(), phone()]) expect(await page.evaluate(() => window.practice.connections())).toBe(1)
  }, 90_000)

  it('pass on each change at once, of the practice too', async () => {
    await phone().evaluate(() => window.practice.rename('Harbor & Sons'))
    await expect.poll(() => laptop().evaluate(() => window.practice.name()), soon).toBe('Harbor & Sons')
    await laptop().evaluate(() => window.practice.book(1))
    await expect.poll(() => phone().evaluate(() => window.practice.count()), soon).toBe(2_201)
    await bothAreSynced()
  })

  it('keep what each changed while they were apart, and the server was gone', async () => {
    await server.kill()
    for (const page of [laptop(), phone()]) await page.evaluate(() => window.practice.stopSync())
    await laptop().evaluate(() => window.practice.move(0, '2026-12-24', 50))
    await phone().evaluate(() => window.practice.move(1, '2026-11-30', 25))
    await phone().evaluate(() => window.practice.book(2))
    await server.restart()
    await Promise.all([start(laptop()), start(phone())])
    await expect.poll(() => laptop().evaluate(() => window.practice.count()), soon).toBe(2_203)
    await bothAreSynced()
    const [here, there] = await Promise.all([laptop(), phone()].map((page) => page.evaluate(() => window.practice.schedule())))
    expect(there).toEqual(here)
    expect(here?.filter((one) => one.includes('2026-12-24'))).toHaveLength(1)
    expect(here?.filter((one) => / 2026-11-30 .* 25$/.test(one))).toHaveLength(1)
    expect(troubles).toEqual([])
  }, 60_000)
})
