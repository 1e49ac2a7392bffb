import * as node from 'node:crypto'
import type { Random } from '../signaling/fuzz.ts'

/**
 * WebCrypto as `shared/src/crypto` uses it, over Node's synchronous functions: the same algorithms and bytes, but every
 * random bit comes from a seed and every promise is settled at once, so that a run can be repeated exactly. ECDSA takes
 * its nonce from the key and the message, as RFC 6979 does in spirit.
 */
type Handle = {
  readonly type: 'public' | 'private' | 'secret'
  readonly extractable: boolean
  readonly raw: Buffer
  /** Of EC keys: the point, 65 bytes. */
  readonly point?: Buffer
}

const order = BigInt('0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551')

function bytesOf(data: ArrayBufferView | ArrayBuffer): Buffer {
  return data instanceof ArrayBuffer ? Buffer.from(data) : Buffer.from(data.buffer, data.byteOffset, data.byteLength)
}

function arrayBufferOf(buffer: Buffer): ArrayBuffer {
  const copy = new ArrayBuffer(buffer.length)
  new Uint8Array(copy).set(buffer)
  return copy
}

function sha256(...parts: readonly Buffer[]): Buffer {
  const hash = node.createHash('sha256')
  for (const part of parts) hash.update(part)
  return hash.digest()
}

function toNumber(buffer: Buffer): bigint {
  return BigInt(`0x${buffer.toString('hex')}`)
}

function toBytes(number: bigint): Buffer {
  return Buffer.from(number.toString(16).padStart(64, '0'), 'hex')
}

function inverse(value: bigint): bigint {
  let [a, b, x, y] = [value % order, order, 1n, 0n]
  while (a > 1n) {
    const quotient = a / b
    ;[a, b] = [b, a - quotient * b]
    ;[x, y] = [y, x - quotient * y]
  }
  return ((x % order) + order) % order
}

function pointOf(scalar: Buffer): Buffer {
  const ecdh = node.createECDH('prime256v1')
  ecdh.setPrivateKey(scalar)
  return ecdh.getPublicKey()
}

function signEcdsa(scalar: Buffer, data: Buffer): Buffer {
  const digest = sha256(data)
  for (let attempt = 0; ; attempt++) {
    const k = toNumber(sha256(Buffer.from([attempt]), scalar, digest)) % order
    if (k === 0n) continue
    const r = toNumber(pointOf(toBytes(k)).subarray(1, 33)) % order
    const s = (inverse(k) * (toNumber(digest) + r * toNumber(scalar))) % order
    if (r !== 0n && s !== 0n) return Buffer.concat([toBytes(r), toBytes(s)])
  }
}

/** SubjectPublicKeyInfo of a P-256 key, up to the point (RFC 5480). */
const spkiHead = Buffer.from('3059301306072a8648ce3d020106082a8648ce3d030107034200', 'hex')
const verifiers = new Map<string, node.KeyObject>()

function verifierOf(point: Buffer): node.KeyObject {
  const name = point.toString('base64')
  const known = verifiers.get(name)
  if (known) return known
  const key = node.createPublicKey({ key: Buffer.concat([spkiHead, point]), format: 'der', type: 'spki' })
  if (verifiers.size > 500) verifiers.clear()
  verifiers.set(name, key)
  return key
}

type Algorithm = string | { readonly name: string; readonly [key: string]: unknown }

function nameOf(algorithm: Algorithm): string {
  return typeof algorithm === 'string' ? algorithm : algorithm.name
}

export type SeededCrypto = Pick<Crypto, 'getRandomValues' | 'subtle'>

