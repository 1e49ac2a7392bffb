import type { AppointmentDraft } from '@alcove/shared/domain/appointment'
import type { MemberId, PatientId } from '@alcove/shared/domain/ids'
import type { Result } from '@alcove/shared/domain/result'
import type { PracticeDraft, PracticeState } from '../../../pwa/src/ports.ts'
import type { PracticePorts } from '../fakes/fake-store.ts'

export const examplePractice: PracticeDraft = {
  name: 'Harbor Counseling',
  memberName: 'Dr. Rivera',
  contactPhone: '+1 555 0100',
  contactEmail: 'front@harbor.example',
  roles: ['administrator', 'clinician'],
  telehealth: 'basic',
}

/** A session of 50 minutes on 23 November 2026 at ten in New York, 15:00 UTC. */
export function exampleDraft(clinicianId: MemberId, patientId: PatientId | null): AppointmentDraft {
  return {
    type: 'therapy-session',
    patientId,
    clinicianId,
    start: { date: '2026-11-23', time: '10:00', zone: 'America/New_York' },
    durationMinutes: 50,
    useTelehealth: true,
    status: 'booked',
  }
}

export const exampleStartAt = Date.UTC(2026, 10, 23, 15)

export function accepted<T>(result: Result<T, unknown>): T {
  if (!result.ok) throw new Error(`Refused: ${String(result.error)}`)
  return result.value
}

export async function setUp(
  store: PracticePorts,
  draft: Partial<PracticeDraft> = {},
): Promise<PracticeState & { readonly patientId: PatientId }> {
  const state = accepted(await store.practice.create({ ...examplePractice, ...draft }))
  const patient = accepted(await store.patients.save(null, { firstName: 'Sam', lastName: 'Okafor' }))
  return { ...state, patientId: patient.id }
}

/** The first value that a watch tells and that fits. */
export function eventually<T>(watch: (listener: (value: T) => void) => () => void, fits: (value: T) => boolean = () => true): Promise<T> {
  return new Promise((resolve, reject) => {
    let last: T | undefined
    let stop: (() => void) | null = null
    const limit = setTimeout(() => {
      stop?.()
      reject(new Error(`Never came; last was ${JSON.stringify(last)}`))
    }, 5000)
    stop = watch((value) => {
      last = value
      if (!fits(value)) return
      clearTimeout(limit)
      // The first call may come before the watch has given its stop.
      queueMicrotask(() => stop?.())
      resolve(value)
    })
  })
}
