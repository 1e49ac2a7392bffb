import type { AppointmentId, PatientId } from '@alcove/shared/domain/ids'
import { noSession, type Session } from '@alcove/shared/domain/session'
import { emptyWaitingRoom, type WaitingRoom } from '@alcove/shared/domain/waiting-room'
import { callId, guestKey, hash, instant, text, token } from '@alcove/shared/protocol/fields'
import * as v from '@alcove/shared/protocol/schema'
import type { Journal } from '../../ports.ts'

/** What the clinician's device must still know after a reload or a crash. Encrypted by the journal. */
export type RoomRecord = {
  readonly session: Session
  readonly waiting: WaitingRoom
  /** Knocks that count no more. */
  readonly spent: readonly string[]
  readonly lastStamp: number
}

const journalName = 'room'

const appointmentId = v.pipe(
  text(64),
  v.transform((id) => id as AppointmentId),
)
const patientId = v.pipe(
  text(64),
  v.transform((id) => id as PatientId),
)
const arrival = {
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
const attention = v.picklist(['pending', 'answered'])
const mark = v.picklist(['none', 'unseen', 'seen'])
const former = v.strictObject({ guest: guestKey, name: text(80), knock: hash })

const waiting = v.strictObject({
  people: v.array(
    v.strictObject({
      ...arrival,
      firstSeenAt: instant,
      attention,
      mark,
      told: v.nullable(v.strictObject({ kind: v.picklist(['early', 'heard']), startAt: v.nullable(instant), knock: hash })),
    }),
  ),
  departed: v.array(v.strictObject({ guest: guestKey, firstSeenAt: instant, attention, mark, departedAt: instant })),
  announced: v.nullable(guestKey),
  running: v.nullable(appointmentId),
  restartable: v.nullable(callId),
})

const session = v.variant('kind', [
  v.strictObject({ kind: v.literal('none') }),
  v.strictObject({
    kind: v.literal('running'),
    call: callId,
    appointmentId,
    startedAt: instant,
    closesAt: instant,
    members: v.array(v.strictObject({ ...arrival, admittedAt: instant, absent: v.boolean() })),
    removed: v.array(guestKey),
    restartOf: v.nullable(v.strictObject({ call: callId, guests: v.array(former) })),
  }),
  v.strictObject({
    kind: v.literal('ended'),
    call: callId,
    appointmentId,
    closesAt: instant,
    former: v.array(former),
    iWant: v.boolean(),
    wanting: v.array(v.strictObject(arrival)),
  }),
])

const roomRecord = v.strictObject({ version: v.literal(1), session, waiting, spent: v.array(hash), lastStamp: instant })
type Stored = v.InferOutput<typeof roomRecord>

/** Nothing readable means an empty room: people knock again, and are announced again. */
export async function readRoom(journal: Journal, now: number): Promise<RoomRecord> {
  const parsed = v.safeParse(roomRecord, await journal.read(journalName).catch(() => null))
  if (!parsed.success) return { session: noSession, waiting: emptyWaitingRoom, spent: [], lastStamp: 0 }
  const { session, waiting, spent, lastStamp } = parsed.output
  return { session: wakeSession(session, now), waiting: wakeWaiting(waiting, now), spent, lastStamp }
}

export async function writeRoom(journal: Journal, { session, waiting, spent, lastStamp }: RoomRecord): Promise<void> {
  const stored: Stored = { version: 1, session: sleepSession(session), waiting: sleepWaiting(waiting), spent: [...spent], lastStamp }
  await journal.write(journalName, stored)
}

/** Connections do not survive a reload: everybody is away until the server says otherwise. */
function wakeSession(stored: Stored['session'], now: number): Session {
  if (stored.kind === 'running') {
    const members = stored.members.map((m) => ({ ...m, socket: 'away' as const, linked: false, absentSinceAt: now }))
    return { ...stored, members }
  }
  if (stored.kind === 'ended') return { ...stored, wanting: stored.wanting.map((w) => ({ ...w, here: false })) }
  return stored
}

function wakeWaiting(stored: Stored['waiting'], now: number): WaitingRoom {
  const people = stored.people.map((p) => ({ ...p, appointments: [], presence: { kind: 'away' as const, sinceAt: now } }))
  return { ...stored, people }
}

function sleepSession(session: Session): Stored['session'] {
  if (session.kind === 'running') {
    const members = session.members.map(({ socket: _, linked: __, absentSinceAt: ___, ...kept }) => kept)
    return { ...session, members, removed: [...session.removed], restartOf: sleepRestart(session.restartOf) }
  }
  if (session.kind === 'ended') {
    return { ...session, former: [...session.former], wanting: session.wanting.map(({ here: _, ...kept }) => kept) }
  }
  return session
}

function sleepRestart(restartOf: Extract<Session, { kind: 'running' }>['restartOf']) {
  return restartOf && { call: restartOf.call, guests: [...restartOf.guests] }
}

function sleepWaiting(waiting: WaitingRoom): Stored['waiting'] {
  const people = waiting.people.map(({ appointments: _, presence: __, ...kept }) => kept)
  return { ...waiting, people, departed: [...waiting.departed] }
}
