import { equalBytes, utf8 } from '@alcove/shared/crypto/bytes'
import { err, ok, type Result } from '@alcove/shared/domain/result'
import { newDeviceKey, open, seal } from './at-rest.ts'
import { type Database, type KeyRow, write } from './database.ts'

const checkPlace = 'alcove/device-key-check/1'
const checkText = utf8('This key was written, read back and used.')

export type DeviceKey = {
  /** Another one after this device's practice was erased. */
  key: CryptoKey
  /** `session-only`: this browser stores no keys that cannot be exported; ours ends with the page. */
  readonly durability: 'durable' | 'session-only'
}

/**
 * The key that wraps everything else on this device. Some browsers refuse to store such a key, or give back nothing for
 * the whole row (WebKit in Lockdown Mode and private windows), so that it counts only after it was written, read and
 * used. `unreadable`: there is a practice, but its device key is gone; nothing is overwritten.
 */
export async function loadDeviceKey(database: Database): Promise<Result<DeviceKey, 'unreadable'>> {
  const found = await storedRow(database).catch(() => null)
  const kept = found && (await workingKey(found))
  if (kept) return ok({ key: kept, durability: 'durable' })
  if ((await database.keys.where('name').equals('practice').count()) > 0) return err('unreadable')
  const fresh = await newDeviceRow()
  const { key } = fresh
  try {
    await keep(database, fresh, found)
    const row = await storedRow(database)
    const readBack = row && (await workingKey(row))
    if (readBack) return ok({ key: readBack, durability: 'durable' })
  } catch {
    // DataCloneError: the browser does not store such keys.
  }
  return ok({ key, durability: 'session-only' })
}

export type DeviceRow = KeyRow & { readonly name: 'device' }

export async function newDeviceRow(): Promise<DeviceRow> {
  const key = await newDeviceKey()
  return { name: 'device', key, check: await seal(key, checkPlace, checkText) }
}

/** After another tab erased the practice. */
export async function takeNewKey(database: Database, holder: DeviceKey): Promise<void> {
  const row = await storedRow(database)
  if (row) holder.key = row.key
}

/** Only a row that was found not to work is replaced: another tab may start at this moment, and its key stays. */
function keep(database: Database, row: DeviceRow, broken: DeviceRow | null): Promise<void> {
  return write(database, [database.keys], async () => {
    const now = await storedRow(database)
    if (!now || (broken && equalBytes(now.check, broken.check))) await database.keys.put(row)
  })
}

async function storedRow(database: Database): Promise<DeviceRow | null> {
  const row = await database.keys.get('device')
  return row?.name === 'device' ? row : null
}

/** Null when the browser gave back something else than what was stored. */
async function workingKey({ key, check }: DeviceRow): Promise<CryptoKey | null> {
  return key instanceof CryptoKey && (await open(key, checkPlace, check)) ? key : null
}
