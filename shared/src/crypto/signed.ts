import type { RoomId } from '../domain/ids.ts'
import { err, type Result } from '../domain/result.ts'
import { decode } from '../protocol/decode.ts'
import { maxSignedLength } from '../protocol/fields.ts'
import type { GenericSchema } from '../protocol/schema.ts'
import { type Bytes, concat, fromBase64Url, fromUtf8, toBase64Url, utf8 } from './bytes.ts'
import { importVerifyKey, type KeyPair } from './identity.ts'

/** What a signature is for. Part of the signed bytes, so that none can pass for another kind. */
export type SignedKind = 'certificate' | 'ticket' | 'roster' | 'end' | 'note' | 'minimum-epoch' | 'chain' | 'log-access'
/** Texts that are signed and not sent: both sides make them themselves. */
export type SignedTextKind = 'authenticate' | 'sync-proof' | 'log-authenticate'

export type SignedError = 'malformed' | 'bad-signature'

const algorithm = { name: 'ECDSA', hash: 'SHA-256' }

/** ECDSA P-256 with SHA-256 (FIPS 186-5), r and s as 32 bytes each (IEEE P1363), over utf8(`alcove/<what>/1`) 0x00 payload. */
function signedBytes(what: SignedKind | SignedTextKind, payload: Bytes): Bytes {
  return concat(utf8(`alcove/${what}/1\0`), payload)
}

/** `base64url(JSON of the contents in UTF-8).base64url(signature)`. Two signatures over the same contents differ. */
export async function sign(what: SignedKind, contents: object, keyPair: KeyPair): Promise<string> {
  const payload = utf8(JSON.stringify(contents))
  const signature = await crypto.subtle.sign(algorithm, keyPair.signing, signedBytes(what, payload))
  return `${toBase64Url(payload)}.${toBase64Url(new Uint8Array(signature))}`
}

/** Verifies over the exact bytes that came, and only then reads them. `publicKey`: the signer's, 65 bytes, base64url. */
export async function verify<T>(
  what: SignedKind,
  schema: GenericSchema<unknown, T>,
  signed: string,
  publicKey: string,
  maxLength = maxSignedLength,
): Promise<Result<T, SignedError>> {
  if (signed.length > maxLength) return err('malformed')
  const [payloadText = '', signatureText = '', ...rest] = signed.split('.')
  const payload = fromBase64Url(payloadText)
  const signature = fromBase64Url(signatureText)
  if (rest.length > 0 || !payload || signature?.length !== 64) return err('malformed')
  const key = await importVerifyKey(publicKey)
  if (!key) return err('malformed')
  if (!(await crypto.subtle.verify(algorithm, key, signature, signedBytes(what, payload)))) return err('bad-signature')
  const contents = decode(schema, fromUtf8(payload) ?? '', maxLength)
  return contents.ok ? contents : err('malformed')
}

/** What a signature that answers the server's `hello` is bound to. */
export type AuthenticationFields = {
  /** The page's origin, `https://clinic.example`. The server takes it from the connection's Origin header. */
  readonly origin: string
  /** `connection` and `nonce` of the server's hello. */
  readonly connection: string
  readonly nonce: string
  readonly role: 'host' | 'guest'
  readonly room: RoomId
}

/** The text that is signed (domain `alcove/authenticate/1`). `publicKey`: of the signing device or guest. */
export function authenticationText(fields: AuthenticationFields, publicKey: string): string {
  const { origin, connection, nonce, role, room } = fields
  return [origin, connection, nonce, role, room, publicKey].join('\n')
}

/** base64url, 86 characters. */
export function signAuthentication(keyPair: KeyPair, fields: AuthenticationFields): Promise<string> {
  return signText('authenticate', authenticationText(fields, keyPair.publicKey), keyPair)
}

/** `publicKey`: of the device (host) or the guest, 65 bytes, base64url. Never throws. */
export function verifyAuthentication(publicKey: string, fields: AuthenticationFields, signature: string): Promise<boolean> {
  return verifyText('authenticate', authenticationText(fields, publicKey), signature, publicKey)
}

/** base64url, 86 characters. */
export async function signText(what: SignedTextKind, text: string, keyPair: KeyPair): Promise<string> {
  return toBase64Url(new Uint8Array(await crypto.subtle.sign(algorithm, keyPair.signing, signedBytes(what, utf8(text)))))
}

/** Never throws. */
export async function verifyText(what: SignedTextKind, text: string, signature: string, publicKey: string): Promise<boolean> {
  const key = await importVerifyKey(publicKey)
  const bytes = fromBase64Url(signature)
  if (!key || bytes?.length !== 64) return false
  return crypto.subtle.verify(algorithm, key, bytes, signedBytes(what, utf8(text)))
}
