import { type Browser, type BrowserContextOptions, chromium, type Locator, type Page } from 'playwright-core'
import { findProgram } from '../../scripts/browsers.mjs'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { Demo } from '../support/pages/session-demo/main.tsx'
import { serveSessionDemo } from '../support/session/open-demo.ts'
import { accessibilityProblems } from '../support/session/accessibility.ts'

/** The session screen by itself, with puppets for engines; the stories with real calls are in other files. */
declare const demo: Demo

const desktop = { width: 1280, height: 800 }
const phone = { width: 390, height: 844 }
const phoneOnItsSide = { width: 844, height: 390 }

let browser: Browser
let site: Awaited<ReturnType<typeof serveSessionDemo>>
let open: Page[] = []

beforeAll(async () => {
  site = await serveSessionDemo()
  browser = await chromium.launch({
    executablePath: findProgram('chromium') ?? 'chromium',
    // As for everybody: sound only after a click. (Headless browsers are more generous.)
    args: ['--autoplay-policy=document-user-activation-required'],
  })
})
afterAll(async () => {
  await browser?.close()
  await site?.close()
})
afterEach(async () => {
  for (const page of open) await page.context().close()
  open = []
})

async function show(query = '', options: BrowserContextOptions = {}): Promise<Page> {
  const context = await browser.newContext({ viewport: desktop, locale: 'en-US', ...options })
  const page = await context.newPage()
  open.push(page)
  page.on('pageerror', (error) => {
    throw error
  })
  // Not by looking at the page: a script that is run from here counts as a click and would let sound out.
  const drawn = page.waitForRequest((request) => request.url().endsWith('/drawn'))
  await page.goto(`${site.url}?${query}`)
  await drawn
  return page
}

const button = (page: Page | Locator, name: string) => page.getByRole('button', { name, exact: true })
const preview = (page: Page) => page.getByLabel('Your video', { exact: true })
const roomCalls = (page: Page) => page.evaluate(() => demo.room.calls)
const log = (page: Page) => page.evaluate(() => demo.log)
const announced = (page: Page, text: string | RegExp) =>
  page.getByRole('status').filter({ hasText: text }).first().waitFor({ state: 'attached' })

async function box(locator: Locator) {
  const found = await locator.boundingBox()
  if (!found) throw new Error('not on the screen')
  return found
}

const centre = (area: { x: number; y: number; width: number; height: number }) => ({
  x: area.x + area.width / 2,
  y: area.y + area.height / 2,
})

async function group(page: Page, names = ['Sam Lee', 'Alex Kim']) {
  await page.evaluate((all) => {
    const { session } = demo.room.state()
    if (session.kind === 'running') demo.room.update({ session: { ...session, people: all.map((name) => demo.personOf(name)) } })
  }, names)
}

