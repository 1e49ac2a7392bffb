import { fromBase64Url, fromUtf8, toBase64Url, utf8 } from '@alcove/shared/crypto/bytes'
import { generateSecret, importKeyPair, type KeyPair } from '@alcove/shared/crypto/identity'
import { signAccess, signLogAuthentication, verifyAccess, verifyLogAuthentication } from '@alcove/shared/crypto/log-access'
import { memberTagOf, spaceIdOf } from '@alcove/shared/crypto/log-keys'
import { accessRefusal } from '@alcove/shared/domain/log-access'
import { asId, type DeviceKey, type EntryHash, type MemberId } from '@alcove/shared/domain/ids'
import type { AccessList } from '@alcove/shared/domain/sealed-log'
import { describe, expect, test } from 'vitest'

const root = asId<EntryHash>(toBase64Url(new Uint8Array(32).fill(1)))
const newDevice = async () => importKeyPair(await generateSecret())
const keyOf = (device: KeyPair) => asId<DeviceKey>(device.publicKey)

async function founding() {
  const device = await newDevice()
  const member = await memberTagOf(new Uint8Array(32).fill(2), asId<MemberId>(toBase64Url(new Uint8Array(16))))
  const list: Omit<AccessList, 'by'> = {
    space: await spaceIdOf(root, keyOf(device)),
    version: 0,
    previous: null,
    root,
    devices: [{ device: keyOf(device), member, administrator: true }],
  }
  return { device, list }
}

describe('a statement of the access list', () => {
  test('says what was signed, and the next one stands on its hash', async () => {
    const { device, list } = await founding()
    const first = await verifyAccess(await signAccess(list, device))
    expect(first?.list).toEqual({ ...list, by: device.publicKey })
    expect(first && accessRefusal(null, first.list)).toBeNull()
    const next = await verifyAccess(await signAccess({ ...list, version: 1, previous: first?.hash ?? '', root: null }, device))
    expect(next && accessRefusal(first, next.list)).toBeNull()
  })

  test('begins a space only when its signer founded the practice that the space is named after', async () => {
    const { list } = await founding()
    await expect(signAccess(list, await newDevice())).rejects.toThrow(TypeError)
  })

  test('names its practice’s founding entry in the first one, and there alone', async () => {
    const { device, list } = await founding()
    await expect(signAccess({ ...list, root: null }, device)).rejects.toThrow(TypeError)
    await expect(signAccess({ ...list, version: 1, previous: root }, device)).rejects.toThrow(TypeError)
    await expect(signAccess({ ...list, version: 1, root: null }, device)).rejects.toThrow(TypeError)
  })

  test('with anything changed is none', async () => {
    const { device, list } = await founding()
    const statement = await signAccess(list, device)
    const [payload = '', signature = ''] = statement.split('.')
    const text = fromUtf8(fromBase64Url(payload) ?? new Uint8Array()) ?? ''
    const changed = toBase64Url(utf8(text.replace('"administrator":true', '"administrator":false')))
    for (const strange of [`${changed}.${signature}`, `${payload}.${signature.slice(2)}AA`, payload, '', 'x.y', `${statement}.x`]) {
      expect(await verifyAccess(strange)).toBeNull()
    }
  })
})

test('the answer to a server’s hello is good for that server, connection and space alone', async () => {
  const { device, list } = await founding()
  const fields = { origin: 'https://clinic.example', connection: 'c'.repeat(22), nonce: 'n'.repeat(43), space: list.space }
  const signature = await signLogAuthentication(device, fields)
  expect(await verifyLogAuthentication(device.publicKey, fields, signature)).toBe(true)
  for (const [name, value] of Object.entries({
    origin: 'https://evil.example',
    connection: 'd'.repeat(22),
    nonce: 'm'.repeat(43),
    space: 'other',
  })) {
    expect(await verifyLogAuthentication(device.publicKey, { ...fields, [name]: value }, signature), name).toBe(false)
  }
  expect(await verifyLogAuthentication((await newDevice()).publicKey, fields, signature)).toBe(false)
})
