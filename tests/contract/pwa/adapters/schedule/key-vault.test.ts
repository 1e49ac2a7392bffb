import { verifyCertificate } from '@alcove/shared/crypto/admission'
import { fromBase64Url } from '@alcove/shared/crypto/bytes'
import { decompressPublicKey, roomIdOf } from '@alcove/shared/crypto/identity'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { HostIdentity } from '../../../../../pwa/src/ports.ts'
import { dayMs, noon } from '../../../../support/crypto-people.ts'
import { backends, type Device } from '../../../../support/store/backends.ts'
import { setUp, accepted } from '../../../../support/store/examples.ts'

describe.each(backends)('a key vault $name', ({ createDevice }) => {
  let device: Device
  let now = noon
  beforeEach(() => {
    now = noon
    device = createDevice(() => now)
  })
  afterEach(() => device.close())

  const certificateOf = async ({ certificate, roomId, room }: HostIdentity) =>
    accepted(await verifyCertificate(certificate, { room: roomId, roomKey: room.publicKey, now }))

  it('makes the clinician host of the room whose key the practice hands out', async () => {
    const store = await device.open()
    const { me } = await setUp(store)
    const identity = await store.vault.hostIdentity()
    if (!identity) throw new Error('No identity')
    const compressed = fromBase64Url(me.roomKey ?? '') ?? new Uint8Array()
    expect(identity.roomId).toBe(await roomIdOf(compressed))
    expect(fromBase64Url(identity.room.publicKey)).toEqual(decompressPublicKey(compressed))
    expect(await certificateOf(identity)).toMatchObject({ device: identity.device.publicKey, room: identity.roomId })
  })

  it('gives out no key that a script could export', async () => {
    const store = await device.open()
    await setUp(store)
    const identity = await store.vault.hostIdentity()
    const keys = identity ? [identity.room.signing, identity.room.agreement, identity.device.signing, identity.device.agreement] : []
    expect(keys.map(({ extractable }) => extractable)).toEqual([false, false, false, false])
  })

  it('is the same host after a restart', async () => {
    const store = await device.open()
    const { me } = await setUp(store)
    const [before, linkKey] = [await store.vault.hostIdentity(), await store.vault.linkKey(me.id)]
    await device.close()
    const again = await device.open()
    const after = await again.vault.hostIdentity()
    expect(after?.roomId).toBe(before?.roomId)
    expect(after?.device.publicKey).toBe(before?.device.publicKey)
    expect(linkKey).toHaveLength(32)
    expect(await again.vault.linkKey(me.id)).toEqual(linkKey)
  })

  it('certifies at the epoch that the server wants, once that was accepted, and never below it', async () => {
    const store = await device.open()
    await setUp(store)
    const before = await store.vault.hostIdentity()
    if (!before) throw new Error('No identity')
    expect(before.epoch).toBe(0)
    await store.vault.acceptMinimumEpoch(before.roomId, 5)
    for (const minimum of [3, 5]) {
      const identity = await store.vault.hostIdentity()
      if (!identity) throw new Error('No identity')
      expect([identity.epoch, (await certificateOf(identity)).epoch]).toEqual([5, 5])
      await store.vault.acceptMinimumEpoch(before.roomId, minimum)
    }
  })

  it('certifies the device for 29 days more and renews when fewer than 10 are left', async () => {
    const store = await device.open()
    await setUp(store)
    const at = async (days: number) => {
      now = noon + days * dayMs
      const identity = await store.vault.hostIdentity()
      if (!identity) throw new Error('No identity')
      return certificateOf(identity)
    }
    expect((await at(0)).expiresAt).toBe(noon + 29 * dayMs)
    expect((await at(19)).expiresAt).toBe(noon + 29 * dayMs)
    expect((await at(21)).expiresAt).toBe(noon + 50 * dayMs)
  })

  it('certifies so that a server hours behind this device believes it', async () => {
    const store = await device.open()
    await setUp(store)
    const identity = await store.vault.hostIdentity()
    now = noon - dayMs / 4
    expect(identity && (await certificateOf(identity)).expiresAt).toBe(noon + 29 * dayMs)
  })

  it('has no identity before there is a practice', async () => {
    const store = await device.open()
    expect(await store.vault.hostIdentity()).toBeNull()
    expect(await store.vault.durability()).toBe('durable')
  })
})
