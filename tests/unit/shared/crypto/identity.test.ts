import { createECDH, createPrivateKey, createPublicKey, ECDH } from 'node:crypto'
import { concat, toBase64Url, utf8 } from '@alcove/shared/crypto/bytes'
import {
  compressPublicKey,
  decompressPublicKey,
  generateSecret,
  importAgreementKey,
  importKeyPair,
  importVerifyKey,
  roomIdOf,
} from '@alcove/shared/crypto/identity'
import { fc } from '../../../support/property.ts'
import { expect, test, vi } from 'vitest'
import { bytesOf, newPair, withFlippedBit } from '../../../support/crypto-people.ts'

/** P-256 points by Node's own arithmetic. */
const points = fc
  .uint8Array({ minLength: 32, maxLength: 32 })
  .filter((scalar) => scalar.some((byte) => byte !== 0) && scalar[0] !== 0xff)
  .map((scalar) => {
    const ecdh = createECDH('prime256v1')
    ecdh.setPrivateKey(scalar)
    return { whole: new Uint8Array(ecdh.getPublicKey()), short: new Uint8Array(ecdh.getPublicKey(null, 'compressed')) }
  })

test('a point is compressed and decompressed as Node does it', () => {
  fc.assert(
    fc.property(points, ({ whole, short }) => {
      expect(compressPublicKey(whole)).toEqual(short)
      expect(decompressPublicKey(short)).toEqual(whole)
    }),
  )
})

test('bytes that are no compressed point are refused exactly when Node refuses them', () => {
  const candidates = fc.tuple(fc.constantFrom(0, 2, 3, 4), fc.uint8Array({ minLength: 32, maxLength: 32 }))
  let onCurve = 0
  fc.assert(
    fc.property(candidates, ([sign, x]) => {
      const compressed = concat(new Uint8Array([sign]), new Uint8Array(x))
      const ours = decompressPublicKey(compressed)
      expect(ours).toEqual(decompressWithNode(compressed))
      if (ours) onCurve++
    }),
    { numRuns: 300 },
  )
  expect(onCurve).toBeGreaterThan(50)
})

test('other lengths and coordinates beyond the field are refused', () => {
  const field = Buffer.from('ffffffff00000001000000000000000000000000ffffffffffffffffffffffff', 'hex')
  expect(decompressPublicKey(concat(new Uint8Array([2]), new Uint8Array(field)))).toBeNull()
  expect(decompressPublicKey(new Uint8Array(33).fill(0xff).fill(2, 0, 1))).toBeNull()
  expect(decompressPublicKey(new Uint8Array(0))).toBeNull()
  expect(decompressPublicKey(new Uint8Array(32).fill(2))).toBeNull()
  expect(decompressPublicKey(new Uint8Array(65).fill(4))).toBeNull()
})

test('a secret is PKCS#8 that Node reads and writes back to the byte', async () => {
  const secret = await generateSecret()
  const key = createPrivateKey({ key: Buffer.from(secret), format: 'der', type: 'pkcs8' })
  expect(secret).toHaveLength(138)
  expect(new Uint8Array(key.export({ format: 'der', type: 'pkcs8' }))).toEqual(secret)
  const { publicKey } = await importKeyPair(secret)
  const { x = '', y = '' } = createPublicKey(key).export({ format: 'jwk' })
  expect(bytesOf(publicKey)).toEqual(concat(new Uint8Array([4]), bytesOf(x), bytesOf(y)))
})

test('the same secret makes the same identity again', async () => {
  const secret = await generateSecret()
  const first = await importKeyPair(secret)
  const again = await importKeyPair(secret.slice())
  expect(again.publicKey).toBe(first.publicKey)
  const signature = await crypto.subtle.sign({ name: 'ECDSA', hash: 'SHA-256' }, again.signing, utf8('x'))
  const verifier = await importVerifyKey(first.publicKey)
  expect(verifier && (await crypto.subtle.verify({ name: 'ECDSA', hash: 'SHA-256' }, verifier, signature, utf8('x')))).toBe(true)
})

test('two secrets are two identities', async () => {
  expect((await newPair()).publicKey).not.toBe((await newPair()).publicKey)
})

test('working handles give the private key to nobody and do nothing but their own work', async () => {
  const { signing, agreement } = await newPair()
  for (const handle of [signing, agreement]) {
    expect(handle.extractable).toBe(false)
    await expect(crypto.subtle.exportKey('pkcs8', handle)).rejects.toThrow()
    await expect(crypto.subtle.exportKey('jwk', handle)).rejects.toThrow()
  }
  expect(signing.usages).toEqual(['sign'])
  expect(agreement.usages).toEqual(['deriveBits'])
})

test('bytes that are no secret are refused', async () => {
  const secret = await generateSecret()
  await expect(importKeyPair(secret.slice(1))).rejects.toThrow(TypeError)
  await expect(importKeyPair(new Uint8Array(138))).rejects.toThrow(TypeError)
  await expect(importKeyPair(new Uint8Array(0))).rejects.toThrow(TypeError)
})

test('two people agree on the same bits', async () => {
  const [ana, ben] = [await newPair(), await newPair()]
  const bits = async (mine: CryptoKey, theirs: string) => {
    const key = await importAgreementKey(theirs)
    if (!key) throw new Error('no key')
    return toBase64Url(new Uint8Array(await crypto.subtle.deriveBits({ name: 'ECDH', public: key }, mine, 256)))
  }
  expect(await bits(ana.agreement, ben.publicKey)).toBe(await bits(ben.agreement, ana.publicKey))
})

test('a text that is no public key makes no key', async () => {
  const { publicKey } = await newPair()
  const offCurve = bytesOf(publicKey)
  offCurve[64] = (offCurve[64] ?? 0) ^ 1
  for (const text of ['', 'AAAA', publicKey.slice(1), `${publicKey}A`, toBase64Url(offCurve), toBase64Url(new Uint8Array(65))]) {
    expect(await importVerifyKey(text)).toBeNull()
    expect(await importAgreementKey(text)).toBeNull()
  }
})

test('a point of another curve never reaches the engine, since not every engine looks', async () => {
  const engine = vi.spyOn(crypto.subtle, 'importKey')
  const good = bytesOf((await newPair()).publicKey)
  const beyondField = good.slice().fill(0xff, 33)
  engine.mockClear()
  for (const point of [withFlippedBit(good, 64), withFlippedBit(good, 1, 7), withFlippedBit(good, 0, 1), beyondField, good.slice(0, 64)]) {
    expect(await importAgreementKey(toBase64Url(point))).toBeNull()
    expect(await importVerifyKey(toBase64Url(point))).toBeNull()
  }
  expect(engine).not.toHaveBeenCalled()
  expect(await importAgreementKey(toBase64Url(good))).not.toBeNull()
  expect(engine).toHaveBeenCalledOnce()
  engine.mockRestore()
})

test('a room is named by the hash of its compressed key', async () => {
  const room = await roomIdOf(compressPublicKey(bytesOf((await newPair()).publicKey)))
  expect(room).toMatch(/^[\w-]{43}$/)
})

function decompressWithNode(compressed: Uint8Array): Uint8Array | null {
  if (compressed[0] !== 2 && compressed[0] !== 3) return null
  try {
    return new Uint8Array(ECDH.convertKey(compressed, 'prime256v1', undefined, undefined, 'uncompressed') as Buffer)
  } catch {
    return null
  }
}
