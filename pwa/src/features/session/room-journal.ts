import type { RoomId } from '@alcove/shared/domain/ids'
import { noSession, type Session } from '@alcove/shared/domain/session'
import { emptyWaitingRoom, type WaitingRoom } from '@alcove/shared/domain/waiting-room'
import { callId, guestKey, hash, instant, roomId } from '@alcove/shared/protocol/fields'
import { heldAppointmentId, heldArrival, heldSession } from '@alcove/shared/protocol/own-device-messages'
import * as v from '@alcove/shared/protocol/schema'
import type { Journal } from '../../ports.ts'
import { sleepSession, wakeSession } from './held-session.ts'

/** What the clinician's device must still know after a reload or a crash. Encrypted by the journal. */
export type RoomRecord = {
  readonly session: Session
  readonly waiting: WaitingRoom
  /** Knocks that count no more. */
  readonly spent: readonly string[]
  /** Last signed: of tickets, notes and ends; of rosters. */
  readonly lastStamp: number
  readonly lastSequence: number
}

const journalName = 'room'

const attention = v.picklist(['pending', 'answered'])
const mark = v.picklist(['none', 'unseen', 'seen'])

const waiting = v.strictObject({
  people: v.array(
    v.strictObject({
      ...heldArrival,
      firstSeenAt: instant,
      attention,
      mark,
      told: v.nullable(v.strictObject({ kind: v.picklist(['early', 'heard']), startAt: v.nullable(instant), knock: hash })),
    }),
  ),
  departed: v.array(v.strictObject({ guest: guestKey, firstSeenAt: instant, attention, mark, departedAt: instant })),
  announced: v.nullable(guestKey),
  running: v.nullable(heldAppointmentId),
  restartable: v.nullable(callId),
})

const roomRecord = v.strictObject({
  version: v.literal(1),
  /** Of a room that was replaced nothing counts any more. Not in journals of the first version. */
  room: v.exactOptional(roomId),
  session: heldSession,
  waiting,
  spent: v.array(hash),
  lastStamp: instant,
  /** Not in journals of the first version. */
  lastSequence: v.exactOptional(instant),
})
type Stored = v.InferOutput<typeof roomRecord>

/** Nothing readable means an empty room: people knock again, and are announced again. */
export async function readRoom(journal: Journal, room: RoomId, now: number): Promise<RoomRecord> {
  const parsed = v.safeParse(roomRecord, await journal.read(journalName).catch(() => null))
  if (!parsed.success || (parsed.output.room ?? room) !== room)
    return { session: noSession, waiting: emptyWaitingRoom, spent: [], lastStamp: 0, lastSequence: 0 }
  const { session, waiting, spent, lastStamp, lastSequence = lastStamp } = parsed.output
  return { session: wakeSession(session, now), waiting: wakeWaiting(waiting, now), spent, lastStamp, lastSequence }
}

export async function writeRoom(journal: Journal, room: RoomId, record: RoomRecord): Promise<void> {
  const { session, waiting, spent, lastStamp, lastSequence } = record
  const kept = { session: sleepSession(session), waiting: sleepWaiting(waiting), spent: [...spent] }
  const stored: Stored = { version: 1, room, ...kept, lastStamp, lastSequence }
  await journal.write(journalName, stored)
}

function wakeWaiting(stored: Stored['waiting'], now: number): WaitingRoom {
  const people = stored.people.map((p) => ({
    ...p,
    appointments: [],
    presence: { kind: 'away' as const, sinceAt: now },
    quietUntilAt: null,
  }))
  return { ...stored, people, claimed: [] }
}

function sleepWaiting(waiting: WaitingRoom): Stored['waiting'] {
  const { claimed: _, ...room } = waiting
  const people = waiting.people.map(({ appointments: _, presence: __, quietUntilAt: ___, ...kept }) => kept)
  return { ...room, people, departed: [...waiting.departed] }
}
