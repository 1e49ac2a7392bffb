import { type Accessor, createEffect, createMemo, type JSX, on, Show } from 'solid-js'
import type { LocalDevice, LocalMedia, LocalMediaState } from '../device-check/local-media-state.ts'
import { Icon } from '../../ui/Icon.tsx'
import { Mic, MicOff, MonitorUp, MonitorX, Video, VideoOff } from '../../ui/icons.ts'
import { announce } from '../../ui/announce.ts'
import { sessionWords } from '../../words/areas.ts'
import styles from './Toolbar.module.css'
import { ToolbarButton } from './ToolbarButton.tsx'

/** S30. A control keeps its place and its element whatever its name says, so that nothing moves under the pointer. */
export function Toolbar(props: {
  readonly media: LocalMedia
  readonly state: LocalMediaState
  /** Absent where the browser cannot share (phones). */
  readonly onShare: (() => void) | null
  readonly timer: JSX.Element
  readonly panelButton: JSX.Element
  readonly endButton: JSX.Element
}) {
  const camera = createMemo(() => signOf(props.state.camera))
  const microphone = createMemo(() => signOf(props.state.microphone))
  const sharing = createMemo(() => props.state.screen !== null)
  const say = () => sessionWords().toolbar.announce
  onChange(camera, (now) => announce({ on: say().cameraOn, off: say().cameraOff, problem: say().cameraProblem }[now]))
  onChange(microphone, (now) => announce({ on: say().unmuted, off: say().muted, problem: say().microphoneProblem }[now]))
  onChange(sharing, (now) => announce(now ? say().sharing : say().stoppedSharing))

  const cameraOn = () => camera() === 'on'
  const microphoneOn = () => microphone() === 'on'

  function toggleCamera() {
    if (props.state.camera.kind === 'live') void props.media.toggleCamera()
    else void props.media.open()
  }
  function toggleMicrophone() {
    if (props.state.microphone.kind === 'live') props.media.toggleMicrophone()
    else void props.media.open()
  }

  return (
    <div class={styles.bar}>
      <div class={styles.side}>{props.timer}</div>
      <div class={styles.buttons} role="toolbar" aria-label={sessionWords().toolbar.name} onKeyDown={step}>
        {props.panelButton}
        <ToolbarButton
          label={cameraOn() ? sessionWords().toolbar.cameraOff : sessionWords().toolbar.cameraOn}
          short={sessionWords().toolbar.camera}
          icon={cameraOn() ? <Icon of={Video} /> : <Icon of={VideoOff} />}
          off={!cameraOn()}
          problem={props.state.camera.kind === 'problem'}
          onClick={toggleCamera}
        />
        <ToolbarButton
          label={microphoneOn() ? sessionWords().toolbar.mute : sessionWords().toolbar.unmute}
          short={microphoneOn() ? sessionWords().toolbar.mute : sessionWords().toolbar.unmute}
          icon={microphoneOn() ? <Icon of={Mic} /> : <Icon of={MicOff} />}
          off={!microphoneOn()}
          problem={props.state.microphone.kind === 'problem'}
          onClick={toggleMicrophone}
        />
        <Show when={props.onShare}>
          {(share) => (
            <ToolbarButton
              label={props.state.screen ? sessionWords().toolbar.stopSharing : sessionWords().toolbar.share}
              short={props.state.screen ? sessionWords().toolbar.stopSharing : sessionWords().toolbar.share}
              icon={props.state.screen ? <Icon of={MonitorX} /> : <Icon of={MonitorUp} />}
              active={props.state.screen !== null}
              onClick={() => share()()}
            />
          )}
        </Show>
        {props.endButton}
      </div>
      <div class={styles.side} />
    </div>
  )
}

function onChange<Value>(value: Accessor<Value>, run: (now: Value) => void) {
  createEffect(on(value, run, { defer: true }))
}

/** Arrow keys go along the bar, whichever way it lies; Tab works too. */
function step(event: KeyboardEvent & { currentTarget: HTMLElement }) {
  const by = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key]
  const buttons = [...event.currentTarget.querySelectorAll<HTMLButtonElement>(':scope > * > button, :scope > button')]
  const at = buttons.indexOf(event.target as HTMLButtonElement)
  if (by === undefined || at < 0) return
  event.preventDefault()
  buttons.at((at + by) % buttons.length)?.focus()
}

function signOf(device: LocalDevice): 'on' | 'off' | 'problem' {
  if (device.kind === 'live') return device.enabled ? 'on' : 'off'
  return device.kind === 'problem' ? 'problem' : 'off'
}
