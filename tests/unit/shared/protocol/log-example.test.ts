import { readFileSync } from 'node:fs'
import { importKeyPair } from '@alcove/shared/crypto/identity'
import { verifyAccess } from '@alcove/shared/crypto/log-access'
import { weighBatch } from '@alcove/shared/crypto/log-batch'
import { deriveLogKey, memberTagOf, spaceIdOf } from '@alcove/shared/crypto/log-keys'
import { deviceTagOf, emptyLogHash, readHeader } from '@alcove/shared/crypto/sealed-log'
import type { DeviceKey, DocumentId, EntryHash, EpochId, MemberId } from '@alcove/shared/domain/ids'
import { accessRefusal } from '@alcove/shared/domain/log-access'
import { readBatch, standAtBeginning } from '@alcove/shared/domain/log-reading'
import type { DeviceTag, LogHash, SpaceId } from '@alcove/shared/domain/sealed-log'
import { describe, expect, test } from 'vitest'
import { bytesOf } from '../../../support/crypto-people.ts'
import { examplesIn } from '../../../support/wire-examples.ts'

type Keys = Readonly<Record<'administratorSecret' | 'clinicianSecret' | 'foundingKey' | 'epochKey', string>> & {
  readonly root: EntryHash
  readonly epoch: EpochId
}
type Example = {
  readonly space: SpaceId
  readonly log: DocumentId
  readonly members: readonly string[]
  readonly access: readonly string[]
  readonly tags: readonly DeviceTag[]
  readonly records: readonly string[]
  readonly hashes: readonly LogHash[]
}

const markdown = readFileSync(new URL('../../../../docs/PROTOCOL.md', import.meta.url), 'utf8')
const block = (mark: string) => new RegExp(`^\`\`\`${mark}\\n([\\s\\S]*?)^\`\`\`$`, 'm').exec(markdown)?.[1] ?? ''
const keys: Keys = JSON.parse(block('json practice-keys'))
const example: Example = JSON.parse(block('json log-example'))
const records = example.records.map(bytesOf)
const place = { space: example.space, log: example.log }
const [administrator, clinician] = await Promise.all(
  [keys.administratorSecret, keys.clinicianSecret].map((one) => importKeyPair(bytesOf(one))),
)
if (!administrator || !clinician) throw new Error('keys are missing')
const devices = [administrator, clinician].map(({ publicKey }) => publicKey as DeviceKey)
const [founder, laptop] = devices as [DeviceKey, DeviceKey]
const all = (schema: string) => examplesIn(markdown).flatMap((one) => (one.schema === schema ? [JSON.parse(one.text)] : []))

const writers = {
  find(tag: DeviceTag) {
    const device = devices[example.tags.indexOf(tag)]
    return device ? { device, removed: false } : null
  },
  async contentKey(epoch: EpochId | null, writer: DeviceKey) {
    return deriveLogKey(bytesOf(epoch === null ? keys.foundingKey : keys.epochKey), epoch, writer)
  },
}

describe('the log in the appendix', () => {
  test('has names that follow from the practice', async () => {
    expect(await spaceIdOf(keys.root, founder)).toBe(example.space)
    expect(await Promise.all(devices.map(deviceTagOf))).toEqual(example.tags)
    expect(await emptyLogHash(example.space, example.log)).toBe(example.hashes[0])
    const members: readonly MemberId[] = all('chain-entry')
      .flatMap(({ operations }) => operations)
      .flatMap(({ type, member }) => (type === 'add-member' ? [member] : []))
    expect(await Promise.all(members.map((member) => memberTagOf(bytesOf(keys.foundingKey), member)))).toEqual(example.members)
  })

  test('has an access list of which each statement may follow the one before', async () => {
    const [first, second] = await Promise.all(example.access.map(verifyAccess))
    if (!first || !second) throw new Error('A statement does not verify')
    expect(accessRefusal(null, first.list)).toBeNull()
    expect(accessRefusal(first, second.list)).toBeNull()
    expect(first.list.space).toBe(example.space)
    expect(second.list.devices.map(({ device, member }) => [device, member])).toEqual([
      [founder, example.members[0]],
      [laptop, example.members[1]],
    ])
  })

  test('has records that verify and open, and is read without an incident, all of it or from the snapshot', async () => {
    const [empty, , covered, end] = example.hashes
    if (!empty || !covered || !end) throw new Error('Hashes are missing')
    const stand = standAtBeginning(empty)
    const answer = { first: 1, snapshot: null, records, end: { sequence: 3, hash: end }, more: false }
    const { batch, payloads } = await weighBatch(place, stand, answer, writers)
    expect(batch.records.map(({ hash }) => hash)).toEqual(example.hashes.slice(1))
    const update = bytesOf(all('channel').find(({ type }) => type === 'update').update)
    expect(payloads).toEqual([update, new Uint8Array(0), update])
    const epochs = [null, keys.epoch]
    const [me] = example.tags as [DeviceTag]
    const reading = readBatch(stand, batch, epochs, me)
    expect(reading).toMatchObject({ next: 'done', incidents: [], taken: [0, 1, 2], stand: { epoch: keys.epoch, snapshotAt: 3 } })
    const jump = await weighBatch(place, stand, { ...answer, first: 3, snapshot: 3, records: records.slice(2) }, writers)
    const jumped = readBatch(stand, jump.batch, epochs, me)
    expect(jumped).toMatchObject({ next: 'done', incidents: [], taken: [0] })
    expect(jumped.stand).toEqual(reading.stand)
    expect(readHeader(records[2] ?? new Uint8Array(0))?.covers).toEqual({ sequence: 2, hash: covered })
  })

  test('is the one of whose end the devices tell each other', () => {
    const { heads } = all('channel').find(({ type }) => type === 'log-heads')
    expect(heads).toEqual([{ document: example.log, sequence: 3, hash: example.hashes[3] }])
  })

  test('begins with the bytes that are shown', () => {
    const lines = block('record').trim().split('\n')
    const shown = lines.map((line) => /^[0-9a-f]+/.exec(line)?.[0] ?? '').join('')
    expect(shown).toBe(Buffer.from(records[0] ?? []).toString('hex'))
    const length = /Record 1, (\d+) bytes/.exec(markdown)?.[1]
    expect(Number(length)).toBe(records[0]?.length)
    // Each named field begins on a line of its own.
    const header = readHeader(records[0] ?? new Uint8Array(0))
    expect(header).toMatchObject({ kind: 'update', number: 1, epoch: null, covers: null })
    const starts = lines.filter((line) => line.length > 66)
    expect(starts).toHaveLength(8)
    expect(Buffer.from(bytesOf(header?.device ?? '')).toString('hex')).toBe(/^([0-9a-f]+) +the writer's tag$/m.exec(markdown)?.[1])
  })
})
