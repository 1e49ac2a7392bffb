import { roles, telehealthTiers } from '../domain/practice.ts'
import { maxDevices } from '../domain/practice-chain.ts'
import {
  base64url,
  deviceKey,
  documentId,
  entryHash,
  epochId,
  hash,
  instant,
  list,
  logHash,
  memberId,
  practiceId,
  roomId,
  signature,
  text,
  token,
} from './fields.ts'
import * as v from './schema.ts'

/**
 * What a practice's devices say to each other: signed entries of the chain, messages over the data channel `alcove` of
 * a pair, and sealed messages over a topic of `/sync` (docs/PROTOCOL.md, "Sync"). The server reads none of it.
 */

// --- the chain, signed by devices, domain `alcove/chain/1` -------------------------------------------------------

export const maxParents = 8
/** A founding entry has one for every member. */
export const maxOperations = 256
/** The most characters of a signed entry. A rekey for 64 devices fits. */
export const maxEntryLength = 32 * 1024

const memberRoles = v.pipe(v.array(v.picklist(roles)), v.minLength(1), v.maxLength(roles.length))
const personName = v.pipe(v.string(), v.minLength(1), v.maxLength(80))
/** HPKE base mode: enc (65 bytes) ‖ 32 bytes ‖ tag. */
const sealedKeys = list(v.strictObject({ device: deviceKey, sealed: base64url(200) }), maxDevices)

export const operation = v.variant('type', [
  v.strictObject({ type: v.literal('found'), practice: practiceId }),
  v.strictObject({ type: v.literal('add-member'), member: memberId, name: personName, roles: memberRoles }),
  v.strictObject({ type: v.literal('rename-member'), member: memberId, name: personName }),
  v.strictObject({ type: v.literal('change-roles'), member: memberId, roles: memberRoles }),
  v.strictObject({ type: v.literal('remove-member'), member: memberId }),
  v.strictObject({
    type: v.literal('add-device'),
    device: deviceKey,
    member: memberId,
    label: text(80),
    use: v.exactOptional(v.literal('recovery-kit')),
  }),
  v.strictObject({ type: v.literal('rename-device'), device: deviceKey, label: text(80) }),
  v.strictObject({ type: v.literal('remove-device'), device: deviceKey }),
  v.strictObject({ type: v.literal('set-room'), member: memberId, roomKey: token(44) }),
  v.strictObject({ type: v.literal('change-telehealth'), tier: v.picklist(telehealthTiers) }),
  v.strictObject({ type: v.literal('rekey'), epoch: epochId, keys: sealedKeys }),
  v.strictObject({ type: v.literal('share-key'), epoch: epochId, keys: sealedKeys }),
])

export const entryContents = v.strictObject({
  parents: list(entryHash, maxParents),
  by: deviceKey,
  at: instant,
  operations: v.pipe(v.array(operation), v.minLength(1), v.maxLength(maxOperations)),
})
export type EntryContents = v.InferOutput<typeof entryContents>

/** Longer than other signed statements. */
export const signedEntry = v.pipe(v.string(), v.maxLength(maxEntryLength), v.regex(/^[\w-]+\.[\w-]{86}$/))

/** Signed by the room key, domain `alcove/minimum-epoch/1`: certificates of a lower epoch are void. */
export const minimumEpochContents = v.strictObject({ room: roomId, epoch: instant })
export type MinimumEpochContents = v.InferOutput<typeof minimumEpochContents>

// --- over the data channel `alcove` (negotiated, id 7) of the y-webrtc connection between two devices -------------

/** JSON in UTF-8, in chunks below 60 KiB (docs/PROTOCOL.md). One message at most: */
export const maxChannelMessageBytes = 32 * 1024 * 1024
const update = base64url(maxChannelMessageBytes)
const vector = base64url(1024 * 1024)
const maxOffered = 4096

export const channelMessage = v.variant('type', [
  /** First, from both: who I am. `nonce`: 22 characters, fresh. */
  v.strictObject({ type: v.literal('hello'), version: v.literal(1), device: deviceKey, nonce: token(22) }),
  /** Signed text over both nonces and both DTLS fingerprints (shared/crypto/chain, `proofText`). Nothing is said before. */
  v.strictObject({ type: v.literal('proof'), signature }),
  /** Entries that the other may lack: all at first, then each new one. */
  v.strictObject({ type: v.literal('entries'), entries: list(signedEntry, 512) }),
  /** Documents that changed here since the two last settled, or are open here. */
  v.strictObject({ type: v.literal('offer'), documents: list(documentId, maxOffered) }),
  /** What I have of a document (Yjs state vector): answer with what I lack. */
  v.strictObject({ type: v.literal('vector'), document: documentId, vector }),
  /** Yjs update (V2). `answers`: it answers a `vector`, so that after it I have all that the sender had. */
  v.strictObject({ type: v.literal('update'), document: documentId, update, answers: v.boolean() }),
  /** What I hold of a document durably now. The other's changes up to there are safe on a second device. */
  v.strictObject({ type: v.literal('stored'), document: documentId, vector }),
  /** All that was offered is exchanged and stored at my side. */
  v.strictObject({ type: v.literal('settled') }),
  /**
   * Up to where this device has read and verified the logs on the server (docs/PROTOCOL.md, "The sealed log"): of those that changed since it
   * said so last. At the same place the other must have the same hash.
   */
  v.strictObject({
    type: v.literal('log-heads'),
    heads: list(v.strictObject({ document: documentId, sequence: instant, hash: logHash }), maxOffered),
  }),
  /** For the clinician's own devices; see docs/PROTOCOL.md, "Several devices of a clinician". */
  v.strictObject({ type: v.literal('session'), body: text(64 * 1024) }),
])
export type ChannelMessage = v.InferOutput<typeof channelMessage>