describe('the stage', () => {
  it('S25 shows the other person large in the middle and oneself small', async () => {
    const page = await show()
    const other = await box(page.getByLabel('Video of Sam Lee'))
    const own = await box(preview(page))
    expect(other.width * other.height).toBeGreaterThan(10 * own.width * own.height)
    await expect.poll(() => page.getByLabel('Video of Sam Lee').evaluate((video: HTMLVideoElement) => video.videoWidth)).toBeGreaterThan(0)
  })

  it('S25 shares the stage calmly among three', async () => {
    const page = await show()
    await group(page, ['Sam Lee', 'Alex Kim', 'Jo Park'])
    const [sam, alex, jo] = await Promise.all(['Sam Lee', 'Alex Kim', 'Jo Park'].map((name) => box(page.getByLabel(`Video of ${name}`))))
    for (const tile of [alex, jo]) expect(Math.abs((tile?.width ?? 0) - (sam?.width ?? 1))).toBeLessThan(2)
  })

  it('keeps a video element while its person mutes, reconnects and others come and go', async () => {
    const page = await show()
    await page.getByLabel('Video of Sam Lee').evaluate((video) => video.setAttribute('data-same', ''))
    await group(page, ['Sam Lee', 'Alex Kim'])
    await group(page, ['Alex Kim', 'Sam Lee'])
    await group(page, ['Sam Lee'])
    expect(await page.getByLabel('Video of Sam Lee').getAttribute('data-same')).toBe('')
  })

  it('says in words who is muted, without camera or reconnecting', async () => {
    const page = await show()
    await page.evaluate(() => {
      const { session } = demo.room.state()
      const person = demo.personOf('Sam Lee', { microphone: 'off', camera: 'off', connection: 'reconnecting' })
      if (session.kind === 'running') demo.room.update({ session: { ...session, people: [person] } })
    })
    const tile = page.locator('figure')
    for (const words of ['Muted', 'Camera off', 'Reconnecting…']) await tile.getByText(words).waitFor()
    await announced(page, 'Sam Lee lost the connection. Reconnecting…')
  })

  it('S30 shows a shared screen large and the faces small', async () => {
    const page = await show()
    await page.evaluate(() => {
      const { session } = demo.room.state()
      const people = [demo.personOf('Sam Lee', { sharing: true, screen: demo.screenStream() }), demo.personOf('Alex Kim')]
      if (session.kind === 'running') demo.room.update({ session: { ...session, people } })
    })
    const screen = await box(page.getByLabel('Screen of Sam Lee'))
    const face = await box(page.getByLabel('Video of Alex Kim'))
    expect(screen.width).toBeGreaterThan(3 * face.width)
  })

  it('offers Tap to hear when the browser holds the sound back', async () => {
    const page = await show('audio')
    const video = page.getByLabel('Video of Sam Lee')
    await button(page, 'Tap to hear').click()
    await expect.poll(() => video.evaluate((element: HTMLVideoElement) => !element.muted && !element.paused)).toBe(true)
    expect(await button(page, 'Tap to hear').count()).toBe(0)
  })

  it('says when something was tampered with, when the server is gone and when the clinician is', async () => {
    const page = await show()
    await page.evaluate(() => {
      const { session } = demo.room.state()
      if (session.kind === 'running')
        demo.room.update({ session: { ...session, tampered: true }, signaling: { kind: 'waiting-to-retry', retryAt: 0 } })
    })
    await page.getByRole('alert').filter({ hasText: 'Nothing was let in' }).waitFor()
    await button(page, 'Try now').click()
    expect(await roomCalls(page)).toContain('reconnect')
    const patient = await show('view=patient&group&gone')
    await announced(patient, 'between patients are paused until Dr. Rivera is back')
  })
})

