import { type Browser, type BrowserContext, type BrowserContextOptions, chromium, type Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { accessibilityProblems } from '../support/axe.ts'
import {
  chromiumPath,
  mediaFlags,
  openProfile,
  type Profile,
  type ProfileOptions,
  quietFlags,
  withSmallCamera,
} from '../support/chromium.ts'
import { createPagePool, type PagePool } from '../support/page-pool.ts'
import { type RunningServer, startServer } from '../support/server.ts'
import { setUpPractice } from '../support/stories/clinic.ts'
import { asNewerLink, exampleCard, exampleLink } from '../support/visit/test-link.ts'

/** The patient's page as it is served, without a clinician: everything up to "You are in the waiting room". */
const minuteMs = 60_000
let server: RunningServer
let browser: Browser
let pool: PagePool
let used: (BrowserContext | Profile)[] = []

beforeAll(async () => {
  server = await startServer()
  const names = '--host-resolver-rules=MAP clinic.example 127.0.0.1'
  browser = await chromium.launch({ executablePath: chromiumPath(), args: [...quietFlags, ...mediaFlags('all', 'allow'), names] })
  pool = createPagePool(browser, (page) => page.addInitScript(withSmallCamera))
})
afterAll(async () => {
  await browser?.close()
  await server?.stop()
})
afterEach(async () => {
  await Promise.all([pool.giveBack(), ...used.map((one) => one.close())])
  used = []
})

/** A visitor of their own, with camera and microphone. */
async function open(options: BrowserContextOptions = {}): Promise<{ readonly page: Page; readonly context: BrowserContext }> {
  const context = await browser.newContext({ locale: 'en-US', viewport: { width: 1280, height: 800 }, ...options })
  await context.addInitScript(withSmallCamera)
  used.push(context)
  return { context, page: await context.newPage() }
}

async function visit(link: string, options: BrowserContextOptions = {}): Promise<Page> {
  const page = await pool.take(options)
  await page.goto(link)
  await page.getByRole('heading', { level: 1 }).waitFor()
  return page
}

/** A computer of their own. */
async function visitWith(devices: ProfileOptions): Promise<Page> {
  const profile = await openProfile(devices)
  used.push(profile)
  await profile.page.goto(await exampleLink(server.origin))
  return profile.page
}

const title = (page: Page, name: string) => page.getByRole('heading', { level: 1, name, exact: true })
const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true })
const fields = (page: Page) => page.locator('input, select').count()

async function join(page: Page, name = 'Sam'): Promise<void> {
  await page.getByLabel('Enter Your Name').fill(name)
  await button(page, 'Join Waiting Room').click()
}

describe('links that lead nowhere', () => {
  it('says what is wrong with a missing, a cut and a newer link, before any form and without the server', async () => {
    const { page } = await open()
    const sockets: string[] = []
    page.on('websocket', (socket) => sockets.push(socket.url()))
    const link = await exampleLink(server.origin)

    await page.goto(`${server.origin}/join`)
    await title(page, 'You need your link').waitFor()
    for (const broken of [link.slice(0, -3), link.replace('#1.', '#1.A'), `${server.origin}/join#hello`]) {
      await page.goto('about:blank')
      await page.goto(broken)
      await title(page, 'This link is not complete').waitFor()
    }
    expect(await accessibilityProblems(page)).toEqual([])
    await page.goto('about:blank')
    await page.goto(await asNewerLink(link))
    await title(page, 'This page is out of date').waitFor()
    await button(page, 'Load again').waitFor()

    expect(await fields(page)).toBe(0)
    expect(sockets).toEqual([])
  })

  it('looks again when another link is opened in the same tab', async () => {
    const page = await visit(await exampleLink(server.origin))
    await title(page, 'Welcome!').waitFor()
    await page.goto(await exampleLink(server.origin, { clinician: 'Dr. Stone' }))
    await page.getByText('Session with Dr. Stone').waitFor()
  })
})

