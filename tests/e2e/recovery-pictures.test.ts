import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { accessibilityProblems } from '../support/axe.ts'
import { photograph, takesPictures } from '../support/screenshots.ts'
import { root } from '../support/source-graph.ts'
import { setUpPractice } from '../support/stories/clinic.ts'
import { setStage, type StoryStage } from '../support/stories/stage.ts'
import { wordsOn } from '../support/stories/recovery.ts'

const long = process.env.ALCOVE_LONG === '1'
let stage: StoryStage
beforeAll(async () => {
  stage = await setStage()
}, 60_000)
afterAll(() => stage?.close())

/** Of the kit of PROTOCOL.md. */
const scanned = 'restore#1.AAECAwQFBgcICQoLDA0ODw.1HHSKv'

/** Every screen of the recovery kit, to be looked at, and looked at by axe; all sizes, colours and languages in the long suite. */
describe.each(long ? (['en', 'es'] as const) : (['en'] as const))('pictures of the recovery kit in %s', (language) => {
  const by = (en: string, es: string) => (language === 'en' ? en : es)
  const look = async (page: Page, name: string, options: Parameters<typeof photograph>[2] = {}) => {
    const whole = { fullPage: true, ...options }
    await photograph(page, `kit-${name}-${language}`, long ? whole : { ...whole, screens: ['phone'], schemes: ['light'] })
    expect(await accessibilityProblems(page)).toEqual([])
  }
  const button = (page: Page, en: string, es: string) => page.getByRole('button', { name: by(en, es), exact: true })
  const type = async (page: Page, words: readonly string[]) => {
    for (const [i, word] of words.entries()) await page.getByLabel(by(`Word ${i + 1}`, `Palabra ${i + 1}`), { exact: true }).fill(word)
  }
  async function print(page: Page): Promise<void> {
    const folder = join(root, 'tests/screenshots')
    await mkdir(folder, { recursive: true })
    await page.setViewportSize({ width: 680, height: 900 })
    await page.screenshot({ path: join(folder, `kit-paper-${language}.png`) })
    await page.setViewportSize({ width: 1280, height: 800 })
    await page.pdf({ path: join(folder, `kit-page-${language}.pdf`), format: language === 'en' ? 'Letter' : 'A4' })
  }
  let words: readonly string[] = []

  it('from the card to the test', async () => {
    const { page } = await stage.profile({ locale: 'en-US' })
    await setUpPractice(page, stage.server.origin)
    if (language === 'es') {
      await page.goto(`${stage.server.origin}/settings`)
      await page.getByLabel('Language').selectOption({ label: 'Español' })
      await page.getByRole('link', { name: 'Agenda' }).first().click()
    }
    const card = page.getByRole('link', { name: by('Make a recovery kit', 'Crear un kit de recuperación') })
    await card.waitFor()
    await look(page, 'card', { fullPage: false })
    await card.click()
    await button(page, 'Make the kit', 'Crear el kit').waitFor()
    await look(page, 'explained')
    await button(page, 'Make the kit', 'Crear el kit').click()
    words = await wordsOn(page, by('Recovery kit', 'Kit de recuperación'))
    await look(page, 'made')
    // As it is printed: nothing but the sheet.
    await page.emulateMedia({ media: 'print' })
    expect(await page.getByRole('article').count()).toBe(1)
    expect(await page.getByRole('button').count()).toBe(0)
    if (takesPictures) await print(page)
    await page.emulateMedia({ media: 'screen' })
    await button(page, 'I have it on paper', 'Ya lo tengo en papel').click()
    await type(page, words.toSpliced(4, 1, 'xyzzy').toSpliced(1, 1, ''))
    await button(page, 'Test', 'Probar').click()
    await page.getByRole('alert').getByText(by('Missing: word 2', 'Falta: palabra 2')).waitFor()
    await type(page, words.toSpliced(4, 1, `${words[4]?.slice(0, 4)}zz`))
    await button(page, 'Test', 'Probar').click()
    await page.getByRole('alert').getByRole('button').waitFor()
    await look(page, 'mistyped')
    await page.getByRole('alert').getByRole('button').click()
    await button(page, 'Test', 'Probar').click()
    await page.getByRole('heading', { name: by('The kit works', 'El kit funciona') }).waitFor({ timeout: 40_000 })
    await look(page, 'works')
    await page.goto(`${stage.server.origin}/settings#recovery`)
    await page.getByText(by('Tested on', 'Probado el')).scrollIntoViewIfNeeded()
    await look(page, 'settings')
    await page.goto(`${stage.server.origin}/recovery-kit`)
    await button(page, 'Make a new kit', 'Crear un kit nuevo').waitFor()
    await look(page, 'there')
  })

  it('on an empty device', async () => {
    const { page, context } = await stage.profile({ locale: language === 'en' ? 'en-US' : 'es-MX' })
    await page.goto(stage.server.origin)
    await button(page, 'Restore a practice', 'Restaurar una consulta').waitFor()
    await look(page, 'set-up')
    await button(page, 'Restore a practice', 'Restaurar una consulta').click()
    await page.getByLabel(by('Word 1', 'Palabra 1'), { exact: true }).waitFor()
    await look(page, 'restore')
    await type(page, [...Array(11).fill('abandon'), 'about'])
    await button(page, 'Restore', 'Restaurar').click()
    await page.getByRole('heading', { name: by('The server knows no kit', 'El servidor no conoce ningún kit') }).waitFor()
    await look(page, 'unknown')
    await page.goto(`${stage.server.origin}/restore#1.broken`)
    await page.getByRole('alert').getByText(by('This link is not complete', 'Este enlace no está completo')).waitFor()
    await look(page, 'broken-link')
    await page.goto('about:blank')
    await page.goto(`${stage.server.origin}/${scanned}`)
    await button(page, 'Type the words instead', 'Mejor escribir las palabras').waitFor()
    expect(new URL(page.url()).hash).toBe('')
    await look(page, 'scanned')
    await button(page, 'Type the words instead', 'Mejor escribir las palabras').click()
    await type(page, words)
    await context.setOffline(true)
    await button(page, 'Restore', 'Restaurar').click()
    await button(page, 'Cancel', 'Cancelar').waitFor()
    await look(page, 'working')
    await context.setOffline(false)
    await page.getByRole('heading', { name: by('Willow Practice is back', 'Willow Practice ha vuelto') }).waitFor({ timeout: 40_000 })
    await look(page, 'restored')
    await page.goto(`${stage.server.origin}/restore`)
    await page.getByRole('heading', { name: by('This browser already has', 'Este navegador ya tiene') }).waitFor()
    await look(page, 'here')
    await page.goto(`${stage.server.origin}/${scanned}`)
    await button(page, 'Test the kit instead', 'Mejor probar el kit').click()
    await page.getByRole('heading', { name: by('These are not the words', 'No son las palabras') }).waitFor()
    await look(page, 'other-kit')
  })
})
