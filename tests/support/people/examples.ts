import type { Appointment } from '@alcove/shared/domain/appointment'
import {
  type AppointmentId,
  asId,
  type DeviceKey,
  type EntryHash,
  type MemberId,
  type PatientId,
  type PracticeId,
} from '@alcove/shared/domain/ids'
import type { Patient } from '@alcove/shared/domain/patient'
import type { Member, Role } from '@alcove/shared/domain/practice'
import { wallTimeAt } from '@alcove/shared/domain/time'
import { noLog } from '../../../pwa/src/features/log/log-state.ts'
import type { DeviceSync, SyncState } from '../../../pwa/src/features/sync/sync-state.ts'
import type { PracticeState } from '../../../pwa/src/ports.ts'
import type { PeopleState, PracticeDevice, PracticeReport } from '../../../pwa/src/sync-ports.ts'

export const minuteMs = 60_000

export function member(name: string, roles: readonly Role[], roomKey: string | null = null): Member {
  return { id: memberId(name), name, roles, roomKey, standingLinkGeneration: 0 }
}

export const memberId = (name: string) => asId<MemberId>(name.toLowerCase().replaceAll(/\W/g, ''))
export const deviceKey = (name: string) => asId<DeviceKey>(`key-${name}`)

export function device(label: string, of: Member, change: Partial<PracticeDevice> = {}): PracticeDevice {
  return { key: deviceKey(`${label} ${of.name}`), member: of.id, label, addedAt: 1, isThis: false, ...change }
}

export const sam: Patient = { id: asId<PatientId>('sam'), firstName: 'Sam', lastName: 'Fox', linkGenerations: {} }

/** A telehealth session with Dr. Rivera. */
export function sessionOf(patient: Patient, startAt: number): Appointment {
  return {
    id: asId<AppointmentId>(`with ${patient.id}`),
    type: 'therapy-session',
    patientId: patient.id,
    clinicianId: rivera.id,
    start: wallTimeAt(startAt, 'UTC'),
    durationMinutes: 50,
    useTelehealth: true,
    status: 'booked',
    startAt,
    endAt: startAt + 50 * minuteMs,
    firstStartAt: startAt,
  }
}

export const rivera = member('Dr. Ana Rivera', ['administrator', 'clinician'], 'room')
export const mensah = member('Dr. Kofi Mensah', ['clinician'], 'room')
export const desk = member('Pat Desk', ['scheduler'])
export const former = member('Lee Former', [])

export const practiceOf = (me: Member, members: readonly Member[]): PracticeState => ({
  practice: {
    id: asId<PracticeId>('willow'),
    name: 'Willow Practice',
    contactPhone: '555 0100',
    contactEmail: 'desk@willow.example',
    telehealth: 'basic',
  },
  me,
  members,
})

export const thisDevice = device('Chrome on Linux', rivera, { isThis: true })
export const phone = device('Safari on iPhone or iPad', rivera)
export const mensahLaptop = device('Firefox on Windows', mensah)
export const deskComputer = device('Edge on Windows', desk)

export function peopleOf(devices: readonly PracticeDevice[], reports: readonly PracticeReport[] = []): PeopleState {
  return { devices, reports, roomSince: null, room: 'none', roomAtRisk: false }
}

export const online: DeviceSync = { online: true, settled: true, heardAt: 1 }

export function syncOf(line: SyncState['line'], change: Partial<SyncState> = {}): SyncState {
  return { line, unsynced: 0, devices: new Map(), log: noLog, ...change }
}

export const exampleReports: readonly PracticeReport[] = [
  { kind: 'unsigned', what: 'telehealth' },
  { kind: 'unsigned', what: 'telehealth' },
  {
    kind: 'refused',
    refusal: { entry: asId<EntryHash>('entry'), by: mensahLaptop.key, operation: 'change-roles', reason: 'not-allowed' },
  },
]
