import { type Bytes, fromBase64Url, toBase64Url } from '@alcove/shared/crypto/bytes'
import { compressPublicKey, generateSecret, importKeyPair } from '@alcove/shared/crypto/identity'
import { open, seal } from './at-rest.ts'
import type { Database, KeyRow } from './database.ts'

/** Secrets under the device key. `practice`: 32 bytes; the others PKCS#8 of a P-256 key. */
export type SecretName = 'practice' | 'room' | 'identity'

export function wrap(deviceKey: CryptoKey, name: SecretName, secret: Bytes): Promise<Bytes> {
  return seal(deviceKey, placeOf(name), secret)
}

/** The secret in clear, for making working keys, another device or a recovery kit. The caller wipes it after use. */
export async function unwrap(database: Database, deviceKey: CryptoKey, name: SecretName): Promise<Bytes | null> {
  const row = await database.keys.get(name)
  return row && 'sealed' in row ? open(deviceKey, placeOf(name), row.sealed) : null
}

/** A new room with this device as its first: rows to store, and the room's public key (33 bytes, base64url). */
export async function makeHostKeys(deviceKey: CryptoKey): Promise<{ readonly rows: readonly KeyRow[]; readonly roomKey: string }> {
  const [room, identity] = await Promise.all([generateSecret(), generateSecret()])
  const { publicKey } = await importKeyPair(room)
  const rows: KeyRow[] = [
    { name: 'room', sealed: await wrap(deviceKey, 'room', room) },
    { name: 'identity', sealed: await wrap(deviceKey, 'identity', identity) },
  ]
  room.fill(0)
  identity.fill(0)
  return { rows, roomKey: compressed(publicKey) }
}

function compressed(publicKey: string): string {
  const point = fromBase64Url(publicKey)
  if (!point) throw new Error('A key pair without a public key')
  return toBase64Url(compressPublicKey(point))
}

function placeOf(name: SecretName): string {
  return `alcove/key/1\n${name}`
}
