import { concat, toBase64Url, utf8 } from '@alcove/shared/crypto/bytes'
import { generateSecret, importKeyPair } from '@alcove/shared/crypto/identity'
import { deriveLogKey, spaceIdOf } from '@alcove/shared/crypto/log-keys'
import { deviceTagOf, emptyLogHash, nextLogHash, recordHashOf, sealRecord } from '@alcove/shared/crypto/sealed-log'
import { asId, type DeviceKey, type DocumentId, type EntryHash, type EpochId } from '@alcove/shared/domain/ids'
import { ok } from '@alcove/shared/domain/result'
import type { DeviceTag } from '@alcove/shared/domain/sealed-log'
import { expect, it } from 'vitest'
import type { KitBook } from '../../../../../pwa/src/features/recovery/kit-book.ts'
import type { KitLine } from '../../../../../pwa/src/features/recovery/kit-line.ts'
import { readChain, readLog } from '../../../../../pwa/src/features/recovery/read-log.ts'

type Bytes = Uint8Array<ArrayBuffer>

const practiceKey = new Uint8Array(32).fill(7)
const madeUp = asId<EpochId>(toBase64Url(new Uint8Array(16).fill(9)))
const kit = asId<DeviceTag>(toBase64Url(new Uint8Array(8)))

/** Looks like a signed entry. */
const entry = (index: number) => `${'A'.repeat(40)}${index}.${'A'.repeat(86)}`

/** A log of these records, each by the practice's only device, and a server that gives so many at a time. */
async function world(epochs: readonly (EpochId | null)[], atOnce: number) {
  const device = await importKeyPair(await generateSecret())
  const key = asId<DeviceKey>(device.publicKey)
  const tag = await deviceTagOf(key)
  const place = {
    space: await spaceIdOf(asId<EntryHash>(toBase64Url(new Uint8Array(32))), key),
    log: asId<DocumentId>(toBase64Url(new Uint8Array(16))),
  }
  const records: Bytes[] = []
  let hash = await emptyLogHash(place.space, place.log)
  for (const [index, epoch] of epochs.entries()) {
    const header = { kind: 'update', device: tag, number: index + 1, epoch, seen: new Map(), covers: null } as const
    const record = await sealRecord(
      place,
      header,
      await deriveLogKey(practiceKey, epoch, key),
      device,
      utf8(JSON.stringify([entry(index)])),
    )
    if (!record) throw new Error('It fits')
    records.push(record)
    hash = await nextLogHash(hash, await recordHashOf(record))
  }
  const end = { sequence: records.length, hash }
  const added: string[] = []
  const line = {
    async ask(request: { readonly type: string; readonly after: number }) {
      const given = records.slice(request.after, request.after + atOnce)
      const more = request.after + given.length < records.length
      const lengths = given.map(({ length }) => length)
      return ok({
        message: { type: 'records', id: 1, log: place.log, first: request.after + 1, snapshot: null, lengths, end, more },
        body: concat(...given),
      })
    },
  } as unknown as KitLine
  const book = {
    add: async (texts: readonly string[]) => {
      added.push(...texts)
      return texts.length > 0
    },
    epochs: () => [null],
    writers: {
      find: (one: DeviceTag) => (one === tag ? { device: key, removed: false } : null),
      contentKey: async (epoch: EpochId | null, writer: DeviceKey) => (epoch === null ? deriveLogKey(practiceKey, null, writer) : null),
    },
  } as unknown as KitBook
  return { line, book, place, key, added }
}

it('a member’s record under a practice key that nobody made does not keep a kit from a document', async () => {
  const { line, book, place } = await world([null, madeUp, null], 2)
  const read = await readLog(line, book, place, kit)
  expect(read.ok && read.value.payloads.map((payload) => new TextDecoder().decode(payload))).toEqual(
    [0, 2].map((index) => JSON.stringify([entry(index)])),
  )
})

it('nor from the chain, wherever the server cuts its answers', async () => {
  const { line, book, place, key, added } = await world([null, madeUp, null, null], 1)
  const read = await readChain(line, book, place, kit, key)
  expect(read.ok && read.value.position.sequence).toBe(4)
  expect(added).toEqual([0, 2, 3].map(entry))
})
