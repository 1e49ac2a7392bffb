import { randomId, toBase64Url, utf8 } from '@alcove/shared/crypto/bytes'
import { hpkeSeal } from '@alcove/shared/crypto/hpke'
import { knockMac, openKnock, openNote, sealKnock, sealNote, verifyKnockMac } from '@alcove/shared/crypto/seal'
import type { KnockContents } from '@alcove/shared/protocol/peer-messages'
import { expect, test } from 'vitest'
import { bytesOf, keyOf, newCall, newPair, newRoom, unwrap, withFlippedBit, withOtherCharacter } from '../../../support/crypto-people.ts'

const room = await newRoom()
const otherRoom = await newRoom()
const guest = await newPair()
const otherGuest = await newPair()
const guestKey = keyOf(guest)
const linkSecret = crypto.getRandomValues(new Uint8Array(16))
const to = { room: room.room, roomKey: room.roomKey, guestKey }
const at = { room: room.room, roomPair: room.roomPair, guestKey }
const knock: KnockContents = {
  tag: randomId(),
  mac: await knockMac(linkSecret, room.room, guestKey),
  name: 'Zoë 診',
  instance: randomId(),
  intent: 'return',
  call: newCall(),
}
const sealed = await sealKnock(knock, to)

test('the clinician reads the knock', async () => {
  expect(await openKnock(sealed, at)).toEqual({ ok: true, value: knock })
})

test('two seals of the same knock have nothing in common', async () => {
  const again = await sealKnock(knock, to)
  expect(again.slice(0, 80)).not.toBe(sealed.slice(0, 80))
  expect(again.slice(-60)).not.toBe(sealed.slice(-60))
})

test('nothing of the knock can be read in its seal', () => {
  const bytes = Buffer.from(bytesOf(sealed)).toString('latin1')
  for (const secret of [knock.tag, knock.mac, 'Zo', knock.instance, toBase64Url(linkSecret)]) expect(bytes).not.toContain(secret)
})

test('a knock opens only in its room, with its key and from its guest', async () => {
  const elsewhere = [
    { ...at, roomPair: otherRoom.roomPair },
    { ...at, room: otherRoom.room },
    { ...at, guestKey: keyOf(otherGuest) },
    { room: otherRoom.room, roomPair: otherRoom.roomPair, guestKey },
  ]
  for (const place of elsewhere) expect(await openKnock(sealed, place)).toEqual({ ok: false, error: 'not-for-us' })
})

test('a turned bit at any byte of a knock opens nothing', async () => {
  const bytes = bytesOf(sealed)
  for (let position = 0; position < bytes.length; position += 2) {
    const changed = toBase64Url(withFlippedBit(bytes, position, position % 8))
    expect(await openKnock(changed, at), `byte ${position}`).toEqual({ ok: false, error: 'not-for-us' })
  }
})

test('text that is no seal never throws', async () => {
  expect(await openKnock('not base64url!', at)).toEqual({ ok: false, error: 'malformed' })
  expect(await openKnock('A'.repeat(2050), at)).toEqual({ ok: false, error: 'malformed' })
  expect(await openKnock('', at)).toEqual({ ok: false, error: 'not-for-us' })
})

test('a well sealed knock without sense is malformed', async () => {
  const aad = utf8(`${room.room}\n${guestKey}`)
  const plaintexts = [
    '',
    '{}',
    '[]',
    'null',
    JSON.stringify({ ...knock, more: 1 }),
    JSON.stringify({ ...knock, intent: 'enter' }),
    JSON.stringify({ ...knock, tag: 'short' }),
  ]
  for (const plaintext of plaintexts) {
    const bytes = await hpkeSeal(room.roomKey, utf8('alcove/knock/1'), aad, utf8(plaintext))
    expect(await openKnock(toBase64Url(bytes ?? new Uint8Array(0)), at), plaintext).toEqual({ ok: false, error: 'malformed' })
  }
})

test('a note is no knock, even under the same key', async () => {
  const aad = utf8(`${room.room}\n${guestKey}`)
  const asNote = await hpkeSeal(room.roomKey, utf8('alcove/note/1'), aad, utf8(JSON.stringify(knock)))
  expect(await openKnock(toBase64Url(asNote ?? new Uint8Array(0)), at)).toEqual({ ok: false, error: 'not-for-us' })
})

test('a name that carries invisible characters past the sender is clean when it is read', async () => {
  const opened = unwrap(await openKnock(await sealKnock({ ...knock, name: 'Sam\u202E nimdA\u0000' }, to), at))
  expect(opened.name).toBe('Sam nimdA')
})

test('the proof of the link counts for one secret, one room and one guest', async () => {
  const verify = (secret = linkSecret, inRoom = room.room, by = guestKey, mac = knock.mac) => verifyKnockMac(secret, inRoom, by, mac)
  expect(await verify()).toBe(true)
  expect(await verify(withFlippedBit(linkSecret, 15))).toBe(false)
  expect(await verify(linkSecret, otherRoom.room)).toBe(false)
  expect(await verify(linkSecret, room.room, keyOf(otherGuest))).toBe(false)
  for (let position = 0; position < knock.mac.length; position += 4) {
    expect(await verify(linkSecret, room.room, guestKey, withOtherCharacter(knock.mac, position))).toBe(false)
  }
  expect(await verify(linkSecret, room.room, guestKey, '')).toBe(false)
})

const statement = `${'p'.repeat(80)}.${'s'.repeat(86)}`
const envelope = { certificate: statement, note: statement }

test('a note opens with the key of its guest in its room, and nowhere else', async () => {
  const note = await sealNote(envelope, { room: room.room, guestKey })
  expect(await openNote(note, { room: room.room, guestPair: guest })).toEqual({ ok: true, value: envelope })
  expect(await openNote(note, { room: room.room, guestPair: otherGuest })).toEqual({ ok: false, error: 'not-for-us' })
  expect(await openNote(note, { room: otherRoom.room, guestPair: guest })).toEqual({ ok: false, error: 'not-for-us' })
  const bytes = bytesOf(note)
  for (let position = 0; position < bytes.length; position += 5) {
    const changed = toBase64Url(withFlippedBit(bytes, position, position % 8))
    expect((await openNote(changed, { room: room.room, guestPair: guest })).ok, `byte ${position}`).toBe(false)
  }
})

test('more than fits is never sealed', async () => {
  const long = `${'p'.repeat(1000)}.${'s'.repeat(86)}`
  await expect(sealNote({ certificate: long, note: long }, { room: room.room, guestKey })).rejects.toThrow(RangeError)
  await expect(sealKnock(knock, { ...to, roomKey: 'AAAA' })).rejects.toThrow(RangeError)
})
