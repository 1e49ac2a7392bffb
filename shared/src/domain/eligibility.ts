import { type Appointment, isSessionType } from './appointment.ts'
import type { MemberId } from './ids.ts'
import { type Member, may, type Practice } from './practice.ts'

/** S9: five hours to either side of the scheduled start, in elapsed time. */
export const startWindowMs = 5 * 60 * 60 * 1000

export type StartWindow = { readonly opensAt: number; readonly closesAt: number }

/** Why an appointment cannot be started now. The dialog has one plain sentence for each. */
export type IneligibleReason =
  | { readonly kind: 'unsaved' }
  | { readonly kind: 'telehealth-off' }
  | { readonly kind: 'not-a-clinician' }
  | { readonly kind: 'other-clinician'; readonly clinicianId: MemberId }
  | { readonly kind: 'type' }
  | { readonly kind: 'no-patient' }
  | { readonly kind: 'telehealth-not-selected' }
  | { readonly kind: 'missed' }
  | { readonly kind: 'cancelled' }
  | { readonly kind: 'not-open-yet'; readonly opensAt: number }
  | { readonly kind: 'closed'; readonly closesAt: number }

export type Eligibility = ({ readonly eligible: true } & StartWindow) | { readonly eligible: false; readonly reason: IneligibleReason }

export type EligibilityInput = {
  /** The appointment as last saved; null for one that never was (S10). Open edits play no part. */
  readonly saved: Appointment | null
  readonly practice: Pick<Practice, 'telehealth'>
  readonly me: Pick<Member, 'id' | 'roles'>
  /** Epoch ms, by the server's clock where the device's is known to be off. */
  readonly now: number
}

export function startWindow(startAt: number): StartWindow {
  return { opensAt: startAt - startWindowMs, closesAt: startAt + startWindowMs }
}

/**
 * S5-S10: may this person start this appointment at this instant? Permanent reasons come before those that time
 * resolves, so that nobody waits for a window that would not help.
 */
export function eligibility({ saved, practice, me, now }: EligibilityInput): Eligibility {
  if (!saved) return no({ kind: 'unsaved' })
  if (!isSessionType(saved.type)) return no({ kind: 'type' })
  if (practice.telehealth === 'off') return no({ kind: 'telehealth-off' })
  if (saved.clinicianId !== me.id) return no({ kind: 'other-clinician', clinicianId: saved.clinicianId })
  if (!may(me, 'start-session')) return no({ kind: 'not-a-clinician' })
  if (saved.patientId === null) return no({ kind: 'no-patient' })
  if (!saved.useTelehealth) return no({ kind: 'telehealth-not-selected' })
  if (saved.status === 'noshow') return no({ kind: 'missed' })
  if (saved.status === 'cancelled') return no({ kind: 'cancelled' })
  const { opensAt, closesAt } = startWindow(saved.startAt)
  if (now < opensAt) return no({ kind: 'not-open-yet', opensAt })
  if (now > closesAt) return no({ kind: 'closed', closesAt })
  return { eligible: true, opensAt, closesAt }
}

function no(reason: IneligibleReason): Eligibility {
  return { eligible: false, reason }
}
