import type { JSX } from 'solid-js'
import { createSignal, Show } from 'solid-js'
import { practiceWords } from '../../words/areas.ts'
import type { Notifications } from '../../ports.ts'
import { Button } from '../../ui/Button.tsx'
import { Checkbox } from '../../ui/Checkbox.tsx'
import { Select } from '../../ui/Select.tsx'
import { TextField } from '../../ui/TextField.tsx'
import styles from './SettingsPage.module.css'

export type LanguageChoice = 'auto' | 'en' | 'es'
type Enrolment = 'not-needed' | 'required' | 'done' | 'unknown'

export type DeviceSettingsProps = {
  readonly language: LanguageChoice
  readonly onLanguage: (choice: LanguageChoice) => void
  readonly shortcuts: boolean
  readonly onShortcuts: (on: boolean) => void
  readonly notifications: Notifications
  readonly enrolment: Enrolment
  readonly enrol: (code: string) => Promise<'done' | 'refused' | 'offline'>
}

export function DeviceSettings(props: DeviceSettingsProps): JSX.Element {
  const words = () => practiceWords().settings
  const [permission, setPermission] = createSignal(props.notifications.permission())
  return (
    <>
      <Select
        label={words().language}
        value={props.language}
        options={[
          { value: 'auto', label: words().languageAuto },
          { value: 'en', label: words().languageEn },
          { value: 'es', label: words().languageEs },
        ]}
        onChange={(choice) => props.onLanguage(choice)}
      />
      <Checkbox
        label={words().shortcuts}
        isSwitch
        checked={props.shortcuts}
        onChange={(on) => props.onShortcuts(on)}
        hint={words().shortcutsHint}
      />
      <Show when={permission() !== 'unsupported'}>
        <Checkbox
          label={words().notifications}
          isSwitch
          checked={permission() === 'granted'}
          disabled={permission() !== 'default'}
          onChange={() => void props.notifications.request().then(setPermission)}
          hint={permission() === 'denied' ? words().notificationsDenied : undefined}
        />
      </Show>
      <Show when={props.enrolment === 'required' || props.enrolment === 'done'}>
        <EnrolmentForm enrolment={props.enrolment} enrol={(code) => props.enrol(code)} />
      </Show>
    </>
  )
}

/** The operator's code, once, before relay servers are lent to this device and its guests. */
function EnrolmentForm(props: Pick<DeviceSettingsProps, 'enrolment' | 'enrol'>): JSX.Element {
  const words = () => practiceWords().settings
  const [code, setCode] = createSignal('')
  const [failure, setFailure] = createSignal<'refused' | 'offline' | null>(null)
  const [busy, setBusy] = createSignal(false)

  async function submit(event: SubmitEvent): Promise<void> {
    event.preventDefault()
    if (busy() || code().trim() === '') return
    setBusy(true)
    const outcome = await props.enrol(code().trim())
    setBusy(false)
    setFailure(outcome === 'done' ? null : outcome)
  }

  const reason = () => {
    const failed = failure()
    return failed === null ? undefined : words().enrolFailed[failed]
  }
  return (
    <Show when={props.enrolment === 'required'} fallback={<p>{words().enrolled}</p>}>
      <form class={styles.enrolment} onSubmit={(event) => void submit(event)}>
        <TextField
          label={words().enrolment}
          value={code()}
          onChange={setCode}
          autocomplete="off"
          hint={words().enrolmentHint}
          error={reason()}
        />
        <div>
          <Button type="submit" busy={busy()}>
            {words().enrol}
          </Button>
        </div>
      </form>
    </Show>
  )
}
