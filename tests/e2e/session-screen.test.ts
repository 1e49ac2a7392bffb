import type { Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { accessibilityProblems } from '../support/axe.ts'
import type { Demo } from '../support/pages/session-demo/main.tsx'
import { photograph } from '../support/screenshots.ts'
import {
  announced,
  box,
  button,
  centre,
  desktop,
  group,
  log,
  phone,
  phoneOnItsSide,
  preview,
  roomCalls,
  sessionDemo,
} from '../support/session/demo-page.ts'

/** The session screen by itself, with puppets for engines; the stories with real calls are in other files. */
declare const demo: Demo

const show = sessionDemo()

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

  it('decides nothing while the session moves to another device, says so, and goes on when that fails', async () => {
    const page = await show()
    await group(page)
    await page.evaluate(() => {
      demo.room.update({ announced: demo.exampleEntry('Mia Lee'), waiting: [demo.exampleEntry('Mia Lee')] })
      demo.room.update({ devices: { ...demo.room.state().devices, moving: { way: 'away', label: 'Office laptop' } } })
    })
    await page.getByRole('status').getByText('Moving the session to Office laptop…').first().waitFor()
    const held = [
      button(page, 'End session'),
      button(page, 'Remove Sam Lee'),
      button(page, 'Accept Mia Lee'),
      button(page.getByRole('alertdialog'), 'Accept'),
    ]
    for (const one of held) {
      expect(await one.getAttribute('aria-disabled')).toBe('true')
      await one.dispatchEvent('click')
    }
    expect((await roomCalls(page)).filter((call) => !call.startsWith('seen'))).toEqual([])
    expect(await accessibilityProblems(page)).toEqual([])
    await photograph(page, 'session-moving-away', { screens: ['phone'], schemes: ['light'] })
    await page.evaluate(() => {
      const { devices } = demo.room.state()
      demo.room.update({ devices: { ...devices, moving: null, notice: { kind: 'not-moved', label: 'Office laptop' } } })
    })
    await page.getByText('Moving the session to Office laptop…').first().waitFor({ state: 'detached' })
    for (const one of held) expect(await one.getAttribute('aria-disabled')).toBeNull()
    await held[3]?.click()
    expect(await roomCalls(page)).toContain('accept guest-Mia Lee')
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