describe('the preview', () => {
  async function drag(page: Page, by: { x: number; y: number }) {
    const { x, y } = centre(await box(preview(page)))
    await page.mouse.move(x, y)
    await page.mouse.down()
    await page.mouse.move(x + by.x / 2, y + by.y / 2)
    await page.mouse.move(x + by.x, y + by.y, { steps: 4 })
    await page.mouse.up()
  }

  it('S26 moves by mouse, stays where it is put and is found there again', async () => {
    const page = await show()
    const before = await box(preview(page))
    await drag(page, { x: -300, y: -200 })
    const after = await box(preview(page))
    expect(after.x).toBeCloseTo(before.x - 300, -1)
    expect(after.y).toBeCloseTo(before.y - 200, -1)
    await announced(page, /^Your video: .+ % across/)
    await page.reload()
    await expect.poll(async () => Math.abs((await box(preview(page))).x - after.x)).toBeLessThan(2)
  })

  it('S27 moves by finger', async () => {
    const page = await show('', { viewport: phone, hasTouch: true, isMobile: true })
    const before = await box(preview(page))
    const { x, y } = centre(before)
    const fingers = await page.context().newCDPSession(page)
    const touch = (type: 'touchStart' | 'touchMove' | 'touchEnd', points: { x: number; y: number }[]) =>
      fingers.send('Input.dispatchTouchEvent', { type, touchPoints: points })
    await touch('touchStart', [{ x, y }])
    for (let step = 1; step <= 8; step += 1) await touch('touchMove', [{ x: x - step * 20, y: y - step * 40 }])
    await touch('touchEnd', [])
    const after = await box(preview(page))
    expect(after.x).toBeCloseTo(before.x - 160, -1)
    expect(after.y).toBeCloseTo(before.y - 320, -1)
  })

  it('S28 moves with arrow keys, says where it is and is remembered', async () => {
    const page = await show()
    for (let presses = 0; presses < 60 && !(await preview(page).evaluate((element) => element === document.activeElement)); presses += 1) {
      await page.keyboard.press('Tab')
    }
    const before = await box(preview(page))
    await page.keyboard.press('ArrowLeft')
    await page.keyboard.press('ArrowUp')
    const after = await box(preview(page))
    expect(after.x).toBeLessThan(before.x)
    expect(after.y).toBeLessThan(before.y)
    await announced(page, 'Your video: bottom right')
    for (let press = 0; press < 40; press += 1) await page.keyboard.press('Shift+ArrowLeft')
    await announced(page, 'bottom left')
    const moved = await box(preview(page))
    await page.reload()
    await expect.poll(async () => Math.abs((await box(preview(page))).x - moved.x)).toBeLessThan(2)
  })

  it.each([desktop, phone, phoneOnItsSide])(
    'S28 is never over the toolbar and never off the screen at $width x $height',
    async (viewport) => {
      const page = await show('view=patient', { viewport })
      const toolbar = await box(page.getByRole('toolbar'))
      await preview(page).focus()
      for (const key of ['ArrowDown', 'ArrowLeft', 'ArrowUp', 'ArrowRight']) {
        for (let press = 0; press < 16; press += 1) await page.keyboard.press(`Shift+${key}`)
        const own = await box(preview(page))
        const apart =
          own.x + own.width <= toolbar.x ||
          toolbar.x + toolbar.width <= own.x ||
          own.y + own.height <= toolbar.y ||
          toolbar.y + toolbar.height <= own.y
        expect(apart, `${key} ${JSON.stringify({ own, toolbar })}`).toBe(true)
        expect(own.x >= 0 && own.y >= 0 && own.x + own.width <= viewport.width && own.y + own.height <= viewport.height).toBe(true)
      }
    },
  )

  it('S29 shows the eye on hover, hides the picture and goes on sending it; Settings brings it back', async () => {
    const page = await show()
    await page.mouse.move(640, 300)
    expect(await button(page, 'Hide your video').isVisible()).toBe(false)
    await preview(page).hover({ position: { x: 5, y: 5 } })
    await button(page, 'Hide your video').click()
    expect(await preview(page).count()).toBe(0)
    await announced(page, 'It is still sent')
    expect(await page.evaluate(() => demo.media.state().camera)).toMatchObject({ kind: 'live', enabled: true })
    expect(await button(page, 'Turn off camera').isVisible()).toBe(true)
    await page.reload()
    await button(page, 'Mute').waitFor()
    expect(await preview(page).count()).toBe(0)
    await page.getByRole('tab', { name: 'Settings' }).click()
    await page.getByRole('switch', { name: 'Show my video' }).check()
    await preview(page).waitFor()
  })

  it('S29 shows the eye to a finger and to the keyboard', async () => {
    const page = await show('view=patient', { viewport: phone, hasTouch: true, isMobile: true })
    await preview(page).tap({ position: { x: 5, y: 5 } })
    await button(page, 'Hide your video').tap()
    expect(await preview(page).count()).toBe(0)

    const other = await show('view=patient')
    await preview(other).focus()
    await other.keyboard.press('Tab')
    expect(await button(other, 'Hide your video').evaluate((element) => element === document.activeElement)).toBe(true)
    await other.keyboard.press('Enter')
    expect(await preview(other).count()).toBe(0)
    expect(await other.evaluate(() => document.activeElement?.closest('[role=toolbar]') !== null)).toBe(true)
  })

  it('S37 lets a patient bring it back from Settings', async () => {
    const page = await show('view=patient')
    await preview(page).hover()
    await button(page, 'Hide your video').click()
    await button(page, 'Settings').click()
    await page.getByRole('switch', { name: 'Show my video' }).check()
    await preview(page).waitFor()
  })
})

