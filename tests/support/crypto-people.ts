import { issueCertificate } from '@alcove/shared/crypto/admission'
import { type Bytes, fromBase64Url, hashText, randomId } from '@alcove/shared/crypto/bytes'
import { compressPublicKey, generateSecret, importKeyPair, type KeyPair, roomIdOf } from '@alcove/shared/crypto/identity'
import type { CallId, GuestKey, RoomId } from '@alcove/shared/domain/ids'
import type { RosterContents, TicketContents } from '@alcove/shared/protocol/peer-messages'

/** An instant that tests call now: 23 November 2026, 15:00 UTC. */
export const noon = Date.UTC(2026, 10, 23, 15)
export const hourMs = 60 * 60 * 1000
export const dayMs = 24 * hourMs

export type TestRoom = {
  readonly secret: Bytes
  readonly room: RoomId
  readonly roomKey: string
  /** 33 bytes. */
  readonly compressed: Bytes
  readonly roomPair: KeyPair
  readonly device: KeyPair
  readonly certificate: string
}

export async function newPair(): Promise<KeyPair> {
  return importKeyPair(await generateSecret())
}

export async function newRoom(now = noon): Promise<TestRoom> {
  const secret = await generateSecret()
  const roomPair = await importKeyPair(secret)
  const compressed = compressPublicKey(bytesOf(roomPair.publicKey))
  const room = await roomIdOf(compressed)
  const device = await newPair()
  const validity = { notBeforeAt: now - dayMs, expiresAt: now + 29 * dayMs, epoch: 0 }
  const certificate = await issueCertificate(roomPair, room, device.publicKey, validity)
  return { secret, room, roomKey: roomPair.publicKey, compressed, roomPair, device, certificate }
}

export function newCall(): CallId {
  return randomId() as CallId
}

export function keyOf(pair: KeyPair): GuestKey {
  return pair.publicKey as GuestKey
}

export function newHash(): Promise<string> {
  return hashText(randomId())
}

/** The bytes of a base64url text that is known to be good. */
export function bytesOf(text: string): Bytes {
  const bytes = fromBase64Url(text)
  if (!bytes) throw new Error(`Not base64url: ${text}`)
  return bytes
}

export async function ticketFor(guest: KeyPair, change: Partial<TicketContents> & Pick<TicketContents, 'room'>): Promise<TicketContents> {
  return {
    call: newCall(),
    guest: keyOf(guest),
    knock: await newHash(),
    hostKey: (await newPair()).publicKey,
    issuedAt: noon,
    expiresAt: noon + 60_000,
    ...change,
  }
}

export async function rosterEntry(guest: KeyPair): Promise<RosterContents['guests'][number]> {
  return { guest: keyOf(guest), knock: await newHash() }
}

/** The same text with the character at `index` replaced by another of base64url. */
export function withOtherCharacter(text: string, index: number): string {
  const other = text[index] === 'A' ? 'B' : 'A'
  return text.slice(0, index) + other + text.slice(index + 1)
}

/** The same bytes with one bit turned. */
export function withFlippedBit(bytes: Bytes, at: number, bit = 0): Bytes {
  const changed = bytes.slice()
  changed[at] = (changed[at] ?? 0) ^ (1 << bit)
  return changed
}

/** The value of a success; a failure fails the test with its reason. */
export function unwrap<T>(result: { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: unknown }): T {
  if (!result.ok) throw new Error(`Expected a success, got ${String(result.error)}`)
  return result.value
}
