import { createMemo, Show } from 'solid-js'
import { IconCameraOff, IconMicrophoneOff, IconShare } from './icons.tsx'
import { RemoteVideo } from './RemoteVideo.tsx'
import styles from './RemoteTile.module.css'
import type { RemotePerson } from './room-state.ts'
import { useSessionWords } from './session-language.tsx'

/** One other person: face, name, and in words what their devices and their connection do. */
export function RemoteTile(props: { readonly person: RemotePerson; readonly speaker: string }) {
  const words = useSessionWords()
  const covered = () => props.person.camera !== 'on' || props.person.main === null || props.person.paused

  const trouble = createMemo(() => {
    const { connection, name, paused } = props.person
    if (paused) return words().screen.paused
    if (connection === 'connecting') return words().screen.connecting(name)
    if (connection === 'reconnecting') return words().screen.reconnectingShort
    if (connection === 'failed') return words().screen.connectionFailedShort
    return null
  })

  const microphone = () => {
    if (props.person.microphone === 'off') return words().screen.muted
    if (props.person.microphone === 'none') return words().screen.noMicrophone
    return null
  }
  const camera = () => {
    if (props.person.camera === 'off') return words().screen.cameraOff
    if (props.person.camera === 'none') return words().screen.noCamera
    return null
  }

  return (
    <figure class={styles.tile} data-connection={props.person.connection}>
      <RemoteVideo
        name={words().screen.videoOf(props.person.name)}
        stream={props.person.main}
        speaker={props.speaker}
        hidden={covered()}
      />
      <Show when={covered()}>
        <div class={styles.cover} aria-hidden="true">
          <span class={styles.initial}>{initialOf(props.person.name)}</span>
        </div>
      </Show>
      <Show when={trouble()}>{(text) => <p class={styles.trouble}>{text()}</p>}</Show>
      <figcaption class={styles.caption}>
        <span class={styles.name}>{props.person.name}</span>
        <Show when={microphone()}>
          {(text) => (
            <span class={styles.state}>
              <IconMicrophoneOff />
              <span class={styles.stateText}>{text()}</span>
            </span>
          )}
        </Show>
        <Show when={camera()}>
          {(text) => (
            <span class={styles.state}>
              <IconCameraOff />
              <span class={styles.stateText}>{text()}</span>
            </span>
          )}
        </Show>
        <Show when={props.person.sharing}>
          <span class={styles.state}>
            <IconShare />
            <span class={styles.hiddenText}>{words().screen.isSharing(props.person.name)}</span>
          </span>
        </Show>
      </figcaption>
    </figure>
  )
}

function initialOf(name: string): string {
  return [...name.trim()][0]?.toLocaleUpperCase() ?? '·'
}
