import { toBase64Url, utf8 } from '@alcove/shared/crypto/bytes'
import { generateSecret, importKeyPair } from '@alcove/shared/crypto/identity'
import { type LogWriters, weighBatch } from '@alcove/shared/crypto/log-batch'
import { deriveLogKey, spaceIdOf } from '@alcove/shared/crypto/log-keys'
import { deviceTagOf, emptyLogHash, nextLogHash, recordHashOf, sealRecord } from '@alcove/shared/crypto/sealed-log'
import { asId, type DeviceKey, type DocumentId, type EntryHash, type EpochId } from '@alcove/shared/domain/ids'
import { readBatch, standAtBeginning } from '@alcove/shared/domain/log-reading'
import type { LogHash, LogPosition, RecordHeader } from '@alcove/shared/domain/sealed-log'
import { describe, expect, test } from 'vitest'

const practiceKey = new Uint8Array(32).fill(7)

async function world() {
  const device = await importKeyPair(await generateSecret())
  const key = asId<DeviceKey>(device.publicKey)
  const tag = await deviceTagOf(key)
  const place = {
    space: await spaceIdOf(asId<EntryHash>(toBase64Url(new Uint8Array(32))), key),
    log: asId<DocumentId>(toBase64Url(new Uint8Array(16))),
  }
  const writers: LogWriters = {
    find: (one) => (one === tag ? { device: key, removed: false } : null),
    contentKey: async (epoch, writer) => (epoch === null ? deriveLogKey(practiceKey, null, writer) : null),
  }
  const start = await emptyLogHash(place.space, place.log)
  const seal = async (number: number, more: Partial<RecordHeader> = {}) => {
    const header: RecordHeader = { kind: 'update', device: tag, number, epoch: null, seen: new Map(), covers: null, ...more }
    const record = await sealRecord(place, header, await deriveLogKey(practiceKey, header.epoch, key), device, utf8(`payload ${number}`))
    if (!record) throw new Error('It fits')
    return record
  }
  return { place, writers, start, seal, tag }
}

async function endOf(start: LogHash, records: readonly Uint8Array<ArrayBuffer>[]): Promise<LogPosition> {
  let hash = start
  for (const record of records) hash = await nextLogHash(hash, await recordHashOf(record))
  return { sequence: records.length, hash }
}

describe('an answer of the server', () => {
  test('of good records is read to its end', async () => {
    const { place, writers, start, seal, tag } = await world()
    const records = await Promise.all([seal(1), seal(2), seal(3)])
    const stand = standAtBeginning(start)
    const end = await endOf(start, records)
    const { batch, payloads, strangers } = await weighBatch(place, stand, { first: 1, snapshot: null, records, end, more: false }, writers)
    const reading = readBatch(stand, batch, [null], tag)
    expect(reading).toMatchObject({ next: 'done', taken: [0, 1, 2], incidents: [], stand: { position: end } })
    expect(payloads).toEqual([utf8('payload 1'), utf8('payload 2'), utf8('payload 3')])
    expect(strangers).toBe(false)
  })

  test('with a changed record, noise, and a record of another log is told from a good one; what is good counts', async () => {
    const { place, writers, start, seal, tag } = await world()
    const good = await seal(1)
    const changed = good.slice()
    changed[changed.length - 70] = (changed[changed.length - 70] ?? 0) ^ 1
    const elsewhere = await (await world()).seal(1)
    const records = [changed, crypto.getRandomValues(new Uint8Array(300)), new Uint8Array(0), elsewhere, good]
    const stand = standAtBeginning(start)
    const end = await endOf(start, records)
    const { batch, strangers } = await weighBatch(place, stand, { first: 1, snapshot: null, records, end, more: false }, writers)
    expect(batch.records.map(({ state }) => state)).toEqual(['forged', 'forged', 'forged', 'forged', 'open'])
    expect(strangers).toBe(true)
    expect(readBatch(stand, batch, [null], tag)).toMatchObject({ next: 'done', taken: [4], incidents: ['forged'] })
  })

  test('under a practice key that this device has not is locked; from a removed device it is waited for by nobody, and blamed on nobody', async () => {
    const { place, writers, start, seal, tag } = await world()
    const records = [await seal(1, { epoch: asId<EpochId>(toBase64Url(new Uint8Array(16))) })]
    const answer = { first: 1, snapshot: null, records, end: await endOf(start, records), more: false }
    const stateWith = async (who: LogWriters) => (await weighBatch(place, standAtBeginning(start), answer, who)).batch.records[0]?.state
    expect(await stateWith(writers)).toBe('locked')
    const removed: LogWriters = {
      ...writers,
      find(tag) {
        const found = writers.find(tag)
        return found && { ...found, removed: true }
      },
    }
    expect(await stateWith(removed)).toBe('void')
    const { batch } = await weighBatch(place, standAtBeginning(start), answer, removed)
    expect(readBatch(standAtBeginning(start), batch, [null], tag)).toMatchObject({ next: 'done', taken: [], incidents: [] })
  })

  test('that jumps is hashed from what its snapshot covers', async () => {
    const { place, writers, start, seal, tag } = await world()
    const before = [await seal(1), await seal(2)]
    const covers = await endOf(start, before)
    const records = [await seal(3, { kind: 'snapshot', covers }), await seal(4)]
    const end = await endOf(start, [...before, ...records])
    const stand = standAtBeginning(start)
    const { batch } = await weighBatch(place, stand, { first: 3, snapshot: 3, records, end, more: false }, writers)
    expect(readBatch(stand, batch, [null], tag)).toMatchObject({
      next: 'done',
      taken: [0, 1],
      incidents: [],
      stand: { position: end, snapshotAt: 3 },
    })
  })

  test('that nobody could make sense of throws nothing', async () => {
    const { place, writers, start, tag } = await world()
    const stand = standAtBeginning(start)
    for (const [first, snapshot] of [
      [0, null],
      [9, null],
      [9, 3],
      [2, 2],
    ] as const) {
      const answer = { first, snapshot, records: [new Uint8Array(5)], end: { sequence: 12, hash: start }, more: false }
      const { batch } = await weighBatch(place, stand, answer, writers)
      expect(readBatch(stand, batch, [null], tag)).toMatchObject({ next: 'stuck', taken: [], stand })
    }
  })
})
