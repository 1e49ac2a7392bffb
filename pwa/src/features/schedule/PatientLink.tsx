import type { Appointment } from '@alcove/shared/domain/appointment'
import { fullName } from '@alcove/shared/domain/patient'
import { may } from '@alcove/shared/domain/practice'
import type { JSX } from 'solid-js'
import { createMemo, createSignal, Match, Show, Switch, untrack } from 'solid-js'
import { scheduleWords, shellWords } from '../../words/areas.ts'
import { announce } from '../../ui/announce.ts'
import { Button } from '../../ui/Button.tsx'
import { ConfirmDialog } from '../../ui/ConfirmDialog.tsx'
import { CopyField } from '../../ui/CopyField.tsx'
import { createLatest } from '../../ui/create-latest.ts'
import styles from './PatientLink.module.css'
import type { ScheduleDoors } from './schedule-doors.ts'

export type PatientLinkProps = {
  readonly doors: ScheduleDoors
  /** Saved, with a patient and telehealth. */
  readonly saved: Appointment
}

/** The link of this patient to this clinician, to be sent by whatever means the practice uses. */
export function PatientLink(props: PatientLinkProps): JSX.Element {
  const [asking, setAsking] = createSignal(false)
  const [failure, setFailure] = createSignal('')
  const patient = () => props.doors.patients.find(({ id }) => id === props.saved.patientId)
  const clinician = () => props.doors.members.find(({ id }) => id === props.saved.clinicianId)
  // Everything the link or its card depends on; the link is made anew when one of them changes.
  const question = createMemo(() => {
    const [who, whose] = [patient(), clinician()]
    if (!who || !whose) return null
    const { name, contactPhone, contactEmail } = props.doors.practice
    const generation = who.linkGenerations[whose.id] ?? 0
    return [who.id, generation, whose.id, whose.name, whose.roomKey, name, contactPhone, contactEmail, props.saved.firstStartAt].join('\n')
  })
  const link = createLatest(question, async () => {
    const { patientId, clinicianId } = untrack(() => props.saved)
    return patientId ? untrack(() => props.doors.patientLink(props.saved, patientId, clinicianId)) : null
  })
  const url = () => {
    const outcome = link()
    return outcome?.kind === 'ready' ? outcome.url : null
  }
  const mayReplace = () => props.saved.clinicianId === props.doors.me.id && may(props.doors.me, 'replace-own-link')

  async function replace(): Promise<void> {
    setAsking(false)
    const { patientId, clinicianId } = props.saved
    if (!patientId) return
    const result = await props.doors.patientRepository.replaceLink(patientId, clinicianId)
    setFailure(result.ok ? '' : scheduleWords().saveFailed[result.error])
    if (result.ok) announce(scheduleWords().link.replaced)
  }

  return (
    <div class={styles.link}>
      <Switch>
        <Match when={link()?.kind === 'no-room'}>
          <p class={styles.none}>{scheduleWords().link.noRoom(clinician()?.name ?? '')}</p>
        </Match>
        <Match when={link()?.kind === 'failed'}>
          <p class={styles.none}>{scheduleWords().link.failed}</p>
        </Match>
        <Match when={url()}>
          {(ready) => (
            <CopyField
              label={scheduleWords().link.label}
              value={ready()}
              copyLabel={scheduleWords().link.copy}
              copiedWords={shellWords().copy.copied}
              failedWords={shellWords().copy.failed}
              copy={(text) => props.doors.page.copyText(text)}
              hint={scheduleWords().link.hint}
              actions={
                <Show when={mayReplace()}>
                  <Button kind="plain" onClick={() => setAsking(true)}>
                    {scheduleWords().link.replace}
                  </Button>
                </Show>
              }
            />
          )}
        </Match>
      </Switch>
      <p role="alert" class={styles.failure} hidden={!failure()}>
        {failure()}
      </p>
      <Show when={asking()}>
        <ConfirmDialog
          title={scheduleWords().link.replaceTitle}
          confirm={scheduleWords().link.replaceConfirm}
          cancel={scheduleWords().link.replaceCancel}
          danger
          onConfirm={() => void replace()}
          onCancel={() => setAsking(false)}
        >
          {scheduleWords().link.replaceBody(fullName(patient() ?? { firstName: '', lastName: '' }))}
        </ConfirmDialog>
      </Show>
    </div>
  )
}
