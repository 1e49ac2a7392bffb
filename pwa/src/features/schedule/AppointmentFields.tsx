import { appointmentStatuses, appointmentTypes, isSessionType } from '@alcove/shared/domain/appointment'
import type { PatientId } from '@alcove/shared/domain/ids'
import { fullName } from '@alcove/shared/domain/patient'
import type { JSX } from 'solid-js'
import { createMemo, Show } from 'solid-js'
import { scheduleWords } from '../../words/areas.ts'
import { locale } from '../../words/i18n.ts'
import { Button } from '../../ui/Button.tsx'
import { Checkbox } from '../../ui/Checkbox.tsx'
import { Icon } from '../../ui/Icon.tsx'
import { UserPlus } from '../../ui/icons.ts'
import { Select } from '../../ui/Select.tsx'
import { TextField } from '../../ui/TextField.tsx'
import styles from './AppointmentFields.module.css'
import { clinicianChoices, type FormProblem } from './appointment-form.ts'
import type { AppointmentEditor } from './appointment-editor.ts'
import type { ScheduleDoors } from './schedule-doors.ts'

export type AppointmentFieldsProps = {
  readonly doors: ScheduleDoors
  readonly editor: AppointmentEditor
  readonly onAddPatient: () => void
}

export function AppointmentFields(props: AppointmentFieldsProps): JSX.Element {
  const words = () => scheduleWords().fields
  const form = () => props.editor.form()
  const problem = (field: FormProblem) => {
    const status = props.editor.status()
    return status.kind === 'invalid' && status.problems.includes(field) ? scheduleWords().problems[field] : undefined
  }
  const patients = createMemo(() => {
    const collator = new Intl.Collator(locale())
    const options = props.doors.patients.map((patient) => ({ value: patient.id as PatientId | '', label: fullName(patient) }))
    return [{ value: '' as const, label: words().noPatient }, ...options.sort((a, b) => collator.compare(a.label, b.label))]
  })
  return (
    <div class={styles.fields}>
      <Select
        label={words().type}
        value={form().type}
        options={appointmentTypes.map((value) => ({ value, label: scheduleWords().types[value] }))}
        onChange={(type) => props.editor.change({ type })}
        hint={isSessionType(form().type) ? undefined : words().notSessionType}
      />
      <div class={styles.patient}>
        <Select
          label={words().patient}
          value={form().patientId ?? ''}
          options={patients()}
          onChange={(value) => props.editor.change({ patientId: value === '' ? null : value })}
        />
        <Button iconOnly aria-label={words().addPerson} title={words().addPerson} onClick={() => props.onAddPatient()}>
          <Icon of={UserPlus} />
        </Button>
      </div>
      <Select
        label={words().clinician}
        value={form().clinicianId}
        options={clinicianChoices(props.doors.members, form().clinicianId).map(({ id, name }) => ({ value: id, label: name }))}
        onChange={(clinicianId) => props.editor.change({ clinicianId })}
      />
      <Select
        label={words().status}
        value={form().status}
        options={appointmentStatuses.map((value) => ({ value, label: scheduleWords().statuses[value] }))}
        onChange={(status) => props.editor.change({ status })}
      />
      <div class={styles.when}>
        <TextField
          label={words().date}
          type="date"
          required
          value={form().date}
          onChange={(date) => props.editor.change({ date })}
          error={problem('date')}
        />
        <TextField
          label={words().startTime}
          type="time"
          required
          value={form().time}
          onChange={(time) => props.editor.change({ time })}
          error={problem('time')}
        />
        <TextField
          label={words().duration}
          aside={words().minutes}
          type="number"
          inputMode="numeric"
          min={1}
          max={1440}
          step={5}
          required
          value={form().duration}
          onChange={(duration) => props.editor.change({ duration })}
          error={problem('duration')}
        />
      </div>
      <Show when={form().zone !== props.doors.zone}>
        <p class={styles.note}>{words().otherZone(form().zone)}</p>
      </Show>
      <Checkbox
        label={words().useTelehealth}
        checked={form().useTelehealth}
        onChange={(useTelehealth) => props.editor.change({ useTelehealth })}
      />
    </div>
  )
}
