import { type Bytes, concat, randomBytes, toBase64Url, utf8 } from '@alcove/shared/crypto/bytes'

/**
 * Encryption of everything that lies on the disk: AES-256-GCM with a random 96-bit iv in front. `place` says where the
 * bytes belong ("alcove/ylog/1\n<document id>"); bytes that were moved elsewhere do not open.
 */
const ivLength = 12

/** Working keys, each derived for one purpose (HKDF-SHA-256, RFC 5869). */
export type PracticeKeys = {
  /** AES-256-GCM over document updates. */
  readonly content: CryptoKey
  /** HMAC-SHA-256 over document names. */
  readonly names: CryptoKey
}

export async function seal(key: CryptoKey, place: string, plain: Bytes): Promise<Bytes> {
  const iv = randomBytes(ivLength)
  const sealed = await crypto.subtle.encrypt({ name: 'AES-GCM', iv, additionalData: utf8(place) }, key, plain)
  return concat(iv, new Uint8Array(sealed))
}

/** Null when the bytes were sealed with another key, for another place, or changed since. */
export async function open(key: CryptoKey, place: string, sealed: Bytes): Promise<Bytes | null> {
  const iv = sealed.slice(0, ivLength)
  try {
    const plain = await crypto.subtle.decrypt({ name: 'AES-GCM', iv, additionalData: utf8(place) }, key, sealed.slice(ivLength))
    return new Uint8Array(plain)
  } catch {
    return null
  }
}

/** A key that no script can export, as it is kept in the browser's own key storage. */
export function newDeviceKey(): Promise<CryptoKey> {
  return crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt'])
}

/**
 * `practice`: the 32 random bytes that every device of the practice has. `disk`: this device's own 32 bytes; null in
 * stores of the first version, which seal what lies on the disk under the practice key.
 */
export async function practiceKeysOf(practice: Bytes, disk: Bytes | null = null): Promise<PracticeKeys> {
  const [content, names] = await Promise.all([
    derive(disk ?? practice, 'alcove/documents/1', { name: 'AES-GCM', length: 256 }, ['encrypt', 'decrypt']),
    derive(practice, 'alcove/document-names/1', { name: 'HMAC', hash: 'SHA-256', length: 256 }, ['sign']),
  ])
  return { content, names }
}

async function derive(secret: Bytes, info: string, algorithm: AesKeyGenParams | HmacKeyGenParams, usages: KeyUsage[]): Promise<CryptoKey> {
  const root = await crypto.subtle.importKey('raw', secret, 'HKDF', false, ['deriveKey'])
  const parameters = { name: 'HKDF', hash: 'SHA-256', salt: new Uint8Array(), info: utf8(info) }
  return crypto.subtle.deriveKey(parameters, root, algorithm, false, usages)
}

/** The id under which a document is stored and synced: a keyed hash (128 bits), so that it tells nothing. */
export async function documentIdOf(keys: PracticeKeys, name: string): Promise<string> {
  const mac = await crypto.subtle.sign('HMAC', keys.names, utf8(name))
  return toBase64Url(new Uint8Array(mac).slice(0, 16))
}
