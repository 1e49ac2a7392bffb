import { type Bytes, concat, utf8 } from './bytes.ts'

/** HMAC-SHA256 (RFC 2104), 32 bytes. The key must not be empty: browsers import no empty keys. */
export async function hmac(key: Bytes, data: Bytes): Promise<Bytes> {
  const handle = await crypto.subtle.importKey('raw', key, { name: 'HMAC', hash: 'SHA-256' }, false, ['sign'])
  return new Uint8Array(await crypto.subtle.sign('HMAC', handle, data))
}

/** HKDF-SHA256 (RFC 5869) without salt, one block: `length` is at most 32. */
export async function hkdf(secret: Bytes, info: string, length: number): Promise<Bytes> {
  const pseudoRandom = await hmac(new Uint8Array(32), secret)
  return (await hmac(pseudoRandom, concat(utf8(info), new Uint8Array([1])))).slice(0, length)
}
