import { concat, toBase64Url, utf8 } from '@alcove/shared/crypto/bytes'
import { hpkeOpen, hpkeSeal } from '@alcove/shared/crypto/hpke'
import { importKeyPair, type KeyPair } from '@alcove/shared/crypto/identity'
import { Aes128Gcm, CipherSuite, DhkemP256HkdfSha256, HkdfSha256 } from '@hpke/core'
import { fc } from '../../../support/property.ts'
import { expect, test } from 'vitest'
import { bytesOf, newPair, withFlippedBit } from '../../../support/crypto-people.ts'

const hex = (text: string) => new Uint8Array(Buffer.from(text, 'hex'))

/** RFC 9180, appendix A.3.1: DHKEM(P-256, HKDF-SHA256), HKDF-SHA256, AES-128-GCM, base mode, sequence number 0. */
const vector = {
  info: hex('4f6465206f6e2061204772656369616e2055726e'),
  ephemeral: {
    secret: hex('4995788ef4b9d6132b249ce59a77281493eb39af373d236a1fe415cb0c2d7beb'),
    point: hex(
      '04a92719c6195d5085104f469a8b9814d5838ff72b60501e2c4466e5e67b325ac98536d7b61a1af4b78e5b7f951c0900be863c403ce65c9bfcb9382657222d18c4',
    ),
  },
  recipient: {
    secret: hex('f3ce7fdae57e1a310d87f1ebbde6f328be0a99cdbcadf4d6589cf29de4b8ffd2'),
    point: hex(
      '04fe8c19ce0905191ebc298a9245792531f26f0cece2460639e8bc39cb7f706a826a779b4cf969b8a0e539c7f62fb3d30ad6aa8f80e30f1d128aafd68a2ce72ea0',
    ),
  },
  plaintext: hex('4265617574792069732074727574682c20747275746820626561757479'),
  aad: hex('436f756e742d30'),
  ciphertext: hex('5ad590bb8baa577f8619db35a36311226a896e7342a6d836d8b7bcd2f20b6c7f9076ac232e3ab2523f39513434'),
}

function pairOf({ secret, point }: { secret: Uint8Array<ArrayBuffer>; point: Uint8Array<ArrayBuffer> }): Promise<KeyPair> {
  const head = hex('308187020100301306072a8648ce3d020106082a8648ce3d030107046d306b0201010420')
  return importKeyPair(concat(head, secret, hex('a144034200'), point))
}

test('sealing gives the bytes of the RFC', async () => {
  const ephemeral = await pairOf(vector.ephemeral)
  const sealed = await hpkeSeal(toBase64Url(vector.recipient.point), vector.info, vector.aad, vector.plaintext, ephemeral)
  expect(sealed).toEqual(concat(vector.ephemeral.point, vector.ciphertext))
})

test('the bytes of the RFC are opened', async () => {
  const sealed = concat(vector.ephemeral.point, vector.ciphertext)
  expect(await hpkeOpen(await pairOf(vector.recipient), vector.info, vector.aad, sealed)).toEqual(vector.plaintext)
})

const other = new CipherSuite({ kem: new DhkemP256HkdfSha256(), kdf: new HkdfSha256(), aead: new Aes128Gcm() })
const anyBytes = fc.uint8Array({ maxLength: 200 }).map((bytes) => new Uint8Array(bytes))

test('what we seal another implementation opens, and the other way round', async () => {
  const recipient = await newPair()
  const publicKey = await other.kem.deserializePublicKey(bytesOf(recipient.publicKey))
  const recipientKey = { privateKey: recipient.agreement, publicKey }
  await fc.assert(
    fc.asyncProperty(anyBytes, anyBytes, anyBytes, async (info, aad, plaintext) => {
      const ours = await hpkeSeal(recipient.publicKey, info, aad, plaintext)
      if (!ours) throw new Error('not sealed')
      const enc = ours.slice(0, 65)
      const openedByOther = await other.open({ recipientKey, enc, info }, ours.slice(65), aad)
      expect(new Uint8Array(openedByOther)).toEqual(plaintext)

      const theirs = await other.seal({ recipientPublicKey: publicKey, info }, plaintext, aad)
      const sealed = concat(new Uint8Array(theirs.enc), new Uint8Array(theirs.ct))
      expect(await hpkeOpen(recipient, info, aad, sealed)).toEqual(plaintext)
    }),
    { numRuns: 25 },
  )
})

test('another key, info, additional data or any turned bit opens nothing', async () => {
  const [recipient, stranger] = [await newPair(), await newPair()]
  const [info, aad, plaintext] = [utf8('info'), utf8('aad'), utf8('Sam is waiting')]
  const sealed = await hpkeSeal(recipient.publicKey, info, aad, plaintext)
  if (!sealed) throw new Error('not sealed')
  expect(await hpkeOpen(recipient, info, aad, sealed)).toEqual(plaintext)
  expect(await hpkeOpen(stranger, info, aad, sealed)).toBeNull()
  expect(await hpkeOpen(recipient, utf8('other'), aad, sealed)).toBeNull()
  expect(await hpkeOpen(recipient, info, utf8('other'), sealed)).toBeNull()
  for (let at = 0; at < sealed.length; at++) {
    expect(await hpkeOpen(recipient, info, aad, withFlippedBit(sealed, at, at % 8)), `byte ${at}`).toBeNull()
  }
  for (const length of [0, 1, 64, 65, 66, sealed.length - 1]) {
    expect(await hpkeOpen(recipient, info, aad, sealed.slice(0, length)), `${length} bytes`).toBeNull()
  }
})

test('every seal has its own ephemeral key', async () => {
  const { publicKey } = await newPair()
  const seals = await Promise.all(Array.from({ length: 20 }, () => hpkeSeal(publicKey, utf8(''), utf8(''), utf8('same'))))
  const encs = seals.map((sealed) => sealed && toBase64Url(sealed.slice(0, 65)))
  expect(new Set(encs).size).toBe(20)
})

test('nothing is sealed to a text that is no key', async () => {
  for (const text of ['', 'AAAA', toBase64Url(new Uint8Array(65).fill(4))]) {
    expect(await hpkeSeal(text, utf8(''), utf8(''), utf8('x'))).toBeNull()
  }
})
