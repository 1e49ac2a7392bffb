import { afterEach, describe, expect, it, vi } from 'vitest'
import { calendarDaysBetween, formatElapsed, formatTime } from '../../../../pwa/src/app/words/formats.ts'
import { chooseLocale, formattingTag, locale, speak, wordArea } from '../../../../pwa/src/app/words/i18n.ts'

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
