import { type Bytes, fromBase64Url, toBase64Url } from '@alcove/shared/crypto/bytes'
import { compressPublicKey, generateSecret, importKeyPair, type KeyPair } from '@alcove/shared/crypto/identity'
import { open, seal } from './at-rest.ts'
import type { Database, EpochRowName, KeyRow } from './database.ts'

/** Secrets under the device key. `room` and `identity`: PKCS#8 of a P-256 key; the others 32 bytes. */
export type SecretName = 'practice' | 'room' | 'identity' | 'disk' | EpochRowName

export function wrap(deviceKey: CryptoKey, name: SecretName, secret: Bytes): Promise<Bytes> {
  return seal(deviceKey, placeOf(name), secret)
}

/** The secret in clear, for making working keys, another device or a recovery kit. The caller wipes it after use. */
export async function unwrap(database: Database, deviceKey: CryptoKey, name: SecretName): Promise<Bytes | null> {
  const row = await database.keys.get(name)
  return row && 'sealed' in row ? open(deviceKey, placeOf(name), row.sealed) : null
}

/** A P-256 key made here: its row to store, its secret (the caller wipes it), and working handles. */
export type MadeKey = { readonly row: KeyRow; readonly secret: Bytes; readonly pair: KeyPair }

export async function makeKey(deviceKey: CryptoKey, name: 'room' | 'identity', known?: Bytes): Promise<MadeKey> {
  const secret = known ?? (await generateSecret())
  return { row: { name, sealed: await wrap(deviceKey, name, secret) }, secret, pair: await importKeyPair(secret) }
}

/** A room's name in the chain: the public key, 33 bytes compressed, base64url. */
export function roomKeyOf({ publicKey }: Pick<KeyPair, 'publicKey'>): string {
  const point = fromBase64Url(publicKey)
  if (!point) throw new Error('A key pair without a public key')
  return toBase64Url(compressPublicKey(point))
}

/** A stored key pair. Null when there is none or it cannot be read. */
export async function storedPair(database: Database, deviceKey: CryptoKey, name: 'room' | 'identity'): Promise<KeyPair | null> {
  const secret = await unwrap(database, deviceKey, name)
  const pair = secret && (await importKeyPair(secret))
  secret?.fill(0)
  return pair
}

function placeOf(name: SecretName): string {
  return `alcove/key/1\n${name}`
}