describe('browsers that cannot do it', () => {
  it('says so at once without peer connections, with the link to carry elsewhere and the phone', async () => {
    const { page, context } = await open()
    await context.grantPermissions(['clipboard-read', 'clipboard-write'], { origin: server.origin })
    await page.addInitScript(() => Reflect.deleteProperty(globalThis, 'RTCPeerConnection'))
    const link = await exampleLink(server.origin)
    await page.goto(link)
    await title(page, 'This browser cannot open video sessions').waitFor()
    await page.getByText('Call 555 0100').waitFor()
    expect(await page.getByLabel('Enter Your Name').count()).toBe(0)
    expect(await page.getByLabel('Your link').inputValue()).toBe(link)
    await button(page, 'Copy link').click()
    await page.getByText('Link copied').first().waitFor()
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(link)
    expect(await accessibilityProblems(page)).toEqual([])
  })

  it('says so at once without a secure context, where the link is still copied', async () => {
    const { page } = await open()
    const link = (await exampleLink(server.origin)).replace('localhost', 'clinic.example')
    await page.goto(link)
    expect(await page.evaluate(() => isSecureContext)).toBe(false)
    await title(page, 'This address is not secure').waitFor()
    await button(page, 'Copy link').click()
    await page.getByText('Link copied').first().waitFor()
  })
})

describe('Welcome!', () => {
  it('shows whom, when and how to call, S15 asks for the name and S19 leads into the waiting room', async () => {
    const startMinutes = Math.round(Date.now() / minuteMs) + 30
    const { page, context } = await open()
    const elsewhere: string[] = []
    page.on('request', (request) => {
      if (!request.url().startsWith(server.origin)) elsewhere.push(request.url())
    })
    const link = await exampleLink(server.origin, { startMinutes })
    await page.goto(link)
    await title(page, 'Welcome!').waitFor()
    await page.getByText(exampleCard.practice).waitFor()
    await page.getByText(`Session with ${exampleCard.clinician}`).waitFor()
    await page.getByText(/Your appointment is to(day|morrow) at \d+:\d+/).waitFor()
    expect(await page.getByRole('link', { name: 'Call 555 0100' }).getAttribute('href')).toBe('tel:5550100')
    expect(await accessibilityProblems(page)).toEqual([])

    await button(page, 'Join Waiting Room').click()
    await page.getByText('Please enter your name.').waitFor()
    expect(await page.evaluate(() => document.activeElement?.tagName)).toBe('INPUT')
    expect(new URL(page.url()).hash).toBe(new URL(link).hash)

    await join(page)
    await title(page, 'You are in the waiting room').waitFor()
    expect(page.url()).toBe(`${server.origin}/join`)
    expect(await page.title()).toBe('You are in the waiting room')
    expect(await accessibilityProblems(page)).toEqual([])

    await page.reload()
    await title(page, 'You are in the waiting room').waitFor()
    expect(await context.cookies()).toEqual([])
    expect(await page.evaluate(async () => (await navigator.serviceWorker.getRegistrations()).length)).toBe(0)
    expect(elsewhere).toEqual([])
  })

  it('S15 remembers the name for this link, and nobody else can read it', async () => {
    const link = await exampleLink(server.origin)
    const { page, context } = await open()
    await page.goto(link)
    await join(page, 'Samantha Q')
    await title(page, 'You are in the waiting room').waitFor()
    const stored = await page.evaluate(() => JSON.stringify(localStorage))
    expect(stored).not.toContain('Samantha')

    const later = await context.newPage()
    await later.goto(link)
    await expect.poll(() => later.getByLabel('Enter Your Name').inputValue()).toBe('Samantha Q')
    const other = await context.newPage()
    await other.goto(await exampleLink(server.origin))
    await title(other, 'Welcome!').waitFor()
    expect(await other.getByLabel('Enter Your Name').inputValue()).toBe('')
  })

  it('S16 offers the devices, S17 shows oneself and a meter that moves, S14 the steps for this browser', async () => {
    const page = await visit(await exampleLink(server.origin))
    await expect.poll(() => page.getByLabel('Camera', { exact: true }).locator('option').count()).toBeGreaterThan(0)
    await expect.poll(() => page.getByLabel('Microphone', { exact: true }).locator('option').count()).toBeGreaterThan(1)
    await expect.poll(() => page.getByLabel('Speaker', { exact: true }).locator('option').count()).toBeGreaterThan(0)
    await expect.poll(() => page.locator('video').evaluate((video: HTMLVideoElement) => video.videoWidth)).toBeGreaterThan(0)
    const levels = new Set<string | null>()
    await expect
      .poll(async () => levels.add(await page.getByRole('meter', { name: 'Sound level' }).getAttribute('aria-valuenow')).size, {
        timeout: 10_000,
      })
      .toBeGreaterThan(2)
    await page.getByText('We can hear you.').waitFor()
    await page.getByText('You can be seen and heard.').waitFor()
    await page.getByText('Tip: your browser can always allow this').click()
    await page.getByText(/When Chrome asks/).waitFor()
  })

  it('switches camera and microphone off and on, and lets the camera go meanwhile', async () => {
    const page = await visit(await exampleLink(server.origin))
    const width = () => page.locator('video').evaluate((video: HTMLVideoElement) => (video.srcObject ? video.videoWidth : 0))
    await expect.poll(width).toBeGreaterThan(0)
    await button(page, 'Turn off camera').click()
    await page.getByText('You are not seen').waitFor()
    expect(await page.locator('video').evaluate((video: HTMLVideoElement) => video.srcObject)).toBeNull()
    await button(page, 'Turn on camera').click()
    await expect.poll(width).toBeGreaterThan(0)
    await button(page, 'Mute').click()
    await page.getByText('You are muted.').waitFor()
    await button(page, 'Unmute').click()
  })

  it('works by keyboard alone', async () => {
    const page = await visit(await exampleLink(server.origin))
    await page.getByLabel('Enter Your Name').focus()
    await page.keyboard.type('Sam')
    await page.keyboard.press('Enter')
    await title(page, 'You are in the waiting room').waitFor()
    await expect.poll(() => page.evaluate(() => document.activeElement?.textContent)).toBe('You are in the waiting room')
  })
})

