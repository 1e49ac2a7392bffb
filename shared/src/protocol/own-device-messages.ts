import type { AppointmentId, PatientId } from '../domain/ids.ts'
import type { Result } from '../domain/result.ts'
import { decode, type DecodeError } from './decode.ts'
import { branded, callId, guestKey, hash, instant, text, token } from './fields.ts'
import * as v from './schema.ts'

/**
 * What one clinician's devices tell each other about arrivals and the session, as the `body` of the channel message
 * `session` (docs/PROTOCOL.md, "Several devices of a clinician"). The channel has proven who speaks.
 */

/** As long as the channel takes it. */
export const maxOwnDeviceBody = 64 * 1024

export const heldAppointmentId = branded<AppointmentId>(text(64))
const patientId = branded<PatientId>(text(64))

/** A knock that was opened, as the journal and the other devices keep it. */
export const heldArrival = {
  guest: guestKey,
  knock: hash,
  instance: token(22),
  name: text(80),
  owner: v.variant('kind', [
    v.strictObject({ kind: v.literal('patient'), patientId, recordName: text(400) }),
    v.strictObject({ kind: v.literal('standing') }),
  ]),
  intent: v.picklist(['arrive', 'return', 'restart']),
  call: v.nullable(callId),
}
const former = v.strictObject({ guest: guestKey, name: text(80), knock: hash })

const runningSession = v.strictObject({
  kind: v.literal('running'),
  call: callId,
  appointmentId: heldAppointmentId,
  startedAt: instant,
  closesAt: instant,
  /** How often it was moved. Journals of the first version do not have it. */
  moves: v.exactOptional(instant),
  members: v.array(v.strictObject({ ...heldArrival, admittedAt: instant, absent: v.boolean() })),
  removed: v.array(guestKey),
  restartOf: v.nullable(v.strictObject({ call: callId, guests: v.array(former) })),
})
const endedSession = v.strictObject({
  kind: v.literal('ended'),
  call: callId,
  appointmentId: heldAppointmentId,
  closesAt: instant,
  former: v.array(former),
  iWant: v.boolean(),
  wanting: v.array(v.strictObject(heldArrival)),
})

/** A session without what does not outlive its connections. */
export const heldSession = v.variant('kind', [v.strictObject({ kind: v.literal('none') }), runningSession, endedSession])
export type HeldSession = v.InferOutput<typeof heldSession>

export const ownDeviceMessage = v.variant('type', [
  /**
   * What is here: after every change, and to a device that has just come online. `call` may be restarted once it ended.
   * `tell`: and what is there? A room that has just been opened has missed it.
   */
  v.strictObject({
    type: v.literal('session'),
    tell: v.boolean(),
    session: v.variant('kind', [
      v.strictObject({ kind: v.literal('none') }),
      v.strictObject({ kind: v.picklist(['running', 'ended']), call: callId, appointmentId: heldAppointmentId, moves: instant }),
    ]),
  }),
  /** I have accepted or declined this knock: be quiet about it. The server's word makes it final. */
  v.strictObject({ type: v.literal('answered'), guest: guestKey, knock: hash, how: v.picklist(['accepted', 'declined']) }),
  /** Take this session from me: somebody chose Move to. Answered with `ask` by whoever can. */
  v.strictObject({ type: v.literal('offer'), call: callId }),
  /** Give me this session. */
  v.strictObject({ type: v.literal('ask'), call: callId }),
  /** Here it is; a running call is handed over at the server at the same time. `stamp`, `sequence`: last signed; yours have to be greater. */
  v.strictObject({
    type: v.literal('give'),
    session: v.variant('kind', [runningSession, endedSession]),
    stamp: instant,
    sequence: instant,
  }),
  /** The server does not know the call, since nobody was in it yet: take it without its word. */
  v.strictObject({ type: v.literal('free'), call: callId }),
  /** I have it, and everybody who was there is here: let go. */
  v.strictObject({ type: v.literal('taken'), call: callId }),
  /** It stays with me: what was asked for cannot be, or took too long. */
  v.strictObject({ type: v.literal('keep'), call: callId }),
])
export type OwnDeviceMessage = v.InferOutput<typeof ownDeviceMessage>

export function decodeOwnDeviceMessage(body: string): Result<OwnDeviceMessage, DecodeError> {
  return decode(ownDeviceMessage, body, maxOwnDeviceBody)
}
