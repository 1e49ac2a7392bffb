import { base64url, callId, guestKey, instant, list, publicKey, roomId, signature, signed, text, token } from './fields.ts'
import * as v from './schema.ts'

/**
 * The session wire: one WebSocket at `/session`, subprotocol `alcove.session.1`, JSON text frames of at most 64 KiB.
 * docs/PROTOCOL.md specifies it. The server routes; everything named `sealed` or `data` is opaque to it.
 */
export const sessionProtocol = 'alcove.session.1'
/** The most that a client may send in one frame. */
export const maxFrameBytes = 64 * 1024
/** The most that a client reads: a host's `ready` lists a whole room with every knock. */
export const maxServerFrameBytes = 512 * 1024
/** A knock, sealed (HPKE) and base64url encoded. */
export const maxKnockLength = 2048
/** A note, sealed; its plaintext is at most `maxNoteBytes`. */
export const maxNoteLength = 1536
export const maxNoteBytes = 1024
/** What peers tell each other through a pair channel, base64url. */
export const maxRelayLength = 60_000
/** How long a lost socket keeps its place in the queue and its admission. */
export const graceMs = 20_000

/** RTCIceServer (W3C webrtc-pc). */
const iceServer = v.strictObject({
  urls: list(text(512), 16),
  username: v.exactOptional(text(512)),
  credential: v.exactOptional(text(512)),
})
const iceServers = list(iceServer, 16)

// --- client to server -------------------------------------------------------------------------------------------

/** Proves a clinician's device: its certificate chains to the room, its signature answers the hello. */
const authenticateHost = v.strictObject({
  type: v.literal('authenticate'),
  role: v.literal('host'),
  room: roomId,
  /** 65 bytes, uncompressed; its compressed form hashes to `room`. */
  roomKey: publicKey,
  certificate: signed,
  /** ECDSA over `authenticationText` (shared/crypto/signed). */
  signature,
  /** Proof of an earlier enrolment, as `enrolled` gave it. */
  enrolment: v.exactOptional(base64url(128)),
})

const authenticateGuest = v.strictObject({
  type: v.literal('authenticate'),
  role: v.literal('guest'),
  room: roomId,
  guestKey,
  signature,
})

const ping = v.strictObject({ type: v.literal('ping') })

/** All that an unadmitted guest may say: `knock`, `leave`, `ping`. */
const knock = v.strictObject({ type: v.literal('knock'), sealed: base64url(maxKnockLength) })
const leave = v.strictObject({ type: v.literal('leave') })

/** Between admitted peers only. A guest's `to` is `host` or a guest of the newest roster. */
const relay = v.strictObject({
  type: v.literal('relay'),
  to: v.union([v.literal('host'), guestKey]),
  data: base64url(maxRelayLength),
})

const admit = v.strictObject({ type: v.literal('admit'), guest: guestKey, ticket: signed })
/** Ends a guest's wait or admission without a word; words go in a `note` before it. */
const dismiss = v.strictObject({ type: v.literal('dismiss'), guest: guestKey })
const note = v.strictObject({ type: v.literal('note'), guest: guestKey, sealed: base64url(maxNoteLength) })
const roster = v.strictObject({ type: v.literal('roster'), roster: signed })
const end = v.strictObject({ type: v.literal('end'), end: signed })
const enrol = v.strictObject({ type: v.literal('enrol'), code: text(256) })
/**
 * Gives one's own call to another device of the clinician that is connected; or takes back what one has given away. Guests
 * stay; its fresh tickets answer them.
 */
const handOver = v.strictObject({ type: v.literal('hand-over'), call: callId, device: publicKey })
/** Certificates of a lower epoch are void from now on. `statement`: `minimumEpochContents`, signed by the room key. */
const raiseEpoch = v.strictObject({ type: v.literal('raise-epoch'), statement: signed })

export const authenticateMessage = v.variant('role', [authenticateHost, authenticateGuest])
export const guestToServerMessage = v.variant('type', [knock, leave, ping, relay])
export const hostToServerMessage = v.variant('type', [admit, dismiss, note, roster, end, relay, enrol, handOver, raiseEpoch, ping])

export type AuthenticateMessage = v.InferOutput<typeof authenticateMessage>
export type GuestToServerMessage = v.InferOutput<typeof guestToServerMessage>
export type HostToServerMessage = v.InferOutput<typeof hostToServerMessage>
export type ClientToServerMessage = AuthenticateMessage | GuestToServerMessage | HostToServerMessage

// --- server to client -------------------------------------------------------------------------------------------

/** First frame on every connection. `now` is the server's clock: devices measure their own error by it. */
const hello = v.strictObject({
  type: v.literal('hello'),
  version: v.literal(1),
  /** 32 random bytes. */
  nonce: token(43),
  connection: token(22),
  now: instant,
})

/** What a host is told about one guest. `sealed` is the guest's last knock. */
const guestListing = v.strictObject({
  guest: guestKey,
  state: v.picklist(['waiting', 'admitted']),
  /** Whether its socket is there now; an absent one is within its grace. */
  present: v.boolean(),
  sealed: base64url(maxKnockLength),
  call: v.nullable(callId),
})

