import { createMemo, createUniqueId, Show } from 'solid-js'
import { practiceWords } from '../../words/areas.ts'
import { Button } from '../../ui/Button.tsx'
import { Icon } from '../../ui/Icon.tsx'
import { MonitorSmartphone } from '../../ui/icons.ts'
import { KeyedFor } from '../../ui/KeyedFor.tsx'
import styles from './MoveSession.module.css'
import type { ClinicianRoom, DevicesView } from './room-state.ts'

/** In the session's Settings: my other devices that are online, each as a place to go on. */
export function MoveSession(props: { readonly room: Pick<ClinicianRoom, 'moveTo'>; readonly devices: DevicesView }) {
  const id = createUniqueId()
  const words = () => practiceWords().devices
  const online = createMemo(() => props.devices.others.filter((device) => device.online))
  return (
    <Show when={online().length > 0}>
      <section class={styles.move} aria-labelledby={id}>
        <h3 id={id}>{words().move}</h3>
        <p class={styles.hint}>{words().moveHint}</p>
        <KeyedFor each={online()} by={({ key }) => key}>
          {(device) => (
            <Button
              wide
              icon={<Icon of={MonitorSmartphone} />}
              disabled={props.devices.moving !== null}
              onClick={() => props.room.moveTo(device().key)}
            >
              {words().moveTo(device().label)}
            </Button>
          )}
        </KeyedFor>
        <p role="status">
          <Show when={props.devices.moving}>{(moving) => words().movingAway(moving().label)}</Show>
          <Show when={props.devices.notice?.kind === 'not-moved' && props.devices.notice}>
            {(failed) => words().notMoved(failed().label)}
          </Show>
        </p>
      </section>
    </Show>
  )
}
