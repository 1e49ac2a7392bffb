import type { GuestKey, PatientId } from '@alcove/shared/domain/ids'
import type { SessionEvent } from '@alcove/shared/domain/session'
import {
  type Arrival,
  emptyWaitingRoom,
  type WaitingPerson,
  type WaitingRoom,
  type WaitingRoomEvent,
  waitIn,
} from '@alcove/shared/domain/waiting-room'
import type { HostIdentity } from '../../ports.ts'
import { newCall } from './call-id.ts'
import type { RoomAppointments } from './room-appointments.ts'
import type { RoomCalls } from './room-calls.ts'
import { readKnock } from './room-knocks.ts'
import type { RoomLinks } from './room-links.ts'
import type { SpentKnocks } from './room-spent.ts'

export type ReceptionDeps = {
  /** Epoch ms by the server's clock. */
  readonly now: () => number
  readonly appointments: Pick<RoomAppointments, 'of'>
  readonly links: Pick<RoomLinks, 'find'>
  readonly spent: SpentKnocks
  /** How long another device of mine may take to answer who returns to its call; 0 where there is none. */
  readonly patienceMs: () => number
  readonly identity: () => HostIdentity | null
  readonly calls: () => RoomCalls | null
  /** The session hears of every knock first. */
  readonly decide: (event: SessionEvent) => void
  readonly onChange: () => void
}

/** Who waits: opens knocks, follows the waiting room's rules, and tells people where they stand. */
export type Reception = {
  room(): WaitingRoom
  restore(room: WaitingRoom): void
  find(guest: GuestKey): WaitingPerson | undefined
  wait(event: WaitingRoomEvent): void
  /** A sealed knock, as the server passed it on. */
  knocked(guest: GuestKey, sealed: string, present: boolean): Promise<void>
  /** The proof of the link in the knock of somebody who is in the session already. */
  learn(guest: GuestKey, sealed: string): Promise<void>
  /** The session does not know this person. */
  queue(arrival: Arrival, present: boolean): void
  /** The schedule changed. */
  readAppointments(): Promise<void>
}

export function createReception(deps: ReceptionDeps): Reception {
  const { now, appointments, spent } = deps
  const known = new Map<PatientId, Awaited<ReturnType<typeof appointments.of>>>()
  let room: WaitingRoom = emptyWaitingRoom

  function find(guest: GuestKey): WaitingPerson | undefined {
    return room.people.find((one) => one.guest === guest)
  }

  function wait(event: WaitingRoomEvent): void {
    const before = room
    const step = waitIn(room, event)
    room = step.state
    for (const effect of step.effects) {
      const person = find(effect.guest)
      if (!person) continue
      if (effect.type === 'tell-heard') deps.calls()?.note(person, { kind: 'heard', startAt: effect.startAt })
      else deps.calls()?.note(person, { kind: 'early', startAt: effect.startAt, opensAt: effect.opensAt })
    }
    if (room !== before) deps.onChange()
  }

  return {
    room: () => room,
    restore(before) {
      room = before
    },
    find,
    wait,
    async knocked(guest, sealed, present) {
      const [identity, calls] = [deps.identity(), deps.calls()]
      if (!identity || !calls) return
      const opened = await readKnock(sealed, guest, identity, deps.links)
      if (opened.kind === 'nothing') return
      if (opened.kind === 'replaced') {
        calls.note({ guest, knock: opened.knock }, { kind: 'replaced' })
        return calls.dismiss(guest)
      }
      const { arrival, secret } = opened
      if (spent.has(arrival.knock)) return spent.isLive(guest) ? undefined : calls.dismiss(guest)
      calls.learnSecret(guest, secret)
      if (arrival.owner.kind === 'patient') known.set(arrival.owner.patientId, await appointments.of(arrival.owner.patientId))
      deps.decide({ type: 'knock', arrival, present, newCall: newCall(), at: now() })
    },
    async learn(guest, sealed) {
      const identity = deps.identity()
      const opened = identity && (await readKnock(sealed, guest, identity, deps.links))
      if (opened?.kind === 'arrival') deps.calls()?.learnSecret(guest, opened.secret)
    },
    queue(arrival, present) {
      const { owner } = arrival
      const theirs = owner.kind === 'patient' ? (known.get(owner.patientId) ?? []) : []
      wait({ type: 'arrived', arrival, appointments: theirs, present, patienceMs: deps.patienceMs(), at: now() })
    },
    async readAppointments() {
      const owners = new Set(room.people.flatMap(({ owner }) => (owner.kind === 'patient' ? [owner.patientId] : [])))
      for (const patientId of owners) {
        const theirs = await appointments.of(patientId)
        known.set(patientId, theirs)
        wait({ type: 'appointments', patientId, appointments: theirs, at: now() })
      }
    },
  }
}
