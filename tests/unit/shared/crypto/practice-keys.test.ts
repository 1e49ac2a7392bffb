import { createDecipheriv, hkdfSync } from 'node:crypto'
import { randomBytes, randomId, toBase64Url, utf8 } from '@alcove/shared/crypto/bytes'
import {
  deriveBatchKey,
  deriveHandoverKeys,
  deriveSyncKeys,
  maxHandoverBytes,
  openBatch,
  openHandover,
  sealBatch,
  sealHandover,
} from '@alcove/shared/crypto/practice-keys'
import { asId, type EpochId } from '@alcove/shared/domain/ids'
import { type HandoverMessage, maxSyncFrameBytes } from '@alcove/shared/protocol/sync-messages'
import { fc } from '../../../support/property.ts'
import { describe, expect, it } from 'vitest'
import { anyText } from '../../../support/any-text.ts'
import { bytesOf, withFlippedBit } from '../../../support/crypto-people.ts'

const epoch = asId<EpochId>('e'.repeat(22))
const counting = new Uint8Array(32).map((_, index) => index)
const nodeHkdf = (key: Uint8Array, info: string) => new Uint8Array(hkdfSync('sha256', key, new Uint8Array(0), info, 32))

describe('what follows from a practice key', () => {
  it('is HKDF-SHA256 as Node has it, with a use and an epoch', async () => {
    const key = randomBytes(32)
    for (const [of, name] of [
      [null, 'founding'],
      [epoch, epoch],
    ] as const) {
      expect(await deriveSyncKeys(key, of)).toEqual({
        topic: toBase64Url(nodeHkdf(key, `alcove/sync-topic/1\n${name}`)),
        password: toBase64Url(nodeHkdf(key, `alcove/sync-password/1\n${name}`)),
      })
    }
    expect((await deriveHandoverKeys(key)).topic).toBe(toBase64Url(nodeHkdf(key, 'alcove/handover-topic/1\nfounding')))
  })

  it('stays what it was: known answers for the key 00 01 … 1f', async () => {
    expect({ founding: await deriveSyncKeys(counting, null), later: await deriveSyncKeys(counting, epoch) }).toEqual({
      founding: { topic: 'fE50wEGBdp3XtSGO3U81HHgZo43--8lVgWS1pJPJkzo', password: 'egux5KiplJoFZ1PvpG970RKrjiHlw48LvtjvV_9pS8E' },
      later: { topic: 'az_qUuDM_CpPjlF3VmvNOz6N3UdL_fmye108fKPupMA', password: 'ykBafuNnsk4g4vkyWXIUHjKnlY3VROvwAoLeCSn3L-0' },
    })
    expect((await deriveHandoverKeys(counting)).topic).toBe('STVBGQOZx2km_AM2FXkJy0xaFmqvaCku5DididMZHNY')
  })
})

const have: HandoverMessage = {
  type: 'have',
  device: asId('d'.repeat(87)),
  epoch: null,
  heads: [asId('h'.repeat(43))],
}

describe('a handover message', () => {
  it('opens for whoever has the founding key, and for nobody else', async () => {
    const [keys, others] = [await deriveHandoverKeys(counting), await deriveHandoverKeys(randomBytes(32))]
    const sealed = (await sealHandover(keys, have)) ?? ''
    expect(await openHandover(keys, sealed)).toEqual(have)
    expect(await openHandover(others, sealed)).toBeNull()
    expect(await openHandover({ ...keys, topic: others.topic }, sealed)).toBeNull()
    const bytes = bytesOf(sealed)
    for (let at = 0; at < bytes.length; at += 7) expect(await openHandover(keys, toBase64Url(withFlippedBit(bytes, at, at % 8)))).toBeNull()
  })

  it('is iv, then AES-256-GCM with the topic as additional data, over length, JSON and zeros', async () => {
    const keys = await deriveHandoverKeys(counting)
    const bytes = bytesOf((await sealHandover(keys, have)) ?? '')
    const cipher = createDecipheriv('aes-256-gcm', nodeHkdf(counting, 'alcove/handover/1\nfounding'), bytes.slice(0, 12))
    cipher.setAAD(utf8(keys.topic))
    cipher.setAuthTag(bytes.slice(-16))
    const padded = Buffer.concat([cipher.update(bytes.slice(12, -16)), cipher.final()])
    expect(padded).toHaveLength(512)
    const length = padded.readUInt32BE(0)
    expect(JSON.parse(padded.subarray(4, 4 + length).toString())).toEqual(have)
    expect(padded.subarray(4 + length).every((byte) => byte === 0)).toBe(true)
  })

  it('has one of eight lengths, and at most what a frame takes', async () => {
    const keys = await deriveHandoverKeys(counting)
    const lengths = new Set<number>()
    for (let characters = 1; characters < 60_000; characters += 997) {
      const batches = [{ epoch: null, key: null, sealed: 'A'.repeat(characters) }]
      const sealed = await sealHandover(keys, { type: 'entries', batches })
      const bytes = JSON.stringify({ type: 'entries', batches }).length
      expect(sealed === null).toBe(bytes > maxHandoverBytes)
      if (sealed) lengths.add(sealed.length)
    }
    expect(lengths.size).toBeLessThanOrEqual(8)
    const frame = JSON.stringify({ type: 'publish', topic: keys.topic, data: 'A'.repeat(Math.max(...lengths)) })
    expect(frame.length).toBeLessThan(maxSyncFrameBytes)
  })

  it('never throws, whatever comes', async () => {
    const keys = await deriveHandoverKeys(counting)
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(
          anyText(),
          fc.uint8Array({ maxLength: 600 }).map((a) => toBase64Url(Uint8Array.from(a))),
        ),
        async (text) => {
          expect(await openHandover(keys, text)).toBeNull()
          expect(await openBatch(keys.key, null, text)).toBeNull()
        },
      ),
    )
    expect(await openHandover(keys, 'A'.repeat(1_000_000))).toBeNull()
  })
})

describe('a batch of entries', () => {
  const entries = [`${'p'.repeat(400)}.${'s'.repeat(86)}`, `${'q'.repeat(300)}.${'t'.repeat(86)}`]

  it('opens with the key of its epoch, as that epoch', async () => {
    const [key, other] = [randomBytes(32), randomBytes(32)]
    const sealed = await sealBatch(await deriveBatchKey(key, epoch), epoch, entries)
    expect(await openBatch(await deriveBatchKey(key, epoch), epoch, sealed)).toEqual(entries)
    expect(await openBatch(await deriveBatchKey(other, epoch), epoch, sealed)).toBeNull()
    expect(await openBatch(await deriveBatchKey(key, epoch), asId<EpochId>(randomId()), sealed)).toBeNull()
    expect(await openBatch(await deriveBatchKey(key, null), null, sealed)).toBeNull()
  })

  it('holds signed entries and nothing else', async () => {
    const key = await deriveBatchKey(randomBytes(32), null)
    expect(await openBatch(key, null, await sealBatch(key, null, ['no entry']))).toBeNull()
  })
})
