import { type Role, roles } from '@alcove/shared/domain/practice'
import type { JSX } from 'solid-js'
import { createSignal, createUniqueId, For, Show } from 'solid-js'
import { practiceWords } from '../../app/words/areas.ts'
import type { PracticeRepository, SaveError } from '../../ports.ts'
import { Banner } from '../../ui/Banner.tsx'
import { Button } from '../../ui/Button.tsx'
import { Checkbox } from '../../ui/Checkbox.tsx'
import { Dialog } from '../../ui/Dialog.tsx'
import { TextField } from '../../ui/TextField.tsx'

export type MemberDialogProps = {
  readonly add: PracticeRepository['addMember']
  readonly onClose: () => void
}

/** A clinician (or scheduler) who has no device yet. */
export function MemberDialog(props: MemberDialogProps): JSX.Element {
  const id = createUniqueId()
  const [name, setName] = createSignal('')
  const [chosen, setChosen] = createSignal<readonly Role[]>(['clinician'])
  const [saving, setSaving] = createSignal(false)
  const [tried, setTried] = createSignal(false)
  const [error, setError] = createSignal<SaveError | null>(null)
  const noName = () => tried() && name().trim() === ''
  const noRole = () => tried() && chosen().length === 0

  function toggle(role: Role, on: boolean): void {
    setChosen((before) => roles.filter((one) => (one === role ? on : before.includes(one))))
  }

  async function save(event: SubmitEvent): Promise<void> {
    event.preventDefault()
    setTried(true)
    if (saving() || noName() || noRole()) return
    setSaving(true)
    const result = await props.add({ name: name().trim(), roles: chosen() })
    setSaving(false)
    if (!result.ok) {
      setError(result.error)
      return
    }
    props.onClose()
  }

  return (
    <Dialog
      title={practiceWords().settings.addClinician}
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
          label={practiceWords().settings.name}
          value={name()}
          onChange={setName}
          autocomplete="off"
          required
          maxLength={80}
          error={noName() ? practiceWords().setUp.noName : undefined}
        />
        <fieldset>
          <legend>{practiceWords().settings.roles}</legend>
          <For each={['clinician', 'administrator', 'scheduler'] as const}>
            {(role) => (
              <Checkbox label={practiceWords().roles[role]} checked={chosen().includes(role)} onChange={(on) => toggle(role, on)} />
            )}
          </For>
          <p role="alert" hidden={!noRole()}>
            {practiceWords().setUp.noRole}
          </p>
        </fieldset>
      </form>
    </Dialog>
  )
}
