import type { PatientId } from '@alcove/shared/domain/ids'
import type { Patient, PatientDraft } from '@alcove/shared/domain/patient'
import { fullName } from '@alcove/shared/domain/patient'
import type { Result } from '@alcove/shared/domain/result'
import type { JSX } from 'solid-js'
import { createSignal } from 'solid-js'
import { practiceWords } from '../../words/areas.ts'
import type { SaveError } from '../../ports.ts'
import { FormDialog } from '../../ui/FormDialog.tsx'
import { TextField } from '../../ui/TextField.tsx'

export type PatientDialogProps = {
  /** Null for a new one. */
  readonly patient: Patient | null
  readonly save: (id: PatientId | null, draft: PatientDraft) => Promise<Result<Patient, SaveError>>
  readonly onSaved: (patient: Patient) => void
  readonly onClose: () => void
}

/** Closes by itself once the patient is stored; what was typed stays when it could not be. */
export function PatientDialog(props: PatientDialogProps): JSX.Element {
  const [firstName, setFirstName] = createSignal(props.patient?.firstName ?? '')
  const [lastName, setLastName] = createSignal(props.patient?.lastName ?? '')
  const [saving, setSaving] = createSignal(false)
  const [missing, setMissing] = createSignal(false)
  const [problem, setProblem] = createSignal<string | null>(null)

  async function save(): Promise<void> {
    if (saving()) return
    const draft = { firstName: firstName().trim(), lastName: lastName().trim() }
    setMissing(fullName(draft) === '')
    if (missing()) return
    setSaving(true)
    const result = await props.save(props.patient?.id ?? null, draft)
    setSaving(false)
    if (!result.ok) {
      setProblem(practiceWords().saveFailed[result.error])
      return
    }
    props.onSaved(result.value)
    props.onClose()
  }

  return (
    <FormDialog
      title={props.patient ? practiceWords().patients.edit : practiceWords().patients.new}
      save={practiceWords().save}
      cancel={practiceWords().cancel}
      busy={saving()}
      problem={problem()}
      onSave={() => void save()}
      onClose={() => props.onClose()}
    >
      <TextField
        label={practiceWords().patients.firstName}
        value={firstName()}
        onChange={setFirstName}
        autocomplete="off"
        maxLength={80}
        error={missing() ? practiceWords().patients.noName : undefined}
      />
      <TextField label={practiceWords().patients.lastName} value={lastName()} onChange={setLastName} autocomplete="off" maxLength={80} />
    </FormDialog>
  )
}