const readyHost = v.strictObject({
  type: v.literal('ready'),
  role: v.literal('host'),
  now: instant,
  guests: list(guestListing, 1000),
  iceServers,
  /** `required`: relay credentials are there for those who enrol with the operator's code. */
  enrolment: v.picklist(['not-needed', 'required', 'done']),
})

const readyGuest = v.strictObject({
  type: v.literal('ready'),
  role: v.literal('guest'),
  now: instant,
  /** `new` asks for a knock; the others resume within the grace. The same for every room, known or not. */
  state: v.picklist(['new', 'waiting', 'admitted']),
})

const arrived = v.strictObject({ type: v.literal('knock'), guest: guestKey, sealed: base64url(maxKnockLength) })
/** The guest's socket is lost (`away`), back within the grace (`back`), or it is gone (`left`). */
const presence = v.strictObject({
  type: v.literal('presence'),
  guest: guestKey,
  presence: v.picklist(['away', 'back', 'left']),
  /** With `left`: another device of the clinician has answered. Without it the guest itself is gone. */
  elsewhere: v.exactOptional(v.picklist(['accepted', 'declined'])),
})
const relayed = v.strictObject({
  type: v.literal('relay'),
  /** Stamped by the server: `host` or the guest's authenticated key. */
  from: v.union([v.literal('host'), guestKey]),
  data: base64url(maxRelayLength),
})
const enrolled = v.strictObject({
  type: v.literal('enrolled'),
  enrolment: base64url(128),
  iceServers,
})
/**
 * A call belongs to `device` now: said to it, with whoever is in the call (`sealed` is what its tickets have to answer),
 * and to the device that gave it away, with nobody.
 */
const handedOver = v.strictObject({ type: v.literal('handed-over'), call: callId, device: publicKey, guests: list(guestListing, 8) })
/** Stored durably. `epoch`: the room's minimum now, which is greater than asked for when it was already. */
const epochRaised = v.strictObject({ type: v.literal('epoch-raised'), epoch: instant })

/** The guest's own waiting state and nothing else. */
const waiting = v.strictObject({ type: v.literal('waiting') })
const admitted = v.strictObject({
  type: v.literal('admitted'),
  ticket: signed,
  /** Of the device that signed the ticket, so that the guest can follow the chain to the room key in its link. */
  certificate: signed,
  roster: v.nullable(signed),
  iceServers,
})
const dismissed = v.strictObject({ type: v.literal('dismissed') })
const noted = v.strictObject({ type: v.literal('note'), sealed: base64url(maxNoteLength) })
const rosterChanged = v.strictObject({ type: v.literal('roster'), roster: signed })
const ended = v.strictObject({ type: v.literal('ended'), end: signed, certificate: signed })
/** Fresh relay credentials in time before the old ones expire, to enrolled hosts and members of their calls. */
const iceServersChanged = v.strictObject({ type: v.literal('ice-servers'), iceServers })
const pong = v.strictObject({ type: v.literal('pong'), now: instant })

/** Machine codes; the words for each are the client's. A `fatal` one is followed by the socket's close. */
export const errorCodes = [
  'malformed',
  'too-large',
  'not-authenticated',
  'authentication-failed',
  'not-allowed',
  'rate-limited',
  'room-full',
  /** The server holds as many rooms as it may; the operator has to raise its limits. */
  'server-full',
  'not-a-member',
  'ticket-refused',
  'roster-refused',
  'end-refused',
  'enrolment-refused',
  'hand-over-refused',
  'epoch-refused',
  /** The server cannot keep it now; nothing has changed. */
  'not-stored',
  /** The room has a minimum epoch, and this device's certificate is of a lower one. */
  'certificate-refused',
  'replaced',
] as const
/** `minimum`: with `certificate-refused`, the epoch that the room's certificates need. */
const errorMessage = v.strictObject({
  type: v.literal('error'),
  code: v.picklist(errorCodes),
  fatal: v.boolean(),
  minimum: v.exactOptional(instant),
})
/** The server is going away; come back after `reconnectInMs`. */
const goaway = v.strictObject({ type: v.literal('goaway'), reconnectInMs: instant })

export const serverToGuestMessage = v.variant('type', [
  hello,
  readyGuest,
  waiting,
  admitted,
  dismissed,
  noted,
  rosterChanged,
  ended,
  relayed,
  iceServersChanged,
  pong,
  errorMessage,
  goaway,
])
export const serverToHostMessage = v.variant('type', [
  hello,
  readyHost,
  arrived,
  presence,
  relayed,
  enrolled,
  handedOver,
  epochRaised,
  iceServersChanged,
  pong,
  errorMessage,
  goaway,
])

export type ServerToGuestMessage = v.InferOutput<typeof serverToGuestMessage>
export type ServerToHostMessage = v.InferOutput<typeof serverToHostMessage>
export type ServerMessage = ServerToGuestMessage | ServerToHostMessage
export type GuestListing = v.InferOutput<typeof guestListing>
export type IceServer = v.InferOutput<typeof iceServer>
export type ErrorCode = (typeof errorCodes)[number]