describe('the toolbar', () => {
  it('S30 stands at the bottom, and at the left on a short landscape screen', async () => {
    const wide = await box((await show('view=patient')).getByRole('toolbar'))
    expect(wide.y).toBeGreaterThan(700)
    const upright = await box((await show('view=patient', { viewport: phone })).getByRole('toolbar'))
    expect(upright.y).toBeGreaterThan(700)
    const side = await box((await show('view=patient', { viewport: phoneOnItsSide })).getByRole('toolbar'))
    expect(side.x + side.width).toBeLessThan(120)
    expect(side.height).toBeGreaterThan(side.width)
    expect(side.y + side.height).toBeLessThanOrEqual(390)
  })

  it('S30 turns camera, microphone and screen on and off, says so, and moves nothing under the pointer', async () => {
    const page = await show()
    const pairs = [
      ['Turn off camera', 'Turn on camera', 'Camera off', 'Camera on'],
      ['Mute', 'Unmute', 'You are muted', 'You can be heard'],
      ['Share screen', 'Stop sharing', 'You are sharing your screen', 'You stopped sharing your screen'],
    ] as const
    for (const [first, second, said, saidBack] of pairs) {
      const before = await box(button(page, first))
      await button(page, first).click()
      await announced(page, said)
      expect(await box(button(page, second))).toEqual(before)
      await button(page, second).click()
      await announced(page, saidBack)
      expect(await box(button(page, first))).toEqual(before)
    }
  })

  it('S40 ends a session of two with one click', async () => {
    const page = await show()
    await button(page, 'End session').click()
    expect(await roomCalls(page)).toContain('end')
    const patient = await show('view=patient')
    await button(patient, 'End session').click()
    expect(await log(patient)).toContain('leave')
  })

  it('S40 gives five seconds to take back the end of a group, and a patient leaves alone', async () => {
    const page = await show()
    await group(page)
    await button(page, 'End session').click()
    await button(page, 'Undo').click()
    expect(await roomCalls(page)).not.toContain('end')
    await button(page, 'End session').click()
    await button(page, 'End now').waitFor()
    await expect.poll(() => roomCalls(page), { timeout: 15_000 }).toContain('end')

    const patient = await show('view=patient&group')
    await button(patient, 'Leave').click()
    expect(await log(patient)).toContain('leave')
  })

  it('reaches every control with Tab and goes along the toolbar with arrow keys', async () => {
    const page = await show('view=patient')
    const reached = new Set<string>()
    for (let press = 0; press < 12; press += 1) {
      await page.keyboard.press('Tab')
      reached.add(await page.evaluate(() => document.activeElement?.getAttribute('aria-label') ?? ''))
    }
    for (const name of ['Your video', 'Hide your video', 'Settings', 'Turn off camera', 'Mute', 'Share screen', 'End session']) {
      expect([...reached]).toContain(name)
    }
    await button(page, 'Turn off camera').focus()
    await page.keyboard.press('ArrowRight')
    expect(await button(page, 'Mute').evaluate((element) => element === document.activeElement)).toBe(true)
    await page.keyboard.press('Space')
    await button(page, 'Unmute').waitFor()
  })

  it('S38 shows the time in session, or not', async () => {
    const page = await show()
    await page
      .getByRole('timer')
      .filter({ hasText: /^12:3\d$/ })
      .waitFor()
    await page.getByRole('tab', { name: 'Settings' }).click()
    await page.getByRole('switch', { name: 'Show call timer' }).uncheck()
    expect(await page.getByRole('timer').count()).toBe(0)
    await page.reload()
    await button(page, 'Mute').waitFor()
    expect(await page.getByRole('timer').count()).toBe(0)
  })
})

