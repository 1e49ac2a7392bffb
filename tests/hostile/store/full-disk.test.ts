import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openProfile, type Profile } from '../../support/chromium.ts'
import { type ServedPage, servePage } from '../../support/serve-page.ts'
import { examplePractice } from '../../support/store/examples.ts'
import { openHarness } from '../../support/store/harness.ts'

describe('a browser whose storage is full', () => {
  let served: ServedPage
  let browser: Profile
  beforeAll(async () => {
    served = await servePage('store-harness')
    browser = await openProfile()
  })
  afterAll(async () => {
    await browser.close()
    await served.close()
  })

  it('says storage-full, loses nothing that was saved, and saves again when there is room', async () => {
    const page = await openHarness(browser.page, served.url)
    const session = await browser.context.newCDPSession(page)
    const origin = new URL(served.url).origin
    // Before the first write: Chromium remembers for a while how much room there was.
    await session.send('Storage.overrideQuotaForOrigin', { origin, quotaSize: 100_000 })
    await page.evaluate(() => window.harness.open())
    expect(await page.evaluate((draft) => window.harness.create(draft), examplePractice)).toBe('saved')

    const { saved, answer } = await page.evaluate(async () => {
      const ids: string[] = []
      for (let i = 0; i < 5000; i++) {
        const outcome = await window.harness.book(i % 365)
        if (outcome.startsWith('storage-')) return { saved: ids, answer: outcome }
        ids.push(outcome)
      }
      return { saved: ids, answer: 'never full' }
    })
    expect(answer).toBe('storage-full')
    expect(saved.length).toBeGreaterThan(10)
    const full = await page.evaluate(() => window.harness.stored())
    expect(Object.keys(full.appointments).sort()).toEqual([...saved].sort())

    // Also after a reload, while it is still full.
    await openHarness(page, served.url)
    expect(await page.evaluate(() => window.harness.open())).toBe('opened')
    const reloaded = await page.evaluate(() => window.harness.stored())
    expect(reloaded).toEqual(full)

    await session.send('Storage.overrideQuotaForOrigin', { origin })
    const more = await page.evaluate(() => window.harness.book(1))
    expect(more).toHaveLength(22)
    const after = await page.evaluate(() => window.harness.stored())
    expect(Object.keys(after.appointments)).toHaveLength(saved.length + 1)
    expect(after.damage).toEqual({ rows: 0, entities: 0 })
  })
})
