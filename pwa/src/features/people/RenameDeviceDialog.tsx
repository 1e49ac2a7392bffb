import type { JSX } from 'solid-js'
import { createSignal, createUniqueId, Show } from 'solid-js'
import { peopleWords, practiceWords } from '../../words/areas.ts'
import type { SaveError } from '../../ports.ts'
import type { PeopleRepository } from '../../sync-ports.ts'
import { announce } from '../../ui/announce.ts'
import { Banner } from '../../ui/Banner.tsx'
import { Button } from '../../ui/Button.tsx'
import { Dialog } from '../../ui/Dialog.tsx'
import { TextField } from '../../ui/TextField.tsx'
import type { DeviceRow } from './people-view.ts'

export type RenameDeviceDialogProps = {
  readonly row: DeviceRow
  readonly people: Pick<PeopleRepository, 'renameDevice'>
  readonly onClose: () => void
}

/** A name that tells this device from the others: "Front desk" instead of "Chrome on Linux (2)". */
export function RenameDeviceDialog(props: RenameDeviceDialogProps): JSX.Element {
  const id = createUniqueId()
  const words = () => peopleWords().devices
  const [label, setLabel] = createSignal(words().label(props.row.label))
  const [saving, setSaving] = createSignal(false)
  const [tried, setTried] = createSignal(false)
  const [error, setError] = createSignal<SaveError | null>(null)
  const noLabel = () => tried() && label().trim() === ''
  const unchanged = () => label().trim() === words().label(props.row.label)

  async function save(): Promise<void> {
    setTried(true)
    if (saving() || noLabel()) return
    if (unchanged()) return props.onClose()
    setSaving(true)
    const result = await props.people.renameDevice(props.row.device.key, label().trim())
    setSaving(false)
    setError(result.ok ? null : result.error)
    if (!result.ok) return
    announce(words().renamed)
    props.onClose()
  }

  return (
    <Dialog
      title={words().renameTitle(words().label(props.row.label))}
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
      <form
        id={id}
        class="stack"
        novalidate
        onSubmit={(event) => {
          event.preventDefault()
          void save()
        }}
      >
        <TextField
          label={words().renameLabel}
          value={label()}
          onChange={setLabel}
          autocomplete="off"
          required
          maxLength={40}
          hint={words().renameHint}
          error={noLabel() ? words().noName : undefined}
        />
      </form>
    </Dialog>
  )
}
