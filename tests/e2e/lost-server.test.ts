import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { accept, clinicianName, openSession, openVisit } from '../support/stories/clinic.ts'
import { mark, seen, setStage, type StoryStage } from '../support/stories/stage.ts'

/** One admitted, two waiting; then the server is killed, and a page is reloaded while it is gone. */
let stage: StoryStage
let app: Page
let sam: Page
let waiting: readonly [Page, Page]

const people = (page: Page, group: string) => page.getByRole('region', { name: group, exact: true })
const order = async (page: Page) =>
  (await people(page, 'Waiting as guests').getByRole('listitem').allInnerTexts()).map((text) => text.split('\n')[0])

beforeAll(async () => {
  stage = await setStage()
  const clinic = await stage.profile()
  const home = await stage.profile()
  const others = [await stage.profile(), await stage.profile()] as const
  app = clinic.page
  const { link } = await openSession(app, stage.server.origin)
  await app.getByRole('button', { name: 'Invite Others' }).click()
  const invite = await app.getByLabel('Invite link').inputValue()
  sam = await openVisit(home.context, link, 'Sam')
  await accept(app)
  expect(await seen(app, 'Sam')).toBeGreaterThanOrEqual(5)
  const first = await openVisit(others[0].context, invite, 'Ana Uno')
  const second = await openVisit(others[1].context, invite, 'Ben Dos')
  waiting = [first, second]
  await app.getByRole('tab', { name: /People/ }).click()
  await vi.waitUntil(async () => (await order(app)).length === 2, { timeout: 15_000 })
}, 120_000)
afterAll(async () => {
  await stage?.close()
})

describe('a server that is killed', () => {
  it('leaves the call undisturbed, brings back the queue as it was and rings nobody twice', async () => {
    const before = await order(app)
    const stillThere = await mark(sam)
    const later = app.getByRole('alertdialog').getByRole('button', { name: 'Not now' })
    while ((await later.count()) > 0) await later.first().click()
    await app.evaluate(() => {
      const seen: string[] = []
      Object.assign(window, { arrivals: seen })
      new MutationObserver((records) => {
        for (const record of records)
          for (const node of record.addedNodes)
            if (node instanceof Element && (node.matches('[role=alertdialog]') || node.querySelector('[role=alertdialog]')))
              seen.push(node.textContent ?? '')
      }).observe(document.body, { childList: true, subtree: true })
    })

    await stage.server.kill()
    await app.getByText('The server cannot be reached. Your call goes on.').first().waitFor()
    expect(await seen(app, 'Sam')).toBeGreaterThanOrEqual(5)
    expect(await seen(sam, clinicianName)).toBeGreaterThanOrEqual(5)
    // Without a server the browser has only its own error page; the patient presses reload again.
    await waiting[0].reload().catch(() => undefined)
    await stage.server.restart()
    await waiting[0].goto(`${stage.server.origin}/join`)

    await waiting[0].getByRole('heading', { name: 'You are in the waiting room' }).waitFor()
    await app.getByText('The server cannot be reached. Your call goes on.').first().waitFor({ state: 'detached', timeout: 30_000 })
    await expect.poll(() => order(app), { timeout: 30_000 }).toEqual(before)
    const away = people(app, 'Waiting as guests').getByText(/lost the connection/)
    await expect.poll(() => away.count(), { timeout: 20_000 }).toBe(0)
    expect(await app.evaluate(() => (window as unknown as { arrivals: string[] }).arrivals)).toEqual([])
    expect(await seen(app, 'Sam')).toBeGreaterThanOrEqual(5)
    expect(await stillThere()).toBe(true)
  }, 120_000)

  it('lets the admitted patient back without a click although the page was reloaded while the server was gone', async () => {
    await stage.server.kill()
    await sam.reload().catch(() => undefined)
    await stage.server.restart()
    await sam.goto(`${stage.server.origin}/join`)
    expect(await seen(sam, clinicianName)).toBeGreaterThanOrEqual(5)
    expect(await seen(app, 'Sam')).toBeGreaterThanOrEqual(5)
    expect(await app.getByRole('alertdialog').count()).toBe(0)
  }, 120_000)

  it('S21 lets the patient back without a new knock after either page is reloaded', async () => {
    await sam.reload()
    expect(await seen(sam, clinicianName)).toBeGreaterThanOrEqual(5)
    await app.reload()
    expect(await seen(app, 'Sam')).toBeGreaterThanOrEqual(5)
    expect(await seen(sam, clinicianName)).toBeGreaterThanOrEqual(5)
    expect(await app.getByRole('alertdialog').count()).toBe(0)
    await expect.poll(() => order(app)).toHaveLength(2)
  }, 120_000)
})
