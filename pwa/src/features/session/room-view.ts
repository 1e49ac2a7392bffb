import { type Member, type Session, restartableCall } from '@alcove/shared/domain/session'
import { isQuiet, isRestarting, placeOf, type WaitingPerson, type WaitingRoom, unseenOthers } from '@alcove/shared/domain/waiting-room'
import type { GuestKey } from '@alcove/shared/domain/ids'
import type { SocketState } from '../../ports.ts'
import type { PeerView } from './peer.ts'
import type { ClinicianRoomState, RemotePerson, RoomSession, WaitingEntry } from './room-state.ts'

export type RoomFacts = {
  readonly signaling: SocketState
  readonly clockOffsetMs: number
  readonly waiting: WaitingRoom
  readonly session: Session
  readonly tampered: boolean
  readonly elsewhere: boolean
  readonly enrolment: ClinicianRoomState['enrolment']
  readonly devices: ClinicianRoomState['devices']
  readonly peer: (guest: GuestKey) => PeerView | null
  /** Epoch ms by the server's clock. */
  readonly at: number
}

export function viewRoom(facts: RoomFacts): ClinicianRoomState {
  const { waiting, session, at } = facts
  const people = waiting.people.filter((person) => !isQuiet(person, waiting.claimed, at))
  const entries = people.map((person) => viewEntry(person, waiting, session, at))
  return {
    signaling: facts.signaling,
    clockOffsetMs: facts.clockOffsetMs,
    waiting: entries,
    announced: entries.find((entry) => entry.guest === waiting.announced) ?? null,
    unseenOthers: unseenOthers(waiting),
    session: viewSession(facts),
    elsewhere: facts.elsewhere,
    devices: facts.devices,
    enrolment: facts.enrolment,
  }
}

function viewEntry(person: WaitingPerson, room: WaitingRoom, session: Session, at: number): WaitingEntry {
  const { group, appointment, belongsHere } = placeOf(person, room.running, at)
  const { owner } = person
  return {
    guest: person.guest,
    recordName: owner.kind === 'patient' ? owner.recordName : null,
    typedName: person.name,
    patientId: owner.kind === 'patient' ? owner.patientId : null,
    appointment,
    group,
    firstSeenAt: person.firstSeenAt,
    presence: person.presence.kind,
    wantsRestart: isRestarting(person, restartableCall(session)),
    belongsHere,
  }
}

function viewSession({ session, tampered, peer }: RoomFacts): RoomSession {
  switch (session.kind) {
    case 'none':
      return session
    case 'running': {
      const { kind, call, appointmentId, startedAt, members } = session
      return { kind, call, appointmentId, startedAt, tampered, people: members.map((member) => viewMember(member, peer(member.guest))) }
    }
    case 'ended': {
      const { kind, call, appointmentId, closesAt, iWant, former } = session
      const chose = (guest: GuestKey) => session.wanting.some((one) => one.guest === guest)
      const names = (wanted: boolean) => former.filter((one) => chose(one.guest) === wanted).map((one) => one.name)
      return { kind, call, appointmentId, closesAt, iWantRestart: iWant, wanting: names(true), missing: names(false) }
    }
  }
}

function viewMember(member: Member, peer: PeerView | null): RemotePerson {
  return viewPerson(member.guest, member.name, peer, false)
}

/** Somebody else in the call, on either page. `name` is what is known before they say it themselves. */
export function viewPerson(id: RemotePerson['id'], name: string, peer: PeerView | null, paused: boolean): RemotePerson {
  const status = peer?.status
  return {
    id,
    name: status?.name || name,
    connection: peer?.connection ?? 'connecting',
    microphone: status?.microphone ?? 'none',
    camera: status?.camera ?? 'none',
    sharing: status?.screen ?? false,
    main: peer?.main ?? null,
    screen: peer?.screen ?? null,
    paused,
  }
}