describe('the box', () => {
  const wait = (page: Page) =>
    page.evaluate(() => {
      demo.room.update({
        waiting: [
          demo.exampleEntry('Mia Lee', { typedName: 'Mia' }),
          demo.exampleEntry('Pat', { recordName: null, group: 'guest' }),
          demo.exampleEntry('Alex Kim', { group: 'upcoming', belongsHere: false, appointment: demo.appointments.alex }),
        ],
      })
    })

  it('S31 stands at the left with its three tabs, and is a sheet on phones', async () => {
    const page = await show()
    const panel = await box(page.getByRole('complementary'))
    expect(panel.x).toBe(0)
    expect(panel.x + panel.width).toBeLessThanOrEqual((await box(page.getByLabel('Video of Sam Lee'))).x)
    for (const name of ['People', 'Schedule', 'Settings']) await page.getByRole('tab', { name, exact: true }).click()

    const small = await show('', { viewport: phone })
    expect(await small.getByRole('complementary').count()).toBe(0)
    await button(small, 'Show panel').click()
    const sheet = await box(small.getByRole('complementary'))
    expect(sheet.y + sheet.height).toBeLessThanOrEqual((await box(small.getByRole('toolbar'))).y)
    await small.keyboard.press('Escape')
    expect(await small.getByRole('complementary').count()).toBe(0)
    expect(await button(small, 'Show panel').evaluate((element) => element === document.activeElement)).toBe(true)
  })

  it('S32 lists people in four groups, with the name on record and the name typed', async () => {
    const page = await show()
    await wait(page)
    const of = (name: string) => page.getByRole('region', { name, exact: true })
    await of('In session').getByText('Sam Lee').waitFor()
    await of('Waiting').getByText('Mia Lee').waitFor()
    await of('Waiting').getByText('typed “Mia”').waitFor()
    await of('Waiting as guests').getByText('Pat').waitFor()
    await of('Waiting for upcoming sessions').getByText('Alex Kim').waitFor()
    await button(of('Waiting'), 'Accept Mia Lee').click()
    await button(of('Waiting as guests'), 'Decline Pat').click()
    expect(await roomCalls(page)).toEqual(expect.arrayContaining(['accept guest-Mia Lee', 'decline guest-Pat']))
  })

  it('S32 never puts a person who waits for another appointment into this session by one click', async () => {
    const page = await show()
    await wait(page)
    await button(page, 'Accept Alex Kim').click()
    const question = page.getByRole('alertdialog')
    await question.getByText('Alex Kim waits for').waitFor()
    await button(question, 'Cancel').click()
    expect(await roomCalls(page)).not.toContain('accept guest-Alex Kim confirmed')
    await button(page, 'Accept Alex Kim').click()
    await button(question, 'Accept Alex Kim into this session').click()
    expect(await roomCalls(page)).toContain('accept guest-Alex Kim confirmed')
  })

  it('S32 offers Remove in a group only', async () => {
    const page = await show()
    expect(await button(page, 'Remove Sam Lee').count()).toBe(0)
    await group(page)
    await button(page, 'Remove Alex Kim').click()
    expect(await roomCalls(page)).toContain('remove guest-Alex Kim')
  })

  it('S23 gives the invite link during a session', async () => {
    const page = await show()
    await button(page, 'Invite Others').click()
    const link = page.getByLabel('Invite link')
    expect(await link.inputValue()).toMatch(/^https:/)
    expect(await link.getAttribute('readonly')).not.toBeNull()
    await button(page, 'Copy link').click()
    expect(await log(page)).toContain(`copy ${await link.inputValue()}`)
  })

  it('S33 lists the current and the upcoming sessions with the reason where one cannot be started', async () => {
    const page = await show()
    await page.getByRole('tab', { name: 'Schedule' }).click()
    await page.getByRole('region', { name: 'Now' }).getByText('Sam Lee').waitFor()
    const row = (name: string) => page.getByRole('listitem').filter({ hasText: name })
    expect(await button(row('Alex Kim'), 'Start next session').isEnabled()).toBe(true)
    await row('Jo Park').getByText('Marked Missed').waitFor()
    expect(await button(row('Jo Park'), 'Start next session').isDisabled()).toBe(true)
    await row('Robin Diaz').getByText('Opens at').waitFor()
  })

  it('S34 asks before the running session ends, then starts the next one', async () => {
    const page = await show()
    await page.getByRole('tab', { name: 'Schedule' }).click()
    await button(page.getByRole('listitem').filter({ hasText: 'Alex Kim' }), 'Start next session').click()
    const question = page.getByRole('alertdialog')
    await question.getByText('The session with Sam Lee ends for everybody').waitFor()
    expect(await roomCalls(page)).not.toContain('end')
    await button(question, 'End and start next').click()
    expect((await roomCalls(page)).slice(-2)).toEqual(['end', 'start alex'])
  })

  it('S35 changes the name during the session', async () => {
    const page = await show()
    await page.getByRole('tab', { name: 'Settings' }).click()
    await page.getByLabel('Your name').fill('Ana Rivera')
    await expect.poll(() => roomCalls(page)).toContain('name Ana Rivera')
    const patient = await show('view=patient')
    await button(patient, 'Settings').click()
    await patient.getByLabel('Your name').fill('Sammy')
    await patient.keyboard.press('Enter')
    expect(await log(patient)).toContain('name Sammy')
  })

  it('S36 changes camera and microphone', async () => {
    const page = await show()
    await page.getByRole('tab', { name: 'Settings' }).click()
    await page.getByLabel('Camera', { exact: true }).selectOption('Desk camera')
    await page.getByLabel('Microphone', { exact: true }).selectOption('Headset microphone')
    await page.getByLabel('Speaker', { exact: true }).selectOption('Headphones')
    expect(await page.evaluate(() => demo.media.calls)).toEqual(['camera desk', 'microphone headset', 'speaker out'])
  })

  it('marks People when others arrive, until they are looked at', async () => {
    const page = await show('', { viewport: phone })
    await page.evaluate(() => demo.room.update({ unseenOthers: 2 }))
    expect(await log(page)).toContain('soft')
    await button(page, 'Show panel').click()
    await expect.poll(() => page.evaluate(() => demo.room.state().unseenOthers)).toBe(0)
  })
})

