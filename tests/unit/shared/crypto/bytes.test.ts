import { concat, equalBytes, fromBase64Url, fromUtf8, hashText, randomId, toBase64Url, utf8 } from '@alcove/shared/crypto/bytes'
import { fc } from '../../../support/property.ts'
import { expect, test } from 'vitest'

const bytes = fc.uint8Array({ maxLength: 300 }).map((array) => new Uint8Array(array))

test('bytes come back from base64url, as Node writes it', () => {
  fc.assert(
    fc.property(bytes, (original) => {
      const text = toBase64Url(original)
      expect(text).toBe(Buffer.from(original).toString('base64url'))
      expect(fromBase64Url(text)).toEqual(original)
    }),
  )
})

test('only the canonical form of base64url is read', () => {
  for (const text of ['A', 'AB==', 'AB', 'AA=', 'A+AA', 'A/AA', 'AA AA', 'AAAA\n', 'ÄAAA']) {
    expect(fromBase64Url(text), JSON.stringify(text)).toBeNull()
  }
  expect(fromBase64Url('')).toEqual(new Uint8Array(0))
  expect(fromBase64Url('AA')).toEqual(new Uint8Array([0]))
})

test('no two texts mean the same bytes', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom(...'AQgwBR_-'), maxLength: 6 }), (text) => {
      const read = fromBase64Url(text)
      if (read) expect(toBase64Url(read)).toBe(text)
    }),
  )
})

test('bytes that are no UTF-8 are no text', () => {
  expect(fromUtf8(new Uint8Array([0xc3, 0x28]))).toBeNull()
  expect(fromUtf8(new Uint8Array([0xed, 0xa0, 0x80]))).toBeNull()
  expect(fromUtf8(utf8('Zoë, 診療'))).toBe('Zoë, 診療')
})

test('equal bytes are equal, all others are not', () => {
  fc.assert(
    fc.property(bytes, bytes, (a, b) => {
      expect(equalBytes(a, b)).toBe(Buffer.compare(a, b) === 0)
      expect(equalBytes(a, a.slice())).toBe(true)
    }),
  )
})

test('parts are joined in order', () => {
  expect(concat(new Uint8Array([1]), new Uint8Array(0), new Uint8Array([2, 3]))).toEqual(new Uint8Array([1, 2, 3]))
})

test('random ids are 22 characters and differ', () => {
  const ids = new Set(Array.from({ length: 1000 }, randomId))
  expect(ids.size).toBe(1000)
  for (const id of ids) expect(id).toMatch(/^[\w-]{22}$/)
})

test('a text is hashed by its UTF-8 (FIPS 180-4 example)', async () => {
  expect(await hashText('abc')).toBe(
    Buffer.from('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad', 'hex').toString('base64url'),
  )
})
