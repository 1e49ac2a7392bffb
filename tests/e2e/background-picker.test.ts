import type { Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { accessibilityProblems } from '../support/axe.ts'
import { gif, png, svg, withExif } from '../support/image-files.ts'
import type { Demo } from '../support/pages/session-demo/main.tsx'
import { photograph } from '../support/screenshots.ts'
import { announced, box, button, desktop, phone, phoneOnItsSide, sessionDemo } from '../support/session/demo-page.ts'

/** What the clinician sees of backgrounds, with a puppet for the processor; the images are decoded for real. */
declare const demo: Demo

const show = sessionDemo()

const picker = (page: Page) => page.getByRole('region', { name: /^(Background|Fondo)$/ })
const tile = (page: Page, name: string) => picker(page).getByRole('radio', { name, exact: true })
const calls = (page: Page) => page.evaluate(() => demo.background.calls)
const names = ['None', 'Light', 'Blur', 'Quiet office', 'Bookshelf', 'Morning window', 'Warm wall', 'Forest', 'Dusk']

async function openSettings(query = 'premium', viewport = desktop): Promise<Page> {
  const page = await show(query, { viewport })
  const panel = page.getByRole('complementary')
  if ((await panel.count()) === 0) await button(page, query.includes('lang=es') ? 'Mostrar panel' : 'Show panel').click()
  await page.getByRole('tab', { name: query.includes('lang=es') ? 'Ajustes' : 'Settings', exact: true }).click()
  return page
}

/** A file as it comes from the disk, under the name it has there. */
async function add(page: Page, name: string, mimeType: string, buffer: Buffer): Promise<void> {
  const asked = page.waitForEvent('filechooser')
  await button(page, 'Add image').click()
  await (await asked).setFiles({ name, mimeType, buffer })
}

describe('backgrounds in the session’s Settings', () => {
  it('S39 are one radio group for Premium practices, by mouse and by keyboard; Basic practices see none', async () => {
    const basic = await openSettings('')
    await basic.getByRole('switch', { name: 'Show call timer' }).waitFor()
    expect(await picker(basic).count()).toBe(0)

    const page = await openSettings()
    await picker(page).waitFor()
    expect(await picker(page).getByRole('radio').count()).toBe(names.length)
    for (const name of names) expect((await box(tile(page, name))).height).toBeGreaterThanOrEqual(44)
    await tile(page, 'Blur').check()
    await page.keyboard.press('ArrowRight')
    await page.keyboard.press('ArrowLeft')
    await page.keyboard.press('ArrowLeft')
    expect(await calls(page)).toEqual(['blur', 'image:quiet-office', 'blur', 'light'])
    await announced(page, 'Your background is Light.')
    expect(await accessibilityProblems(page)).toEqual([])
  })

  it('show the room to nobody whom the arrow keys take past None, and to all when one stays there, or clicks it', async () => {
    const page = await openSettings()
    await page.clock.install()
    await page.clock.pauseAt(Date.now() + 60_000)
    await tile(page, 'Light').check()
    await page.keyboard.press('ArrowLeft')
    expect(await tile(page, 'None').isChecked()).toBe(true)
    await page.clock.runFor(500)
    await page.keyboard.press('ArrowLeft')
    await page.clock.runFor(5000)
    expect(await calls(page)).toEqual(['light', 'image:dusk'])
    await page.keyboard.press('ArrowRight')
    expect(await calls(page)).toHaveLength(2)
    await page.clock.runFor(700)
    expect((await calls(page)).slice(2)).toEqual(['none'])
    await tile(page, 'Blur').check()
    await tile(page, 'None').check()
    expect((await calls(page)).slice(3)).toEqual(['blur', 'none'])
    // It stands still for all pages of this browser.
    await page.clock.resume()
  })

  it('says what goes on, what the other person sees, and what to do next', async () => {
    const page = await openSettings()
    await tile(page, 'Blur').check()
    const area = picker(page)
    await page.evaluate(() => demo.background.update({ phase: { kind: 'loading', loadedBytes: 4_200_000, totalBytes: 13_100_000 } }))
    await area.getByText('4.2 of 13.1 MB').waitFor()
    await area.getByText('The other person sees a black picture until it is ready.').waitFor()
    await photograph(page, 'background-loading', { screens: ['desktop', 'phone'], schemes: ['light'] })
    await button(page, 'Cancel').click()
    // What is pressed goes away; the focus does not.
    expect(await tile(page, 'Blur').evaluate((element) => element === document.activeElement)).toBe(true)

    await page.setViewportSize(phone)
    await tile(page, 'Dusk').scrollIntoViewIfNeeded()
    await page.evaluate(() => demo.background.update({ phase: { kind: 'failed', problem: 'not-fetched' } }))
    await area.getByText('The background could not be loaded').waitFor()
    expect(await accessibilityProblems(page)).toEqual([])
    // Comes into sight on a small screen, too, and hides nothing that could be chosen in its place.
    const [again, bar, dusk] = [await box(button(page, 'Try again')), await box(page.getByRole('toolbar')), await box(tile(page, 'Dusk'))]
    expect(again.y + again.height).toBeLessThanOrEqual(bar.y)
    expect(dusk.y).toBeGreaterThan(again.y)
    await page.setViewportSize(desktop)
    await photograph(page, 'background-failed', { schemes: ['light'] })
    await button(page, 'Try again').click()
    expect((await calls(page)).slice(-2)).toEqual(['cancel', 'blur'])

    // Nothing to go back to but the room: no Cancel, and the second click of two is none.
    await page.evaluate(() => demo.background.update({ phase: { kind: 'starting' }, canCancel: false }))
    await area.getByText('Starting the background…').waitFor()
    expect(await button(page, 'Cancel').count()).toBe(0)
    await button(page, 'No background').dispatchEvent('click', { detail: 2 })
    expect((await calls(page)).at(-1)).toBe('blur')

    await page.evaluate(() => demo.background.update({ phase: { kind: 'interrupted' } }))
    await area.getByText('Your room is not shown.').waitFor()
    // Whoever closes Settings hears it all the same, once.
    await page.evaluate(() => demo.background.update({ phase: { kind: 'on' }, keepsUp: false }))
    await area.getByText('This computer cannot keep up').waitFor()
    expect(await page.getByText('This computer cannot keep up').count()).toBe(1)
    await button(page, 'Hide panel').click()
    await page.getByRole('alert').getByText('This computer cannot keep up').waitFor()
    await photograph(page, 'background-slow', { schemes: ['light'] })
    await button(page, 'No background').click()
    expect((await calls(page)).at(-1)).toBe('none')
    expect(await button(page, 'Show panel').evaluate((element) => element === document.activeElement)).toBe(true)
    expect(await page.getByText('This computer cannot keep up').count()).toBe(0)

    // A black picture that stays is explained there, too, and can be decided.
    await page.evaluate(() => demo.background.update({ chosen: { kind: 'blur' }, phase: { kind: 'starting' }, canCancel: false }))
    await page.getByRole('alert').getByText('The other person sees a black picture until it is ready.').waitFor()
    await photograph(page, 'background-waiting', { schemes: ['light'] })
    await page.getByRole('alert').getByRole('button', { name: 'No background' }).click()
    expect((await calls(page)).at(-1)).toBe('none')
  })

  it('are not offered where the browser cannot, and are not done twice', async () => {
    const page = await openSettings('premium&backgrounds=no-webgl2')
    await picker(page).getByText('It lacks WebGL 2.').waitFor()
    expect(await picker(page).getByRole('radio').count()).toBe(0)
    expect(await picker(page).getByText('The other person sees a black picture.').count()).toBe(0)
    await page.evaluate(() => demo.background.update({ chosen: { kind: 'blur' }, phase: { kind: 'failed', problem: 'not-started' } }))
    await picker(page).getByText('The other person sees a black picture. It lacks WebGL 2.').waitFor()
    const other = await openSettings()
    await tile(other, 'Blur').check()
    await other.evaluate(() => demo.background.update({ alreadyBlurred: true, phase: { kind: 'off' } }))
    await picker(other).getByText('Your system blurs your background already').waitFor()
  })

  it('may be images of one’s own, painted anew, and never what only claims to be one', async () => {
    const page = await openSettings()
    const jpeg = await page.evaluate(async () => {
      const canvas = new OffscreenCanvas(300, 200)
      const context = canvas.getContext('2d')
      if (!context) throw new Error('no canvas')
      context.fillStyle = '#5f7480'
      context.fillRect(0, 0, 300, 200)
      const blob = await canvas.convertToBlob({ type: 'image/jpeg' })
      return [...new Uint8Array(await blob.arrayBuffer())]
    })
    const photo = withExif(Buffer.from(jpeg), 'Harbor Street 5')
    const bad: Readonly<Record<string, Buffer>> = {
      empty: Buffer.alloc(0),
      gif,
      svg,
      'cut off': photo.subarray(0, 400),
      bomb: png(1, 1, { width: 50_000, height: 50_000 }),
      'not what it says': png(1, 1, { width: 4000, height: 3000 }).subarray(0, 60),
    }
    const added = (base64: string, mebibytes = 0) =>
      page.evaluate(
        async ([text, more]) => {
          const bytes = Uint8Array.from(atob(text), (character) => character.charCodeAt(0))
          const result = await demo.backgroundImages.own.add(new Blob([bytes, new Uint8Array(more * 1024 * 1024)], { type: 'image/png' }))
          return result.ok ? 'added' : result.error
        },
        [base64, mebibytes] as const,
      )
    const answers = await Promise.all(Object.entries(bad).map(async ([name, bytes]) => [name, await added(bytes.toString('base64'))]))
    expect(Object.fromEntries(answers)).toEqual({
      empty: 'not-an-image',
      gif: 'not-an-image',
      svg: 'not-an-image',
      'cut off': 'not-an-image',
      bomb: 'too-large',
      'not what it says': 'not-an-image',
    })
    expect(await added(png(2, 2).toString('base64'), 25)).toBe('too-large')
    await add(page, 'moving.png', 'image/png', gif)
    await picker(page).getByText('This file cannot be used.').waitFor()
    expect(await page.evaluate(() => demo.keptImages.kept.length)).toBe(0)

    // A photograph with a page hidden behind it.
    await add(page, 'photo.jpg', 'image/jpeg', Buffer.concat([photo, Buffer.from('<script>alert(1)</script>')]))
    await tile(page, 'Your image 1').waitFor()
    expect(await tile(page, 'Your image 1').isChecked()).toBe(true)
    const kept = await page.evaluate(async () => {
      const [image] = demo.keptImages.kept
      if (!image) throw new Error('nothing is kept')
      const { width, height } = await createImageBitmap(image.image)
      return { width, height, type: image.image.type, text: await image.image.text() }
    })
    // Turned as its file said, and nothing of what else was in there.
    expect(kept).toMatchObject({ width: 200, height: 300, type: 'image/jpeg' })
    expect(kept.text).not.toMatch(/Exif|Harbor|script/)

    await add(page, 'second.png', 'image/png', png(640, 360))
    await tile(page, 'Your image 2').waitFor()
    expect(await accessibilityProblems(page)).toEqual([])
    await photograph(page, 'background-own', { schemes: ['light'] })
    // Nothing has changed when the list is read again, and nothing is said.
    const said = page.locator('body > [role=status][aria-live=polite]')
    await said.evaluate((region) => region.replaceChildren())
    await button(page, 'Hide panel').click()
    await button(page, 'Show panel').click()
    await page.getByRole('tab', { name: 'Settings', exact: true }).click()
    await tile(page, 'Your image 2').waitFor()
    expect(await said.textContent()).toBe('')
    // Whoever has chosen something else by the time that an image is there keeps it.
    await page.evaluate(() => {
      const { add: keep } = demo.keptImages
      const released = new Promise((resolve) => addEventListener('test:go-on', resolve, { once: true }))
      Object.assign(demo.keptImages, { add: (...image: Parameters<typeof keep>) => released.then(() => keep(...image)) })
    })
    await add(page, 'third.png', 'image/png', png(320, 180))
    await tile(page, 'Your image 1').check()
    await tile(page, 'Your image 2').check()
    await page.evaluate(() => dispatchEvent(new Event('test:go-on')))
    await tile(page, 'Your image 3').waitFor()
    expect(await tile(page, 'Your image 2').isChecked()).toBe(true)
    await button(page, 'Remove your image 3').click()
    await announced(page, 'Your image 3 was removed.')
    await button(page, 'Remove your image 2').click()
    await announced(page, 'Your image 2 was removed. Your background is Blur now.')
    expect((await calls(page)).at(-1)).toBe('blur')
    expect(await button(page, 'Remove your image 1').evaluate((element) => element === document.activeElement)).toBe(true)
    await button(page, 'Remove your image 1').click()
    await announced(page, 'Your image 1 was removed.')
    expect(await page.evaluate(() => demo.keptImages.kept.length)).toBe(0)
  })

  it('fit on every screen, in both languages and with text twice as large', async () => {
    for (const [query, viewport] of [
      ['premium', desktop],
      ['premium&lang=es', phone],
      ['premium&lang=es', phoneOnItsSide],
    ] as const) {
      const page = await openSettings(query, viewport)
      await picker(page).waitFor()
      await picker(page).getByRole('radio').nth(3).check()
      await picker(page).evaluate((element) => element.scrollIntoView())
      const name = `background-picker-${query.includes('es') ? 'es' : 'en'}`
      await photograph(page, `${name}-${viewport.width}`, {
        screens: [viewport === desktop ? 'desktop' : viewport === phone ? 'phone' : 'phone on its side'],
      })
      await page.evaluate(() => {
        document.documentElement.style.fontSize = '200%'
      })
      const wide = await picker(page).evaluate((element) => element.scrollWidth - element.clientWidth)
      expect(wide).toBeLessThanOrEqual(0)
      await photograph(page, `${name}-${viewport.width}-large`, {
        screens: [viewport === desktop ? 'desktop' : viewport === phone ? 'phone' : 'phone on its side'],
        schemes: ['light'],
      })
    }
  })
})