describe('S18 with fewer devices', () => {
  it.each([
    ['camera only', 'Without a microphone: you are seen, but not heard.', 'No microphone was found'],
    ['microphone only', 'Without a camera: you are heard, but not seen.', 'No camera was found'],
    ['none', 'Without camera and microphone: you can listen and watch.', 'No camera or microphone was found'],
  ] as const)('joins with %s and says which', async (devices, words, problem) => {
    const page = await visitWith({ devices })
    await page.getByText(words).waitFor()
    await page.getByText(problem).first().waitFor()
    await button(page, 'Try again').waitFor()
    expect(await accessibilityProblems(page)).toEqual([])
    await join(page)
    await title(page, 'You are in the waiting room').waitFor()
  })

  it('shows the steps for this browser when the devices are denied, and joins all the same', async () => {
    const page = await visitWith({ answer: 'deny' })
    await page.getByText('Your browser blocks the camera and microphone').first().waitFor()
    await page.getByText('Show me how').click()
    await page.getByText(/Click the icon at the left of the address/).waitFor()
    expect(await accessibilityProblems(page)).toEqual([])
    await join(page)
    await title(page, 'You are in the waiting room').waitFor()
  })

  it('S13 explains the question of the browser while it stands, and does not make anybody wait for it', async () => {
    const { page } = await open()
    // Without a window there is nobody to ask: this browser would answer no by itself, sooner or later.
    await page.addInitScript(() => {
      navigator.mediaDevices.getUserMedia = () => new Promise(() => undefined)
    })
    await page.goto(await exampleLink(server.origin))
    await page.getByText('Your browser is asking').waitFor()
    await join(page)
    await title(page, 'You are in the waiting room').waitFor()
  })
})

