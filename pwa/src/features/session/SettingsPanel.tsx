import { createSignal, createUniqueId, onCleanup, Show } from 'solid-js'
import { sessionWords } from '../../app/words/areas.ts'
import type { Clock, MediaDevice, MediaProblem, Stop } from '../../ports.ts'
import { Button } from '../../ui/Button.tsx'
import { Checkbox } from '../../ui/Checkbox.tsx'
import { Select } from '../../ui/Select.tsx'
import { TextField } from '../../ui/TextField.tsx'
import type { LocalDevice, LocalMedia, LocalMediaState } from '../device-check/local-media-state.ts'
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
      <DeviceField
        label={words().camera}
        none={words().noCameras}
        devices={props.state.devices.cameras}
        chosen={props.state.chosenCamera}
        device={props.state.camera}
        onChoose={(id) => void props.media.chooseCamera(id)}
        onRetry={() => void props.media.open()}
      />
      <DeviceField
        label={words().microphone}
        none={words().noMicrophones}
        devices={props.state.devices.microphones}
        chosen={props.state.chosenMicrophone}
        device={props.state.microphone}
        onChoose={(id) => void props.media.chooseMicrophone(id)}
        onRetry={() => void props.media.open()}
      />
      <Show when={props.state.devices.speakers}>
        {(speakers) => (
          <Select
            label={words().speaker}
            value={props.state.chosenSpeaker}
            options={optionsOf(speakers())}
            onChange={(id) => void props.media.chooseSpeaker(id)}
          />
        )}
      </Show>
      <div class={styles.switches}>
        <Checkbox
          isSwitch
          label={words().showVideo}
          checked={props.settings.showVideo()}
          onChange={props.settings.setShowVideo}
        />
        <Checkbox
          isSwitch
          label={words().showTimer}
          checked={props.settings.showTimer()}
          onChange={props.settings.setShowTimer}
        />
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

function DeviceField(props: {
  readonly label: string
  readonly none: string
  readonly devices: readonly MediaDevice[]
  readonly chosen: string
  readonly device: LocalDevice
  readonly onChoose: (deviceId: string) => void
  readonly onRetry: () => void
}) {
  const problem = () => (props.device.kind === 'problem' ? sessionWords().settings.problem[props.device.problem satisfies MediaProblem] : null)
  return (
    <div class={styles.device}>
      <Select
        label={props.label}
        value={props.chosen}
        options={props.devices.length === 0 ? [{ value: props.chosen, label: props.none }] : optionsOf(props.devices)}
        onChange={props.onChoose}
        disabled={props.devices.length === 0}
      />
      <Show when={problem()}>
        {(why) => (
          <div class={styles.problem} role="alert">
            <p>{why()}</p>
            <Button kind="plain" onClick={props.onRetry}>
              {sessionWords().settings.retry}
            </Button>
          </div>
        )}
      </Show>
    </div>
  )
}

/** Chromium lists `default` itself, the others do not. */
function optionsOf(devices: readonly MediaDevice[]) {
  const named = devices.filter(({ deviceId }) => deviceId !== 'default')
  return [
    { value: 'default', label: sessionWords().settings.defaultDevice },
    ...named.map(({ deviceId, label }) => ({ value: deviceId, label })),
  ]
}
