import 'fake-indexeddb/auto'
import { fromBase64Url, randomId } from '@alcove/shared/crypto/bytes'
import { compressPublicKey, importKeyPair, roomIdOf } from '@alcove/shared/crypto/identity'
import { deriveLink, formatLink, parseLink } from '@alcove/shared/crypto/link'
import { knockMac, openKnock, sealKnock, verifyKnockMac } from '@alcove/shared/crypto/seal'
import { afterEach, describe, expect, it } from 'vitest'
import { declareDatabase } from '../../../../../pwa/src/adapters/schedule/database.ts'
import { loadDeviceKey } from '../../../../../pwa/src/adapters/schedule/device-key.ts'
import { unwrap } from '../../../../../pwa/src/adapters/schedule/host-keys.ts'
import { keyOf, newPair } from '../../../../support/crypto-people.ts'
import { createProfile } from '../../../../support/store/open.ts'
import { accepted, setUp } from '../../../../support/store/examples.ts'

describe('the room as a wrapped secret', () => {
  const profile = createProfile()
  afterEach(() => profile.close())

  it('makes the same room again, and old links still work', async () => {
    const store = await profile.open()
    const { me, patientId } = await setUp(store)
    const linkKey = await store.vault.linkKey(me.id)
    const before = await store.vault.hostIdentity()
    if (!linkKey || !before) throw new Error('No keys')
    const keys = await deriveLink(linkKey, { kind: 'patient', patientId, generation: 0 })
    const card = { clinician: 'Dr. Rivera', practice: 'Harbor', phone: '', email: '', startMinutes: null }
    const roomKey = fromBase64Url(me.roomKey ?? '') ?? new Uint8Array()
    const oldLink = await formatLink('https://clinic.example', { ...keys, roomKey, card })
    await profile.close()

    const database = declareDatabase(profile.name)
    const deviceKey = accepted(await loadDeviceKey(database))
    const secret = await unwrap(database, deviceKey.key, 'room')
    database.close()
    if (!secret) throw new Error('No secret')
    const room = await importKeyPair(secret)
    expect(room.publicKey).toBe(before.room.publicKey)
    expect(await roomIdOf(compressPublicKey(fromBase64Url(room.publicKey) ?? new Uint8Array()))).toBe(before.roomId)

    // A patient opens the old link and knocks; the room made again opens the knock and knows the link.
    const link = accepted(await parseLink(new URL(oldLink).hash))
    expect(link.room).toBe(before.roomId)
    const guestKey = keyOf(await newPair())
    const mac = await knockMac(link.secret, link.room, guestKey)
    const contents = { tag: link.tag, mac, name: 'Sam', instance: randomId(), intent: 'arrive', call: null } as const
    const sealed = await sealKnock(contents, { room: link.room, roomKey: link.roomKey, guestKey })
    const opened = accepted(await openKnock(sealed, { room: link.room, roomPair: room, guestKey }))
    const again = await deriveLink(linkKey, { kind: 'patient', patientId, generation: 0 })
    expect(opened.tag).toBe(again.tag)
    expect(await verifyKnockMac(again.secret, link.room, guestKey, opened.mac)).toBe(true)
  })
})
