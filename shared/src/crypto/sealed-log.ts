import type { DeviceKey, DocumentId } from '../domain/ids.ts'
import { type DeviceTag, type LogHash, maxRecordBytes, type RecordHash, type RecordHeader, type SpaceId } from '../domain/sealed-log.ts'
import { type Bytes, concat, equalBytes, fromBase64Url, hashText, randomBytes, sha256, toBase64Url, utf8 } from './bytes.ts'
import { deflate, inflate } from './deflate.ts'
import { importVerifyKey, type KeyHandle, type KeyPair } from './identity.ts'
import { decodeHeader, encodeHeader, varint, readVarint } from './log-header.ts'

/**
 * Records of the sealed log: `header ‖ iv ‖ ciphertext ‖ signature` (docs/PROTOCOL.md, "The sealed log: records"). The server
 * reads headers and verifies signatures; it has no key. Where a record belongs is not sent with it, and is part of all that
 * is sealed and signed.
 */
export type LogPlace = { readonly space: SpaceId; readonly log: DocumentId }

const ivLength = 12
const tagLength = 16
const signatureLength = 64
/** What a record's payload may grow to when it is unpacked. */
export const maxPayloadBytes = 64 * 1024 * 1024
/** Shorter ones are not worth packing. */
const packFromBytes = 160
const minPaddedBytes = 32

const ecdsa = { name: 'ECDSA', hash: 'SHA-256' }

// --- names --------------------------------------------------------------------------------------------------------------

/** Throws for what is no public key. */
export async function deviceTagOf(device: DeviceKey): Promise<DeviceTag> {
  const point = fromBase64Url(device)
  if (!point) throw new TypeError('Not a public key')
  return toBase64Url((await sha256(point)).slice(0, 16)) as DeviceTag
}

/** Of position 0. */
export async function emptyLogHash(space: SpaceId, log: DocumentId): Promise<LogHash> {
  return (await hashText(`alcove/log/1\n${space}\n${log}`)) as LogHash
}

export async function recordHashOf(record: Bytes): Promise<RecordHash> {
  return toBase64Url(await sha256(record)) as RecordHash
}

/** Of the next position. Throws for what are no hashes. */
export async function nextLogHash(before: LogHash, record: RecordHash): Promise<LogHash> {
  const [one, other] = [fromBase64Url(before), fromBase64Url(record)]
  if (one?.length !== 32 || other?.length !== 32) throw new TypeError('Not a hash')
  return toBase64Url(await sha256(concat(one, other))) as LogHash
}

/** Of each position behind `start`. */
export async function logHashes(start: LogHash, records: readonly Bytes[]): Promise<readonly LogHash[]> {
  let hash = fromBase64Url(start)
  if (hash?.length !== 32) throw new TypeError('Not a hash')
  const hashes: LogHash[] = []
  for (const name of await Promise.all(records.map(sha256))) {
    hash = await sha256(concat(hash, name))
    hashes.push(toBase64Url(hash) as LogHash)
  }
  return hashes
}

// --- records ------------------------------------------------------------------------------------------------------------

/**
 * `key`: of `deriveLogKey` for this device and the header's epoch. Null when the record would be longer than a log takes
 * (`maxRecordBytes`). Throws for a header that cannot be.
 */
export async function sealRecord(
  place: LogPlace,
  header: RecordHeader,
  key: KeyHandle,
  device: KeyPair,
  payload: Bytes,
): Promise<Bytes | null> {
  const head = encodeHeader(header)
  const iv = randomBytes(ivLength)
  const plaintext = padded(await packed(payload))
  if (head.length + iv.length + plaintext.length + tagLength + signatureLength > maxRecordBytes) return null
  const sealed = await crypto.subtle.encrypt({ name: 'AES-GCM', iv, additionalData: additionalData(place, head) }, key, plaintext)
  const unsigned = concat(head, iv, new Uint8Array(sealed))
  return concat(unsigned, new Uint8Array(await crypto.subtle.sign(ecdsa, device.signing, signedBytes(place, unsigned))))
}

/** A record whose header was read. `headBytes`: how long that is. */
export type ParsedRecord = { readonly bytes: Bytes; readonly header: RecordHeader; readonly headBytes: number }

/** Null for what is no record. */
export function parseRecord(bytes: Bytes): ParsedRecord | null {
  const head = bytes.length <= maxRecordBytes ? decodeHeader(bytes) : null
  if (!head || bytes.length < head.length + ivLength + minPaddedBytes + tagLength + signatureLength) return null
  return { bytes, header: head.header, headBytes: head.length }
}

