import type { CallId, GuestKey, RoomId } from '../domain/ids.ts'
import { err, ok, type Result } from '../domain/result.ts'
import {
  type CertificateContents,
  certificateContents,
  type EndContents,
  endContents,
  type NoteContents,
  noteContents,
  type RosterContents,
  rosterContents,
  type TicketContents,
  ticketContents,
} from '../protocol/peer-messages.ts'
import type { GenericSchema } from '../protocol/schema.ts'
import { fromBase64Url } from './bytes.ts'
import { compressPublicKey, type KeyPair, roomIdOf } from './identity.ts'
import { type SignedError, type SignedKind, sign, verify } from './signed.ts'

/** How far apart two honest clocks may be. */
export const clockSkewMs = 2 * 60 * 1000
export const maxCertificateMs = 30 * 24 * 60 * 60 * 1000
export const maxTicketMs = 60 * 1000

/**
 * Why a statement does not count. `other-*`: genuine, but about something else. `stale`: not newer than what was
 * already accepted; harmless, the sender repeated itself or the server replayed.
 */
export type AdmissionError =
  | SignedError
  | 'other-room'
  | 'other-guest'
  | 'other-knock'
  | 'other-call'
  | 'not-yet-valid'
  | 'expired'
  | 'valid-too-long'
  | 'stale'

/** Where every chain ends: the room key in the patient's link (65 bytes, base64url), whose hash is the room's id. */
export type RoomAnchor = { readonly room: RoomId; readonly roomKey: string }

/**
 * Epoch ms. `now` may come from the server; then `ownNow` is the verifier's own clock, and a certificate must hold by it
 * too: a server that turns its clock back brings no device back to life.
 */
type Clocks = { readonly now: number; readonly ownNow?: number }

/** A room, and the certificate of the device that speaks for it. */
export type Chain = RoomAnchor & Clocks & { readonly certificate: string }

/** `device`: the public key of the clinician's device. At most `maxCertificateMs` from `notBeforeAt` to `expiresAt`. */
export function issueCertificate(
  roomPair: KeyPair,
  room: RoomId,
  device: string,
  validity: Pick<CertificateContents, 'notBeforeAt' | 'expiresAt' | 'epoch'>,
): Promise<string> {
  const { notBeforeAt, expiresAt, epoch } = validity
  return sign('certificate', { room, device, notBeforeAt, expiresAt, epoch } satisfies CertificateContents, roomPair)
}

/** Also checks that the room key makes the room's id, so that the caller may take both from a stranger. */
export async function verifyCertificate(
  signed: string,
  { room, roomKey, now, ownNow = now }: RoomAnchor & Clocks,
): Promise<Result<CertificateContents, AdmissionError>> {
  const point = fromBase64Url(roomKey)
  if (!point || (await roomIdOf(compressPublicKey(point))) !== room) return err('other-room')
  const verified = await verify('certificate', certificateContents, signed, roomKey)
  if (!verified.ok) return verified
  const { room: certified, notBeforeAt, expiresAt } = verified.value
  if (certified !== room) return err('other-room')
  if (expiresAt - notBeforeAt > maxCertificateMs) return err('valid-too-long')
  if (now < notBeforeAt - clockSkewMs) return err('not-yet-valid')
  if (Math.max(now, ownNow) > expiresAt + clockSkewMs) return err('expired')
  return verified
}

export function issueTicket(device: KeyPair, contents: TicketContents): Promise<string> {
  return sign('ticket', contents, device)
}

/** `knock`: hash of the guest's newest sealed knock. `after`: `issuedAt` of the last ticket accepted, null for none. */
export type TicketExpectation = Chain & {
  readonly guestKey: GuestKey
  readonly knock: string
  readonly after: number | null
}

export async function verifyTicket(signed: string, expected: TicketExpectation): Promise<Result<TicketContents, AdmissionError>> {
  const verified = await verifyChained('ticket', ticketContents, signed, expected)
  if (!verified.ok) return verified
  const { guest, knock, issuedAt, expiresAt } = verified.value
  if (guest !== expected.guestKey) return err('other-guest')
  if (knock !== expected.knock) return err('other-knock')
  if (expiresAt - issuedAt > maxTicketMs) return err('valid-too-long')
  if (expected.now < issuedAt - clockSkewMs) return err('not-yet-valid')
  if (expected.now > expiresAt + clockSkewMs) return err('expired')
  return newer(issuedAt, expected.after) ? verified : err('stale')
}

export function issueRoster(device: KeyPair, contents: RosterContents): Promise<string> {
  return sign('roster', contents, device)
}

/** `after`: `sequence` of the last roster accepted in this call, null for none. */
export async function verifyRoster(
  signed: string,
  expected: Chain & { readonly call: CallId; readonly after: number | null },
): Promise<Result<RosterContents, AdmissionError>> {
  const verified = await verifyChained('roster', rosterContents, signed, expected)
  if (!verified.ok) return verified
  if (verified.value.call !== expected.call) return err('other-call')
  return newer(verified.value.sequence, expected.after) ? verified : err('stale')
}

export function issueEnd(device: KeyPair, contents: EndContents): Promise<string> {
  return sign('end', contents, device)
}

export async function verifyEnd(signed: string, expected: Chain & { readonly call: CallId }): Promise<Result<EndContents, AdmissionError>> {
  const verified = await verifyChained('end', endContents, signed, expected)
  if (!verified.ok) return verified
  return verified.value.call === expected.call ? verified : err('other-call')
}

export function issueNote(device: KeyPair, contents: NoteContents): Promise<string> {
  return sign('note', contents, device)
}

/** `knock` as in a ticket; `after`: `sentAt` of the last note accepted for it, null for none. */
export async function verifyNote(signed: string, expected: TicketExpectation): Promise<Result<NoteContents, AdmissionError>> {
  const verified = await verifyChained('note', noteContents, signed, expected)
  if (!verified.ok) return verified
  const { guest, knock, sentAt } = verified.value
  if (guest !== expected.guestKey) return err('other-guest')
  if (knock !== expected.knock) return err('other-knock')
  if (expected.now < sentAt - clockSkewMs) return err('not-yet-valid')
  return newer(sentAt, expected.after) ? verified : err('stale')
}

/** Room key signs the device's key, the device signs the statement, and both name the same room. */
async function verifyChained<T extends { readonly room: RoomId }>(
  what: SignedKind,
  schema: GenericSchema<unknown, T>,
  signed: string,
  chain: Chain,
): Promise<Result<T, AdmissionError>> {
  const certificate = await verifyCertificate(chain.certificate, chain)
  if (!certificate.ok) return certificate
  const verified = await verify(what, schema, signed, certificate.value.device)
  if (!verified.ok) return verified
  return verified.value.room === chain.room ? ok(verified.value) : err('other-room')
}

function newer(value: number, after: number | null): boolean {
  return after === null || value > after
}
