import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Report, Stored } from '../../support/pages/store-harness/main.ts'
import { openProfile } from '../../support/chromium.ts'
import { examplePractice } from '../../support/store/examples.ts'
import { killBrowser, openHarness, poll } from '../../support/store/harness.ts'
import { type ServedPage, servePage } from '../../support/serve-page.ts'

const rounds = process.env.ALCOVE_LONG === '1' ? 100 : 10

describe('a browser that is killed while it writes', () => {
  let served: ServedPage
  let folder: string
  beforeAll(async () => {
    served = await servePage('store-harness')
    folder = await mkdtemp(join(tmpdir(), 'alcove-killed-'))
  })
  afterAll(async () => {
    await served.close()
    await rm(folder, { recursive: true, force: true })
  })

  it(
    `loses nothing that it reported saved, ${rounds} times`,
    async () => {
      /** What was reported saved, by subject: the highest value. */
      const heard = new Map<string, number>()
      let total = 0

      for (let round = 0; round < rounds; round++) {
        const browser = await openProfile({ folder })
        const page = await openHarness(browser.page, served.url)
        let reports = 0
        await page.exposeFunction('report', ({ subject, value }: Report) => {
          heard.set(subject, Math.max(value, heard.get(subject) ?? 0))
          reports++
        })
        // Whatever was half-written by the last round does not keep the store from opening.
        expect(await page.evaluate(() => window.harness.open())).toBe('opened')
        if (round === 0) expect(await page.evaluate((draft) => window.harness.create(draft), examplePractice)).toBe('saved')
        const stored = await page.evaluate(() => window.harness.stored())
        holds(stored, heard)
        void page.evaluate((from) => window.harness.burst(from), stored).catch(() => undefined)
        // Sometimes at once, sometimes in the middle of many writes and compactions.
        const enough = 3 + ((round * 37) % 150)
        await poll(async () => (reports >= enough ? true : null))
        await killBrowser(browser)
        total += reports
      }

      const browser = await openProfile({ folder })
      const page = await openHarness(browser.page, served.url)
      expect(await page.evaluate(() => window.harness.open())).toBe('opened')
      holds(await page.evaluate(() => window.harness.stored()), heard)
      await killBrowser(browser)
      expect(total).toBeGreaterThan(rounds * 20)
    },
    rounds * 15_000,
  )

  it('has a whole practice or none when it is killed during the set-up', async () => {
    for (let round = 0; round < 2; round++) {
      const fresh = await mkdtemp(join(tmpdir(), 'alcove-killed-early-'))
      const browser = await openProfile({ folder: fresh })
      const page = await openHarness(browser.page, served.url)
      await page.evaluate(() => window.harness.open())
      const created = page.evaluate((draft) => window.harness.create(draft), examplePractice).catch(() => null)
      // The first round races with the write; the second one waits until it is reported.
      const reported = round === 1 ? await created : null
      await killBrowser(browser)

      const again = await openProfile({ folder: fresh })
      const after = await openHarness(again.page, served.url)
      expect(await after.evaluate(() => window.harness.open())).toBe('opened')
      const { practice, hasHostIdentity } = await after.evaluate(() => window.harness.stored())
      if (reported === 'saved') expect(practice?.practice.name).toBe('Harbor Counseling')
      expect(hasHostIdentity).toBe(practice !== null)
      await killBrowser(again)
      await rm(fresh, { recursive: true, force: true })
    }
  })
})

/** Everything reported saved is there, as it was saved or as a later write left it. */
function holds(stored: Stored, heard: ReadonlyMap<string, number>): void {
  expect(stored.practice?.practice.name).toBe('Harbor Counseling')
  expect(stored.damage).toEqual({ rows: 0, entities: 0 })
  expect(stored.durability).toBe('durable')
  expect(stored.hasHostIdentity).toBe(true)
  const lost: string[] = []
  for (const [subject, saved] of heard) {
    const [kind, id = ''] = subject.split(' ')
    const found = kind === 'journal' || kind === 'name' ? stored[kind] : (kind === 'patient' ? stored.patients : stored.appointments)[id]
    if (found === undefined || found < saved) lost.push(`${subject}: ${saved} saved, ${found} found`)
  }
  expect(lost).toEqual([])
}