describe('arrivals', () => {
  const arrive = (page: Page) =>
    page.evaluate(() => {
      const entry = demo.exampleEntry('Mia Lee', { typedName: 'Mia', appointment: demo.appointments.sam })
      demo.room.update({ waiting: [entry], announced: entry })
    })

  it('S20 announces a person in the middle of the screen, with a sound, in the title and on the badge', async () => {
    const page = await show()
    await arrive(page)
    const dialog = page.getByRole('alertdialog', { name: 'Mia Lee is here' })
    const { x, y } = centre(await box(dialog))
    expect(Math.abs(x - desktop.width / 2)).toBeLessThan(20)
    expect(Math.abs(y - desktop.height / 2)).toBeLessThan(20)
    await dialog.getByText('Typed name: Mia').waitFor()
    expect(await log(page)).toEqual(expect.arrayContaining(['ring', 'badge 1']))
    expect(await page.title()).toMatch(/^\(1\)/)
    expect(await page.title()).not.toContain('Mia')
  })

  it('S21 connects with Accept, is silent afterwards, and Decline sends away', async () => {
    const page = await show()
    await arrive(page)
    await button(page.getByRole('alertdialog'), 'Accept').click()
    expect(await roomCalls(page)).toContain('accept guest-Mia Lee')
    await expect.poll(() => log(page)).toContain('quiet')
    expect(await page.getByRole('alertdialog').count()).toBe(0)
    await arrive(page)
    await button(page.getByRole('alertdialog'), 'Decline').click()
    expect(await roomCalls(page)).toContain('decline guest-Mia Lee')
  })

  it('S20 takes the focus, but not from somebody who is writing; F6 goes there', async () => {
    const page = await show()
    await arrive(page)
    await expect.poll(() => page.evaluate(() => document.activeElement?.getAttribute('role'))).toBe('alertdialog')

    const writing = await show('view=outside')
    await writing.getByLabel('Note').pressSequentially('Brea')
    await arrive(writing)
    await writing.getByRole('alertdialog').waitFor()
    await writing.keyboard.type('thing')
    expect(await writing.getByLabel('Note').inputValue()).toBe('Breathing')
    await writing.keyboard.press('F6')
    expect(await writing.evaluate(() => document.activeElement?.getAttribute('role'))).toBe('alertdialog')
    await writing.keyboard.press('Escape')
    expect(await writing.evaluate(() => document.activeElement?.tagName)).toBe('INPUT')
    expect(await roomCalls(writing)).toContain('dismiss')
  })

  it('says outside a session who waits for when, with the way to start', async () => {
    const page = await show('view=outside')
    await arrive(page)
    const dialog = page.getByRole('alertdialog', { name: /^Mia Lee is waiting for \d/ })
    await button(dialog, 'Start Telehealth Session').click()
    expect(await log(page)).toContain('start sam')
  })

  it('can be answered while another dialog is open', async () => {
    const page = await show()
    await page.evaluate(() => {
      demo.room.update({
        waiting: [demo.exampleEntry('Alex Kim', { group: 'upcoming', belongsHere: false, appointment: demo.appointments.alex })],
      })
    })
    await button(page, 'Accept Alex Kim').click()
    await button(page, 'Cancel').waitFor()
    await arrive(page)
    const arrival = page.getByRole('alertdialog', { name: 'Mia Lee is here' })
    await button(arrival, 'Decline').click()
    expect(await roomCalls(page)).toContain('decline guest-Mia Lee')
    await button(page, 'Cancel').dispatchEvent('click')
    await button(arrival, 'Not now').click()
    expect(await page.getByRole('alertdialog').count()).toBe(0)
  })

  it('S22 shows the steps for Safari when the sound is blocked', async () => {
    const page = await show('sound=blocked&browser=safari')
    await arrive(page)
    const dialog = page.getByRole('alertdialog')
    await dialog.getByText('Set this site to Allow All Auto-Play.').waitFor()
    await page.evaluate(() => demo.setHeard('ok'))
    await button(dialog, 'Turn on sound').click()
    expect(await log(page)).toContain('unlock')
    await expect.poll(() => button(dialog, 'Turn on sound').count()).toBe(0)
  })

  it('shows no waiting person’s name anywhere while the screen is shared', async () => {
    const page = await show()
    await button(page, 'Share screen').click()
    await page.evaluate(() => {
      const mia = demo.exampleEntry('Mia Lee', { typedName: 'Mia' })
      const alex = demo.exampleEntry('Alex Kim', { group: 'upcoming', belongsHere: false, appointment: demo.appointments.alex })
      demo.room.update({ waiting: [mia, alex], announced: mia, unseenOthers: 1 })
    })
    await page.getByRole('alertdialog', { name: 'Somebody for this session is here' }).waitFor()
    const everything = async () => `${await page.content()} ${await page.title()} ${(await log(page)).join(' ')}`
    expect(await everything()).not.toMatch(/Mia|Alex/)
    await page.getByRole('tab', { name: 'Schedule' }).click()
    await page.getByText('is waiting', { exact: true }).waitFor()
    expect(await everything()).not.toMatch(/Mia|Alex/)
    await page.getByRole('tab', { name: 'People' }).click()
    await page.getByRole('region', { name: 'Waiting for upcoming sessions' }).getByRole('button', { name: 'Accept', exact: true }).click()
    await page.getByText('Not for this session').waitFor()
    expect(await everything()).not.toMatch(/Mia|Alex/)
  })
})

