import { createSignal, createUniqueId, onCleanup } from 'solid-js'
import { sessionWords } from '../../words/areas.ts'
import type { Clock, Sound, Stop } from '../../ports.ts'
import { Checkbox } from '../../ui/Checkbox.tsx'
import { TextField } from '../../ui/TextField.tsx'
import type { StepsKey } from '../device-check/browser.ts'
import { DeviceFields } from '../device-check/DeviceFields.tsx'
import { DeviceProblems } from '../device-check/DeviceProblems.tsx'
import type { LocalMedia, LocalMediaState } from '../device-check/local-media-state.ts'
import styles from './SettingsPanel.module.css'
import type { SessionSettings } from './session-settings.ts'

/** A name reaches the others this long after the last key, or at once with Enter or when the field is left. */
const nameSettlesMs = 600

/** S35-S38, on both pages. */
export function SettingsPanel(props: {
  readonly name: string
  readonly onName: (name: string) => void
  readonly media: LocalMedia
  readonly state: LocalMediaState
  readonly sound: Sound
  readonly steps: StepsKey
  readonly settings: SessionSettings
  readonly clock: Clock
}) {
  const heading = createUniqueId()
  const words = () => sessionWords().settings
  return (
    <section class={styles.settings} aria-labelledby={heading}>
      <h2 id={heading} class="visually-hidden">
        {sessionWords().box.settings}
      </h2>
      <NameField name={props.name} onName={props.onName} clock={props.clock} />
      <DeviceProblems media={props.media} state={props.state} />
      <DeviceFields media={props.media} state={props.state} sound={props.sound} />
      <div class={styles.switches}>
        <Checkbox isSwitch label={words().showVideo} checked={props.settings.showVideo()} onChange={props.settings.setShowVideo} />
        <Checkbox isSwitch label={words().showTimer} checked={props.settings.showTimer()} onChange={props.settings.setShowTimer} />
      </div>
    </section>
  )
}

function NameField(props: { readonly name: string; readonly onName: (name: string) => void; readonly clock: Clock }) {
  const [text, setText] = createSignal(props.name)
  let sent = props.name
  let stop: Stop | null = null

  function send() {
    stop?.()
    stop = null
    const name = text().trim()
    if (name === '' || name === sent) return
    sent = name
    props.onName(name)
  }
  onCleanup(send)

  return (
    <TextField
      label={sessionWords().settings.name}
      hint={sessionWords().settings.nameHint}
      value={text()}
      maxLength={80}
      autocomplete="name"
      onChange={(next) => {
        setText(next)
        stop?.()
        stop = props.clock.after(nameSettlesMs, send)
      }}
      onBlur={send}
      onKeyDown={(event) => event.key === 'Enter' && send()}
    />
  )
}
