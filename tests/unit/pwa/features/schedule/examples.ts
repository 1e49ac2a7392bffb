import type { Appointment } from '@alcove/shared/domain/appointment'
import { type AppointmentId, asId, type MemberId, type PatientId } from '@alcove/shared/domain/ids'
import type { Member } from '@alcove/shared/domain/practice'
import { instantOf } from '@alcove/shared/domain/time'

export const zone = 'America/New_York'
export const me: Member = {
  id: asId<MemberId>('me'),
  name: 'Dr. Ana Rivera',
  roles: ['administrator', 'clinician'],
  roomKey: null,
  standingLinkGeneration: 0,
}
export const sam = { id: asId<PatientId>('sam'), firstName: 'Sam', lastName: 'Fox', linkGenerations: {} }

let count = 0
export function appointment(date: string, time: string, minutes: number, change: Partial<Appointment> = {}): Appointment {
  const start = { date, time, zone }
  const startAt = instantOf(start)
  count += 1
  return {
    id: asId<AppointmentId>(`appointment-${count}`),
    type: 'therapy-session',
    patientId: sam.id,
    clinicianId: me.id,
    start,
    durationMinutes: minutes,
    useTelehealth: true,
    status: 'booked',
    startAt,
    endAt: startAt + minutes * 60_000,
    firstStartAt: startAt,
    ...change,
  }
}
