import * as v from './schema.ts'
import type { CallId, GuestKey, RoomId } from '../domain/ids.ts'

/**
 * What the two sides say to each other inside seals and signatures that the server cannot open or make
 * (docs/PROTOCOL.md, "Sealed contents"). Every one is JSON in UTF-8.
 */
const base64url = (length: number) => v.pipe(v.string(), v.minLength(length), v.maxLength(length), v.regex(/^[A-Za-z0-9_-]+$/))
const roomId = v.pipe(base64url(43), v.transform((s) => s as RoomId))
const guestKey = v.pipe(base64url(87), v.transform((s) => s as GuestKey))
const callId = v.pipe(base64url(22), v.transform((s) => s as CallId))
const hash = base64url(43)
const instant = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(Number.MAX_SAFE_INTEGER))
const text = (max: number) => v.pipe(v.string(), v.maxLength(max))

/** At most four people in a session: the clinician and three guests (a mesh). */
export const maxGuests = 3

// --- signed ------------------------------------------------------------------------------------------------------

/** Signed by the room key, domain `alcove/certificate/1`: this device may act for the room, 30 days at most. */
export const certificateContents = v.strictObject({
  room: roomId,
  /** The device's public key, 65 bytes uncompressed P-256, base64url. */
  device: base64url(87),
  notBeforeAt: instant,
  expiresAt: instant,
  /** Compared with the room's minimum epoch; raised when a device is removed. */
  epoch: instant,
})

/** Signed by the device, domain `alcove/ticket/1`: admits one guest key to one call, in answer to one knock. */
export const ticketContents = v.strictObject({
  room: roomId,
  call: callId,
  guest: guestKey,
  /** base64url(SHA-256(the sealed knock's characters)): an old ticket answers no new knock. */
  knock: hash,
  /** The host's ephemeral ECDH key for this guest, 65 bytes, base64url. */
  hostKey: base64url(87),
  /** Strictly increasing within a call. */
  issuedAt: instant,
  /** Within 60 s of `issuedAt`. */
  expiresAt: instant,
})

/** Signed by the device, domain `alcove/roster/1`: who is in the call. Guests connect only to keys in the newest one. */
export const rosterContents = v.strictObject({
  room: roomId,
  call: callId,
  /** Strictly increasing within a call. */
  sequence: instant,
  guests: v.pipe(
    v.array(v.strictObject({ guest: guestKey, knock: hash, name: text(80) })),
    v.maxLength(maxGuests),
  ),
})

/** Signed by the device, domain `alcove/end/1`. Means nothing for any other call. */
export const endContents = v.strictObject({ room: roomId, call: callId, endedAt: instant })

/** Signed by the device, domain `alcove/note/1`, then sealed to the guest's key: the only words before admission. */
const noteEnvelope = { room: roomId, guest: guestKey, knock: hash, sentAt: instant }
export const noteContents = v.variant('kind', [
  /** The clinician's device has the knock. `startAt`: when this patient's appointment starts, if there is one. */
  v.strictObject({ ...noteEnvelope, kind: v.literal('heard'), startAt: v.nullable(instant) }),
  /** Too early: the window of the next appointment opens later. Nobody was called. */
  v.strictObject({ ...noteEnvelope, kind: v.literal('early'), startAt: instant, opensAt: instant }),
  v.strictObject({ ...noteEnvelope, kind: v.literal('moment') }),
  v.strictObject({ ...noteEnvelope, kind: v.literal('replaced') }),
  v.strictObject({ ...noteEnvelope, kind: v.literal('declined') }),
  v.strictObject({ ...noteEnvelope, kind: v.literal('removed') }),
  v.strictObject({ ...noteEnvelope, kind: v.literal('full') }),
  /** S42: the clinician has chosen Restart the Session for this ended call. */
  v.strictObject({ ...noteEnvelope, kind: v.literal('restart-offered'), call: callId }),
])

export type CertificateContents = v.InferOutput<typeof certificateContents>
export type TicketContents = v.InferOutput<typeof ticketContents>
export type RosterContents = v.InferOutput<typeof rosterContents>
export type EndContents = v.InferOutput<typeof endContents>
export type NoteContents = v.InferOutput<typeof noteContents>

/** The plaintext of a sealed note. */
export const noteEnvelopeContents = v.strictObject({ certificate: text(700), note: text(700) })

// --- knock (HPKE base mode to the room key; info `alcove/knock/1`, aad = room + '\n' + guest key) -----------------

export const knockContents = v.strictObject({
  /** Names the link without being it: 16 bytes, base64url. */
  tag: base64url(22),
  /** HMAC-SHA256 under the link secret over `alcove/knock/1\0` room `\n` guest key: proof of having the link. */
  mac: base64url(43),
  /** What the person typed, already cleaned (shared/domain/display-name). */
  name: text(80),
  /** Random per page load: another instance means that the page was reloaded and must be called anew. */
  instance: base64url(22),
  /** `return`: was admitted to `call` and lost its page or the server. `restart`: S42, for the ended `call`. */
  intent: v.picklist(['arrive', 'return', 'restart']),
  call: v.nullable(callId),
})
export type KnockContents = v.InferOutput<typeof knockContents>

// --- pair channel (AES-256-GCM per pair of peers; also over the data channel once it is open) ---------------------

const sdp = text(32_000)
const candidate = v.strictObject({
  candidate: text(1024),
  sdpMid: v.nullable(text(32)),
  sdpMLineIndex: v.nullable(v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(16))),
  usernameFragment: v.nullable(text(256)),
})

const generation = base64url(22)
export const pairMessage = v.variant('type', [
  /** First on every new channel. `instance` as in the knock. */
  v.strictObject({ type: v.literal('hello'), instance: base64url(22) }),
  /** W3C RTCSessionDescription, tagged. The impolite side makes generations; the polite side adopts a newer one. */
  v.strictObject({
    type: v.literal('description'),
    generation,
    kind: v.picklist(['offer', 'answer']),
    sdp,
  }),
  v.strictObject({
    type: v.literal('candidates'),
    generation,
    candidates: v.pipe(v.array(candidate), v.maxLength(100)),
  }),
  /** What a person's devices do now. `revision` increases; an older one is dropped. */
  v.strictObject({
    type: v.literal('status'),
    revision: instant,
    name: text(80),
    microphone: v.picklist(['on', 'off', 'none']),
    camera: v.picklist(['on', 'off', 'none']),
    screen: v.boolean(),
  }),
  /** A guest goes: for good (`leave`), which ends a session of two for both (S40). */
  v.strictObject({ type: v.literal('bye') }),
  /** The signed end, the same bytes as over the wire. */
  v.strictObject({ type: v.literal('end'), end: text(4096), certificate: text(4096) }),
])
export type PairMessage = v.InferOutput<typeof pairMessage>
export type DescriptionMessage = Extract<PairMessage, { type: 'description' }>
export type CandidatesMessage = Extract<PairMessage, { type: 'candidates' }>
export type StatusMessage = Extract<PairMessage, { type: 'status' }>

// --- link card ---------------------------------------------------------------------------------------------------

/** What the page can say while nobody is online. Not secret towards whoever has the link, never sent to the server. */
export const linkCard = v.strictObject({
  clinician: text(80),
  practice: text(80),
  phone: text(40),
  email: text(120),
  /** The appointment's start when the link was made (epoch minutes), a hint only; null in a standing link. */
  startMinutes: v.nullable(instant),
})
export type LinkCard = v.InferOutput<typeof linkCard>
