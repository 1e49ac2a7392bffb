/** Bytes over a plain ArrayBuffer, as WebCrypto takes and gives them. */
export type Bytes = Uint8Array<ArrayBuffer>

const encoder = new TextEncoder()
const strictDecoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

export function utf8(text: string): Bytes {
  return encoder.encode(text)
}

/** Null when the bytes are not well-formed UTF-8. */
export function fromUtf8(bytes: Bytes): string | null {
  try {
    return strictDecoder.decode(bytes)
  } catch {
    return null
  }
}

/** RFC 4648 section 5, without padding. */
export function toBase64Url(bytes: Bytes): string {
  let binary = ''
  // `apply` takes bytes as they are; spreading them goes one by one, five times slower. 8192: the stack holds them anywhere.
  for (let at = 0; at < bytes.length; at += 8192) binary += Reflect.apply(String.fromCharCode, null, bytes.subarray(at, at + 8192))
  return btoa(binary).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')
}

/**
 * Null for anything but the one canonical form: other characters, padding, an impossible length, or leftover bits that
 * are not zero. Two different texts never mean the same bytes, so a text may serve as an identity.
 */
export function fromBase64Url(text: string): Bytes | null {
  if (!/^[A-Za-z0-9_-]*$/.test(text) || text.length % 4 === 1) return null
  const binary = atob(text.replaceAll('-', '+').replaceAll('_', '/'))
  const bytes = new Uint8Array(binary.length)
  for (let i = 0; i < binary.length; i++) bytes[i] = binary.charCodeAt(i)
  return toBase64Url(bytes) === text ? bytes : null
}

export function concat(...parts: readonly Bytes[]): Bytes {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0))
  let offset = 0
  for (const part of parts) {
    whole.set(part, offset)
    offset += part.length
  }
  return whole
}

/** Takes the same time wherever the first difference is. Lengths are not secret. */
export function equalBytes(a: Bytes, b: Bytes): boolean {
  if (a.length !== b.length) return false
  let difference = 0
  for (let i = 0; i < a.length; i++) difference |= (a[i] ?? 0) ^ (b[i] ?? 0)
  return difference === 0
}

export function randomBytes(length: number): Bytes {
  return crypto.getRandomValues(new Uint8Array(length))
}

/** 128 random bits, 22 characters: ids of calls, generations, page loads and stored things. */
export function randomId(): string {
  return toBase64Url(randomBytes(16))
}

export async function sha256(bytes: Bytes): Promise<Bytes> {
  return new Uint8Array(await crypto.subtle.digest('SHA-256', bytes))
}

/** base64url(SHA-256(UTF-8 of the text)): how tickets and notes name a knock, by its sealed characters. */
export async function hashText(text: string): Promise<string> {
  return toBase64Url(await sha256(utf8(text)))
}
