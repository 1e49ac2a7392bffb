import { mkdir, writeFile } from 'node:fs/promises'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { type RunningServer, startServer } from '../support/server.ts'
import { root } from '../support/source-graph.ts'
import { type StubbedPage, serveWithPeerConnection } from '../support/visit/stubbed-page.ts'
import { exampleLink } from '../support/visit/test-link.ts'
import { openWebKit, type WebKit, type WebKitOptions } from '../support/webkit.ts'

/** WebKitGTK has no peer connections: what it can show is the page that says so, and everything before the session. */
let server: RunningServer
let stubbed: StubbedPage
let webkit: WebKit | null = null

beforeAll(async () => {
  server = await startServer()
  stubbed = await serveWithPeerConnection(server.origin)
})
afterAll(async () => {
  await stubbed?.close()
  await server?.stop()
})
afterEach(async () => {
  await webkit?.close()
  webkit = null
})

async function visit(link: string, options: WebKitOptions = {}): Promise<WebKit> {
  webkit = await openWebKit(options)
  await webkit.goto(link)
  return webkit
}

const titleIs = (words: string) => document.querySelector('h1')?.textContent === words
const says = (words: string) => document.body.innerText.includes(words)

async function keepPicture(page: WebKit, name: string): Promise<void> {
  await mkdir(`${root}tests/screenshots`, { recursive: true })
  await writeFile(`${root}tests/screenshots/webkit-${name}.png`, await page.screenshot())
}

describe('WebKit', () => {
  it('says at once that this browser cannot do it, with the link to copy and the phone', async () => {
    const link = await exampleLink(server.origin)
    const page = await visit(link)
    await page.waitFor(titleIs, 'This browser cannot open video sessions')
    const shown = await page.evaluate(() => ({
      forms: document.querySelectorAll('form').length,
      link: document.querySelector<HTMLInputElement>('input[readonly]')?.value,
      buttons: [...document.querySelectorAll('button')].map((button) => button.textContent),
      phone: document.querySelector('a[href^="tel:"]')?.textContent,
    }))
    expect(shown).toMatchObject({ forms: 0, link, phone: 'Call 555 0100' })
    expect(shown.buttons).toContain('Copy link')
    await keepPicture(page, 'unsupported')
  })

  it('S15 S16 S17 shows Welcome!, the devices, oneself and a meter that moves', async () => {
    const page = await visit(await exampleLink(stubbed.origin))
    await page.waitFor(titleIs, 'Welcome!')
    await page.waitFor(() => (document.querySelector('video')?.videoWidth ?? 0) > 0)
    await page.waitFor(says, 'You can be seen and heard.')
    const devices = await page.evaluate(() =>
      [...document.querySelectorAll('select')].map((select) => [...select.options].filter((option) => !option.disabled).length),
    )
    expect(devices.length).toBeGreaterThanOrEqual(2)
    for (const count of devices) expect(count).toBeGreaterThan(0)

    const levels = new Set<string | null | undefined>()
    await expect
      .poll(
        async () => levels.add(await page.evaluate(() => document.querySelector('[role="meter"]')?.getAttribute('aria-valuenow'))).size,
        { timeout: 15_000 },
      )
      .toBeGreaterThan(2)
    await keepPicture(page, 'welcome')
  })

  it('runs the device check at /check: oneself, a voice, the server, and a browser that cannot hold sessions', async () => {
    const page = await visit(`${server.origin}/check`)
    await page.waitFor(titleIs, 'Device check')
    for (const words of ['We can see you.', 'We can hear you.', 'The server answers.', 'This browser is too old for video sessions.']) {
      await page.waitFor(says, words)
    }
    await page.waitFor(() => (document.querySelector('video')?.videoWidth ?? 0) > 0)
    await keepPicture(page, 'check')
  })

  it('S15 asks for the name and S18 says that no device was found', async () => {
    const page = await visit(await exampleLink(stubbed.origin), { devices: 'none' })
    await page.waitFor(titleIs, 'Welcome!')
    await page.waitFor(says, 'Without camera and microphone: you can listen and watch.')
    await page.click('button[type="submit"]')
    await page.waitFor(says, 'Please enter your name.')
    await page.fill('form input', 'Sam')
    await page.waitFor(() => !document.body.innerText.includes('Please enter your name.'))
  })
})
