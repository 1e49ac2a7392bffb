import { describe, expect, it } from 'vitest'
import type { Demo } from '../support/pages/session-demo/main.tsx'
import { accessibilityProblems } from '../support/axe.ts'
import { box, button, desktop, log, phone, phoneOnItsSide, roomCalls, sessionDemo } from '../support/session/demo-page.ts'

/** The end, help, and what everybody needs of the session screen, with puppets for engines. */
declare const demo: Demo

const show = sessionDemo()

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
      // Colours have arrived: reduced motion makes their transitions short, not absent.
      await page.waitForFunction(
        (scheme) => matchMedia(`(prefers-color-scheme: ${scheme})`).matches && document.getAnimations().length === 0,
        colorScheme,
      )
      expect(await accessibilityProblems(page, colorScheme === 'light' ? 'all' : 'contrast')).toEqual([])
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
