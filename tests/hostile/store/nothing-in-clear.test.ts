import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openProfile } from '../../support/chromium.ts'
import { type ServedPage, servePage } from '../../support/serve-page.ts'
import { openHarness } from '../../support/store/harness.ts'
import { dumpStorage, findIn, findInFiles } from '../../support/store/search.ts'

/** Unlike anything that a browser stores of itself. */
const secrets = {
  practice: 'Quillwort Haven Zq1',
  administrator: 'Dr. Xanthippe Vrbová Zq2',
  phone: '+99 555 7317 7137',
  email: 'zq4@quillwort.example',
  clinician: 'Dr. Bartholomäus Ndlovu Zq5',
  firstName: 'Wilhelmína-Zq6',
  lastName: 'Ó Súilleabháin-Zq7',
  note: 'cries at night since Thursday Zq8',
}
const planted = Object.values(secrets)
const control = 'This stands in clear Zq9'

describe('what lies on the disk', () => {
  let served: ServedPage
  let folder: string
  beforeAll(async () => {
    served = await servePage('store-harness')
    folder = await mkdtemp(join(tmpdir(), 'alcove-searched-'))
  })
  afterAll(async () => {
    await served.close()
    await rm(folder, { recursive: true, force: true, maxRetries: 5 })
  })

  it('holds no name and no note in clear: not in any store, not in any file of the profile', async () => {
    const browser = await openProfile({ folder })
    const page = await openHarness(browser.page, served.url)
    await page.evaluate(() => window.harness.open())
    await page.evaluate(async ({ practice, administrator, phone, email, clinician, firstName, lastName, note }) => {
      const { harness } = window
      const draft = { name: practice, memberName: administrator, contactPhone: phone, contactEmail: email }
      await harness.create({ ...draft, roles: ['administrator', 'clinician'], telehealth: 'premium' })
      // Enough of it to see logs, snapshots and what compaction leaves behind.
      for (let i = 0; i < 60; i++) await harness.addPeople(clinician, firstName, lastName)
      for (let i = 0; i < 5; i++) await harness.writeJournal('host', { waiting: [{ name: lastName, note }] })
    }, secrets)
    const stored = await page.evaluate(() => window.harness.stored())
    expect(stored.practice?.practice.name).toBe(secrets.practice)
    expect(Object.keys(stored.patients)).toHaveLength(60)

    const dump = await dumpStorage(page)
    expect(dump.toString('latin1')).toMatch(/ylog\nrows: [1-9]/)
    expect(dump.length).toBeGreaterThan(20_000)
    expect(findIn(dump, planted)).toEqual([])
    await browser.close()
    expect(await findInFiles(folder, planted)).toEqual([])
  })

  it('would be found by this search if it lay there in clear', async () => {
    const browser = await openProfile({ folder })
    const page = await openHarness(browser.page, served.url)
    await page.evaluate(
      (text) =>
        new Promise<void>((resolve) => {
          const request = indexedDB.open('in-clear', 1)
          request.onupgradeneeded = () => request.result.createObjectStore('rows')
          request.onsuccess = () => {
            const transaction = request.result.transaction('rows', 'readwrite', { durability: 'strict' })
            transaction.objectStore('rows').put({ deep: [new TextEncoder().encode(text)] }, 1)
            transaction.oncomplete = () => resolve()
          }
        }),
      control,
    )
    expect(findIn(await dumpStorage(page), [control])).toContain(`${control} (utf-8)`)
    await browser.close()
    expect((await findInFiles(folder, [control])).join()).toContain('IndexedDB')
  })
})
