import type { Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import type { LogState } from '../../pwa/src/features/log/log-state.ts'
import type { SyncState } from '../../pwa/src/features/sync/sync-state.ts'
import { accessibilityProblems } from '../support/axe.ts'
import type { Demo } from '../support/pages/people-demo/main.tsx'
import { peopleDemo } from '../support/people/demo-page.ts'
import { photograph } from '../support/screenshots.ts'

/** What a person sees of the log, with a puppet for its engine. */
declare const demo: Demo
const show = peopleDemo()

type Change = { readonly log?: Partial<LogState>; readonly line?: SyncState['line']; readonly unsynced?: number }
const set = (page: Page, change: Change) =>
  page.evaluate(({ log, ...rest }) => {
    const now = demo.sync.now()
    demo.sync.set({ ...now, ...rest, log: { ...now.log, ...log } })
  }, change)
const calls = (page: Page) => page.evaluate(() => demo.calls.splice(0))
const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true })
const line = (page: Page, name: string | RegExp) => page.getByRole('banner').getByRole('link', { name, exact: true })
const megabyte = 1024 * 1024
const noticed = [
  { kind: 'rolled-back', document: 'a', at: 1 },
  { kind: 'rolled-back', document: 'b', at: 1 },
  { kind: 'withheld', document: 'a', at: 1 },
] as unknown as LogState['incidents']

describe('the log on the screen', () => {
  it('has one quiet line also for a practice of one device', async () => {
    const page = await show('path=/patients&fill=alone')
    await line(page, 'Saved on this device only').waitFor()
    await set(page, { log: { line: { kind: 'current' } } })
    await line(page, 'All changes saved and synced').waitFor()
    await set(page, { log: { line: { kind: 'saving' } }, unsynced: 1 })
    await line(page, 'Saving…').waitFor()
    await set(page, { log: { line: { kind: 'offline', sinceAt: Date.now() } } })
    await line(page, /^1 change not yet synced · Offline since \d+:\d\d [AP]M$/).waitFor()
  })

  it('shows a long first sync with its progress on every page; it can be stopped and goes on', async () => {
    const page = await show('path=/patients&fill=alone')
    await set(page, { log: { line: { kind: 'catching-up', done: 1, total: 3 } } })
    await line(page, 'Catching up…').waitFor()
    expect(await page.getByRole('progressbar').count()).toBe(0)
    await set(page, { log: { line: { kind: 'catching-up', done: 12, total: 40 } } })
    const bar = page.getByRole('progressbar', { name: 'Catching up' })
    expect(await bar.getAttribute('value')).toBe('0.3')
    await button(page, 'Stop').focus()
    await page.keyboard.press('Enter')
    await set(page, { log: { line: { kind: 'paused', done: 12, total: 40 } } })
    await page.getByRole('navigation').waitFor()
    await page.getByText('Catching up was stopped at 12 of 40').last().waitFor()
    await button(page, 'Continue').click()
    expect(await calls(page)).toEqual(['pause the log', 'resume the log'])
    await line(page, 'Catching up was stopped at 12 of 40').click()
    await page.getByText('may be missing here until you continue').waitFor()
    expect(await page.getByRole('progressbar').count()).toBe(1)
    await button(page, 'Continue').click()
    expect(await calls(page)).toEqual(['resume the log'])
  })

  it('says what the server did wrong until the person has read it', async () => {
    const page = await show('path=/patients&fill=all')
    await set(page, { log: { line: { kind: 'current' }, incidents: noticed } })
    const notice = page.getByRole('status').filter({ hasText: 'The server did not keep your encrypted copy as it should' })
    expect(await notice.getByRole('listitem').count()).toBe(2)
    await notice.getByText('Your devices give back what is missing.').waitFor()
    await notice.getByText('It cannot read your data').waitFor()
    expect(await accessibilityProblems(page)).toEqual([])
    await button(page, 'I have read this').click()
    expect(await calls(page)).toEqual(['read'])
    await set(page, { log: { incidents: [] } })
    await notice.waitFor({ state: 'detached' })
  })

  it('asks an administrator for the operator’s code, and tells others whom to ask', async () => {
    const page = await show('path=/patients&fill=all')
    await set(page, { log: { line: { kind: 'needs-enrolment', refused: false } } })
    await page.getByText('Until then it keeps no encrypted copy of your practice.').waitFor()
    await page.getByRole('link', { name: 'Enter the code' }).click()
    const form = page.getByRole('form', { name: 'Encrypted copy on the server' })
    await form.getByRole('textbox', { name: 'Enrolment code' }).fill(' wrong ')
    await page.keyboard.press('Enter')
    expect(await calls(page)).toEqual(['enrol wrong'])
    await set(page, { log: { line: { kind: 'needs-enrolment', refused: true } } })
    await form.getByText('The server did not accept this code.').waitFor()
    expect(await accessibilityProblems(page)).toEqual([])
    await form.getByRole('textbox').fill('right')
    await button(page, 'Keep a copy').click()
    expect(await calls(page)).toEqual(['enrol right'])
    await set(page, { log: { line: { kind: 'current' } } })
    await form.waitFor({ state: 'detached' })

    const other = await show('path=/settings&fill=clinician')
    await set(other, { log: { line: { kind: 'needs-enrolment', refused: false } } })
    await other.getByText('Ask Dr. Ana Rivera, your Practice Administrator, to enter it.').waitFor()
    expect(await other.getByRole('form').count()).toBe(0)
    expect(await other.getByRole('link', { name: 'Enter the code' }).count()).toBe(0)
  })

  it('says when the server is full, and how much of the quota is used', async () => {
    const page = await show('path=/settings&fill=all')
    await set(page, { log: { line: { kind: 'current' }, space: { usedBytes: 0.24 * megabyte, quotaBytes: 256 * megabyte } } })
    await page.getByText('Encrypted copy on the server: 0.2 MB of 256 MB used').waitFor()
    await page.getByRole('meter', { name: 'Space used on the server' }).waitFor()
    expect(await page.getByText('It is nearly full.').count()).toBe(0)
    await set(page, {
      log: { line: { kind: 'full', whose: 'practice' }, space: { usedBytes: 255 * megabyte, quotaBytes: 256 * megabyte } },
    })
    await page.getByText('It is nearly full.').waitFor()
    expect(await accessibilityProblems(page)).toEqual([])
    await page.getByRole('link', { name: 'Patients' }).click()
    const notice = page.getByRole('status').filter({ hasText: 'Your practice’s space on the server is full' })
    await notice.getByText('Everything is saved on this device.').waitFor()
    await button(page, 'I have read this').click()
    await notice.waitFor({ state: 'detached' })
  })
})

