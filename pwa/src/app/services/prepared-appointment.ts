import { type AppointmentId, asId } from '@alcove/shared/domain/ids'

/** The appointment whose session is being prepared: it travels in the history entry, so that a reload comes back to it. */
export function preparedAppointment(state: unknown): AppointmentId | null {
  if (typeof state !== 'object' || state === null || !('appointmentId' in state)) return null
  return typeof state.appointmentId === 'string' ? asId<AppointmentId>(state.appointmentId) : null
}
