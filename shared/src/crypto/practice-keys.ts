import type { EpochId } from '../domain/ids.ts'
import { decode } from '../protocol/decode.ts'
import { list } from '../protocol/fields.ts'
import { type HandoverMessage, handoverMessage, signedEntry } from '../protocol/sync-messages.ts'
import { type Bytes, concat, fromBase64Url, fromUtf8, randomBytes, toBase64Url, utf8 } from './bytes.ts'
import type { KeyHandle } from './identity.ts'
import { hkdf } from './mac.ts'

/**
 * What follows from a practice key (32 bytes): HKDF-SHA256 without salt, each for one use. `epoch` null: the founding
 * key. The server sees topics and ciphertext.
 */
type Epoch = EpochId | null

/** y-webrtc's room and password, 43 characters each. */
export async function deriveSyncKeys(key: Bytes, epoch: Epoch): Promise<{ readonly topic: string; readonly password: string }> {
  const [topic, password] = await Promise.all([derive(key, 'sync-topic', epoch), derive(key, 'sync-password', epoch)])
  return { topic: toBase64Url(topic), password: toBase64Url(password) }
}

/** Where devices that missed a new key find the others, and how what is said there is sealed. Of the founding key. */
export type HandoverKeys = { readonly topic: string; readonly key: KeyHandle }

export async function deriveHandoverKeys(foundingKey: Bytes): Promise<HandoverKeys> {
  const [topic, key] = await Promise.all([derive(foundingKey, 'handover-topic', null), derive(foundingKey, 'handover', null)])
  return { topic: toBase64Url(topic), key: await importKey(key) }
}

/**
 * A sealed message is one of these sizes in bytes before it is sealed, so that the server learns little from its length.
 * The largest, in base64url, is below what a frame of `/sync` may have.
 */
const buckets = [512, 1024, 2048, 4096, 8192, 16_384, 32_768, 47 * 1024]
const lengthBytes = 4
/** The most UTF-8 bytes of JSON that a handover message may have. */
export const maxHandoverBytes = 47 * 1024 - lengthBytes
const maxSealedLength = 64 * 1024

/** Null when it is too long for one frame. */
export async function sealHandover({ topic, key }: HandoverKeys, message: HandoverMessage): Promise<string | null> {
  const padded = pad(utf8(JSON.stringify(message)))
  return padded && seal(key, topic, padded)
}

/** Null for what nobody with the founding key said here. Never throws. */
export async function openHandover({ topic, key }: HandoverKeys, sealed: string): Promise<HandoverMessage | null> {
  const padded = await open(key, topic, sealed)
  const text = padded && unpad(padded)
  const message = decode(handoverMessage, (text && fromUtf8(text)) ?? '', maxHandoverBytes)
  return message.ok ? message.value : null
}

/** For `sealBatch`: signed entries for whoever had the practice key of that epoch. */
export async function deriveBatchKey(key: Bytes, epoch: Epoch): Promise<KeyHandle> {
  return importKey(await derive(key, 'chain-batch', epoch))
}

const batch = list(signedEntry, 512)

/** Not padded: it travels inside a handover message. */
export function sealBatch(batchKey: KeyHandle, epoch: Epoch, entries: readonly string[]): Promise<string> {
  return seal(batchKey, batchPlace(epoch), utf8(JSON.stringify(entries)))
}

/** Null when it was sealed under another key or for another epoch. The entries are still to be verified. Never throws. */
export async function openBatch(batchKey: KeyHandle, epoch: Epoch, sealed: string): Promise<readonly string[] | null> {
  const text = await open(batchKey, batchPlace(epoch), sealed)
  const entries = decode(batch, (text && fromUtf8(text)) ?? '', maxSealedLength)
  return entries.ok ? entries.value : null
}

function batchPlace(epoch: Epoch): string {
  return `alcove/chain-batch/1\n${nameOf(epoch)}`
}

function derive(key: Bytes, what: string, epoch: Epoch): Promise<Bytes> {
  return hkdf(key, `alcove/${what}/1\n${nameOf(epoch)}`, 32)
}

function nameOf(epoch: Epoch): string {
  return epoch ?? 'founding'
}

function importKey(bytes: Bytes): Promise<KeyHandle> {
  return crypto.subtle.importKey('raw', bytes, 'AES-GCM', false, ['encrypt', 'decrypt'])
}

const ivLength = 12

/** base64url(iv ‖ AES-256-GCM ciphertext), the place being the additional data. */
async function seal(key: KeyHandle, place: string, plaintext: Bytes): Promise<string> {
  const iv = randomBytes(ivLength)
  const sealed = await crypto.subtle.encrypt({ name: 'AES-GCM', iv, additionalData: utf8(place) }, key, plaintext)
  return toBase64Url(concat(iv, new Uint8Array(sealed)))
}

async function open(key: KeyHandle, place: string, sealed: string): Promise<Bytes | null> {
  const bytes = sealed.length <= maxSealedLength ? fromBase64Url(sealed) : null
  if (!bytes || bytes.length < ivLength) return null
  const algorithm = { name: 'AES-GCM', iv: bytes.slice(0, ivLength), additionalData: utf8(place) } as const
  try {
    return new Uint8Array(await crypto.subtle.decrypt(algorithm, key, bytes.slice(ivLength)))
  } catch {
    return null
  }
}

/** Length (4 bytes, big-endian), bytes, zeros. */
function pad(bytes: Bytes): Bytes | null {
  const size = buckets.find((bucket) => bucket >= bytes.length + lengthBytes)
  if (size === undefined) return null
  const padded = new Uint8Array(size)
  new DataView(padded.buffer).setUint32(0, bytes.length)
  padded.set(bytes, lengthBytes)
  return padded
}

function unpad(padded: Bytes): Bytes | null {
  if (padded.length < lengthBytes) return null
  const length = new DataView(padded.buffer, padded.byteOffset).getUint32(0)
  return length <= padded.length - lengthBytes ? padded.slice(lengthBytes, lengthBytes + length) : null
}
