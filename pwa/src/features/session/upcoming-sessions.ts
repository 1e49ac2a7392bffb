import type { Appointment } from '@alcove/shared/domain/appointment'
import { isSessionType } from '@alcove/shared/domain/appointment'
import type { AppointmentId, MemberId } from '@alcove/shared/domain/ids'

export type SessionList = {
  /** The appointment of the running session. */
  readonly current: Appointment | null
  readonly upcoming: readonly Appointment[]
}

export type SessionListInput = {
  readonly appointments: readonly Appointment[]
  readonly me: MemberId
  readonly running: AppointmentId | null
  /** Appointments somebody waits for: they stay in the list however late it is. */
  readonly awaited: ReadonlySet<AppointmentId>
  readonly now: number
}

/**
 * S33: the telehealth session that runs and those still to come, ordered by start. An appointment that is not eligible
 * stays in the list, so that the reason can be read there.
 */
export function sessionList({ appointments, me, running, awaited, now }: SessionListInput): SessionList {
  const mine = appointments.filter(
    (appointment) =>
      appointment.clinicianId === me && appointment.useTelehealth && appointment.patientId !== null && isSessionType(appointment.type),
  )
  const current = mine.find((appointment) => appointment.id === running) ?? null
  const upcoming = mine
    .filter((appointment) => appointment.id !== running)
    .filter(
      (appointment) =>
        appointment.endAt > now || awaited.has(appointment.id) || (current !== null && appointment.startAt >= current.startAt),
    )
    .sort((a, b) => a.startAt - b.startAt)
  return { current, upcoming }
}
