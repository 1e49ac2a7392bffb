import { type Appointment, appointmentTypes, draftOf, isSessionType } from '@alcove/shared/domain/appointment'
import { type AppointmentId, asId, type MemberId, type PatientId } from '@alcove/shared/domain/ids'
import { fullName } from '@alcove/shared/domain/patient'
import { expect, test } from 'vitest'

test('S6 events, vacations and blackouts are no sessions, everything else is', () => {
  expect(appointmentTypes.filter((type) => !isSessionType(type))).toEqual(['scheduled-event', 'vacation', 'blackout-period'])
})

test('a draft holds what the dialog edits and nothing that is derived', () => {
  const draft = {
    type: 'consultation',
    patientId: asId<PatientId>('p'),
    clinicianId: asId<MemberId>('m'),
    start: { date: '2026-11-23', time: '09:30', zone: 'America/New_York' },
    durationMinutes: 50,
    useTelehealth: true,
    status: 'booked',
  } as const
  const appointment: Appointment = { ...draft, id: asId<AppointmentId>('a'), startAt: 1, endAt: 2, firstStartAt: 1 }
  expect(draftOf(appointment)).toEqual(draft)
})

test('a patient with one name has no space around it', () => {
  expect(fullName({ firstName: 'Sam', lastName: 'Lee' })).toBe('Sam Lee')
  expect(fullName({ firstName: 'Sam', lastName: '' })).toBe('Sam')
  expect(fullName({ firstName: '', lastName: 'Lee' })).toBe('Lee')
})
