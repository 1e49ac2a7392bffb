import { callId, guestKey, hash, instant, list, name, publicKey, roomId, signed, text, token } from './fields.ts'
import * as v from './schema.ts'

/**
 * What the two sides say to each other inside seals and signatures that the server cannot open or make
 * (docs/PROTOCOL.md, "Sealed contents"). Every one is JSON in UTF-8.
 */

/** At most four people in a session: the clinician and three guests (a mesh). */
export const maxGuests = 3

// --- signed ------------------------------------------------------------------------------------------------------

/** Signed by the room key, domain `alcove/certificate/1`: this device may act for the room, 30 days at most. */
export const certificateContents = v.strictObject({
  room: roomId,
  /** The device's public key, 65 bytes uncompressed P-256, base64url. */
  device: publicKey,
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
  hostKey: publicKey,
  /** Strictly increasing within a call. */
  issuedAt: instant,
  /** Within 60 s of `issuedAt`. */
  expiresAt: instant,
})

/**
 * Signed by the device, domain `alcove/roster/1`: who is in the call. Guests connect only to keys in the newest one.
 * Signed, not sealed: the server reads it to route, so it holds no names (those travel in `status`).
 */
export const rosterContents = v.strictObject({
  room: roomId,
  call: callId,
  /** Strictly increasing within a call. */
  sequence: instant,
  guests: list(v.strictObject({ guest: guestKey, knock: hash }), maxGuests),
})

/** Signed by the device, domain `alcove/end/1`. Means nothing for any other call. */
export const endContents = v.strictObject({ room: roomId, call: callId, endedAt: instant })

/** Signed by the device, domain `alcove/note/1`, then sealed to the guest's key: the only words before admission. */
const noteSubject = { room: roomId, guest: guestKey, knock: hash, sentAt: instant }
export const noteContents = v.variant('kind', [
  /** The clinician's device has the knock. `startAt`: when this patient's appointment starts, if there is one. */
  v.strictObject({ ...noteSubject, kind: v.literal('heard'), startAt: v.nullable(instant) }),
  /** Too early: the window of the next appointment opens later. Nobody was called. */
  v.strictObject({ ...noteSubject, kind: v.literal('early'), startAt: instant, opensAt: instant }),
  v.strictObject({ ...noteSubject, kind: v.literal('moment') }),
  v.strictObject({ ...noteSubject, kind: v.literal('replaced') }),
  v.strictObject({ ...noteSubject, kind: v.literal('declined') }),
  v.strictObject({ ...noteSubject, kind: v.literal('removed') }),
  v.strictObject({ ...noteSubject, kind: v.literal('full') }),
  /** S42: the clinician has chosen Restart the Session for this ended call. */
  v.strictObject({ ...noteSubject, kind: v.literal('restart-offered'), call: callId }),
])

export type CertificateContents = v.InferOutput<typeof certificateContents>
export type TicketContents = v.InferOutput<typeof ticketContents>
export type RosterContents = v.InferOutput<typeof rosterContents>
export type EndContents = v.InferOutput<typeof endContents>
export type NoteContents = v.InferOutput<typeof noteContents>

/** The plaintext of a sealed note: both are signed statements, together at most `maxNoteBytes`. */
export const noteEnvelope = v.strictObject({ certificate: signed, note: signed })
export type NoteEnvelope = v.InferOutput<typeof noteEnvelope>

// --- knock (HPKE base mode to the room key; info `alcove/knock/1`, aad = room + '\n' + guest key) -----------------

export const knockContents = v.strictObject({
  /** Names the link without being it: 16 bytes, base64url. */
  tag: token(22),
  /** HMAC-SHA256 under the link secret over `alcove/knock/1\0` room `\n` guest key: proof of having the link. */
  mac: token(43),
  /** What the person typed, already cleaned (shared/domain/display-name). */
  name,
  /** Random per page load: another instance means that the page was reloaded and must be called anew. */
  instance: token(22),
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

const generation = token(22)
export const pairMessage = v.variant('type', [
  /** First on every new channel. `instance` as in the knock. */
  v.strictObject({ type: v.literal('hello'), instance: token(22) }),
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
    candidates: list(candidate, 100),
  }),
  /**
   * The polite side asks for an ICE restart of this generation. It never offers one itself: Chromium freezes the arriving
   * picture for good when an own offer is rolled back because the peer's came at the same time.
   */
  v.strictObject({ type: v.literal('restart-ice'), generation }),
  /** What a person's devices do now. `revision` increases; an older one is dropped. */
  v.strictObject({
    type: v.literal('status'),
    revision: instant,
    name,
    microphone: v.picklist(['on', 'off', 'none']),
    camera: v.picklist(['on', 'off', 'none']),
    screen: v.boolean(),
  }),
  /** A guest goes: for good (`leave`), which ends a session of two for both (S40). */
  v.strictObject({ type: v.literal('bye') }),
  /** The signed end, the same bytes as over the wire. */
  v.strictObject({ type: v.literal('end'), end: signed, certificate: signed }),
])
export type PairMessage = v.InferOutput<typeof pairMessage>
export type DescriptionMessage = Extract<PairMessage, { type: 'description' }>
export type CandidatesMessage = Extract<PairMessage, { type: 'candidates' }>
export type StatusMessage = Extract<PairMessage, { type: 'status' }>

// --- link card ---------------------------------------------------------------------------------------------------

/**
 * What the page can say while nobody is online. Not secret towards whoever has the link, never sent to the server.
 * In the link it is a JSON array, to keep links short: [clinician, practice, phone, email, startMinutes].
 */
export const linkCard = v.pipe(
  v.strictTuple([
    text(80),
    text(80),
    text(40),
    text(120),
    /** The appointment's start when it was first saved (epoch minutes), a hint only; null in a standing link. */
    v.nullable(instant),
  ]),
  v.transform(([clinician, practice, phone, email, startMinutes]) => ({ clinician, practice, phone, email, startMinutes })),
)
export type LinkCard = v.InferOutput<typeof linkCard>
