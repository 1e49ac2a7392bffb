import type { GuestKey, RoomId } from '../domain/ids.ts'
import { err, ok, type Result } from '../domain/result.ts'
import { decode } from '../protocol/decode.ts'
import { type KnockContents, knockContents, type NoteEnvelope, noteEnvelope } from '../protocol/peer-messages.ts'
import { maxKnockLength, maxNoteBytes, maxNoteLength } from '../protocol/session-messages.ts'
import { type Bytes, equalBytes, fromBase64Url, fromUtf8, toBase64Url, utf8 } from './bytes.ts'
import { hpkeOpen, hpkeSeal } from './hpke.ts'
import type { KeyPair } from './identity.ts'
import { hmac } from './mac.ts'

/** `malformed`: no seal at all, or honest bytes without sense. `not-for-us`: other key, room or guest, or changed. */
export type SealError = 'malformed' | 'not-for-us'

/** Where a seal belongs: bound into it, so that it opens nowhere else. */
type Place = { readonly room: RoomId; readonly guestKey: GuestKey }

/** To the room key (65 bytes, base64url): who waits, and proof of the link. At most `maxKnockLength` characters. */
export async function sealKnock(contents: KnockContents, to: Place & { readonly roomKey: string }): Promise<string> {
  return seal('knock', to.roomKey, to, utf8(JSON.stringify(contents)), maxKnockLength)
}

export async function openKnock(sealed: string, at: Place & { readonly roomPair: KeyPair }): Promise<Result<KnockContents, SealError>> {
  const opened = await open('knock', sealed, at.roomPair, at, maxKnockLength)
  if (!opened.ok) return opened
  const contents = decode(knockContents, fromUtf8(opened.value) ?? '', maxKnockLength)
  return contents.ok ? contents : err('malformed')
}

/** To the guest's key: a signed note and the certificate of the device that signed it. At most `maxNoteLength` characters. */
export async function sealNote(envelope: NoteEnvelope, to: Place): Promise<string> {
  return seal('note', to.guestKey, to, utf8(JSON.stringify(envelope)), maxNoteLength)
}

/** The note inside is still to be verified (`verifyNote`): anybody can seal to a guest. */
export async function openNote(
  sealed: string,
  { room, guestPair }: { readonly room: RoomId; readonly guestPair: KeyPair },
): Promise<Result<NoteEnvelope, SealError>> {
  const guestKey = guestPair.publicKey as GuestKey
  const opened = await open('note', sealed, guestPair, { room, guestKey }, maxNoteLength)
  if (!opened.ok) return opened
  const envelope = decode(noteEnvelope, fromUtf8(opened.value) ?? '', maxNoteBytes)
  return envelope.ok ? envelope : err('malformed')
}

/** Inside a knock: proof that this guest in this room has the link, without the link. base64url, 43 characters. */
export async function knockMac(linkSecret: Bytes, room: RoomId, guestKey: GuestKey): Promise<string> {
  return toBase64Url(await hmac(linkSecret, utf8(`alcove/knock/1\0${room}\n${guestKey}`)))
}

export async function verifyKnockMac(linkSecret: Bytes, room: RoomId, guestKey: GuestKey, mac: string): Promise<boolean> {
  const claimed = fromBase64Url(mac)
  const expected = fromBase64Url(await knockMac(linkSecret, room, guestKey))
  return claimed !== null && expected !== null && equalBytes(claimed, expected)
}

async function seal(what: 'knock' | 'note', to: string, place: Place, plaintext: Bytes, maxLength: number): Promise<string> {
  const sealed = await hpkeSeal(to, infoOf(what), aadOf(place), plaintext)
  const text = sealed && toBase64Url(sealed)
  if (text === null || text.length > maxLength) throw new RangeError(`Not a ${what} that can be sealed`)
  return text
}

async function open(
  what: 'knock' | 'note',
  sealed: string,
  pair: KeyPair,
  place: Place,
  maxLength: number,
): Promise<Result<Bytes, SealError>> {
  const bytes = sealed.length > maxLength ? null : fromBase64Url(sealed)
  if (!bytes) return err('malformed')
  const plaintext = await hpkeOpen(pair, infoOf(what), aadOf(place), bytes)
  return plaintext ? ok(plaintext) : err('not-for-us')
}

function infoOf(what: 'knock' | 'note'): Bytes {
  return utf8(`alcove/${what}/1`)
}

function aadOf({ room, guestKey }: Place): Bytes {
  return utf8(`${room}\n${guestKey}`)
}
