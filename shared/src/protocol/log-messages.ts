import { maxDevices } from '../domain/practice-chain.ts'
import { base64url, deviceKey, documentId, entryHash, hash, instant, list, logHash, signature, spaceId, text, token } from './fields.ts'
import * as v from './schema.ts'

/**
 * The wire of the sealed log: one WebSocket at `/log`, subprotocol `alcove.log.1`, binary frames. A message is the length of
 * its JSON (4 bytes, big-endian), the JSON in UTF-8, and a body of bytes; it is cut into frames of at most 60,000 bytes
 * whose first byte says whether it goes on (1) or ends (0); only the last is shorter (log-frames.ts). docs/PROTOCOL.md
 * specifies it.
 */
export const logProtocol = 'alcove.log.1'
/** One message, JSON and body: a record of 8 MiB fits. */
export const maxLogMessageBytes = 9 * 1024 * 1024
/** What somebody may send before it has proven who it is. */
export const maxStrangersLogMessageBytes = 256 * 1024
/** The JSON of a message. */
export const maxLogJsonBytes = 512 * 1024
/** The most bytes of records in one answer, unless a single record is longer. */
export const maxReadBytes = 1024 * 1024
/** A statement of the access list, signed. */
export const maxAccessLength = 32 * 1024
/** What a recovery kit opens, sealed. */
export const maxKitBytes = 16 * 1024

export const logPosition = v.strictObject({ sequence: instant, hash: logHash })
/** The client's number for a request; its answer bears it. */
const id = instant

/** `base64url(payload).base64url(signature)`, domain `alcove/log-access/1`. */
export const accessStatement = v.pipe(v.string(), v.maxLength(maxAccessLength), v.regex(/^[\w-]+\.[\w-]{86}$/))
export const accessContents = v.strictObject({
  space: spaceId,
  version: instant,
  previous: v.nullable(hash),
  root: v.nullable(entryHash),
  by: deviceKey,
  devices: list(v.strictObject({ device: deviceKey, member: token(22), administrator: v.boolean() }), maxDevices),
})

// --- client to server ---------------------------------------------------------------------------------------------

export const logClientMessage = v.variant('type', [
  /** Answers the `hello`: ECDSA over the text of shared/crypto/log-access, bound to origin, connection and space. */
  v.strictObject({
    type: v.literal('authenticate'),
    id,
    space: spaceId,
    device: deviceKey,
    signature,
  }),
  /**
   * The next statements of the access list, without a gap; from version 0 where the server has none (it makes the space).
   * `enrolment`: the operator's code, or the proof that an earlier `enrolled` gave; only where the space is made.
   * Before `authenticate` too. Statements that the server has already are passed over. Whoever has authenticated may send
   * none, to be told the version and the proof.
   */
  v.strictObject({ type: v.literal('access'), id, statements: list(accessStatement, 64), enrolment: v.nullable(text(256)) }),
  /** Statements from this version on, at most 64 of them. */
  v.strictObject({ type: v.literal('get-access'), id, from: instant }),
  /** Logs that changed after this tick of the space (0: all), and from now on a `head` for each change. */
  v.strictObject({ type: v.literal('changed'), id, since: instant }),
  /** Body: one record. */
  v.strictObject({ type: v.literal('append'), id, log: documentId }),
  /**
   * Records after a position. `jump`: where a snapshot makes the answer shorter, it may begin behind what that covers.
   * Records that were pruned make it jump in any case.
   */
  v.strictObject({ type: v.literal('read'), id, log: documentId, after: instant, jump: v.boolean() }),
  /** Body: what a recovery kit opens, sealed; empty takes it away. `locator`: derived from the kit's words. Replaces what was there. */
  v.strictObject({ type: v.literal('put-kit'), id, locator: hash }),
  /** Before `authenticate` too: whoever has the words knows nothing else yet. */
  v.strictObject({ type: v.literal('get-kit'), id, locator: hash }),
  v.strictObject({ type: v.literal('ping'), id }),
])
export type LogClientMessage = v.InferOutput<typeof logClientMessage>

// --- server to client ---------------------------------------------------------------------------------------------

