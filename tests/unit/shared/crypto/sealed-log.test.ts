import { toBase64Url } from '@alcove/shared/crypto/bytes'
import { generateSecret, importKeyPair } from '@alcove/shared/crypto/identity'
import { deriveLogKey, spaceIdOf } from '@alcove/shared/crypto/log-keys'
import { deviceTagOf, openRecord, paddedLength, readHeader, sealRecord, verifyRecord } from '@alcove/shared/crypto/sealed-log'
import { asId, type DeviceKey, type DocumentId, type EntryHash, type EpochId } from '@alcove/shared/domain/ids'
import { type DeviceTag, type LogHash, maxRecordBytes, type RecordHeader } from '@alcove/shared/domain/sealed-log'
import { fc } from '../../../support/property.ts'
import { describe, expect, test } from 'vitest'

const bytesOf = (length: number, value: number) => new Uint8Array(length).fill(value)
const tag = (value: number) => toBase64Url(bytesOf(16, value)) as DeviceTag

async function world() {
  const device = await importKeyPair(await generateSecret())
  const key = asId<DeviceKey>(device.publicKey)
  const practiceKey = bytesOf(32, 7)
  const place = {
    space: await spaceIdOf(asId<EntryHash>(toBase64Url(bytesOf(32, 1))), key),
    log: asId<DocumentId>(toBase64Url(bytesOf(16, 2))),
  }
  const header: RecordHeader = {
    kind: 'update',
    device: await deviceTagOf(key),
    number: 1,
    epoch: null,
    seen: new Map(),
    covers: null,
  }
  return { device, key, practiceKey, place, header, contentKey: await deriveLogKey(practiceKey, null, key) }
}

const arbitraryHeader = fc
  .record({
    device: fc.integer({ min: 0, max: 9 }),
    number: fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }),
    epoch: fc.option(fc.integer({ min: 0, max: 255 })),
    seen: fc.array(fc.tuple(fc.integer({ min: 10, max: 60 }), fc.integer({ min: 1, max: 100_000 })), { maxLength: 40 }),
    kind: fc.constantFrom('update', 'snapshot', 'ack'),
    sequence: fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }),
  })
  .map(
    ({ device, number, epoch, seen, kind, sequence }): RecordHeader => ({
      kind,
      device: tag(device),
      number,
      epoch: epoch === null ? null : (toBase64Url(bytesOf(16, epoch)) as EpochId),
      seen: new Map(seen.map(([one, newest]) => [tag(one), newest])),
      covers: kind === 'update' ? null : { sequence, hash: toBase64Url(bytesOf(32, 3)) as LogHash },
    }),
  )

describe('a record', () => {
  test('says in clear what its header was, and opens to what was sealed', async () => {
    const { device, place, contentKey } = await world()
    await fc.assert(
      fc.asyncProperty(arbitraryHeader, fc.uint8Array({ maxLength: 2000 }), async (header, payload) => {
        const bytes = new Uint8Array(payload)
        const record = await sealRecord(place, header, contentKey, device, bytes)
        expect(record && readHeader(record)).toEqual(header)
        expect(record && (await openRecord(place, record, contentKey))).toEqual(bytes)
      }),
      { numRuns: 60 },
    )
  })

  test('is good for its own place, its own device and its own key alone', async () => {
    const { device, key, place, header, practiceKey, contentKey } = await world()
    const other = await world()
    const record = await sealRecord(place, header, contentKey, device, bytesOf(100, 5))
    if (!record) throw new Error('It fits')
    expect(await verifyRecord(place, record, key)).toBe(true)
    for (const elsewhere of [
      { ...place, space: other.place.space },
      { ...place, log: asId<DocumentId>(toBase64Url(bytesOf(16, 9))) },
    ]) {
      expect(await verifyRecord(elsewhere, record, key)).toBe(false)
      expect(await openRecord(elsewhere, record, contentKey)).toBeNull()
    }
    expect(await verifyRecord(place, record, other.key)).toBe(false)
    expect(await openRecord(place, record, await deriveLogKey(practiceKey, asId<EpochId>(tag(4)), key))).toBeNull()
    expect(await openRecord(place, record, await deriveLogKey(practiceKey, null, other.key))).toBeNull()
  })

  test('is of one device: another that signs in its name is found out', async () => {
    const { place, header, key, contentKey } = await world()
    const other = await world()
    const record = await sealRecord(place, header, contentKey, other.device, bytesOf(10, 1))
    expect(record && (await verifyRecord(place, record, key))).toBe(false)
    expect(record && (await verifyRecord(place, record, other.key))).toBe(false)
  })

  test('with any one byte changed or cut off is not good any more', async () => {
    const { device, key, place, header, contentKey } = await world()
    const record = await sealRecord(place, header, contentKey, device, bytesOf(10, 1))
    if (!record) throw new Error('It fits')
    for (let at = 0; at < record.length; at++) {
      const changed = record.slice()
      changed[at] = (changed[at] ?? 0) ^ 1
      expect(await verifyRecord(place, changed, key), `byte ${at}`).toBe(false)
      expect(await verifyRecord(place, record.slice(0, at), key), `cut at ${at}`).toBe(false)
    }
  })

  test('of any bytes at all is read without throwing', async () => {
    const { key, place, contentKey } = await world()
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 400 }), async (noise) => {
        const bytes = new Uint8Array([1, (noise[0] ?? 0) & 0x13, ...noise])
        readHeader(bytes)
        expect(await verifyRecord(place, bytes, key)).toBe(false)
        expect(await openRecord(place, bytes, contentKey)).toBeNull()
      }),
    )
  })

  test('longer than a log takes is not made', async () => {
    const { device, place, header, contentKey } = await world()
    const noise = new Uint8Array(maxRecordBytes)
    for (let at = 0; at < noise.length; at += 65_536) crypto.getRandomValues(noise.subarray(at, at + 65_536))
    expect(await sealRecord(place, header, contentKey, device, noise)).toBeNull()
  })

  test('that is a text of 1 MiB is packed', async () => {
    const { device, place, header, contentKey } = await world()
    const record = await sealRecord(place, header, contentKey, device, bytesOf(1024 * 1024, 97))
    expect(record?.length).toBeLessThan(10_000)
    expect(record && (await openRecord(place, record, contentKey))?.length).toBe(1024 * 1024)
  })

  test('tells little of its payload by its length', () => {
    const lengths = new Set(Array.from({ length: 100_000 }, (_, length) => paddedLength(length)))
    expect(lengths.size).toBeLessThan(200)
    for (let length = 32; length < 100_000; length++) {
      expect(paddedLength(length)).toBeGreaterThanOrEqual(length)
      expect(paddedLength(length)).toBeLessThanOrEqual(length * 1.125)
    }
  })
})
