import type { Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { accessibilityProblems } from '../support/axe.ts'
import { mediaFlags } from '../support/chromium.ts'
import { demoPages } from '../support/demo-pages.ts'
import type { Demo } from '../support/pages/visit-demo/main.tsx'

/** Every view of the patient's page with a puppet for the visit; the visits with a real clinician are in other files. */
declare const demo: Demo

const show = demoPages({
  name: 'visit-demo',
  // As for everybody: sound only after a click. (Headless browsers are more generous.)
  args: [...mediaFlags('all', 'allow'), '--autoplay-policy=document-user-activation-required'],
  async open(page, url) {
    const told = url.endsWith('?quiet') ? page.waitForRequest(/\/heard-/) : null
    await page.goto(url.replace('?', '?name=Sam&'))
    heard = (await told)?.url() ?? ''
    await page.getByRole('heading', { level: 1 }).waitFor()
  },
})

/** What the page tells of itself at `?quiet`, before anything is run in it from here, which would count as a click. */
let heard = ''

/** In the waiting room, with the server there. */
async function wait(page: Page, note: { readonly heard?: boolean; readonly moment?: boolean } = {}): Promise<void> {
  await page.evaluate(
    ({ heard = false, moment = false }) =>
      demo.update({ signaling: { kind: 'open' }, phase: { kind: 'waiting', sinceAt: Date.now(), heard, moment } }),
    note,
  )
  await title(page, 'You are in the waiting room').waitFor()
}

const title = (page: Page, name: string | RegExp) => page.getByRole('heading', { level: 1, name })
const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true })
const calls = (page: Page) => page.evaluate(() => demo.calls)

describe('the waiting room', () => {
  it('tells whether the clinician knows, and passes on "a moment, please"', async () => {
    const page = await show()
    await wait(page)
    await page.getByText('sees that you are waiting as soon as').waitFor()
    await wait(page, { heard: true })
    await page.getByText('Dr. Ana Rivera knows that you are here.').waitFor()
    await wait(page, { heard: true, moment: true })
    await page.getByText('Dr. Ana Rivera says: “A moment, please.”').waitFor()
  })

  it('says late, with the phone, from ten minutes past the start and not before', async () => {
    const late = await show('in=-11')
    await wait(late)
    await late.getByText('Dr. Ana Rivera is running late').waitFor()
    expect(await late.getByRole('link', { name: 'Call 555 0100' }).count()).toBe(2)
    expect(await accessibilityProblems(late)).toEqual([])
    const soon = await show('in=-8')
    await wait(soon)
    expect(await soon.getByText('is running late').count()).toBe(0)
  })

  it('says the day when it is not today, and that one may come back', async () => {
    const page = await show(`in=${26 * 60}`)
    await page.getByText(/Your appointment is (tomorrow|on \w+, \w+ \d+) at /).waitFor()
    await wait(page)
    await page.getByText('You may close this page and come back with the same link.').waitFor()
  })

  it('is left by its own button', async () => {
    const page = await show()
    await wait(page)
    await button(page, 'Leave the waiting room').click()
    expect(await calls(page)).toContain('leave')
  })
})