const long = process.env.ALCOVE_LONG === '1'

describe.each(long ? (['en', 'es'] as const) : (['en'] as const))('pictures of the log in %s', (language) => {
  const locale = language === 'en' ? 'en-US' : 'es-MX'
  const look = async (page: Page, name: string) => {
    const options =
      long && language === 'en'
        ? ({ fullPage: true, screens: ['desktop', 'phone'] } as const)
        : ({ screens: ['phone'], schemes: ['light'] } as const)
    await photograph(page, language === 'en' ? `p-${name}` : `p-${name}-es`, options)
    expect(await accessibilityProblems(page)).toEqual([])
    expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true)
  }

  it('in Settings and on a page', async () => {
    const page = await show('path=/patients&fill=all', { locale, viewport: { width: 390, height: 844 } })
    const space = { usedBytes: 231 * megabyte, quotaBytes: 256 * megabyte }
    await set(page, { log: { line: { kind: 'catching-up', done: 12, total: 40 }, incidents: noticed, space } })
    await page.getByRole('progressbar').waitFor()
    await look(page, 'log-notices')
    await page.getByRole('banner').getByRole('link').last().click()
    await page.getByRole('meter').waitFor()
    await look(page, 'log-settings')
    await set(page, { log: { line: { kind: 'needs-enrolment', refused: true }, incidents: [] }, unsynced: 3 })
    await page.getByRole('form').waitFor()
    await look(page, 'log-code')
  })
})
