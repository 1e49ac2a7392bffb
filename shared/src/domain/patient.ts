import type { MemberId, PatientId } from './ids.ts'

export type Patient = {
  readonly id: PatientId
  readonly firstName: string
  readonly lastName: string
  /**
   * How often this patient's link to each clinician was replaced; absent means 0.
   * A link depends on (clinician, patient, generation) and on no appointment.
   */
  readonly linkGenerations: Readonly<Record<MemberId, number>>
}

export type PatientDraft = Pick<Patient, 'firstName' | 'lastName'>

export function fullName(patient: Pick<Patient, 'firstName' | 'lastName'>): string {
  return `${patient.firstName} ${patient.lastName}`.trim()
}
