import { utf8 } from '@alcove/shared/crypto/bytes'
import { err, ok, type Result } from '@alcove/shared/domain/result'
import { newDeviceKey, open, seal } from './at-rest.ts'
import type { Database, KeyRow } from './database.ts'

const checkPlace = 'alcove/device-key-check/1'
const checkText = utf8('This key was written, read back and used.')

export type DeviceKey = {
  readonly key: CryptoKey
  /** `session-only`: this browser stores no keys that cannot be exported; ours ends with the page. */
  readonly durability: 'durable' | 'session-only'
}

/**
 * The key that wraps everything else on this device. Some browsers refuse to store such a key, or give back nothing for
 * the whole row (WebKit in Lockdown Mode and private windows), so that it counts only after it was written, read and
 * used. `unreadable`: there is a practice, but its device key is gone; nothing is overwritten.
 */
export async function loadDeviceKey(database: Database): Promise<Result<DeviceKey, 'unreadable'>> {
  const kept = await storedKey(database)
  if (kept) return ok({ key: kept, durability: 'durable' })
  if ((await database.keys.where('name').equals('practice').count()) > 0) return err('unreadable')
  const key = await newDeviceKey()
  try {
    await keep(database, { name: 'device', key, check: await seal(key, checkPlace, checkText) })
    const readBack = await storedKey(database)
    if (readBack) return ok({ key: readBack, durability: 'durable' })
  } catch {
    // DataCloneError: the browser does not store such keys.
  }
  return ok({ key, durability: 'session-only' })
}

/** Two tabs may start at once; the first key stays. A row that does not work wraps nothing and is replaced. */
async function keep(database: Database, row: KeyRow & { readonly name: 'device' }): Promise<void> {
  const before = await database.keys.get('device').catch(() => undefined)
  await database.transaction('rw', database.keys, async () => {
    const now = await database.keys.get('device').catch(() => undefined)
    const takenMeanwhile = now?.name === 'device' && !before
    if (!takenMeanwhile) await database.keys.put(row)
  })
}

async function storedKey(database: Database): Promise<CryptoKey | null> {
  const row = await database.keys.get('device').catch(() => undefined)
  if (row?.name !== 'device' || !(row.key instanceof CryptoKey)) return null
  return (await open(row.key, checkPlace, row.check)) ? row.key : null
}
