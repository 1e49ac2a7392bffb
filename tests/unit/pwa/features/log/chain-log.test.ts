import { fromUtf8 } from '@alcove/shared/crypto/bytes'
import { asId, type DeviceKey, type EntryHash, type EpochId } from '@alcove/shared/domain/ids'
import { describe, expect, it } from 'vitest'
import { hashesIn, partsLacking, withHashes } from '../../../../../pwa/src/features/log/chain-log.ts'
import type { EpochBatch } from '../../../../../pwa/src/sync-ports.ts'
import { hashOf } from '../../../../support/chain/chain-world.ts'

const me = asId<DeviceKey>('me')
const other = asId<DeviceKey>('other')
const epoch = asId<EpochId>('epoch')
type Entry = EpochBatch['entries'][number]
const entry = (name: string, by = other, more: Partial<Entry> = {}): Entry => ({
  hash: hashOf(name),
  by,
  signed: name,
  sharesKeys: false,
  ...more,
})
const textsOf = (payload: Uint8Array<ArrayBuffer>): string[] => JSON.parse(fromUtf8(payload) ?? '')

describe('what the chain’s log is known to hold', () => {
  it('is remembered by hashes, each once', () => {
    const names: EntryHash[] = [hashOf('a'), hashOf('b')]
    const known = withHashes(withHashes(null, names), [hashOf('b'), hashOf('c')])
    expect(known).toHaveLength(3 * 32)
    expect([...hashesIn(known)]).toEqual([...names, hashOf('c')])
    expect(hashesIn(null).size).toBe(0)
  })
})

describe('what the chain’s log lacks', () => {
  it('is parted by the key that was current before it, and says what is this device’s own', () => {
    const batches: EpochBatch[] = [
      { epoch: null, entries: [entry('a'), entry('b', me)] },
      { epoch, entries: [entry('c')] },
    ]
    const parts = partsLacking(batches, withHashes(null, [hashOf('a')]), me)
    expect(parts.map((part) => [part.epoch, textsOf(part.payload), part.byMe])).toEqual([
      [null, ['b'], true],
      [epoch, ['c'], false],
    ])
    expect(partsLacking(batches, withHashes(null, [hashOf('a'), hashOf('b'), hashOf('c')]), me)).toEqual([])
  })

  it('puts shared keys where a device can read them that has not even that key', () => {
    const batches: EpochBatch[] = [
      { epoch: null, entries: [entry('a')] },
      { epoch, entries: [entry('share', other, { sharesKeys: true }), entry('c')] },
    ]
    expect(partsLacking(batches, null, me).map((part) => [part.epoch, textsOf(part.payload)])).toEqual([
      [null, ['a']],
      [epoch, ['c']],
      [null, ['share']],
    ])
  })

  it('goes into several records when it is long, none of them empty', () => {
    const long = (name: string) => entry(name, other, { signed: name.repeat(20_000) })
    const parts = partsLacking([{ epoch: null, entries: ['a', 'b', 'c', 'd', 'e'].map(long) }], null, me)
    expect(parts.map(({ hashes }) => hashes.length)).toEqual([2, 2, 1])
  })
})