// --- over the practice's handover topic, sealed under the founding practice key ----------------------------------

/**
 * For devices that were away while the practice key changed: they cannot find the others on the new topic. Entries of
 * an epoch are sealed under that epoch's key, so that a removed device reads up to its own removal and nothing after.
 */
export const handoverMessage = v.variant('type', [
  /** What I have: my epoch (null: the founding one) and my heads. Asks whoever knows more to answer. */
  v.strictObject({ type: v.literal('have'), device: deviceKey, epoch: v.nullable(epochId), heads: list(entryHash, 64) }),
  v.strictObject({
    type: v.literal('entries'),
    /**
     * In the order in which they can be opened: each batch sealed under the epoch's key that was current before its
     * entries. `key`: that key, sealed to the asking device, when it belongs to the practice and the chain may lack it.
     */
    batches: list(v.strictObject({ epoch: v.nullable(epochId), key: v.nullable(base64url(200)), sealed: base64url(60 * 1024) }), 64),
  }),
])
export type HandoverMessage = v.InferOutput<typeof handoverMessage>

// --- an invitation: from a link to a device of the practice, over a topic of its own ------------------------------

export const invitationKinds = ['colleague', 'own-device'] as const
export const pairingFailures = ['used', 'expired', 'declined', 'cancelled', 'already-a-member', 'failed'] as const

/** Sealed under the invitation's key. The joiner commits before it sees the inviter's nonce, so that the code cannot be steered. */
export const pairingMessage = v.variant('type', [
  /** Joiner: SHA-256 of what `reveal` will say. `label`: what the device calls itself ("Firefox on Linux"). */
  v.strictObject({ type: v.literal('knock'), commitment: hash, label: text(80) }),
  /** Inviter: the invitation is taken now. The names are shown to the joiner. */
  v.strictObject({
    type: v.literal('greeting'),
    commitment: hash,
    device: deviceKey,
    nonce: token(22),
    kind: v.picklist(invitationKinds),
    practice: text(80),
    member: text(80),
  }),
  v.strictObject({ type: v.literal('reveal'), device: deviceKey, nonce: token(22) }),
  /** Inviter, after the person approved: HPKE to the joiner's device key, with the transcript as info; JSON `welcomeContents`. */
  v.strictObject({ type: v.literal('welcome'), part: instant, parts: instant, sealed: base64url(60 * 1024) }),
  /** Joiner: it is stored here. */
  v.strictObject({ type: v.literal('joined') }),
  v.strictObject({ type: v.literal('failed'), reason: v.picklist(pairingFailures), commitment: v.nullable(hash) }),
])
export type PairingMessage = v.InferOutput<typeof pairingMessage>
export type PairingFailure = (typeof pairingFailures)[number]
export type InvitationKind = (typeof invitationKinds)[number]

/** All that a device needs to be one of the practice. */
export const welcomeContents = v.strictObject({
  member: memberId,
  /** Hash of the founding entry: pinned. */
  root: entryHash,
  entries: list(signedEntry, 4096),
  /** The founding key and those of later epochs, 32 bytes each. */
  foundingKey: token(43),
  epochKeys: list(v.strictObject({ epoch: epochId, key: token(43) }), 256),
  /** PKCS#8 of the clinician's room key, for the clinician's own device alone. */
  room: v.nullable(base64url(400)),
  /** The practice document, so that there is something to show at once (Yjs update V2). */
  practiceDocument: base64url(4 * 1024 * 1024),
})
export type WelcomeContents = v.InferOutput<typeof welcomeContents>

// --- y-webrtc's wire, as `/sync` speaks it -------------------------------------------------------------------------

/** Topics: any text of at most this length; ours are 43 characters of base64url. */
export const maxTopicLength = 256
export const maxSyncFrameBytes = 64 * 1024

const topics = v.array(v.string())
/** What clients say. The server reads it as loosely as y-webrtc's own does; this is what an honest client sends. */
export const syncClientMessage = v.variant('type', [
  v.strictObject({ type: v.literal('subscribe'), topics }),
  v.strictObject({ type: v.literal('unsubscribe'), topics }),
  /** `data`: with a password (ours always has one) base64 of what is sealed; without one an object. */
  v.strictObject({ type: v.literal('publish'), topic: text(maxTopicLength), data: text(maxSyncFrameBytes) }),
  v.strictObject({ type: v.literal('ping') }),
])

/** A fatal one (`malformed`, and `rate-limited` for whoever goes on) is followed by the socket's close. */
export const syncErrorCodes = ['malformed', 'rate-limited', 'topic-refused', 'topic-full', 'server-full', 'not-subscribed'] as const
export const syncServerMessage = v.variant('type', [
  /** To every subscriber, the sender among them. `clients`: how many there are. */
  v.strictObject({ type: v.literal('publish'), topic: text(maxTopicLength), data: text(maxSyncFrameBytes), clients: instant }),
  v.strictObject({ type: v.literal('pong') }),
  /** y-webrtc passes over it. `topic`: which one, where it is about one. */
  v.strictObject({ type: v.literal('error'), code: v.picklist(syncErrorCodes), topic: v.nullable(text(maxTopicLength)) }),
])
export type SyncClientMessage = v.InferOutput<typeof syncClientMessage>
export type SyncServerMessage = v.InferOutput<typeof syncServerMessage>
export type SyncErrorCode = (typeof syncErrorCodes)[number]