describe('the end', () => {
  it('S41 offers Restart the Session at the top of the page on both sides', async () => {
    const page = await show('view=ended')
    expect((await box(button(page, 'Restart the Session'))).y).toBeLessThan(120)
    await button(page, 'Restart the Session').click()
    expect(await roomCalls(page)).toContain('restart')
    const patient = await show('view=patient-ended')
    expect((await box(button(patient, 'Restart the Session'))).y).toBeLessThan(160)
    await button(patient, 'Restart the Session').click()
    expect(await log(patient)).toContain('restart')
  })

  it('S42 says who has chosen it and who has not', async () => {
    const page = await show('view=ended')
    await page.evaluate(() => {
      const { session } = demo.room.state()
      if (session.kind === 'ended') demo.room.update({ session: { ...session, iWantRestart: true } })
    })
    await page.getByText('You chose to restart. Waiting for Sam Lee.').waitFor()
    await page.evaluate(() => {
      const { session } = demo.room.state()
      if (session.kind === 'ended') demo.room.update({ session: { ...session, iWantRestart: false, wanting: ['Sam Lee'], missing: [] } })
    })
    await page.getByText('Sam Lee wants to restart.').waitFor()
    await (await show('view=patient-ended&theirs')).getByText('Dr. Rivera wants to restart.').waitFor()
    await (await show('view=patient-ended&mine')).getByText('Waiting for Dr. Rivera.').waitFor()
  })

  it('S43 helps with connection problems, S44 leads to the practice or to support', async () => {
    const patient = await show('view=patient-ended')
    await button(patient, 'Help with connection problems').click()
    await button(patient, 'Contact the practice').click()
    expect(await log(patient)).toEqual(expect.arrayContaining(['help connection', 'help contact']))
    const clinician = await show('view=ended')
    expect(await clinician.getByRole('link', { name: 'Contact support' }).getAttribute('href')).toBe('/help/contact')

    const help = await show('view=help&topic=connection')
    await help.getByRole('heading', { name: 'Connection problems', level: 1 }).waitFor()
    const contact = await show('view=help&topic=contact&practice')
    expect(await contact.getByRole('link', { name: '+1 555 0100' }).getAttribute('href')).toBe('tel:+15550100')
    expect(await contact.getByRole('link', { name: 'hello@harbor.example' }).getAttribute('href')).toBe('mailto:hello@harbor.example')
  })
})

