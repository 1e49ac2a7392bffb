import { mkdir, writeFile } from 'node:fs/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openFirefox } from '../support/firefox.ts'
import { takesPictures } from '../support/screenshots.ts'
import { type RunningServer, startServer } from '../support/server.ts'
import { root } from '../support/source-graph.ts'
import { openWebKit } from '../support/webkit.ts'

/** People, devices, an invitation and its other end, in the browsers that the other stories of these screens do not use. */
let server: RunningServer

beforeAll(async () => {
  server = await startServer()
})
afterAll(() => server?.stop())

/** What both drivers can do. Functions run in the page and see nothing but their argument. */
type Driver = {
  goto(url: string): Promise<unknown>
  evaluate<R, A>(run: (argument: A) => R, argument: A): Promise<R>
  waitFor<A>(condition: (argument: A) => boolean, argument: A): Promise<unknown>
  click(selector: string): Promise<void>
  fill(selector: string, text: string): Promise<void>
  picture(): Promise<Uint8Array>
  close(): Promise<unknown>
}

async function firefoxDriver(): Promise<Driver> {
  const { page, close } = await openFirefox()
  return {
    goto: (url) => page.goto(url),
    evaluate: (run, argument) => page.evaluate(run as never, argument) as never,
    waitFor: (condition, argument) => page.waitForFunction(condition as never, { timeout: 15_000 }, argument as never),
    click: (selector) => page.click(selector),
    fill: (selector, text) => page.locator(selector).fill(text),
    picture: () => page.screenshot(),
    close,
  }
}

async function webKitDriver(): Promise<Driver> {
  const page = await openWebKit()
  await page.resize(1280, 800)
  return {
    goto: (url) => page.goto(url),
    evaluate: (run, argument) => page.evaluate(run, argument) as never,
    waitFor: (condition, argument) => page.waitFor(condition, argument, 15_000),
    click: (selector) => page.click(selector),
    async fill(selector, text) {
      await page.waitFor((wanted: string) => document.querySelector(wanted) !== null, selector, 15_000)
      await page.fill(selector, text)
    },
    picture: () => page.screenshot(),
    close: () => page.close(),
  }
}

const says = (words: string) => document.body.innerText.includes(words)

/** The button or link with exactly this name, once it is there. */
async function press(driver: Driver, name: string): Promise<void> {
  const mark = (wanted: string) => {
    document.querySelector('[data-pressed]')?.removeAttribute('data-pressed')
    const found = [...document.querySelectorAll('button, a, [role="menuitem"]')].find(
      (one) => (one.getAttribute('aria-label') ?? one.textContent?.trim()) === wanted && one.getClientRects().length > 0,
    )
    found?.setAttribute('data-pressed', '')
    return found !== undefined
  }
  await driver.waitFor(mark, name)
  await driver.click('[data-pressed]')
}

/** Nothing sticks out, and every control can be hit. */
const layout = () => ({
  sideways: Math.max(0, document.documentElement.scrollWidth - innerWidth),
  small: [...document.querySelectorAll('main button, dialog button, [role="main"] button')]
    .filter((one) => one.getClientRects().length > 0 && one.getBoundingClientRect().height < 43.5)
    .map((one) => one.textContent),
})
const sound = { sideways: 0, small: [] }

async function look(driver: Driver, name: string): Promise<void> {
  if (takesPictures) {
    await mkdir(`${root}tests/screenshots`, { recursive: true })
    await writeFile(`${root}tests/screenshots/${name}.png`, await driver.picture())
  }
  expect(await driver.evaluate(layout, null)).toEqual(sound)
}

/** Firefox joins a practice and uses it in another story; here it is looked at in the long suite. */
const browsers = [
  { browser: 'WebKit', open: webKitDriver },
  { browser: 'Firefox', open: firefoxDriver },
]

describe.each(process.env.ALCOVE_LONG === '1' ? browsers : browsers.slice(0, 1))('$browser', ({ browser, open }) => {
  it('shows where an invitation is taken, people, devices, and an invitation with its picture', async () => {
    const driver = await open()
    try {
      const named = (name: string) => `people-${name}-${browser.toLowerCase()}`
      await driver.goto(`${server.origin}/join-practice`)
      await driver.waitFor(says, 'You need an invitation')
      await driver.fill('input', `${server.origin}/join-practice#1.abc`)
      await press(driver, 'Continue')
      await driver.waitFor(says, 'This link is not complete')
      await look(driver, named('broken-link'))
      await press(driver, 'Use another invitation')
      await press(driver, 'Set up your practice instead')
      await driver.waitFor(says, 'Set up your practice')
      await driver.fill('input[autocomplete="organization"]', 'Willow Practice')
      await driver.fill('input[autocomplete="name"]', 'Dr. Ana Rivera')
      await press(driver, 'Create practice')
      await driver.waitFor(says, 'New appointment')

      await press(driver, 'Account menu')
      await press(driver, 'Settings')
      await press(driver, 'Add a person')
      await driver.waitFor(says, 'Books appointments and hands out links.')
      await driver.fill('dialog input', 'Pat Desk')
      await press(driver, 'Cancel')
      await driver.waitFor(() => document.querySelector('dialog') === null, null)
      await press(driver, `Rename device ${await driver.evaluate(() => document.querySelector('#devices li strong')?.textContent, null)}`)
      await driver.fill('dialog input', 'Front desk')
      await press(driver, 'Save')
      await driver.waitFor(() => document.querySelector('#devices li strong')?.textContent === 'Front desk', null)
      await driver.waitFor(() => document.querySelector('dialog') === null, null)
      await look(driver, named('devices'))

      await press(driver, 'Link another device')
      await driver.waitFor(() => document.querySelector('dialog [role="img"]') !== null, null)
      const shown = await driver.evaluate(() => {
        const picture = document.querySelector('dialog [role="img"]')?.getBoundingClientRect()
        return {
          isInView: picture !== undefined && picture.top >= 0 && picture.bottom <= innerHeight && picture.width >= 150,
          link: document.querySelector<HTMLInputElement>('dialog input[readonly]')?.value,
        }
      }, null)
      expect(shown).toEqual({ isInView: true, link: expect.stringContaining(`${server.origin}/join-practice#`) })
      await driver.waitFor(says, 'Valid for 10 more minutes')
      await look(driver, named('invitation'))
      await press(driver, 'Cancel the invitation')
      await driver.waitFor(() => document.querySelector('dialog') === null, null)
    } finally {
      await driver.close()
    }
  }, 60_000)
})
