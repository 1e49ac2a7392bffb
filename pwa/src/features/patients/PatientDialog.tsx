import type { PatientId } from '@alcove/shared/domain/ids'
import type { Patient, PatientDraft } from '@alcove/shared/domain/patient'
import { fullName } from '@alcove/shared/domain/patient'
import type { Result } from '@alcove/shared/domain/result'
import type { JSX } from 'solid-js'
import { createSignal, createUniqueId, Show } from 'solid-js'
import { practiceWords } from '../../words/areas.ts'
import type { SaveError } from '../../ports.ts'
import { Banner } from '../../ui/Banner.tsx'
import { Button } from '../../ui/Button.tsx'
import { Dialog } from '../../ui/Dialog.tsx'
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
  const id = createUniqueId()
  const [firstName, setFirstName] = createSignal(props.patient?.firstName ?? '')
  const [lastName, setLastName] = createSignal(props.patient?.lastName ?? '')
  const [saving, setSaving] = createSignal(false)
  const [missing, setMissing] = createSignal(false)
  const [error, setError] = createSignal<SaveError | null>(null)

  async function save(event: SubmitEvent): Promise<void> {
    event.preventDefault()
    if (saving()) return
    const draft = { firstName: firstName().trim(), lastName: lastName().trim() }
    setMissing(fullName(draft) === '')
    if (missing()) return
    setSaving(true)
    const result = await props.save(props.patient?.id ?? null, draft)
    setSaving(false)
    if (!result.ok) {
      setError(result.error)
      return
    }
    props.onSaved(result.value)
    props.onClose()
  }

  return (
    <Dialog
      title={props.patient ? practiceWords().patients.edit : practiceWords().patients.new}
      size="small"
      onClose={() => props.onClose()}
      footer={
        <>
          <Button onClick={() => props.onClose()}>{practiceWords().cancel}</Button>
          <Button kind="primary" type="submit" form={id} busy={saving()}>
            {practiceWords().save}
          </Button>
        </>
      }
    >
      <Show when={error()}>
        {(failed) => (
          <Banner tone="danger" role="alert">
            {practiceWords().saveFailed[failed()]}
          </Banner>
        )}
      </Show>
      <form id={id} class="stack" novalidate onSubmit={(event) => void save(event)}>
        <TextField
          label={practiceWords().patients.firstName}
          value={firstName()}
          onChange={setFirstName}
          autocomplete="off"
          maxLength={80}
          error={missing() ? practiceWords().patients.noName : undefined}
        />
        <TextField label={practiceWords().patients.lastName} value={lastName()} onChange={setLastName} autocomplete="off" maxLength={80} />
      </form>
    </Dialog>
  )
}
