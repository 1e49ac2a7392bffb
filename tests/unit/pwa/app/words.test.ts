import { afterEach, describe, expect, it, vi } from 'vitest'
import { calendarDaysBetween, formatDateRange, formatElapsed, formatTime } from '../../../../pwa/src/words/formats.ts'
import { chooseLocale, formattingTag, locale, speak, wordArea } from '../../../../pwa/src/words/i18n.ts'

afterEach(() => vi.unstubAllGlobals())

const area = wordArea<{ hello: string }>({
  en: async () => ({ words: { hello: 'Hello' } }),
  es: async () => ({ words: { hello: 'Hola' } }),
})

describe('words', () => {
  it('follow the preference, then the browser, then English', () => {
    expect(chooseLocale('es', ['en-US'])).toBe('es')
    expect(chooseLocale(null, ['fr', 'es-MX', 'en'])).toBe('es')
    expect(chooseLocale(null, ['fr'])).toBe('en')
    expect(chooseLocale('xx', ['en-GB'])).toBe('en')
  })

  it('are there once they are spoken, and change together with the page', async () => {
    const page = { documentElement: { lang: '' } }
    vi.stubGlobal('document', page)
    expect(() => area()).toThrow()
    await speak('es', [area])
    expect([area().hello, locale(), page.documentElement.lang]).toEqual(['Hola', 'es', 'es'])
    await speak('en', [area])
    expect([area().hello, locale(), page.documentElement.lang]).toEqual(['Hello', 'en', 'en'])
  })

  it('keep the region of the reader where the language agrees', () => {
    expect(formattingTag(['es-MX', 'en-GB'])).toBe('en-GB')
    expect(formattingTag(['es-MX'])).toBe('en')
  })

  it('write times with a plain space', () => {
    vi.stubGlobal('navigator', { languages: ['en-US'] })
    expect(formatTime(Date.UTC(2026, 10, 24, 17), 'UTC')).toBe('5:00 PM')
  })

  it('write a week once, with what its ends have in common only once', () => {
    vi.stubGlobal('navigator', { languages: ['en-US'] })
    const noonOf = (month: number, day: number) => Date.UTC(2026, month, day, 12)
    expect(formatDateRange(noonOf(10, 22), noonOf(10, 28), 'UTC')).toBe('Nov 22 – 28, 2026')
    expect(formatDateRange(noonOf(10, 29), noonOf(11, 5), 'UTC')).toBe('Nov 29 – Dec 5, 2026')
  })

  it('count minutes, hours and days as people do', () => {
    expect([formatElapsed(0), formatElapsed(65_000), formatElapsed(3_723_000), formatElapsed(-5)]).toEqual([
      '0:00',
      '1:05',
      '1:02:03',
      '0:00',
    ])
    expect(calendarDaysBetween(new Date(2026, 10, 24, 23, 59).getTime(), new Date(2026, 10, 25, 0, 1).getTime())).toBe(1)
  })
})
