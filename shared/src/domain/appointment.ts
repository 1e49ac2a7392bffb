import type { AppointmentId, MemberId, PatientId } from './ids.ts'

export const appointmentTypes = [
  'therapy-intake',
  'therapy-session',
  'group-therapy',
  'psychological-evaluation',
  'consultation',
  'scheduled-event',
  'vacation',
  'blackout-period',
] as const
export type AppointmentType = (typeof appointmentTypes)[number]

/** HL7 FHIR AppointmentStatus codes; the screen says Scheduled, Arrived, Completed, Missed, Cancelled. */
export const appointmentStatuses = ['booked', 'arrived', 'fulfilled', 'noshow', 'cancelled'] as const
export type AppointmentStatus = (typeof appointmentStatuses)[number]

/** S6: time that is taken but in which nobody is seen. */
const typesWithoutPatient: readonly AppointmentType[] = ['scheduled-event', 'vacation', 'blackout-period']

export function isSessionType(type: AppointmentType): boolean {
  return !typesWithoutPatient.includes(type)
}

/**
 * Wall-clock time in a named zone: what people agreed on. A clock change between booking and meeting moves the instant,
 * never the hour on the wall, so this is what is stored; instants are derived (`time.ts`).
 */
export type WallTime = {
  /** ISO 8601 date, `2026-11-23`. */
  readonly date: string
  /** 24 hours, `09:30`. */
  readonly time: string
  /** IANA zone, `America/New_York`. */
  readonly zone: string
}

/** What the dialog edits. */
export type AppointmentDraft = {
  readonly type: AppointmentType
  readonly patientId: PatientId | null
  readonly clinicianId: MemberId
  readonly start: WallTime
  /** Minutes, 1 to 1440. */
  readonly durationMinutes: number
  readonly useTelehealth: boolean
  readonly status: AppointmentStatus
}

export type Appointment = AppointmentDraft & {
  readonly id: AppointmentId
  /** The instant of `start`, derived when it was last saved or read. */
  readonly startAt: number
  readonly endAt: number
  /**
   * The start as it stood when the appointment was first saved. It is the hint in the patient's link, which must not
   * change when the appointment moves; the clinician's device tells a waiting patient the time that holds.
   */
  readonly firstStartAt: number
}

export function draftOf(appointment: Appointment): AppointmentDraft {
  const { type, patientId, clinicianId, start, durationMinutes, useTelehealth, status } = appointment
  return { type, patientId, clinicianId, start, durationMinutes, useTelehealth, status }
}
