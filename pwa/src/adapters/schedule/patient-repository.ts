import { randomId } from '@alcove/shared/crypto/bytes'
import { asId, type PatientId } from '@alcove/shared/domain/ids'
import type { Patient } from '@alcove/shared/domain/patient'
import { may } from '@alcove/shared/domain/practice'
import { err, ok } from '@alcove/shared/domain/result'
import type { PatientRepository } from '../../ports.ts'
import type { Home, OpenPractice } from './home.ts'
import { createLiveQuery, sameList } from './live-query.ts'
import { shardOf } from './names.ts'
import { checkPatientDraft, generationField, readPatient } from './stored.ts'
import { collections, valuesOf } from './views.ts'

export function createPatientRepository(home: Home): PatientRepository {
  async function all(): Promise<readonly Patient[]> {
    const practice = home.current()
    if (!practice) return []
    const views = await practice.documents.views(practice.patientDocIds)
    return [...views.values()].flatMap((view) => (view.kind === 'patients' ? valuesOf(view.patients) : [])).sort(byName)
  }

  return {
    watch(listener) {
      const held = home.watched.hold()
      const query = createLiveQuery(
        () => {
          held.show(home.current()?.patientDocIds ?? [])
          return all()
        },
        sameList,
        listener,
      )
      const stop = home.watch((changed) => {
        const docIds = home.current()?.patientDocIds ?? []
        if (!changed || docIds.some((docId) => changed.has(docId))) query.refresh()
      })
      return () => {
        stop()
        query.stop()
        held.stop()
      }
    },
    async save(existing, draft) {
      const practice = home.current()
      if (!practice || !may(practice.state().me, 'edit-patient')) return err('not-allowed')
      const checked = checkPatientDraft(draft)
      if (!checked.ok) return checked
      const id = existing ?? asId<PatientId>(randomId())
      return practice.documents.change(docIdOf(practice, id), (document) => {
        const fields = document.entity(collections.patients, id)
        const patient = readPatient(id, { ...fields, ...checked.value })
        if (!patient || (existing !== null && !fields)) return err('invalid')
        document.changeEntity(collections.patients, id, checked.value)
        return ok({ value: patient })
      })
    },
    async replaceLink(id, clinician) {
      const practice = home.current()
      const me = practice?.state().me
      if (!practice || !me || me.id !== clinician || !may(me, 'replace-own-link')) return err('not-allowed')
      return practice.documents.change(docIdOf(practice, id), (document) => {
        const fields = document.entity(collections.patients, id)
        const patient = fields && readPatient(id, fields)
        if (!patient) return err('invalid')
        const generation = (patient.linkGenerations[clinician] ?? 0) + 1
        document.changeEntity(collections.patients, id, { [generationField(clinician)]: generation })
        return ok({ value: undefined })
      })
    },
  }
}

function docIdOf(practice: OpenPractice, id: PatientId): string {
  const docId = practice.patientDocIds[shardOf(id)]
  if (!docId) throw new Error('A patient without a shard')
  return docId
}

function byName(a: Patient, b: Patient): number {
  return a.lastName.localeCompare(b.lastName) || a.firstName.localeCompare(b.firstName) || (a.id < b.id ? -1 : 1)
}