describe('where a visit stands still', () => {
  const hourMs = 60 * 60_000
  const cases = [
    ['declined', 'Dr. Ana Rivera cannot see you right now', 'Try again'],
    ['removed', 'You are no longer in the session', null],
    ['replaced-link', 'This link was replaced', null],
    ['full', 'The session is full', 'Try again'],
    ['left', 'You left', 'Join Waiting Room'],
  ] as const

  it.each(cases)('%s has a page of its own with what to do next, and holds no camera', async (kind, words, again) => {
    const page = await show()
    await page.evaluate((phase) => demo.update({ phase: { kind: phase } }), kind)
    await title(page, words).waitFor()
    await page.getByRole('link', { name: 'Call 555 0100' }).waitFor()
    expect(await page.evaluate(() => demo.media.state().microphone.kind)).not.toBe('live')
    expect(await accessibilityProblems(page)).toEqual([])
    if (again === null) {
      await page.getByRole('main').getByRole('button', { name: 'Contact the practice' }).click()
      await page.getByRole('link', { name: 'desk@willow.example' }).waitFor()
    } else {
      await button(page, again).click()
      expect(await calls(page)).toContain('join Sam')
    }
  })

  it('says that it is too early, and when the waiting room opens', async () => {
    const page = await show()
    const startAt = Date.now() + 26 * hourMs
    await page.evaluate((phase) => demo.update({ phase }), { kind: 'early', startAt, opensAt: startAt - 5 * hourMs } as const)
    await title(page, /^Your appointment is .* at \d+:\d\d/).waitFor()
    await page.getByText(/Dr\. Ana Rivera was not called yet\. The waiting room opens .* at \d+:\d\d/).waitFor()
    expect(await accessibilityProblems(page)).toEqual([])
  })

  it('says why the server refused', async () => {
    const page = await show()
    await wait(page)
    await page.evaluate(() => demo.update({ signaling: { kind: 'refused', code: 'replaced' } }))
    await title(page, 'This visit is open in another tab').waitFor()
    await button(page, 'Continue here').click()
    expect(await calls(page)).toContain('reconnect')
    await page.evaluate(() => demo.update({ signaling: { kind: 'refused', code: 'server-full' } }))
    await title(page, 'The server is busy').waitFor()
  })

  it('says all of it in Spanish too', async () => {
    const page = await show('', { locale: 'es-MX' })
    for (const [kind] of cases) {
      await page.evaluate((phase) => demo.update({ phase: { kind: phase } }), kind)
      await expect
        .poll(() => page.getByRole('heading', { level: 1 }).textContent())
        .toMatch(/no puede|Ya no|reemplazado|completa|Ha salido/)
      expect(await page.evaluate(() => document.documentElement.lang)).toBe('es')
    }
  })
})

describe('the devices of this browser', () => {
  it('S16 changes the microphone to the one that was chosen', async () => {
    const page = await show()
    await expect.poll(() => page.evaluate(() => demo.media.state().microphone.kind)).toBe('live')
    const microphone = page.getByLabel('Microphone', { exact: true })
    const before = await page.evaluate(() => {
      const { microphone } = demo.media.state()
      return microphone.kind === 'live' ? microphone.track.id : ''
    })
    await microphone.selectOption({ index: 1 })
    await expect
      .poll(() =>
        page.evaluate(() => {
          const { microphone } = demo.media.state()
          return microphone.kind === 'live' && microphone.track.readyState === 'live' ? microphone.track.id : ''
        }),
      )
      .not.toBe(before)
  })

  it('S22 knows that sound is held back until a click, by the clock of the sound itself', async () => {
    // No devices are captured here, which would let sound out.
    const page = await show('quiet')
    expect(heard).toContain('/heard-blocked')
    await title(page, 'You left').click()
    await page.evaluate(() => demo.sound.unlock())
    expect(await page.evaluate(() => demo.sound.canRing())).toBe('ok')
  })

  it('lets one tab have the room, tells the others, and calls it forward', async () => {
    const first = await show()
    const second = await first.context().newPage()
    await second.goto(first.url())
    await second.getByRole('heading', { level: 1 }).waitFor()
    expect(await first.evaluate(async () => (await demo.tabs.acquire('room')) !== null)).toBe(true)
    expect(await second.evaluate(async () => [await demo.tabs.acquire('room'), await demo.tabs.isHeld('room')])).toEqual([null, true])
    const called = first.evaluate(() => new Promise<string>((resolve) => demo.tabs.onSummoned('room', () => resolve('called'))))
    await expect
      .poll(async () => {
        await second.evaluate(() => demo.tabs.summon('room'))
        return Promise.race([called, new Promise((resolve) => setTimeout(() => resolve('not yet'), 100))])
      })
      .toBe('called')
    await first.close()
    await expect.poll(() => second.evaluate(() => demo.tabs.isHeld('room'))).toBe(false)
  })
})
