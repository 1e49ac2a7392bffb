import type { Appointment } from '@alcove/shared/domain/appointment'
import {
  asId,
  type AppointmentId,
  type CallId,
  type GuestKey,
  type MemberId,
  type PatientId,
  type PracticeId,
} from '@alcove/shared/domain/ids'
import type { ClinicianRoomState, RemotePerson, RoomSession, WaitingEntry } from '../../../pwa/src/features/session/room-state.ts'
import type { PracticeState } from '../../../pwa/src/ports.ts'

const hourMs = 60 * 60 * 1000

export const me = asId<MemberId>('rivera')

export const examplePractice: PracticeState = {
  practice: {
    id: asId<PracticeId>('practice'),
    name: 'Harbor Counseling',
    contactPhone: '+1 555 0100',
    contactEmail: 'hello@harbor.example',
    telehealth: 'basic',
  },
  me: { id: me, name: 'Dr. Rivera', roles: ['administrator', 'clinician'], roomKey: null, standingLinkGeneration: 0 },
  members: [{ id: me, name: 'Dr. Rivera', roles: ['administrator', 'clinician'], roomKey: null, standingLinkGeneration: 0 }],
}

/** `id` doubles as the patient's id. `startAt`: epoch ms. */
export function exampleAppointment(id: string, startAt: number, change: Partial<Appointment> = {}): Appointment {
  return {
    id: asId<AppointmentId>(id),
    type: 'therapy-session',
    patientId: asId<PatientId>(id),
    clinicianId: me,
    start: { date: '2026-11-24', time: '10:00', zone: 'America/New_York' },
    durationMinutes: 50,
    useTelehealth: true,
    status: 'booked',
    startAt,
    endAt: startAt + 50 * 60 * 1000,
    firstStartAt: startAt,
    ...change,
  }
}

export function exampleEntry(name: string, change: Partial<WaitingEntry> = {}): WaitingEntry {
  return {
    guest: asId<GuestKey>(`guest-${name}`),
    recordName: name,
    typedName: name,
    patientId: asId<PatientId>(name),
    appointment: null,
    group: 'waiting',
    firstSeenAt: 0,
    presence: 'here',
    wantsRestart: false,
    belongsHere: true,
    ...change,
  }
}

export function examplePerson(name: string, change: Partial<RemotePerson> = {}): RemotePerson {
  return {
    id: asId<GuestKey>(`guest-${name}`),
    name,
    connection: 'connected',
    microphone: 'on',
    camera: 'on',
    sharing: false,
    main: null,
    screen: null,
    paused: false,
    ...change,
  }
}

export function runningSession(
  appointmentId: string,
  startedAt: number,
  people: readonly RemotePerson[],
): Extract<RoomSession, { kind: 'running' }> {
  return {
    kind: 'running',
    call: asId<CallId>('call'),
    appointmentId: asId<AppointmentId>(appointmentId),
    startedAt,
    people,
    tampered: false,
  }
}

export function endedSession(
  appointmentId: string,
  now: number,
  change: Partial<Extract<RoomSession, { kind: 'ended' }>> = {},
): RoomSession {
  return {
    kind: 'ended',
    call: asId<CallId>('call'),
    appointmentId: asId<AppointmentId>(appointmentId),
    closesAt: now + 4 * hourMs,
    iWantRestart: false,
    wanting: [],
    missing: ['Sam Lee'],
    ...change,
  }
}

export const emptyRoom: ClinicianRoomState = {
  signaling: { kind: 'open' },
  clockOffsetMs: 0,
  waiting: [],
  announced: null,
  unseenOthers: 0,
  session: { kind: 'none' },
  elsewhere: false,
  devices: { others: [], remote: null, moving: null, notice: null },
  enrolment: 'not-needed',
}
