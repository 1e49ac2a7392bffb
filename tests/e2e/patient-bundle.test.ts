import { gzipSync } from 'node:zlib'
import type { Response } from 'playwright-core'
import { expect, it } from 'vitest'
import { openProfile } from '../support/chromium.ts'
import { startServer } from '../support/server.ts'
import { exampleLink } from '../support/visit/test-link.ts'

/** What a phone on a bad line has to fetch and run before its owner reads that all is well. */
const limitBytes = 35_000

it('loads at most 35 kB of JavaScript, gzipped, until "You are in the waiting room" is on the screen', async () => {
  const server = await startServer()
  const profile = await openProfile()
  try {
    const { page } = profile
    const scripts: Response[] = []
    page.on('response', (response) => {
      if (response.request().resourceType() === 'script') scripts.push(response)
    })
    await page.goto(await exampleLink(server.origin))
    await page.getByLabel('Enter Your Name').fill('Sam')
    // In the page, as soon as it stands there: what is fetched afterwards, while the person waits, is not in anybody's way.
    const shown = page.evaluate(
      (words) =>
        new Promise<readonly string[]>((resolve) => {
          const look = () => {
            if (!document.querySelector('h1')?.textContent?.includes(words)) return
            watch.disconnect()
            resolve(performance.getEntriesByType('resource').map((entry) => entry.name))
          }
          const watch = new MutationObserver(look)
          watch.observe(document.body, { childList: true, subtree: true, characterData: true })
          look()
        }),
      'You are in the waiting room',
    )
    await page.getByRole('button', { name: 'Join Waiting Room' }).click()
    const fetched = new Set(await shown)
    const before = scripts.filter((script) => fetched.has(script.url()))
    expect(before.length).toBeGreaterThan(0)
    expect(before.map((script) => script.headers()['content-encoding'])).toEqual(before.map(() => 'gzip'))

    const sizes = await Promise.all(
      before.map(async (script) => ({ file: new URL(script.url()).pathname, bytes: gzipSync(await script.body(), { level: 9 }).length })),
    )
    const total = sizes.reduce((sum, { bytes }) => sum + bytes, 0)
    console.info(`Patient's page until the waiting room: ${total} bytes of JavaScript, gzipped, in ${sizes.length} files`)
    expect(total, JSON.stringify(sizes, null, 2)).toBeLessThanOrEqual(limitBytes)

    // The session is fetched next, while the person waits.
    await expect.poll(() => scripts.some((script) => script.url().includes('VisitSession'))).toBe(true)
    expect([...fetched].some((url) => url.includes('VisitSession') || url.includes('peer-links'))).toBe(false)
  } finally {
    await profile.close()
    await server.stop()
  }
})
