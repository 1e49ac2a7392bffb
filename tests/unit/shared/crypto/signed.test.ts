import { createPublicKey, verify as verifyWithNode } from 'node:crypto'
import { toBase64Url, utf8 } from '@alcove/shared/crypto/bytes'
import {
  type AuthenticationFields,
  authenticationText,
  type SignedKind,
  sign,
  signAuthentication,
  verify,
  verifyAuthentication,
} from '@alcove/shared/crypto/signed'
import { endContents } from '@alcove/shared/protocol/peer-messages'
import { beforeAll, expect, test } from 'vitest'
import { bytesOf, newCall, newPair, newRoom, noon, withFlippedBit, withOtherCharacter } from '../../../support/crypto-people.ts'

const { room, device } = await newRoom()
const stranger = await newPair()
const contents = { room, call: newCall(), endedAt: noon }
let signed = ''
beforeAll(async () => {
  signed = await sign('end', contents, device)
})

test('what was signed is verified and read', async () => {
  expect(await verify('end', endContents, signed, device.publicKey)).toEqual({ ok: true, value: contents })
})

test('the signature is the one that PROTOCOL.md describes, checked by Node alone', () => {
  const [payload = '', signature = ''] = signed.split('.')
  const point = bytesOf(device.publicKey)
  const jwk = { kty: 'EC', crv: 'P-256', x: toBase64Url(point.slice(1, 33)), y: toBase64Url(point.slice(33)) }
  const key = createPublicKey({ key: jwk, format: 'jwk' })
  const data = Buffer.concat([Buffer.from('alcove/end/1'), Buffer.from([0]), bytesOf(payload)])
  expect(verifyWithNode('sha256', data, { key, dsaEncoding: 'ieee-p1363' }, bytesOf(signature))).toBe(true)
  expect(JSON.parse(Buffer.from(payload, 'base64url').toString())).toEqual(contents)
})

test('a signature made for one kind of statement is worth nothing for another', async () => {
  const kinds: SignedKind[] = ['certificate', 'ticket', 'roster', 'note']
  for (const kind of kinds) {
    expect(await verify(kind, endContents, signed, device.publicKey)).toEqual({ ok: false, error: 'bad-signature' })
  }
})

test('a signature by somebody else is refused', async () => {
  expect(await verify('end', endContents, signed, stranger.publicKey)).toEqual({ ok: false, error: 'bad-signature' })
})

test('a turned bit anywhere in payload or signature is refused', async () => {
  const [payload = '', signature = ''] = signed.split('.')
  const payloadBytes = bytesOf(payload)
  const signatureBytes = bytesOf(signature)
  for (let at = 0; at < payloadBytes.length; at += 3) {
    const changed = `${toBase64Url(withFlippedBit(payloadBytes, at, at % 8))}.${signature}`
    expect(await verify('end', endContents, changed, device.publicKey), `payload ${at}`).toEqual({ ok: false, error: 'bad-signature' })
  }
  for (let at = 0; at < signatureBytes.length; at++) {
    const changed = `${payload}.${toBase64Url(withFlippedBit(signatureBytes, at, at % 8))}`
    expect(await verify('end', endContents, changed, device.publicKey), `signature ${at}`).toEqual({ ok: false, error: 'bad-signature' })
  }
})

test('the payload is never re-serialised: other spelling of the same JSON is refused', async () => {
  const [, signature] = signed.split('.')
  const spelled = toBase64Url(utf8(JSON.stringify(contents, null, 1)))
  expect((await verify('end', endContents, `${spelled}.${signature}`, device.publicKey)).ok).toBe(false)
})

test('text that is no signed statement is malformed', async () => {
  const [payload = '', signature = ''] = signed.split('.')
  const texts = [
    '',
    '.',
    payload,
    `${payload}.`,
    `.${signature}`,
    `${signed}.AAAA`,
    `${payload}.${signature}=`,
    `${payload}!.${signature}`,
    `${payload}.${signature.slice(0, 84)}`,
    'A'.repeat(5000),
  ]
  for (const text of texts) {
    const result = await verify('end', endContents, text, device.publicKey)
    expect(result.ok, text.slice(0, 40)).toBe(false)
  }
  expect(await verify('end', endContents, signed, 'AAAA')).toEqual({ ok: false, error: 'malformed' })
})

test('an honest signature over contents of another shape is malformed', async () => {
  for (const other of [
    { ...contents, more: 1 },
    { room, endedAt: noon },
    { ...contents, endedAt: -1 },
    [],
    { ...contents, call: 'short' },
  ]) {
    const text = await sign('end', other, device)
    expect(await verify('end', endContents, text, device.publicKey)).toEqual({ ok: false, error: 'malformed' })
  }
})

const fields: AuthenticationFields = {
  origin: 'https://clinic.example',
  connection: 'c'.repeat(22),
  nonce: 'n'.repeat(43),
  role: 'guest',
  room,
}

test('an answer to the hello counts for its origin, connection, nonce, role, room and key only', async () => {
  const signature = await signAuthentication(device, fields)
  expect(await verifyAuthentication(device.publicKey, fields, signature)).toBe(true)
  const others: AuthenticationFields[] = [
    { ...fields, origin: 'https://clinic.example.evil.example' },
    { ...fields, connection: 'd'.repeat(22) },
    { ...fields, nonce: 'm'.repeat(43) },
    { ...fields, role: 'host' },
    { ...fields, room: (await newRoom()).room },
  ]
  for (const other of others) expect(await verifyAuthentication(device.publicKey, other, signature)).toBe(false)
  expect(await verifyAuthentication(stranger.publicKey, fields, signature)).toBe(false)
  for (let at = 0; at < signature.length; at += 5) {
    expect(await verifyAuthentication(device.publicKey, fields, withOtherCharacter(signature, at))).toBe(false)
  }
})

test('an answer that is no signature, or by no key, is false and never throws', async () => {
  expect(await verifyAuthentication(device.publicKey, fields, '')).toBe(false)
  expect(await verifyAuthentication(device.publicKey, fields, 'ä'.repeat(86))).toBe(false)
  expect(await verifyAuthentication('', fields, 'A'.repeat(86))).toBe(false)
})

test('the text of an answer is six lines in the order of PROTOCOL.md', () => {
  const lines = [fields.origin, fields.connection, fields.nonce, 'guest', room, device.publicKey]
  expect(authenticationText(fields, device.publicKey)).toBe(lines.join('\n'))
})
