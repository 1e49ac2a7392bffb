import { type Appointment, isSessionType } from '@alcove/shared/domain/appointment'
import { fullName, type Patient } from '@alcove/shared/domain/patient'
import type { Member } from '@alcove/shared/domain/practice'
import type { ScheduleWords } from '../../words/schedule.en.ts'

export type LabelContext = {
  readonly words: ScheduleWords
  readonly patients: readonly Patient[]
  readonly members: readonly Member[]
  readonly formatTime: (at: number) => string
}

/** What stands in the box: the patient, or what the time is taken for. */
export function appointmentTitle(appointment: Appointment, { words, patients }: LabelContext): string {
  const patient = patients.find(({ id }) => id === appointment.patientId)
  return patient && isSessionType(appointment.type) ? fullName(patient) : words.types[appointment.type]
}

/** The second line in the box: what the title does not say, and who, where there are several clinicians. */
export function appointmentDetails(appointment: Appointment, context: LabelContext): readonly string[] {
  const type = context.words.types[appointment.type]
  const details = type === appointmentTitle(appointment, context) ? [] : [type]
  return context.members.length > 1 ? [...details, clinicianName(appointment, context)] : details
}

/**
 * Everything that the box shows by words, place, colour and mark. It begins with the visible words in their order, so
 * that saying them aloud finds the box (WCAG 2.5.3).
 */
export function appointmentLabel(appointment: Appointment, context: LabelContext): string {
  const { words, members, formatTime } = context
  const status = words.statuses[appointment.status]
  const isBooked = appointment.status === 'booked'
  return [
    `${formatTime(appointment.startAt)} ${appointmentTitle(appointment, context)}`,
    ...(isBooked ? [] : [status]),
    ...appointmentDetails(appointment, context),
    words.until(formatTime(appointment.endAt)),
    ...(members.length > 1 ? [] : [clinicianName(appointment, context)]),
    ...(isBooked ? [status] : []),
    ...(isTelehealth(appointment) ? [words.telehealth] : []),
  ].join(', ')
}

function clinicianName(appointment: Appointment, { members }: LabelContext): string {
  return members.find(({ id }) => id === appointment.clinicianId)?.name ?? ''
}

export function isTelehealth(appointment: Appointment): boolean {
  return appointment.useTelehealth && isSessionType(appointment.type)
}
