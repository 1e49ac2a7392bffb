import {
  type Appointment,
  type AppointmentDraft,
  type AppointmentStatus,
  type AppointmentType,
  draftOf,
} from '@alcove/shared/domain/appointment'
import type { MemberId, PatientId } from '@alcove/shared/domain/ids'
import { type Member, may } from '@alcove/shared/domain/practice'
import { err, ok, type Result } from '@alcove/shared/domain/result'
import { nextQuarterHour, wallTimeAt } from '@alcove/shared/domain/time'
import { isDate } from './calendar.ts'

/** What stands in the fields, as text where the reader types text. */
export type AppointmentForm = {
  readonly type: AppointmentType
  readonly patientId: PatientId | null
  readonly clinicianId: MemberId
  readonly date: string
  readonly time: string
  readonly zone: string
  readonly duration: string
  readonly useTelehealth: boolean
  readonly status: AppointmentStatus
}

export type FormProblem = 'date' | 'time' | 'duration' | 'clinician'

export type NewAppointmentInput = {
  readonly me: Member
  readonly members: readonly Member[]
  /** Epoch ms. */
  readonly now: number
  readonly zone: string
  /** Where the calendar was clicked; otherwise today, the next quarter of an hour. */
  readonly at?: { readonly date: string; readonly time: string } | undefined
}

/** A new appointment starts with me (or the first clinician, when I am none), 50 minutes, Scheduled. */
export function newForm({ me, members, now, zone, at }: NewAppointmentInput): AppointmentForm {
  const start = at ?? wallTimeAt(nextQuarterHour(now), zone)
  const clinician = isClinician(me) ? me : (members.find(isClinician) ?? me)
  return {
    type: 'therapy-session',
    patientId: null,
    clinicianId: clinician.id,
    date: start.date,
    time: start.time,
    zone,
    duration: '50',
    useTelehealth: false,
    status: 'booked',
  }
}

export function formOf(appointment: Appointment): AppointmentForm {
  return formOfDraft(draftOf(appointment))
}

export function formOfDraft({ start, durationMinutes, ...same }: AppointmentDraft): AppointmentForm {
  return { ...same, date: start.date, time: start.time, zone: start.zone, duration: String(durationMinutes) }
}

export function readForm(form: AppointmentForm): Result<AppointmentDraft, readonly FormProblem[]> {
  const duration = Number(form.duration)
  const problems: FormProblem[] = []
  if (!isDate(form.date)) problems.push('date')
  if (!/^([01]\d|2[0-3]):[0-5]\d$/.test(form.time)) problems.push('time')
  if (!Number.isInteger(duration) || duration < 1 || duration > 1440) problems.push('duration')
  if (form.clinicianId === '') problems.push('clinician')
  if (problems.length > 0) return err(problems)
  const { date, time, zone, duration: _text, ...same } = form
  return ok({ ...same, start: { date, time, zone }, durationMinutes: duration })
}

export function sameForm(a: AppointmentForm, b: AppointmentForm): boolean {
  return (Object.keys(a) as (keyof AppointmentForm)[]).every((key) => a[key] === b[key])
}

/** Who can be the clinician: everybody with the role, and whoever is on the appointment already. */
export function clinicianChoices(members: readonly Member[], present: MemberId): readonly Member[] {
  return members.filter((member) => isClinician(member) || member.id === present)
}

export function isClinician(member: Member): boolean {
  return may(member, 'start-session')
}
