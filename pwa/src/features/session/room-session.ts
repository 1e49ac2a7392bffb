import { holdSession, noSession, presentMembers, restartableCall, type Session, type SessionEvent } from '@alcove/shared/domain/session'
import { callOf } from './call-id.ts'
import type { Reception } from './reception.ts'
import type { RoomCalls } from './room-calls.ts'

export type RoomSessionDeps = {
  /** Epoch ms by the server's clock. */
  readonly now: () => number
  readonly calls: () => RoomCalls | null
  readonly reception: () => Pick<Reception, 'room' | 'wait' | 'queue'>
  /** The clinician included. */
  readonly onPeople: (people: number) => void
  /** Another call than before, or none. */
  readonly onCall: () => void
  readonly onChange: () => void
}

/** The session: what is decided about it, and who carries that out. */
export type RoomSession = {
  state(): Session
  restore(session: Session): void
  decide(event: SessionEvent): void
}

export function createRoomSession(deps: RoomSessionDeps): RoomSession {
  const { now } = deps
  let session: Session = noSession

  return {
    state: () => session,
    restore(before) {
      session = before
    },
    decide(event) {
      const before = session
      const step = holdSession(session, event)
      session = step.state
      const reception = deps.reception()
      for (const effect of step.effects) {
        if (effect.type === 'queue') reception.queue(effect.arrival, effect.present)
        else if (effect.type === 'unqueue') reception.wait({ type: 'settled', guest: effect.guest, at: now() })
        else deps.calls()?.run(effect)
      }
      if (session === before) return
      if (callOf(session) !== callOf(before)) deps.onCall()
      const running = session.kind === 'running' ? session.appointmentId : null
      const restartable = restartableCall(session)
      const waiting = reception.room()
      if (running !== waiting.running || restartable !== waiting.restartable) {
        reception.wait({ type: 'context', running, restartable, at: now() })
      }
      if (session.kind === 'running') deps.onPeople(presentMembers(session).length + 1)
      deps.onChange()
    },
  }
}
