import { randomId } from '@alcove/shared/crypto/bytes'
import { asId, type PatientId } from '@alcove/shared/domain/ids'
import { may } from '@alcove/shared/domain/practice'
import { err } from '@alcove/shared/domain/result'
import { checkPatientDraft } from '../../../pwa/src/adapters/schedule/stored.ts'
import type { PatientRepository } from '../../../pwa/src/ports.ts'
import type { FakeMemory } from './fake-memory.ts'

export function createFakePatientRepository(memory: FakeMemory): PatientRepository {
  return {
    watch: (listener) =>
      memory.live(
        () => [...memory.patients.values()].sort((a, b) => a.lastName.localeCompare(b.lastName) || a.firstName.localeCompare(b.firstName)),
        listener,
      ),
    async save(existing, draft) {
      if (!memory.practice || !may(memory.practice.me, 'edit-patient')) return err('not-allowed')
      const checked = checkPatientDraft(draft)
      const before = existing && memory.patients.get(existing)
      if (!checked.ok || (existing && !before)) return err('invalid')
      const id = existing ?? asId<PatientId>(randomId())
      return memory.store(() => {
        const patient = { linkGenerations: {}, ...memory.patients.get(id), ...checked.value, id }
        memory.patients.set(id, patient)
        return patient
      })
    },
    async replaceLink(id, clinician) {
      const me = memory.practice?.me
      if (!me || me.id !== clinician || !may(me, 'replace-own-link')) return err('not-allowed')
      const patient = memory.patients.get(id)
      if (!patient) return err('invalid')
      return memory.store(() => {
        const generation = (patient.linkGenerations[clinician] ?? 0) + 1
        memory.patients.set(id, { ...patient, linkGenerations: { ...patient.linkGenerations, [clinician]: generation } })
      })
    },
  }
}
