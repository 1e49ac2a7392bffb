import { err, ok, type Result } from '../domain/result.ts'
import { decode } from '../protocol/decode.ts'
import { type KitContents, kitContents } from '../protocol/kit-contents.ts'
import { type Bytes, concat, fromBase64Url, fromUtf8, hashText, randomBytes, toBase64Url, utf8 } from './bytes.ts'
import type { KeyHandle } from './identity.ts'
import { hkdf } from './mac.ts'

/**
 * A recovery kit is 16 random bytes on paper: as twelve words, and as `<origin>/restore#1.<secret>.<check>`. What it opens
 * lies sealed on the server, under a name that follows from the secret (docs/PROTOCOL.md, "Recovery kit").
 */
export const kitSecretBytes = 16

/** `locator`: 43 characters, what the server knows it by. */
export type KitKeys = { readonly locator: string; readonly key: KeyHandle }

/** 128 random bits need no stretching: nobody tries them all. */
export function generateKitSecret(): Bytes {
  return randomBytes(kitSecretBytes)
}

export async function deriveKitKeys(secret: Bytes): Promise<KitKeys> {
  const [locator, key] = await Promise.all([hkdf(secret, 'alcove/kit-locator/1', 32), hkdf(secret, 'alcove/kit-seal/1', 32)])
  return { locator: toBase64Url(locator), key: await crypto.subtle.importKey('raw', key, 'AES-GCM', false, ['encrypt', 'decrypt']) }
}

const packageVersion = 1
const ivLength = 12
/** Of one of these lengths: what the practice is called changes none, and the number of its keys seldom. */
const paddedLengths = [2048, 4096, 8192]
const maxLength = 8192

/** Version (1) ‖ iv (12) ‖ AES-256-GCM of the JSON, filled up with spaces; the locator is bound to it. */
export async function sealKit({ locator, key }: KitKeys, contents: KitContents): Promise<Bytes> {
  const json = utf8(JSON.stringify(contents))
  const paddedLength = paddedLengths.find((length) => length >= json.length)
  if (paddedLength === undefined) throw new TypeError('Too much for a recovery kit')
  const padded = new Uint8Array(paddedLength).fill(0x20)
  padded.set(json)
  const version = new Uint8Array([packageVersion])
  const iv = randomBytes(ivLength)
  const sealed = await crypto.subtle.encrypt({ name: 'AES-GCM', iv, additionalData: bound(locator, version) }, key, padded)
  return concat(version, iv, new Uint8Array(sealed))
}

/** `newer`: made by a newer Alcove. `broken`: not what was put there. */
export type KitError = 'newer' | 'broken'

/** Never throws. */
export async function openKit({ locator, key }: KitKeys, sealed: Bytes): Promise<Result<KitContents, KitError>> {
  const version = sealed.slice(0, 1)
  if ((version[0] ?? 0) > packageVersion) return err('newer')
  if (version[0] !== packageVersion) return err('broken')
  try {
    const algorithm = { name: 'AES-GCM', iv: sealed.slice(1, 1 + ivLength), additionalData: bound(locator, version) } as const
    const json = new Uint8Array(await crypto.subtle.decrypt(algorithm, key, sealed.slice(1 + ivLength)))
    const contents = decode(kitContents, fromUtf8(json) ?? '', maxLength)
    return contents.ok ? ok(contents.value) : err('broken')
  } catch {
    return err('broken')
  }
}

function bound(locator: string, version: Bytes): Bytes {
  return concat(utf8(`alcove/recovery-kit/1\n${locator}\n`), version)
}

const linkVersion = '1'

/** `origin`: `https://clinic.example`. */
export async function formatKitLink(origin: string, secret: Bytes): Promise<string> {
  const body = `${linkVersion}.${toBase64Url(secret)}`
  return `${origin}/restore#${body}.${await checkOf(body)}`
}

/** `broken-link`: cut off or mistyped. `newer-link`: whole, but made by a newer Alcove. */
export type KitLinkError = 'no-link' | 'broken-link' | 'newer-link'

/** `text`: a whole link as it was pasted, or `location.hash`. Never throws. */
export async function parseKitLink(text: string): Promise<Result<Bytes, KitLinkError>> {
  const fragment = text.slice(text.indexOf('#') + 1).trim()
  if (fragment === '') return err('no-link')
  const lastDot = fragment.lastIndexOf('.')
  const body = fragment.slice(0, Math.max(lastDot, 0))
  if (fragment.slice(lastDot + 1) !== (await checkOf(body))) return err('broken-link')
  const [version = '', secretText = '', ...rest] = body.split('.')
  if (version !== linkVersion) return err(/^\d+$/.test(version) ? 'newer-link' : 'broken-link')
  const secret = fromBase64Url(secretText)
  return secret?.length === kitSecretBytes && rest.length === 0 ? ok(secret) : err('broken-link')
}

/** Letters and digits of the hash, as in invitations. */
async function checkOf(body: string): Promise<string> {
  return (await hashText(body)).replaceAll(/[-_]/g, '').slice(0, 6)
}
