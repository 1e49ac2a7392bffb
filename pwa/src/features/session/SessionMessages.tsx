import { createMemo, Show } from 'solid-js'
import { sessionWords } from '../../words/areas.ts'
import type { SocketState } from '../../ports.ts'
import { Button } from '../../ui/Button.tsx'
import { Icon } from '../../ui/Icon.tsx'
import { MonitorSmartphone, MonitorUp, TriangleAlert, WifiOff, X } from '../../ui/icons.ts'
import { DeviceNotices } from '../device-check/DeviceNotices.tsx'
import { VoiceNotice } from '../device-check/VoiceNotice.tsx'
import type { LocalMedia, LocalMediaState } from '../device-check/local-media-state.ts'
import type { RemotePerson } from './room-state.ts'
import styles from './SessionMessages.module.css'

/** What has to be said, over the top of the stage: nothing else moves for it. */
export function SessionMessages(props: {
  readonly people: readonly RemotePerson[]
  readonly tampered: boolean
  readonly held: string | null
  readonly signaling: SocketState
  readonly goneClinician: string | null
  readonly sharing: string | null
  readonly problem: string | null
  readonly media: LocalMedia
  readonly mediaState: LocalMediaState
  readonly onCloseProblem: () => void
  readonly onReconnect: () => void
}) {
  const serverGone = createMemo(() => props.signaling.kind === 'waiting-to-retry' || props.signaling.kind === 'refused')
  const reconnecting = createMemo(() => {
    const lost = props.people.filter(({ connection }) => connection === 'reconnecting' || connection === 'failed')
    return lost.map(({ name, connection }) =>
      connection === 'failed' ? sessionWords().screen.connectionFailed(name) : sessionWords().screen.reconnecting(name),
    )
  })

  return (
    <div class={styles.messages}>
      <div role="alert" class={styles.group}>
        <Show when={props.tampered}>
          <p class={styles.message} data-tone="danger">
            <Icon of={TriangleAlert} />
            {sessionWords().screen.tampered}
          </p>
        </Show>
        <Show when={props.problem}>
          {(problem) => (
            <div class={styles.message} data-tone="warning">
              <p>{problem()}</p>
              <Button kind="plain" iconOnly aria-label={sessionWords().box.dismiss} icon={<Icon of={X} />} onClick={props.onCloseProblem} />
            </div>
          )}
        </Show>
      </div>
      <div role="status" class={styles.group}>
        <Show when={props.held}>
          {(text) => (
            <p class={styles.message} data-tone="calm">
              <Icon of={MonitorSmartphone} />
              {text()}
            </p>
          )}
        </Show>
        <Show when={props.goneClinician}>
          {(name) => (
            <p class={styles.message} data-tone="warning">
              <Icon of={WifiOff} />
              {sessionWords().screen.clinicianGone(name())}
            </p>
          )}
        </Show>
        {/* On the tile it stands in short; this is for the ears. */}
        <p class="visually-hidden">{reconnecting().join(' ')}</p>
        <Show when={serverGone()}>
          <div class={styles.message} data-tone="calm">
            <Icon of={WifiOff} />
            <p>{sessionWords().screen.serverGone}</p>
            <Button kind="plain" onClick={props.onReconnect}>
              {sessionWords().screen.tryNow}
            </Button>
          </div>
        </Show>
        <Show when={props.sharing}>
          {(text) => (
            <p class={styles.message} data-tone="calm">
              <Icon of={MonitorUp} />
              {text()}
            </p>
          )}
        </Show>
      </div>
      <div class={styles.notices}>
        <DeviceNotices media={props.media} state={props.mediaState} saysLost />
        <VoiceNotice media={props.media} state={props.mediaState} />
      </div>
    </div>
  )
}
