import { type Bytes, concat, fromBase64Url, toBase64Url, utf8 } from './bytes.ts'
import { generateSecret, importAgreementKey, importKeyPair, type KeyHandle, type KeyPair } from './identity.ts'
import { hmac } from './mac.ts'

/**
 * HPKE (RFC 9180), base mode, single shot: DHKEM(P-256, HKDF-SHA256), HKDF-SHA256, AES-128-GCM. One message per key,
 * so the nonce is the base nonce. Checked against the RFC's vectors and another implementation (decision 0006).
 */
const kemSuite = concat(utf8('KEM'), new Uint8Array([0, 0x10]))
const suite = concat(utf8('HPKE'), new Uint8Array([0, 0x10, 0, 1, 0, 1]))
const empty: Bytes = new Uint8Array(0)
/** HKDF's salt where none is given (RFC 5869, 2.2). */
const noSalt: Bytes = new Uint8Array(32)
/** `enc`: the sender's ephemeral point, uncompressed (RFC 9180, 7.1.1). */
const encLength = 65

/**
 * `enc ‖ ciphertext`. `recipient`: 65 bytes, base64url; null when that is no key.
 * `ephemeral` is given by tests of the RFC's vectors only.
 */
export async function hpkeSeal(recipient: string, info: Bytes, aad: Bytes, plaintext: Bytes, ephemeral?: KeyPair): Promise<Bytes | null> {
  const recipientKey = await importAgreementKey(recipient)
  const sender = ephemeral ?? (await importKeyPair(await generateSecret()))
  const enc = fromBase64Url(sender.publicKey)
  const point = fromBase64Url(recipient)
  if (!recipientKey || !enc || !point) return null
  const { key, nonce } = await keySchedule(sender.agreement, recipientKey, concat(enc, point), info)
  const ciphertext = await crypto.subtle.encrypt({ name: 'AES-GCM', iv: nonce, additionalData: aad }, key, plaintext)
  return concat(enc, new Uint8Array(ciphertext))
}

/** Null when it was not sealed to this key with this info and this additional data, or was changed. Never throws. */
export async function hpkeOpen(recipient: KeyPair, info: Bytes, aad: Bytes, sealed: Bytes): Promise<Bytes | null> {
  const enc = sealed.slice(0, encLength)
  const senderKey = await importAgreementKey(toBase64Url(enc))
  const point = fromBase64Url(recipient.publicKey)
  if (!senderKey || !point) return null
  const { key, nonce } = await keySchedule(recipient.agreement, senderKey, concat(enc, point), info)
  try {
    const opened = await crypto.subtle.decrypt({ name: 'AES-GCM', iv: nonce, additionalData: aad }, key, sealed.slice(encLength))
    return new Uint8Array(opened)
  } catch {
    return null
  }
}

/** RFC 9180, 4.1 (ExtractAndExpand) and 5.1 (KeySchedule with no psk). */
async function keySchedule(mine: KeyHandle, theirs: KeyHandle, kemContext: Bytes, info: Bytes) {
  const dh = new Uint8Array(await crypto.subtle.deriveBits({ name: 'ECDH', public: theirs }, mine, 256))
  const eaePrk = await labeledExtract(kemSuite, noSalt, 'eae_prk', dh)
  const sharedSecret = await labeledExpand(kemSuite, eaePrk, 'shared_secret', kemContext, 32)
  const context = concat(
    new Uint8Array([0]),
    await labeledExtract(suite, noSalt, 'psk_id_hash', empty),
    await labeledExtract(suite, noSalt, 'info_hash', info),
  )
  const secret = await labeledExtract(suite, sharedSecret, 'secret', empty)
  const keyBytes = await labeledExpand(suite, secret, 'key', context, 16)
  const key = await crypto.subtle.importKey('raw', keyBytes, 'AES-GCM', false, ['encrypt', 'decrypt'])
  return { key, nonce: await labeledExpand(suite, secret, 'base_nonce', context, 12) }
}

function labeledExtract(suiteId: Bytes, salt: Bytes, label: string, ikm: Bytes): Promise<Bytes> {
  return hmac(salt, concat(utf8('HPKE-v1'), suiteId, utf8(label), ikm))
}

/** One block of HKDF-Expand: `length` is at most 32. */
async function labeledExpand(suiteId: Bytes, prk: Bytes, label: string, info: Bytes, length: number): Promise<Bytes> {
  const labeledInfo = concat(new Uint8Array([0, length]), utf8('HPKE-v1'), suiteId, utf8(label), info)
  return (await hmac(prk, concat(labeledInfo, new Uint8Array([1])))).slice(0, length)
}
