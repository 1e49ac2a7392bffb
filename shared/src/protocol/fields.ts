import { displayName } from '../domain/display-name.ts'
import type { CallId, DeviceKey, DocumentId, EntryHash, EpochId, GuestKey, MemberId, PracticeId, RoomId } from '../domain/ids.ts'
import type { LogHash, SpaceId } from '../domain/sealed-log.ts'
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

/** The same text, and known to be such an id from here on. */
/* @__NO_SIDE_EFFECTS__ */
export function branded<Id extends string>(schema: v.GenericSchema<unknown, string>) {
  return v.pipe(
    schema,
    v.transform((text) => text as Id),
  )
}

/** SHA-256. */
export const hash = token(43)
/** A P-256 point, 65 bytes uncompressed. */
export const publicKey = token(87)
export const roomId = branded<RoomId>(token(43))
export const guestKey = branded<GuestKey>(publicKey)
export const callId = branded<CallId>(token(22))
export const deviceKey = branded<DeviceKey>(publicKey)
export const entryHash = branded<EntryHash>(hash)
export const memberId = branded<MemberId>(token(22))
export const practiceId = branded<PracticeId>(token(22))
export const epochId = branded<EpochId>(token(22))
export const documentId = branded<DocumentId>(token(22))
export const spaceId = branded<SpaceId>(hash)
export const logHash = branded<LogHash>(hash)
export const signature = token(86)

/** Epoch ms, or a count; a whole number that JSON and IEEE 754 agree on. */
export const instant = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(Number.MAX_SAFE_INTEGER))

/** A name that somebody else typed: cleaned again by whoever reads it, whatever the sender's program did. Empty for none. */
export const name = v.pipe(
  text(80),
  v.transform((typed) => displayName(typed) ?? ''),
)
