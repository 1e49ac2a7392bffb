import { randomId } from '@alcove/shared/crypto/bytes'
import { type Appointment, type AppointmentDraft, draftOf } from '@alcove/shared/domain/appointment'
import { type AppointmentId, asId } from '@alcove/shared/domain/ids'
import { may } from '@alcove/shared/domain/practice'
import { err } from '@alcove/shared/domain/result'
import { instantOf } from '@alcove/shared/domain/time'
import { checkAppointmentDraft } from '../../../pwa/src/adapters/schedule/stored.ts'
import type { ScheduleRepository } from '../../../pwa/src/ports.ts'
import type { FakeMemory } from './fake-memory.ts'

export function createFakeScheduleRepository(memory: FakeMemory): ScheduleRepository {
  const all = () => [...memory.appointments.values()].sort((a, b) => a.startAt - b.startAt || (a.id < b.id ? -1 : 1))

  return {
    watchRange: (fromAt, toAt, listener) =>
      memory.live(() => all().filter(({ startAt, endAt }) => startAt < toAt && endAt > fromAt), listener),
    watch: (id, listener) => memory.live(() => memory.appointments.get(id) ?? null, listener),
    ofPatient: async (patient, clinician, fromAt, toAt) =>
      all().filter(
        ({ patientId, clinicianId, startAt }) => patientId === patient && clinicianId === clinician && startAt >= fromAt && startAt < toAt,
      ),
    async save(existing, draft, base) {
      const { practice } = memory
      if (!practice || !may(practice.me, 'book-appointment')) return err('not-allowed')
      const checked = checkAppointmentDraft(draft)
      if (!checked.ok || (existing && !memory.appointments.has(existing))) return err('invalid')
      if (!practice.members.some(({ id }) => id === draft.clinicianId)) return err('invalid')
      if (draft.patientId !== null && !memory.patients.has(draft.patientId)) return err('invalid')
      const id = existing ?? asId<AppointmentId>(randomId())
      return memory.store(() => {
        const before = memory.appointments.get(id)
        const wanted = before && base ? merge(before, draft, base) : draft
        const startAt = instantOf(wanted.start)
        const endAt = startAt + wanted.durationMinutes * 60_000
        const appointment: Appointment = { ...wanted, id, startAt, endAt, firstStartAt: before?.firstStartAt ?? startAt }
        memory.appointments.set(id, appointment)
        return appointment
      })
    },
  }
}

function merge(stored: Appointment, draft: AppointmentDraft, base: AppointmentDraft): AppointmentDraft {
  const changed = Object.entries(draft).filter(
    ([field, value]) => JSON.stringify(value) !== JSON.stringify(base[field as keyof AppointmentDraft]),
  )
  return { ...draftOf(stored), ...Object.fromEntries(changed) }
}