/** What it says of itself, believed when `verifyRecord` is good. Null for what is no record. */
export function readHeader(record: Bytes): RecordHeader | null {
  return parseRecord(record)?.header ?? null
}

/** Whether this device signed it for this place, and the header names it. Never throws. */
export async function verifyRecord(place: LogPlace, record: Bytes | ParsedRecord, device: DeviceKey): Promise<boolean> {
  const parsed = record instanceof Uint8Array ? parseRecord(record) : record
  const verifier = parsed && (await verifierOf(device))
  if (!verifier || parsed.header.device !== verifier.tag) return false
  const { bytes } = parsed
  const signatureAt = bytes.length - signatureLength
  return crypto.subtle.verify(ecdsa, verifier.key, bytes.slice(signatureAt), signedBytes(place, bytes.subarray(0, signatureAt)))
}

/** What was sealed. Null when it was sealed under another key or for another place, or was changed. Never throws. */
export async function openRecord(place: LogPlace, record: Bytes | ParsedRecord, key: KeyHandle): Promise<Bytes | null> {
  const parsed = record instanceof Uint8Array ? parseRecord(record) : record
  if (!parsed) return null
  const { bytes, headBytes } = parsed
  const sealedAt = headBytes + ivLength
  const algorithm = {
    name: 'AES-GCM',
    iv: bytes.slice(headBytes, sealedAt),
    additionalData: additionalData(place, bytes.subarray(0, headBytes)),
  } as const
  try {
    const plaintext = await crypto.subtle.decrypt(algorithm, key, bytes.slice(sealedAt, bytes.length - signatureLength))
    return await unpacked(new Uint8Array(plaintext))
  } catch {
    return null
  }
}

function additionalData({ space, log }: LogPlace, head: Bytes): Bytes {
  return concat(utf8(`alcove/log-record/1\n${space}\n${log}\n`), head)
}

/** ECDSA P-256 with SHA-256, r and s as 32 bytes each (IEEE P1363), over these. */
function signedBytes({ space, log }: LogPlace, unsigned: Bytes): Bytes {
  return concat(utf8(`alcove/log-record/1\0${space}\n${log}\n`), unsigned)
}

/** Importing a key takes longer than verifying with it. The last few hundred devices that were asked for. */
const verifiers = new Map<DeviceKey, Promise<{ readonly key: KeyHandle; readonly tag: DeviceTag } | null>>()
const maxVerifiers = 512

function verifierOf(device: DeviceKey) {
  const known = verifiers.get(device) ?? importVerifier(device)
  verifiers.delete(device)
  verifiers.set(device, known)
  for (const oldest of verifiers.keys()) {
    if (verifiers.size <= maxVerifiers) break
    verifiers.delete(oldest)
  }
  return known
}

async function importVerifier(device: DeviceKey) {
  const key = await importVerifyKey(device)
  return key && { key, tag: await deviceTagOf(device) }
}

// --- payloads -----------------------------------------------------------------------------------------------------------

const asItIs = 0
const deflated = 1

/** How it is packed (1 byte), its length, itself. */
async function packed(payload: Bytes): Promise<Bytes> {
  const packed = payload.length >= packFromBytes ? await deflate(payload) : payload
  const isShorter = packed.length < payload.length
  const content = isShorter ? packed : payload
  return concat(new Uint8Array([isShorter ? deflated : asItIs]), varint(content.length), content)
}

async function unpacked(plaintext: Bytes): Promise<Bytes | null> {
  const length = readVarint(plaintext, 1)
  if (!length || length.value > plaintext.length - length.end) return null
  const end = length.end + length.value
  if (!equalBytes(plaintext, padded(plaintext.subarray(0, end)))) return null
  const content = plaintext.slice(length.end, end)
  if (plaintext[0] === asItIs) return content
  return plaintext[0] === deflated ? inflate(content, maxPayloadBytes) : null
}

/** Zeros behind it. */
function padded(bytes: Bytes): Bytes {
  const whole = new Uint8Array(paddedLength(bytes.length))
  whole.set(bytes)
  return whole
}

/** PADMÉ (Nikitin et al., "Reducing Metadata Leakage from Encrypted Files", 2019): tells O(log log) bits, adds at most 12 %. */
export function paddedLength(length: number): number {
  if (length <= minPaddedBytes) return minPaddedBytes
  const exponent = Math.floor(Math.log2(length))
  const step = 2 ** (exponent - Math.floor(Math.log2(exponent)) - 1)
  return Math.ceil(length / step) * step
}
