import type { Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { accessibilityProblems } from '../support/axe.ts'
import type { Demo } from '../support/pages/people-demo/main.tsx'
import { peopleDemo } from '../support/people/demo-page.ts'
import { photograph } from '../support/screenshots.ts'

declare const demo: Demo
const show = peopleDemo()

const whole = { fullPage: true, screens: ['desktop', 'phone'] } as const

const long = process.env.ALCOVE_LONG === '1'

/** Every state, to be looked at; in the long suite on each screen, in both colour schemes, and in Spanish. */
describe.each(long ? (['en', 'es'] as const) : (['en'] as const))('pictures in %s', (language) => {
  const locale = language === 'en' ? 'en-US' : 'es-MX'
  const named = (name: string) => (language === 'en' ? name : `${name}-es`)
  const look = async (page: Page, name: string, options: Parameters<typeof photograph>[2] = {}) => {
    // English shows every size and colour, Spanish whether its longer words fit.
    await photograph(page, `p-${name}`, long && language === 'en' ? options : { ...options, screens: ['phone'], schemes: ['light'] })
    expect(await accessibilityProblems(page)).toEqual([])
  }
  const by = (en: string, es: string) => (language === 'en' ? en : es)

  it('of people and devices', async () => {
    const page = await show('path=/settings&fill=all', { locale })
    await look(page, named('people'), whole)
    await page.getByRole('button', { name: by('Edit Dr. Kofi Mensah', 'Editar Dr. Kofi Mensah') }).click()
    await page.getByRole('dialog').waitFor()
    await look(page, named('edit'))
    await page.getByRole('button', { name: by('Remove from the practice', 'Eliminar de la consulta') }).click()
    await page.getByRole('alertdialog').waitFor()
    await look(page, named('remove-person'))
    await page.keyboard.press('Escape')
    await page.keyboard.press('Escape')
    await page.getByRole('button', { name: by('Add a person', 'Añadir una persona') }).click()
    await page.getByRole('dialog').waitFor()
    await look(page, named('add-person'))
  })

  it('of a device that was removed, and of one that gets another name', async () => {
    const page = await show('path=/settings&fill=all', { locale })
    await page
      .getByRole('button', {
        name: by('Rename device Safari on iPhone or iPad', 'Cambiar nombre del dispositivo Safari en iPhone o iPad'),
      })
      .click()
    await page.getByRole('dialog').waitFor()
    await look(page, named('rename'))
    await page.keyboard.press('Escape')
    await page.getByRole('button', { name: by('Remove device Safari', 'Eliminar dispositivo Safari') }).click()
    await page.getByRole('alertdialog').getByRole('button').last().click()
    await page.getByRole('region', { name: by('Replace the waiting room', 'Reemplazar la sala de espera') }).waitFor()
    await look(page, named('removed-one'))
    await page
      .getByRole('region')
      .getByRole('button', { name: by('Replace the waiting room', 'Reemplazar la sala de espera') })
      .click()
    await page.getByRole('alertdialog').getByRole('button').last().click()
    await page.getByRole('button', { name: by('Show the links', 'Mostrar los enlaces') }).click()
    await page.getByText(by('Links to send again', 'Enlaces que hay que volver a enviar')).first().waitFor()
    await look(page, named('replaced-room'))
  })

  it('of an invitation', async () => {
    const page = await show('path=/settings&fill=all', { locale })
    await page.getByRole('button', { name: by('Invite Dr. Noor Haddad', 'Invitar a Dr. Noor Haddad') }).click()
    const link = await page.getByLabel(by('Invitation link', 'Enlace de invitación'), { exact: true }).inputValue()
    await look(page, named('invite'))
    await page.evaluate((url) => demo.otherJoins(url), link)
    await page.getByText(by('Compare the codes', 'Compare los códigos')).waitFor()
    await page.evaluate((url) => demo.otherJoins(url, 'a third'), link)
    await page.getByText(by('A second device', 'Un segundo dispositivo')).waitFor()
    await look(page, named('compare'))
    await page.evaluate(() => demo.hold())
    await page.getByRole('button', { name: by('The codes match', 'Los códigos coinciden') }).click()
    await look(page, named('sending'))
    await page.keyboard.press('Escape')
    await page.getByRole('alertdialog').waitFor()
    await look(page, named('call-off'))
    await page.keyboard.press('Escape')
    await page.evaluate(() => demo.release())
    await page.getByRole('button', { name: by('Done', 'Listo') }).waitFor()
    await look(page, named('invited'))
  })

  it('of an invitation that failed', async () => {
    const page = await show('path=/settings&fill=alone', { locale })
    await look(page, named('alone'), whole)
    await page.getByRole('button', { name: by('Link another device', 'Vincular otro dispositivo') }).click()
    const link = await page.getByLabel(by('Invitation link', 'Enlace de invitación'), { exact: true }).inputValue()
    await page.evaluate((url) => demo.otherJoins(url), link)
    await page.getByRole('button', { name: by('They differ', 'Son distintos') }).click()
    await look(page, named('differ'))
  })

  it('of joining', async () => {
    const fresh = await show('path=/', { locale })
    await look(fresh, named('fresh'))
    await fresh.getByRole('button', { name: by('Join a practice', 'Unirse a una consulta') }).click()
    await fresh.getByLabel(by('Invitation link', 'Enlace de invitación')).waitFor()
    await look(fresh, named('join'))
    const page = await show('invited', { locale })
    await page.getByText(by('Your code', 'Su código')).waitFor()
    await look(page, named('join-code'))
    await page.evaluate(() => demo.hold())
    await page.getByRole('button', { name: by('The codes match', 'Los códigos coinciden') }).click()
    await page.evaluate(() => demo.otherApproves())
    await page.getByText(by('You are in', 'Ya está dentro')).waitFor()
    await look(page, named('receiving'))
    const broken = await show('invited&cut', { locale })
    await broken.getByText(by('This link is not complete', 'Este enlace no está completo')).waitFor()
    await look(broken, named('broken-link'))
    const here = await show('fill=alone&path=/join-practice', { locale })
    await look(here, named('practice-here'))
    await look(await show('removed', { locale }), named('removed-device'))
    await look(await show('lost', { locale }), named('lost'), whole)
  })
})
