import type { Bytes } from '@alcove/shared/crypto/bytes'
import { openEpochKey } from '@alcove/shared/crypto/chain'
import type { KeyPair } from '@alcove/shared/crypto/identity'
import type { DeviceKey, EntryHash, EpochId } from '@alcove/shared/domain/ids'
import type { Roll } from '@alcove/shared/domain/practice-chain'
import { epochsOf, type History, sealedTo } from '@alcove/shared/domain/practice-roll'
import type { EpochBatch } from '../../sync-ports.ts'
import type { Database, EpochRowName, KeyRow } from './database.ts'
import { unwrap, wrap } from './host-keys.ts'

/** The practice keys of this device: the founding one (null) and those that came with removals. */

export async function epochRow(deviceKey: CryptoKey, epoch: EpochId, key: Bytes): Promise<KeyRow> {
  const name: EpochRowName = `epoch:${epoch}`
  return { name, epoch, sealed: await wrap(deviceKey, name, key) }
}

export async function heldEpochs(database: Database): Promise<ReadonlySet<EpochId>> {
  const rows = await database.keys.where('name').startsWith('epoch:').toArray()
  return new Set(rows.flatMap((row) => ('epoch' in row ? [row.epoch] : [])))
}

/** Keys that the chain has for this device and that are not stored yet. Each is the epoch's own: its name follows from it. */
export async function newEpochRows(
  database: Database,
  deviceKey: CryptoKey,
  { order }: Pick<History, 'order'>,
  root: EntryHash,
  device: KeyPair,
): Promise<readonly KeyRow[]> {
  const held = new Set(await heldEpochs(database))
  const rows: KeyRow[] = []
  for (const { epoch, sealed } of sealedTo(order, device.publicKey as DeviceKey)) {
    if (held.has(epoch)) continue
    const key = await openEpochKey(sealed, { root, epoch }, device)
    if (!key) continue
    rows.push(await epochRow(deviceKey, epoch, key))
    key.fill(0)
    held.add(epoch)
  }
  return rows
}

/** Something was sealed to this device as this practice key, and none of it opens as that. */
export async function isUnreadable(epoch: EpochId, { order }: Pick<History, 'order'>, root: EntryHash, device: KeyPair): Promise<boolean> {
  const mine = sealedTo(order, device.publicKey as DeviceKey).filter((one) => one.epoch === epoch)
  for (const { sealed } of mine) {
    const key = await openEpochKey(sealed, { root, epoch }, device)
    key?.fill(0)
    if (key) return false
  }
  return mine.length > 0
}

/** The newest practice key that took effect and that this device has. Null: the founding one. */
export function newestEpoch(roll: Roll, held: ReadonlySet<EpochId>): EpochId | null {
  return epochsOf(roll).findLast((epoch) => epoch !== null && held.has(epoch)) ?? null
}

/** For ChainStore.byEpoch. `signedOf`: an entry's characters. */
export function batchesOf({ epochs }: Pick<History, 'epochs'>, signedOf: (hash: EntryHash) => string | undefined): readonly EpochBatch[] {
  return epochs.map(({ epoch, entries }) => ({
    epoch,
    entries: entries.flatMap(({ hash, by, operations }) => {
      const signed = signedOf(hash)
      return signed === undefined ? [] : [{ hash, by, signed, sharesKeys: operations.every(({ type }) => type === 'share-key') }]
    }),
  }))
}

export type PracticeSecrets = ReadonlyMap<EpochId | null, Bytes>

/** Lends all practice keys in clear and wipes them afterwards. */
export async function withSecrets<T>(database: Database, deviceKey: CryptoKey, use: (secrets: PracticeSecrets) => Promise<T>): Promise<T> {
  const secrets = new Map<EpochId | null, Bytes>()
  const founding = await unwrap(database, deviceKey, 'practice')
  if (founding) secrets.set(null, founding)
  for (const epoch of await heldEpochs(database)) {
    const key = await unwrap(database, deviceKey, `epoch:${epoch}`)
    if (key) secrets.set(epoch, key)
  }
  try {
    return await use(secrets)
  } finally {
    for (const secret of secrets.values()) secret.fill(0)
  }
}
