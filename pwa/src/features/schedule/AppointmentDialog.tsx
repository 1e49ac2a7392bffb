import type { Appointment } from '@alcove/shared/domain/appointment'
import type { JSX } from 'solid-js'
import { createEffect, createSignal, onCleanup, Show } from 'solid-js'
import { scheduleWords } from '../../words/areas.ts'
import { Banner } from '../../ui/Banner.tsx'
import { Button } from '../../ui/Button.tsx'
import { ConfirmDialog } from '../../ui/ConfirmDialog.tsx'
import { Dialog } from '../../ui/Dialog.tsx'
import { PatientDialog } from '../patients/PatientDialog.tsx'
import { AppointmentFields } from './AppointmentFields.tsx'
import { createAppointmentEditor } from './appointment-editor.ts'
import type { AppointmentForm } from './appointment-form.ts'
import { PatientLink } from './PatientLink.tsx'
import { SaveStatusLine } from './SaveStatusLine.tsx'
import type { ScheduleDoors } from './schedule-doors.ts'
import { TelehealthBanner } from './TelehealthBanner.tsx'

export type AppointmentDialogProps = {
  readonly doors: ScheduleDoors
  /** What it opens with; later changes come through the doors. */
  readonly start: { readonly saved: Appointment } | { readonly blank: AppointmentForm }
  readonly onClose: () => void
}

/** S11. Save keeps it open, and the banner appears there. */
export function AppointmentDialog(props: AppointmentDialogProps): JSX.Element {
  const editor = createAppointmentEditor(props.doors, props.start)
  /** What to do once unsaved changes may go; null while nothing is asked. */
  const [leaving, setLeaving] = createSignal<(() => void) | null>(null)
  const [addingPatient, setAddingPatient] = createSignal(false)

  createEffect(() => {
    if (editor.dirty()) onCleanup(props.doors.page.holdPage())
  })

  function leave(then: () => void): void {
    if (editor.dirty()) setLeaving(() => then)
    else then()
  }

  function start(): void {
    const appointment = editor.saved()
    if (!appointment) return
    leave(() => {
      props.onClose()
      props.doors.startSession(appointment)
    })
  }

  function moveHere(): void {
    leave(() => {
      props.onClose()
      props.doors.moveSessionHere()
    })
  }

  const linked = () => {
    const saved = editor.saved()
    return saved?.useTelehealth && saved.patientId !== null ? saved : null
  }

  return (
    <Dialog
      title={editor.saved() ? scheduleWords().appointment : scheduleWords().newAppointment}
      size="large"
      onClose={() => leave(() => props.onClose())}
      footer={
        <>
          <SaveStatusLine editor={editor} />
          <Button onClick={() => leave(() => props.onClose())}>{scheduleWords().close}</Button>
          <Button kind="primary" type="submit" form="appointment-form" busy={editor.status().kind === 'saving'}>
            {scheduleWords().save}
          </Button>
        </>
      }
    >
      <TelehealthBanner doors={props.doors} saved={editor.saved()} dirty={editor.dirty()} onStart={start} onMoveHere={moveHere} />
      <SaveFailure editor={editor} onRetry={() => void editor.save()} />
      <form
        id="appointment-form"
        class="stack"
        novalidate
        onSubmit={(event) => {
          event.preventDefault()
          void editor.save()
        }}
      >
        <AppointmentFields doors={props.doors} editor={editor} onAddPatient={() => setAddingPatient(true)} />
      </form>
      <Show when={linked()}>{(saved) => <PatientLink doors={props.doors} saved={saved()} />}</Show>
      <Show when={addingPatient()}>
        <PatientDialog
          patient={null}
          save={(id, draft) => props.doors.patientRepository.save(id, draft)}
          onSaved={(patient) => editor.change({ patientId: patient.id })}
          onClose={() => setAddingPatient(false)}
        />
      </Show>
      <Show when={leaving()}>
        {(then) => (
          <ConfirmDialog
            title={scheduleWords().guard.title}
            confirm={scheduleWords().guard.discard}
            cancel={scheduleWords().guard.keep}
            danger
            onConfirm={() => then()()}
            onCancel={() => setLeaving(null)}
          >
            {scheduleWords().guard.body}
          </ConfirmDialog>
        )}
      </Show>
    </Dialog>
  )
}

function SaveFailure(props: { readonly editor: ReturnType<typeof createAppointmentEditor>; readonly onRetry: () => void }): JSX.Element {
  const error = () => {
    const status = props.editor.status()
    return status.kind === 'failed' ? status.error : null
  }
  return (
    <Show when={error()}>
      {(failed) => (
        <Banner
          tone="danger"
          role="alert"
          actions={
            <Show when={failed() !== 'not-allowed'}>
              <Button onClick={() => props.onRetry()}>{scheduleWords().retry}</Button>
            </Show>
          }
        >
          {scheduleWords().saveFailed[failed()]}
        </Banner>
      )}
    </Show>
  )
}
