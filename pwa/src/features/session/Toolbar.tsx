import { createEffect, type JSX, on, Show } from 'solid-js'
import type { LocalDevice, LocalMedia, LocalMediaState } from '../device-check/local-media-state.ts'
import { IconCamera, IconCameraOff, IconMicrophone, IconMicrophoneOff, IconShare, IconStopSharing } from './icons.tsx'
import { useAnnounce } from './live-region.tsx'
import { useSessionWords } from './session-language.tsx'
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
  const words = useSessionWords()
  const announce = useAnnounce()

  createEffect(
    on(
      () => signOf(props.state.camera),
      (now) => {
        const say = words().toolbar.announce
        announce(now === 'on' ? say.cameraOn : now === 'off' ? say.cameraOff : say.cameraProblem)
      },
      { defer: true },
    ),
  )
  createEffect(
    on(
      () => signOf(props.state.microphone),
      (now) => {
        const say = words().toolbar.announce
        announce(now === 'on' ? say.unmuted : now === 'off' ? say.muted : say.microphoneProblem)
      },
      { defer: true },
    ),
  )
  createEffect(
    on(
      () => props.state.screen !== null,
      (sharing) => {
        const say = words().toolbar.announce
        announce(sharing ? say.sharing : say.stoppedSharing)
      },
      { defer: true },
    ),
  )

  const cameraOn = () => signOf(props.state.camera) === 'on'
  const microphoneOn = () => signOf(props.state.microphone) === 'on'

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
      <div class={styles.buttons} role="toolbar" aria-label={words().toolbar.name}>
        {props.panelButton}
        <ToolbarButton
          label={cameraOn() ? words().toolbar.cameraOff : words().toolbar.cameraOn}
          short={words().toolbar.camera}
          icon={cameraOn() ? <IconCamera /> : <IconCameraOff />}
          off={!cameraOn()}
          problem={props.state.camera.kind === 'problem'}
          onClick={toggleCamera}
        />
        <ToolbarButton
          label={microphoneOn() ? words().toolbar.mute : words().toolbar.unmute}
          short={microphoneOn() ? words().toolbar.mute : words().toolbar.unmute}
          icon={microphoneOn() ? <IconMicrophone /> : <IconMicrophoneOff />}
          off={!microphoneOn()}
          problem={props.state.microphone.kind === 'problem'}
          onClick={toggleMicrophone}
        />
        <Show when={props.onShare}>
          {(share) => (
            <ToolbarButton
              label={props.state.screen ? words().toolbar.stopSharing : words().toolbar.share}
              short={props.state.screen ? words().toolbar.stopSharing : words().toolbar.share}
              icon={props.state.screen ? <IconStopSharing /> : <IconShare />}
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

function signOf(device: LocalDevice): 'on' | 'off' | 'problem' {
  if (device.kind === 'live') return device.enabled ? 'on' : 'off'
  return device.kind === 'problem' ? 'problem' : 'off'
}