describe('for everybody', () => {
  const views = [
    '',
    'view=patient',
    'view=patient-ended&mine',
    'view=ended',
    'view=help&topic=connection',
    'view=help&topic=camera',
    'view=help&topic=sound',
    'view=help&topic=contact',
    'view=help&topic=contact&practice',
  ]

  it.each(views)('axe finds nothing on ?%s, light and dark', async (view) => {
    const page = await show(view, { reducedMotion: 'reduce' })
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
      await page.waitForFunction((scheme) => matchMedia(`(prefers-color-scheme: ${scheme})`).matches, colorScheme)
      expect(await accessibilityProblems(page)).toEqual([])
    }
  })

  it('axe finds nothing on the tabs, the arrival and the questions', async () => {
    const page = await show()
    await page.evaluate(() => {
      demo.room.update({
        unseenOthers: 1,
        waiting: [
          demo.exampleEntry('Mia Lee', { typedName: 'Mia' }),
          demo.exampleEntry('Alex Kim', { group: 'upcoming', belongsHere: false, appointment: demo.appointments.alex }),
        ],
      })
    })
    expect(await accessibilityProblems(page)).toEqual([])
    await button(page, 'Accept Alex Kim').click()
    expect(await accessibilityProblems(page)).toEqual([])
    await button(page, 'Cancel').click()
    for (const tab of ['Schedule', 'Settings']) {
      await page.getByRole('tab', { name: tab }).click()
      expect(await accessibilityProblems(page)).toEqual([])
    }
    await page.evaluate(() => demo.room.update({ announced: demo.room.state().waiting[0] ?? null }))
    await page.getByRole('alertdialog').waitFor()
    expect(await accessibilityProblems(page)).toEqual([])
  })

  it('speaks Spanish', async () => {
    const page = await show('lang=es')
    await button(page, 'Silenciar').waitFor()
    await page.getByLabel('Vídeo de Sam Lee').waitFor()
    expect(await page.locator('html').getAttribute('lang')).toBe('es')
  })

  it('moves nothing for people who asked for less motion', async () => {
    const page = await show('', { reducedMotion: 'reduce' })
    const moving = await page.evaluate(
      () =>
        [...document.querySelectorAll('*')].filter((element) => {
          const { transitionDuration, animationDuration } = getComputedStyle(element)
          return [transitionDuration, animationDuration].some((text) => text.split(',').some((one) => Number.parseFloat(one) > 0.001))
        }).length,
    )
    expect(moving).toBe(0)
  })

  it.each([desktop, phone])('holds text twice as large at $width x $height', async (viewport) => {
    const page = await show('view=patient', { viewport })
    await page.addStyleTag({ content: 'html { font-size: 200% }' }).catch(() => undefined)
    await page.evaluate(() => {
      document.documentElement.style.fontSize = '200%'
    })
    for (const name of ['Settings', 'Turn off camera', 'Mute', 'End session']) {
      const { x, y, width, height } = await box(button(page, name))
      expect(x >= 0 && y >= 0 && x + width <= viewport.width + 1 && y + height <= viewport.height + 1, name).toBe(true)
    }
  })

  it('gives every control at least 44 by 44 px', async () => {
    for (const viewport of [desktop, phone, phoneOnItsSide]) {
      const page = await show('view=patient', { viewport })
      for (const control of await page.getByRole('button').all()) {
        if (!(await control.isVisible())) continue
        const { width, height } = await box(control)
        expect(Math.min(width, height), (await control.getAttribute('aria-label')) ?? '').toBeGreaterThanOrEqual(44)
      }
    }
  })
})
