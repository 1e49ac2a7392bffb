import type { RoomId } from '../domain/ids.ts'
import { type Bytes, concat, fromBase64Url, sha256, toBase64Url } from './bytes.ts'

/** A WebCrypto key, as the platform at hand types it. */
export type KeyHandle = Awaited<ReturnType<typeof crypto.subtle.importKey>>

/**
 * Every identity is one P-256 scalar with two WebCrypto handles: ECDSA signs, ECDH opens seals and makes pair keys.
 * Working handles cannot be exported. `publicKey`: the point, 65 bytes uncompressed (SEC 1, 2.3.3), base64url.
 */
export type KeyPair = {
  readonly publicKey: string
  readonly signing: KeyHandle
  readonly agreement: KeyHandle
}

const ecdsa = { name: 'ECDSA', namedCurve: 'P-256' }
const ecdh = { name: 'ECDH', namedCurve: 'P-256' }

/**
 * PKCS#8 of a P-256 key (RFC 5208, RFC 5915, public key included) has the same bytes everywhere but in two places:
 * the scalar (32 bytes at 36) and the point (65 bytes at the end).
 */
const pkcs8Head = new Uint8Array([
  0x30, 0x81, 0x87, 2, 1, 0, 0x30, 0x13, 6, 7, 0x2a, 0x86, 0x48, 0xce, 0x3d, 2, 1, 6, 8, 0x2a, 0x86, 0x48, 0xce, 0x3d, 3, 1, 7, 4, 0x6d,
  0x30, 0x6b, 2, 1, 1, 4, 0x20,
])
const pkcs8Middle = new Uint8Array([0xa1, 0x44, 3, 0x42, 0])
const pointAt = pkcs8Head.length + 32 + pkcs8Middle.length

/**
 * The PKCS#8 form (138 bytes) of a new P-256 key: what is wrapped and stored, and from which the same identity can be
 * made again. The caller wipes it after use.
 */
export async function generateSecret(): Promise<Bytes> {
  const { privateKey } = await crypto.subtle.generateKey(ecdsa, true, ['sign', 'verify'])
  const { d, x, y } = await crypto.subtle.exportKey('jwk', privateKey)
  const [scalar, pointX, pointY] = [d, x, y].map((part) => fromBase64Url(part ?? ''))
  if (!scalar || !pointX || !pointY) throw new Error('The browser exported an incomplete P-256 key')
  return concat(pkcs8Head, scalar, pkcs8Middle, new Uint8Array([4]), pointX, pointY)
}

/**
 * Non-extractable handles of a secret made by `generateSecret`; throws for other bytes.
 * Goes through JWK (RFC 7518, 6.2), which Chromium, Firefox, WebKit and Node all import for both uses.
 */
export async function importKeyPair(secret: Bytes): Promise<KeyPair> {
  const point = secret.slice(pointAt)
  if (secret.length !== pointAt + 65 || point[0] !== 4) throw new TypeError('Not a P-256 secret in PKCS#8')
  const jwk = {
    kty: 'EC',
    crv: 'P-256',
    d: toBase64Url(secret.slice(pkcs8Head.length, pkcs8Head.length + 32)),
    x: toBase64Url(point.slice(1, 33)),
    y: toBase64Url(point.slice(33)),
  }
  const [signing, agreement] = await Promise.all([
    crypto.subtle.importKey('jwk', jwk, ecdsa, false, ['sign']),
    crypto.subtle.importKey('jwk', jwk, ecdh, false, ['deriveBits']),
  ])
  return { publicKey: toBase64Url(point), signing, agreement }
}

/** 65 bytes uncompressed to 33 compressed (SEC 1, 2.3.3). */
export function compressPublicKey(point: Bytes): Bytes {
  const compressed = point.slice(0, 33)
  compressed[0] = 2 + ((point[64] ?? 0) & 1)
  return compressed
}

const p = 2n ** 256n - 2n ** 224n + 2n ** 192n + 2n ** 96n - 1n
const b = 0x5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604bn

/**
 * 33 bytes compressed to 65 uncompressed (SEC 1, 2.3.4), because WebKit imports no compressed points.
 * Null when the bytes are no point of P-256. Not constant-time; public keys are not secret.
 */
export function decompressPublicKey(compressed: Bytes): Bytes | null {
  const sign = compressed[0]
  if (compressed.length !== 33 || (sign !== 2 && sign !== 3)) return null
  const x = toBigInt(compressed.subarray(1))
  if (x >= p) return null
  const square = squareOfY(x)
  // p = 3 mod 4, so this power is a square root if there is one.
  const root = power(square, (p + 1n) / 4n)
  if ((root * root) % p !== square) return null
  const y = Number(root & 1n) === (sign & 1) ? root : p - root
  const point = new Uint8Array(65)
  point[0] = 4
  point.set(compressed.subarray(1), 1)
  for (let i = 64, rest = y; i > 32; i--, rest >>= 8n) point[i] = Number(rest & 255n)
  return point
}

/** y² = x³ - 3x + b (SEC 2, 2.4.2). */
function squareOfY(x: bigint): bigint {
  return ((((x * x - 3n) * x + b) % p) + p) % p
}

/** Not every engine looks (WebKitGTK does not), and agreeing on a key with a point of another curve gives the scalar away. */
function isOnCurve(point: Bytes): boolean {
  if (point.length !== 65 || point[0] !== 4) return false
  const [x, y] = [toBigInt(point.subarray(1, 33)), toBigInt(point.subarray(33))]
  return x < p && y < p && (y * y) % p === squareOfY(x)
}

function toBigInt(bytes: Bytes): bigint {
  return bytes.reduce((number, byte) => (number << 8n) | BigInt(byte), 0n)
}

function power(base: bigint, exponent: bigint): bigint {
  let result = 1n
  for (let square = base, rest = exponent; rest > 0n; rest >>= 1n, square = (square * square) % p) {
    if (rest & 1n) result = (result * square) % p
  }
  return result
}

/** The room's only name towards the server: base64url(SHA-256(33 bytes compressed)). */
export async function roomIdOf(compressed: Bytes): Promise<RoomId> {
  return toBase64Url(await sha256(compressed)) as RoomId
}

/** A public key (65 bytes, base64url) that verifies signatures; null when it is none. */
export function importVerifyKey(publicKey: string): Promise<KeyHandle | null> {
  return importPublicKey(publicKey, ecdsa, ['verify'])
}

/** A public key (65 bytes, base64url) for key agreement; null when it is none. */
export function importAgreementKey(publicKey: string): Promise<KeyHandle | null> {
  return importPublicKey(publicKey, ecdh, [])
}

async function importPublicKey(publicKey: string, algorithm: typeof ecdsa, usages: 'verify'[]): Promise<KeyHandle | null> {
  const point = fromBase64Url(publicKey)
  if (!point || !isOnCurve(point)) return null
  try {
    return await crypto.subtle.importKey('raw', point, algorithm, true, usages)
  } catch {
    return null
  }
}
