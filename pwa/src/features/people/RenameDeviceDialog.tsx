import type { JSX } from 'solid-js'
import { createSignal } from 'solid-js'
import { peopleWords, practiceWords } from '../../words/areas.ts'
import type { PeopleRepository } from '../../sync-ports.ts'
import { announce } from '../../ui/announce.ts'
import { FormDialog } from '../../ui/FormDialog.tsx'
import { TextField } from '../../ui/TextField.tsx'
import type { DeviceRow } from './people-view.ts'

export type RenameDeviceDialogProps = {
  readonly row: DeviceRow
  readonly people: Pick<PeopleRepository, 'renameDevice'>
  readonly onClose: () => void
}

/** A name that tells this device from the others: "Front desk" instead of "Chrome on Linux (2)". */
export function RenameDeviceDialog(props: RenameDeviceDialogProps): JSX.Element {
  const words = () => peopleWords().devices
  const [label, setLabel] = createSignal(words().label(props.row.label))
  const [saving, setSaving] = createSignal(false)
  const [tried, setTried] = createSignal(false)
  const [problem, setProblem] = createSignal<string | null>(null)
  const noLabel = () => tried() && label().trim() === ''
  const unchanged = () => label().trim() === words().label(props.row.label)

  async function save(): Promise<void> {
    setTried(true)
    if (saving() || noLabel()) return
    if (unchanged()) return props.onClose()
    setSaving(true)
    const result = await props.people.renameDevice(props.row.device.key, label().trim())
    setSaving(false)
    setProblem(result.ok ? null : practiceWords().saveFailed[result.error])
    if (!result.ok) return
    announce(words().renamed)
    props.onClose()
  }

  return (
    <FormDialog
      title={words().renameTitle(words().label(props.row.label))}
      save={practiceWords().save}
      cancel={practiceWords().cancel}
      busy={saving()}
      problem={problem()}
      onSave={() => void save()}
      onClose={() => props.onClose()}
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
    </FormDialog>
  )
}
