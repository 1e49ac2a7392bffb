import { displayName } from '@alcove/shared/domain/display-name'
import { fc } from '../../../support/property.ts'
import { afterEach, expect, test, vi } from 'vitest'

afterEach(() => vi.unstubAllGlobals())

test.each([
  ['Sam', 'Sam'],
  ['  Sam   Lee ', 'Sam Lee'],
  ['Sam\n\tLee', 'Sam Lee'],
  ['Sam\u00A0\u3000Lee', 'Sam Lee'],
  ["Siân O'Brien-Ng, Jr.", "Siân O'Brien-Ng, Jr."],
  ['Zoe\u0308', 'Zoë'],
  ['診療 太郎', '診療 太郎'],
  ['محمد', 'محمد'],
  ['Sam 👋🏽', 'Sam 👋🏽'],
  ['x', 'x'],
])('%j is shown as %j', (typed, shown) => {
  expect(displayName(typed)).toBe(shown)
})

test.each([
  ['control characters', 'S\u0000a\u0007m\u007F\u009B'],
  ['bidi overrides and isolates', '\u202ES\u202Aa\u2066m\u2069\u200F\u061C'],
  ['zero-width characters', 'S\u200Ba\u200C\u200D\u2060m\uFEFF\u00AD'],
  ['tag characters', 'Sam\u{E0041}\u{E007F}'],
  ['lone surrogates', 'S\uD83Dam\uDC4B'],
  ['private use', 'S\uE000am\u{F0000}'],
  ['blank letters', 'S\u3164a\u115Fm\uFFA0\u2800'],
])('%s are left out', (_, typed) => {
  expect(displayName(typed)).toBe('Sam')
})

test.each(['', ' ', '\n\t', '\u200B\u202E', '\u0000', '\u3164', '\uFE0F', '\u0301\u0301', '\uD800'])('%j is no name', (typed) => {
  expect(displayName(typed)).toBeNull()
})

test('at most 40 characters as people count them', () => {
  expect(displayName('a'.repeat(41))).toBe('a'.repeat(40))
  expect(displayName('é'.normalize('NFD').repeat(41))).toBe('é'.repeat(40))
  expect(displayName('👋'.repeat(41))).toBe('👋'.repeat(40))
})

test('at most 80 code units, cut between characters', () => {
  expect(displayName('👋🏽'.repeat(40))).toBe('👋🏽'.repeat(20))
  const flags = displayName(`a${'🇪🇸'.repeat(40)}`)
  expect(flags).toBe(`a${'🇪🇸'.repeat(19)}`)
})

test('a tower of marks becomes a letter with a few', () => {
  expect(displayName(`S${'\u0324\u0316\u0317'.repeat(300)}am`)?.length).toBeLessThanOrEqual(7)
})

test('a cut never leaves a space at the end', () => {
  expect(displayName(`${'a'.repeat(39)} b`)).toBe('a'.repeat(39))
})

const typed = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 120 }),
  fc.string({ unit: 'grapheme', maxLength: 120 }),
  fc.string({
    unit: fc.constantFrom('a', ' ', '\u0301', '\u0323', '\u200D', '👩', '\uD800', '\u1100', '\u1161', '\u11A8', '🇪'),
    maxLength: 120,
  }),
)

function expectClean(name: string | null): void {
  if (name === null) return
  expect(name.length).toBeGreaterThan(0)
  expect(name.length).toBeLessThanOrEqual(80)
  expect(name).toBe(name.normalize('NFC'))
  expect(name).toBe(name.trim())
  expect(name).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}]|\s\s/u)
  expect(displayName(name)).toBe(name)
}

test('whatever was typed, the name is clean, and cleaning it again changes nothing', () => {
  fc.assert(
    fc.property(typed, (text) => expectClean(displayName(text))),
    { numRuns: 2000 },
  )
})

test('a browser without Intl.Segmenter counts code points and is as safe', () => {
  vi.stubGlobal('Intl', {})
  expect(displayName('Zoe\u0308 診')).toBe('Zoë 診')
  expect(displayName('👋'.repeat(41))).toBe('👋'.repeat(40))
  fc.assert(
    fc.property(typed, (text) => expectClean(displayName(text))),
    { numRuns: 500 },
  )
})
