import { describe, expect, it } from 'vitest'
import { chooseLocale, formattingTag } from '../../../extension/src/words/locale.ts'
import { words as noticesEn } from '../../../extension/src/words/notices.en.ts'
import { words as noticesEs } from '../../../extension/src/words/notices.es.ts'
import { words as screensEn } from '../../../extension/src/words/screens.en.ts'
import { words as screensEs } from '../../../extension/src/words/screens.es.ts'

/** Every sentence by its place; those with a number or a name in them are said with one. */
function sentences(words: object, place = ''): [string, string][] {
  return Object.entries(words).flatMap(([key, value]) => {
    const here = `${place}/${key}`
    if (typeof value === 'function') return [2, 1].map((n): [string, string] => [`${here}(${n})`, value(n, n)])
    return typeof value === 'string' ? [[here, value]] : sentences(value, here)
  })
}

/** The same in both languages, and rightly so. */
const same = new Set([
  '/title',
  '/name',
  '/roundTrip(2)',
  '/roundTrip(1)',
  '/foundAgo(2)',
  '/foundAgo(1)',
  '/fix/name(2)',
  '/fix/name(1)',
  '/optionsPage/sites/example',
  '/optionsPage/language/en',
  '/optionsPage/language/es',
])

describe.each([
  { name: 'the screens', en: screensEn, es: screensEs },
  { name: 'the notifications', en: noticesEn, es: noticesEs },
])('the words of $name', ({ en, es }) => {
  const english = new Map(sentences(en))
  const spanish = new Map(sentences(es))

  it('are there in both languages, each in its own', () => {
    expect([...spanish.keys()].sort()).toEqual([...english.keys()].sort())
    const untranslated = [...english].filter(([place, text]) => spanish.get(place) === text && !same.has(place)).map(([place]) => place)
    expect(untranslated).toEqual([])
  })

  it('are whole: no empty sentence, nothing undefined in one', () => {
    const broken = [...english, ...spanish].filter(([, text]) => text.trim() === '' || /undefined|NaN|\[object/.test(text))
    expect(broken).toEqual([])
    expect(english.size).toBeGreaterThan(10)
  })
})

describe('the language', () => {
  it('follows the browser, unless one was chosen', () => {
    expect(chooseLocale('browser', ['fr-FR', 'es-MX', 'en'])).toBe('es')
    expect(chooseLocale('browser', ['fr', 'de'])).toBe('en')
    expect(chooseLocale('en', ['es'])).toBe('en')
  })

  it('keeps the region of the reader for times', () => {
    expect(formattingTag('en', ['es-MX', 'en-GB'])).toBe('en-GB')
    expect(formattingTag('es', ['en-GB'])).toBe('es')
  })
})
