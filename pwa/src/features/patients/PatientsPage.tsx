import { fullName, type Patient } from '@alcove/shared/domain/patient'
import type { JSX } from 'solid-js'
import { createMemo, createSignal, For, Match, Show, Switch } from 'solid-js'
import { practiceWords } from '../../words/areas.ts'
import { locale } from '../../words/i18n.ts'
import type { PatientRepository } from '../../ports.ts'
import { Button } from '../../ui/Button.tsx'
import { EmptyState } from '../../ui/EmptyState.tsx'
import { Icon } from '../../ui/Icon.tsx'
import { ChevronRight, Plus } from '../../ui/icons.ts'
import { TextField } from '../../ui/TextField.tsx'
import { PatientDialog } from './PatientDialog.tsx'
import styles from './PatientsPage.module.css'
import { findPatients } from './search.ts'

export type PatientsPageProps = {
  readonly patients: readonly Patient[]
  readonly repository: Pick<PatientRepository, 'save'>
}

export function PatientsPage(props: PatientsPageProps): JSX.Element {
  const words = () => practiceWords().patients
  const [query, setQuery] = createSignal('')
  const [open, setOpen] = createSignal<{ readonly patient: Patient | null } | null>(null)
  const found = createMemo(() => findPatients(props.patients, query(), locale()))
  const add = () => (
    <Button kind="primary" icon={<Icon of={Plus} />} onClick={() => setOpen({ patient: null })}>
      {words().new}
    </Button>
  )
  return (
    <div class={styles.page}>
      <div class={styles.heading}>
        <h1>{words().title}</h1>
        {add()}
      </div>
      <Switch>
        <Match when={props.patients.length === 0}>
          <EmptyState title={words().empty} hint={words().emptyHint} />
        </Match>
        <Match when={props.patients.length > 0}>
          <div class={styles.search}>
            <TextField label={words().search} type="search" value={query()} onChange={setQuery} autocomplete="off" />
            <p role="status" class={styles.count}>
              {found().length > 0 ? words().count(found().length) : words().none(query())}
            </p>
          </div>
          <ul class={styles.list}>
            <For each={found()}>
              {(patient) => (
                <li>
                  <button
                    type="button"
                    class={styles.patient}
                    aria-label={words().openEdit(fullName(patient))}
                    aria-haspopup="dialog"
                    onClick={() => setOpen({ patient })}
                  >
                    <span>
                      {patient.firstName} <strong>{patient.lastName}</strong>
                    </span>
                    <Icon of={ChevronRight} />
                  </button>
                </li>
              )}
            </For>
          </ul>
        </Match>
      </Switch>
      <Show when={open()} keyed>
        {({ patient }) => (
          <PatientDialog
            patient={patient}
            save={(id, draft) => props.repository.save(id, draft)}
            onSaved={() => undefined}
            onClose={() => setOpen(null)}
          />
        )}
      </Show>
    </div>
  )
}
