import type { Bytes } from './bytes.ts'

/** HMAC-SHA256 (RFC 2104), 32 bytes. The key must not be empty: browsers import no empty keys. */
export async function hmac(key: Bytes, data: Bytes): Promise<Bytes> {
  const handle = await crypto.subtle.importKey('raw', key, { name: 'HMAC', hash: 'SHA-256' }, false, ['sign'])
  return new Uint8Array(await crypto.subtle.sign('HMAC', handle, data))
}
