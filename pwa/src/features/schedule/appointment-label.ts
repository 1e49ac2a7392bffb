import { type Appointment, isSessionType } from '@alcove/shared/domain/appointment'
import { fullName, type Patient } from '@alcove/shared/domain/patient'
import type { Member } from '@alcove/shared/domain/practice'
import type { ScheduleWords } from '../../app/words/schedule.en.ts'

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

/** Everything the box shows by place, colour and mark, in words. */
export function appointmentLabel(appointment: Appointment, context: LabelContext): string {
  const { words, members, formatTime } = context
  const title = appointmentTitle(appointment, context)
  const type = words.types[appointment.type]
  return [
    `${formatTime(appointment.startAt)} ${words.to} ${formatTime(appointment.endAt)}`,
    title,
    ...(title === type ? [] : [type]),
    members.find(({ id }) => id === appointment.clinicianId)?.name ?? '',
    words.statuses[appointment.status],
    ...(isTelehealth(appointment) ? [words.telehealth] : []),
  ]
    .filter((part) => part !== '')
    .join(', ')
}

export function isTelehealth(appointment: Appointment): boolean {
  return appointment.useTelehealth && isSessionType(appointment.type)
}
