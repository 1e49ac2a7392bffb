import { createMemo, Show } from 'solid-js'
import { Icon } from '../../ui/Icon.tsx'
import { MicOff, MonitorUp, VideoOff } from '../../ui/icons.ts'
import { RemoteVideo } from './RemoteVideo.tsx'
import styles from './RemoteTile.module.css'
import type { RemotePerson } from './room-state.ts'
import { sessionWords } from '../../words/areas.ts'

/** One other person: face, name, and in words what their devices and their connection do. */
export function RemoteTile(props: { readonly person: RemotePerson; readonly speaker: string }) {
  const covered = () => props.person.camera !== 'on' || props.person.main === null || props.person.paused

  const trouble = createMemo(() => {
    const { connection, name, paused } = props.person
    if (paused) return sessionWords().screen.paused
    if (connection === 'connecting') return sessionWords().screen.connecting(name)
    if (connection === 'reconnecting') return sessionWords().screen.reconnectingShort
    if (connection === 'failed') return sessionWords().screen.connectionFailedShort
    return null
  })

  const microphone = () => {
    if (props.person.microphone === 'off') return sessionWords().screen.muted
    if (props.person.microphone === 'none') return sessionWords().screen.noMicrophone
    return null
  }
  const camera = () => {
    if (props.person.camera === 'off') return sessionWords().screen.cameraOff
    if (props.person.camera === 'none') return sessionWords().screen.noCamera
    return null
  }

  return (
    <figure class={styles.tile} data-connection={props.person.connection}>
      <RemoteVideo
        name={sessionWords().screen.videoOf(props.person.name)}
        stream={props.person.main}
        speaker={props.speaker}
        hidden={covered()}
      />
      <div class={styles.cover} data-picture={covered() ? undefined : ''}>
        <Show when={covered()}>
          <span class={styles.initial} aria-hidden="true">
            {initialOf(props.person.name)}
          </span>
        </Show>
        <Show when={trouble()}>{(text) => <p class={styles.trouble}>{text()}</p>}</Show>
      </div>
      <figcaption class={styles.caption}>
        <span class={styles.name}>{props.person.name}</span>
        <Show when={microphone()}>
          {(text) => (
            <span class={styles.state}>
              <Icon of={MicOff} />
              <span class={styles.stateText}>{text()}</span>
            </span>
          )}
        </Show>
        <Show when={camera()}>
          {(text) => (
            <span class={styles.state}>
              <Icon of={VideoOff} />
              <span class={styles.stateText}>{text()}</span>
            </span>
          )}
        </Show>
        <Show when={props.person.sharing}>
          <span class={styles.state}>
            <Icon of={MonitorUp} />
            <span class={styles.hiddenText}>{sessionWords().screen.isSharing(props.person.name)}</span>
          </span>
        </Show>
      </figcaption>
    </figure>
  )
}

function initialOf(name: string): string {
  return [...name.trim()][0]?.toLocaleUpperCase() ?? '·'
}
