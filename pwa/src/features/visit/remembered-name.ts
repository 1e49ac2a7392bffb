import { type Bytes, fromBase64Url, fromUtf8, toBase64Url, utf8 } from '@alcove/shared/crypto/bytes'
import type { Preferences } from '../../ports.ts'

export type RememberedName = {
  read(): Promise<string>
  write(name: string): Promise<void>
}

const preference = 'join.name'

/**
 * S15 remembers the name, and this may be a family's tablet: it is stored so that only this link opens it (AES-GCM under
 * a key from the link's secret), and the next link's name takes its place.
 */
export function createRememberedName(preferences: Preferences, linkSecret: Bytes): RememberedName {
  async function key(): Promise<CryptoKey> {
    const secret = await crypto.subtle.importKey('raw', linkSecret, 'HKDF', false, ['deriveKey'])
    const info = utf8('alcove/remembered-name/1')
    return crypto.subtle.deriveKey(
      { name: 'HKDF', hash: 'SHA-256', salt: new Uint8Array(), info },
      secret,
      { name: 'AES-GCM', length: 128 },
      false,
      ['encrypt', 'decrypt'],
    )
  }
  return {
    async read() {
      const stored = fromBase64Url(preferences.get(preference) ?? '')
      if (!stored || stored.length < 13) return ''
      try {
        const plain = await crypto.subtle.decrypt({ name: 'AES-GCM', iv: stored.slice(0, 12) }, await key(), stored.slice(12))
        return fromUtf8(new Uint8Array(plain)) ?? ''
      } catch {
        // Another link's.
        return ''
      }
    },
    async write(name) {
      const iv = crypto.getRandomValues(new Uint8Array(12))
      const sealed = new Uint8Array(await crypto.subtle.encrypt({ name: 'AES-GCM', iv }, await key(), utf8(name)))
      const stored = new Uint8Array(iv.length + sealed.length)
      stored.set(iv)
      stored.set(sealed, iv.length)
      preferences.set(preference, toBase64Url(stored))
    },
  }
}