export function createSeededCrypto(random: Random): SeededCrypto {
  /** The same signatures are looked at on every device; all of them are in this process. */
  const verified = new Map<string, boolean>()

  const subtle = {
    async digest(_algorithm: Algorithm, data: ArrayBufferView): Promise<ArrayBuffer> {
      return arrayBufferOf(sha256(bytesOf(data)))
    },
    async generateKey(): Promise<{ privateKey: Handle; publicKey: Handle }> {
      const raw = toBytes((toNumber(Buffer.from(random.bytes(32))) % (order - 1n)) + 1n)
      const point = pointOf(raw)
      return {
        privateKey: { type: 'private', extractable: true, raw, point },
        publicKey: { type: 'public', extractable: true, raw: point, point },
      }
    },
    async importKey(format: string, data: unknown, algorithm: Algorithm, extractable: boolean): Promise<Handle> {
      if (format === 'jwk') {
        const { d = '', x = '', y = '' } = data as JsonWebKey
        const point = Buffer.concat([Buffer.from([4]), Buffer.from(x, 'base64url'), Buffer.from(y, 'base64url')])
        return { type: 'private', extractable, raw: Buffer.from(d, 'base64url'), point }
      }
      const raw = Buffer.from(bytesOf(data as ArrayBufferView))
      if (nameOf(algorithm) === 'ECDSA') return { type: 'public', extractable, raw, point: raw }
      if (nameOf(algorithm) === 'ECDH') return { type: 'public', extractable, raw, point: raw }
      return { type: 'secret', extractable, raw }
    },
    async exportKey(format: string, key: Handle): Promise<unknown> {
      if (format === 'raw') return arrayBufferOf(key.raw)
      const point = key.point ?? key.raw
      const [x, y] = [point.subarray(1, 33).toString('base64url'), point.subarray(33).toString('base64url')]
      return { kty: 'EC', crv: 'P-256', d: key.raw.toString('base64url'), x, y }
    },
    async sign(algorithm: Algorithm, key: Handle, data: ArrayBufferView): Promise<ArrayBuffer> {
      if (nameOf(algorithm) === 'ECDSA') return arrayBufferOf(signEcdsa(key.raw, bytesOf(data)))
      return arrayBufferOf(node.createHmac('sha256', key.raw).update(bytesOf(data)).digest())
    },
    async verify(algorithm: Algorithm, key: Handle, signature: ArrayBufferView, data: ArrayBufferView): Promise<boolean> {
      if (nameOf(algorithm) !== 'ECDSA') throw new Error('Only ECDSA is verified')
      const [message, bytes] = [bytesOf(data), bytesOf(signature)]
      const name = sha256(key.raw, bytes, message).toString('base64')
      let good = verified.get(name)
      if (good === undefined) {
        good = node.verify('sha256', message, { key: verifierOf(key.raw), dsaEncoding: 'ieee-p1363' }, bytes)
        verified.set(name, good)
      }
      return good
    },
    async deriveBits(
      algorithm: { name: string; public?: Handle; salt?: ArrayBufferView; info?: ArrayBufferView },
      key: Handle,
      length: number,
    ) {
      if (algorithm.name === 'HKDF') {
        const [salt, info] = [bytesOf(algorithm.salt ?? Buffer.alloc(0)), bytesOf(algorithm.info ?? Buffer.alloc(0))]
        return node.hkdfSync('sha256', key.raw, salt, info, length / 8)
      }
      const ecdh = node.createECDH('prime256v1')
      ecdh.setPrivateKey(key.raw)
      return arrayBufferOf(ecdh.computeSecret(algorithm.public?.raw ?? Buffer.alloc(0)))
    },
    async encrypt(
      algorithm: { iv: ArrayBufferView; additionalData?: ArrayBufferView },
      key: Handle,
      data: ArrayBufferView,
    ): Promise<ArrayBuffer> {
      const cipher = node.createCipheriv(key.raw.length === 16 ? 'aes-128-gcm' : 'aes-256-gcm', key.raw, bytesOf(algorithm.iv))
      if (algorithm.additionalData) cipher.setAAD(bytesOf(algorithm.additionalData))
      return arrayBufferOf(Buffer.concat([cipher.update(bytesOf(data)), cipher.final(), cipher.getAuthTag()]))
    },
    async decrypt(
      algorithm: { iv: ArrayBufferView; additionalData?: ArrayBufferView },
      key: Handle,
      data: ArrayBufferView,
    ): Promise<ArrayBuffer> {
      const sealed = bytesOf(data)
      const tag = sealed.length - 16
      if (tag < 0) throw new Error('Too short')
      const decipher = node.createDecipheriv(key.raw.length === 16 ? 'aes-128-gcm' : 'aes-256-gcm', key.raw, bytesOf(algorithm.iv))
      if (algorithm.additionalData) decipher.setAAD(bytesOf(algorithm.additionalData))
      decipher.setAuthTag(sealed.subarray(tag))
      return arrayBufferOf(Buffer.concat([decipher.update(sealed.subarray(0, tag)), decipher.final()]))
    },
  }

  return {
    getRandomValues(target) {
      if (ArrayBuffer.isView(target))
        new Uint8Array(target.buffer, target.byteOffset, target.byteLength).set(random.bytes(target.byteLength))
      return target
    },
    subtle: subtle as unknown as SubtleCrypto,
  }
}

/** Until the returned function is called, everything in this process draws on it. Node's own base64 is slow. */
export function installCrypto(seeded: SeededCrypto): () => void {
  const replacements = {
    crypto: seeded,
    btoa: (binary: string) => Buffer.from(binary, 'latin1').toString('base64'),
    atob: (text: string) => Buffer.from(text, 'base64').toString('latin1'),
  }
  const originals = Object.entries(replacements).map(([name, value]) => {
    const original = Object.getOwnPropertyDescriptor(globalThis, name)
    Object.defineProperty(globalThis, name, { value, configurable: true, writable: true })
    return [name, original] as const
  })
  return () => {
    for (const [name, original] of originals) if (original) Object.defineProperty(globalThis, name, original)
  }
}
