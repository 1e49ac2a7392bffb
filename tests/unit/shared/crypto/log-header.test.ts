import { concat, toBase64Url } from '@alcove/shared/crypto/bytes'
import { decodeHeader, encodeHeader, maxSeen, readVarint, varint } from '@alcove/shared/crypto/log-header'
import type { DeviceTag, LogHash, RecordHeader } from '@alcove/shared/domain/sealed-log'
import { fc } from '../../../support/property.ts'
import { describe, expect, test } from 'vitest'

const tag = (value: number) => toBase64Url(new Uint8Array(16).fill(value)) as DeviceTag
const header: RecordHeader = { kind: 'update', device: tag(1), number: 5, epoch: null, seen: new Map([[tag(2), 7]]), covers: null }
const seen = (value: number) => concat(new Uint8Array(16).fill(value), new Uint8Array([7]))
const head = (count: number) => concat(new Uint8Array([1, 0]), new Uint8Array(16).fill(1), new Uint8Array([5, count]))

describe('a header', () => {
  test('has one form: whatever is read as one is made of it again, byte by byte', () => {
    const noise = fc.tuple(
      fc.constantFrom(0, 1, 2, 0x10, 0x11, 0x12),
      fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 20, maxLength: 120 }),
    )
    let read = 0
    fc.assert(
      fc.property(noise, ([flags, rest]) => {
        const bytes = new Uint8Array([1, flags, ...rest])
        const decoded = decodeHeader(bytes)
        if (!decoded) return
        read++
        expect(encodeHeader(decoded.header)).toEqual(bytes.slice(0, decoded.length))
      }),
      { numRuns: 2000 },
    )
    expect(read).toBeGreaterThan(100)
  })

  test('with devices out of order, twice, or the writer among them is none', () => {
    expect(decodeHeader(concat(head(2), seen(2), seen(3)))?.header.seen.size).toBe(2)
    for (const strange of [
      [seen(3), seen(2)],
      [seen(2), seen(2)],
      [seen(1), seen(2)],
    ]) {
      expect(decodeHeader(concat(head(2), ...strange))).toBeNull()
    }
  })

  test('of another version or kind, or cut off anywhere, is none', () => {
    const good = encodeHeader({ ...header, kind: 'snapshot', covers: { sequence: 300, hash: toBase64Url(new Uint8Array(32)) as LogHash } })
    expect(decodeHeader(good)?.length).toBe(good.length)
    for (let length = 0; length < good.length; length++) expect(decodeHeader(good.slice(0, length))).toBeNull()
    for (const [at, value] of [
      [0, 0],
      [0, 2],
      [1, 3],
      [1, 0x20],
      [1, 0x81],
    ] as const) {
      const strange = good.slice()
      strange[at] = value
      expect(decodeHeader(strange)).toBeNull()
    }
  })

  test('names a thousand devices at most, and no number below 1', () => {
    expect(decodeHeader(concat(head(0), varint(maxSeen + 1).slice(1)))?.header.seen.size).toBe(0)
    const many = concat(
      new Uint8Array([1, 0]),
      new Uint8Array(16).fill(1),
      varint(5),
      varint(maxSeen + 1),
      new Uint8Array(32 * maxSeen).fill(9),
    )
    expect(decodeHeader(many)).toBeNull()
    expect(decodeHeader(concat(head(1), new Uint8Array(16).fill(2), varint(0)))).toBeNull()
    expect(() => encodeHeader({ ...header, number: 0 })).toThrow(TypeError)
    expect(() => encodeHeader({ ...header, seen: new Map([[tag(2), 0]]) })).toThrow(TypeError)
    expect(() => encodeHeader({ ...header, seen: new Map([[tag(1), 4]]) })).toThrow(TypeError)
    expect(() => encodeHeader({ ...header, kind: 'ack' })).toThrow(TypeError)
    expect(() => encodeHeader({ ...header, device: 'short' as DeviceTag })).toThrow(TypeError)
  })
})

describe('a count', () => {
  test('is read as it was written, up to the greatest whole number', () => {
    fc.assert(
      fc.property(fc.maxSafeNat(), fc.uint8Array({ maxLength: 4 }), (value, rest) => {
        const bytes = varint(value)
        expect(readVarint(concat(bytes, new Uint8Array(rest)), 0)).toEqual({ value, end: bytes.length })
      }),
    )
    expect(readVarint(varint(Number.MAX_SAFE_INTEGER), 0)?.value).toBe(Number.MAX_SAFE_INTEGER)
  })

  test('longer than it need be, greater, or cut off is none', () => {
    for (const bytes of [
      [0x80, 0],
      [0x85, 0x80, 0],
      [0x80],
      [],
      [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f],
      Array<number>(9).fill(0x80),
    ]) {
      expect(readVarint(new Uint8Array(bytes), 0)).toBeNull()
    }
    for (const value of [-1, 0.5, Number.MAX_SAFE_INTEGER + 1, Number.NaN]) expect(() => varint(value)).toThrow(TypeError)
  })
})
