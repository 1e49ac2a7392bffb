import { displayName } from '../domain/display-name.ts'
import type { CallId, GuestKey, RoomId } from '../domain/ids.ts'
import * as v from './schema.ts'

/** What the messages of every wire are made of. Makers are marked as pure, so that a page carries only what it reads. */

/** Exactly `length` characters of base64url. */
/* @__NO_SIDE_EFFECTS__ */
export function token(length: number) {
  return v.pipe(v.string(), v.regex(new RegExp(`^[\\w-]{${length}}$`)))
}

/** Bytes in base64url, one character at least. */
/* @__NO_SIDE_EFFECTS__ */
export function base64url(maxLength: number) {
  return v.pipe(v.string(), v.maxLength(maxLength), v.regex(/^[\w-]+$/))
}

/* @__NO_SIDE_EFFECTS__ */
export function text(maxLength: number) {
  return v.pipe(v.string(), v.maxLength(maxLength))
}

/* @__NO_SIDE_EFFECTS__ */
export function list<T>(item: v.GenericSchema<unknown, T>, maxLength: number) {
  return v.pipe(v.array(item), v.maxLength(maxLength))
}

/** The most characters of a signed statement. */
export const maxSignedLength = 4096
/** `base64url(payload).base64url(signature)`; verified over the exact payload bytes (shared/crypto/signed). */
export const signed = v.pipe(v.string(), v.maxLength(maxSignedLength), v.regex(/^[\w-]+\.[\w-]{86}$/))

export const roomId = v.pipe(
  token(43),
  v.transform((id) => id as RoomId),
)
export const guestKey = v.pipe(
  token(87),
  v.transform((key) => key as GuestKey),
)
export const callId = v.pipe(
  token(22),
  v.transform((id) => id as CallId),
)
/** SHA-256. */
export const hash = token(43)
/** A P-256 point, 65 bytes uncompressed. */
export const publicKey = token(87)
export const signature = token(86)

/** Epoch ms, or a count; a whole number that JSON and IEEE 754 agree on. */
export const instant = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(Number.MAX_SAFE_INTEGER))

/** A name that somebody else typed: cleaned again by whoever reads it, whatever the sender's program did. Empty for none. */
export const name = v.pipe(
  text(80),
  v.transform((typed) => displayName(typed) ?? ''),
)