describe('the server', () => {
  it('is missed in plain words with the phone number, and found again by itself', async () => {
    const own = await startServer()
    try {
      const page = await visit(await exampleLink(own.origin))
      await title(page, 'Welcome!').waitFor()
      await own.kill()
      await join(page)
      await title(page, 'The waiting room cannot be reached').waitFor()
      await page.getByText('Call 555 0100').waitFor()
      await button(page, 'Try now').waitFor()
      await own.restart()
      await title(page, 'You are in the waiting room').waitFor({ timeout: 30_000 })
      await own.kill()
      await page.getByText('The waiting room cannot be reached').waitFor()
      await title(page, 'You are in the waiting room').waitFor()
    } finally {
      await own.stop()
    }
  })
})

describe('for everybody', () => {
  it('speaks Spanish to a Spanish browser, and English when asked', async () => {
    const page = await visit(await exampleLink(server.origin), { locale: 'es-ES' })
    await title(page, '¡Le damos la bienvenida!').waitFor()
    expect(await page.evaluate(() => document.documentElement.lang)).toBe('es')
    expect(await accessibilityProblems(page)).toEqual([])
    await button(page, 'English').click()
    await title(page, 'Welcome!').waitFor()
    await page.reload()
    await title(page, 'Welcome!').waitFor()
    await button(page, 'Español').click()
    await page.getByLabel('Escriba su nombre').fill('Sam')
    await button(page, 'Entrar en la sala de espera').click()
    await title(page, 'Está en la sala de espera').waitFor()
  })

  it.each([
    ['a phone', 390, 844, '100%'],
    ['a phone on its side', 844, 390, '100%'],
    ['a small phone with large text', 320, 640, '200%'],
  ] as const)('fits %s without scrolling sideways, with targets for fingers', async (_name, width, height, size) => {
    const page = await visit(await exampleLink(server.origin), { viewport: { width, height }, hasTouch: true })
    await page.evaluate((fontSize) => {
      document.documentElement.style.fontSize = fontSize
    }, size)
    await page.getByText('You can be seen and heard.').waitFor()
    const sideways = () => page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
    const small = () =>
      page.evaluate(() =>
        [...document.querySelectorAll('button, select, input, summary, a')]
          .map((element) => ({ name: element.textContent, box: element.getBoundingClientRect() }))
          .filter(({ box }) => box.height > 0 && box.height < 43.5)
          .map(({ name }) => name),
      )
    expect(await sideways()).toBeLessThanOrEqual(0)
    expect(await small()).toEqual([])
    await join(page)
    await title(page, 'You are in the waiting room').waitFor()
    expect(await sideways()).toBeLessThanOrEqual(0)
    expect(await small()).toEqual([])
  })

  it('S43 S44 helps and gives the contact without leaving the visit', async () => {
    const page = await visit(await exampleLink(server.origin))
    await button(page, 'Contact the practice').click()
    await page.getByRole('link', { name: exampleCard.email }).waitFor()
    expect(await accessibilityProblems(page)).toEqual([])
    await button(page, 'Back to your session').click()
    await title(page, 'Welcome!').waitFor()
    await button(page, 'Help with connection problems').click()
    await title(page, 'Connection problems').waitFor()
  })

  it('S43 closes the help with the browser’s Back, and the wait goes on', async () => {
    const page = await visit(await exampleLink(server.origin))
    await join(page)
    await title(page, 'You are in the waiting room').waitFor()
    await button(page, 'Help with connection problems').click()
    await title(page, 'Connection problems').waitFor()
    await page.goBack()
    await title(page, 'You are in the waiting room').waitFor()
    await button(page, 'Contact the practice').click()
    await button(page, 'Back to your session').click()
    await title(page, 'You are in the waiting room').waitFor()
  })

  it('hints at headphones when the clinician’s app runs in the same browser', async () => {
    const { page, context } = await open()
    await setUpPractice(page, server.origin)
    const patient = await context.newPage()
    await patient.goto(await exampleLink(server.origin))
    await patient.getByText('Use headphones').waitFor()
  })
})
