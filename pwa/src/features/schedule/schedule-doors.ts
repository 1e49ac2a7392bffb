import type { Appointment } from '@alcove/shared/domain/appointment'
import type { AppointmentId, MemberId, PatientId } from '@alcove/shared/domain/ids'
import type { Patient } from '@alcove/shared/domain/patient'
import type { Member, Practice } from '@alcove/shared/domain/practice'
import type { Accessor } from 'solid-js'
import type { Page, PatientRepository, ScheduleRepository } from '../../ports.ts'

/** A link to hand out, or why there is none. */
export type LinkOutcome =
  | { readonly kind: 'ready'; readonly url: string }
  /** The clinician has not set up a device. */
  | { readonly kind: 'no-room' }
  | { readonly kind: 'failed' }

/** What the schedule needs from the app around it. Read the getters where they are drawn. */
export type ScheduleDoors = {
  readonly practice: Practice
  readonly me: Member
  readonly members: readonly Member[]
  readonly patients: readonly Patient[]
  /** Epoch ms; advances by itself. */
  readonly now: number
  /** IANA zone of this device. */
  readonly zone: string
  readonly schedule: Pick<ScheduleRepository, 'save'>
  readonly patientRepository: Pick<PatientRepository, 'save' | 'replaceLink'>
  readonly page: Pick<Page, 'copyText' | 'holdPage'>
  /** As saved; null when there is none, undefined while it is read. */
  watchAppointment(id: Accessor<AppointmentId | null>): Accessor<Appointment | null | undefined>
  patientLink(appointment: Appointment, patient: PatientId, clinician: MemberId): Promise<LinkOutcome>
  /** The appointment whose session runs on this device. */
  readonly runningAppointmentId: AppointmentId | null
  /** The session that runs on another device of mine. */
  readonly remoteSession: { readonly appointmentId: AppointmentId; readonly label: string } | null
  startSession(appointment: Appointment): void
  /** Brings the remote session here. From a click, so that the browser may ask for the devices. */
  moveSessionHere(): void
  returnToSession(): void
}