export const logErrorCodes = [
  /** Followed by the socket's close. */
  'malformed',
  /** Also once, for whoever goes on after it, before the close. */
  'rate-limited',
  /** The server keeps no logs. */
  'off',
  'unknown-space',
  /** The device is not on the newest access list, or its signature is not good. */
  'not-a-member',
  /** A new access list leaves the device out. Followed by the socket's close. */
  'removed',
  /** The statement does not follow from the one before, or its signer may not make this change. */
  'access-refused',
  /** The operator's code is missing or wrong. */
  'enrolment-required',
  'enrolment-refused',
  /** The practice's quota is used up. */
  'space-full',
  /** The server's disk or its number of spaces is. */
  'server-full',
  /** What was to be stored could not be. Nothing was. */
  'failed',
  'too-large',
  /** `number` is not the writer's next one here. */
  'wrong-number',
  /** `covers` is no position of this log, or not the one that it says. */
  'wrong-cover',
  /** Somebody else wrote a snapshot that covers nearly as much. */
  'superseded',
  /** `after` lies behind the log's end: the server has lost what it had. */
  'beyond-end',
  'unknown-kit',
] as const
export type LogErrorCode = (typeof logErrorCodes)[number]

export const logServerMessage = v.variant('type', [
  /** First. `connection`: 22 characters; `nonce`: 43. */
  v.strictObject({ type: v.literal('hello'), connection: token(22), nonce: hash, keepsLogs: v.boolean() }),
  /** `authenticate` was good. `version`: of the newest access list. `usedBytes` of `quotaBytes`. */
  v.strictObject({ type: v.literal('ready'), id, now: instant, version: instant, usedBytes: instant, quotaBytes: instant }),
  /**
   * Answers `access`: the newest version now. `enrolment`: the proof to show when the server has to be filled anew; to whoever
   * made the space or has authenticated, where the server asks for one.
   */
  v.strictObject({ type: v.literal('access-kept'), id, version: instant, enrolment: v.nullable(base64url(128)) }),
  v.strictObject({ type: v.literal('access'), id, statements: list(accessStatement, 64), version: instant }),
  /**
   * Answers `changed`: logs in the order in which they changed last. `tick`: up to which it tells everything. `more`: ask for
   * the next page with `since` this tick.
   */
  v.strictObject({
    type: v.literal('heads'),
    id,
    heads: list(v.strictObject({ log: documentId, end: logPosition }), 1024),
    tick: instant,
    more: v.boolean(),
  }),
  /** A log grew, by somebody else or by this device. */
  v.strictObject({ type: v.literal('head'), log: documentId, end: logPosition, tick: instant }),
  /** Durable. `at`: where the record stands. A record that was there already is answered the same way. */
  v.strictObject({ type: v.literal('appended'), id, log: documentId, at: logPosition, tick: instant }),
  /**
   * Body: records, one after the other; `lengths` of each. The first is `first`; `first` is greater than `after` + 1 where
   * the answer jumps: then the snapshot at `snapshot` covers exactly what is before `first`; it is among these records or, where
   * they are long, among the next. `end`: of the log as this answer saw it; without `more` the last record is the end.
   */
  v.strictObject({
    type: v.literal('records'),
    id,
    log: documentId,
    first: instant,
    snapshot: v.nullable(instant),
    lengths: list(instant, 4096),
    end: logPosition,
    more: v.boolean(),
  }),
  v.strictObject({ type: v.literal('kit-kept'), id }),
  /** Body: what was put there. */
  v.strictObject({ type: v.literal('kit'), id }),
  v.strictObject({ type: v.literal('pong'), id, now: instant }),
  /** `id` null: of no request. `expected`: with `wrong-number`, the number that is next. */
  v.strictObject({
    type: v.literal('refused'),
    id: v.nullable(instant),
    code: v.picklist(logErrorCodes),
    expected: v.exactOptional(instant),
  }),
])
export type LogServerMessage = v.InferOutput<typeof logServerMessage>
export type LogAnswer = Exclude<LogServerMessage, { readonly type: 'hello' | 'head' | 'refused' }>
