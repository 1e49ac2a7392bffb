import type { JSX } from 'solid-js'
import { createSignal, For, Show } from 'solid-js'
import { recoveryWords } from '../../words/areas.ts'
import { formatLongDate } from '../../words/formats.ts'
import type { PeopleRepository, PeopleState, PracticeDevice } from '../../sync-ports.ts'
import { announce } from '../../ui/announce.ts'
import { Button } from '../../ui/Button.tsx'
import { Progress } from '../../ui/Progress.tsx'
import { deviceLabels } from '../people/device-labels.ts'
import type { LogState } from '../log/log-state.ts'
import styles from './Recovery.module.css'

export type RestoredViewProps = {
  readonly people: PeopleState | null
  readonly log: LogState | null
  readonly repository: Pick<PeopleRepository, 'removeDevice'>
  readonly onOpen: () => void
}

/** The practice is back: what still arrives, and the question that comes with every restore. */
export function RestoredView(props: RestoredViewProps): JSX.Element {
  const words = () => recoveryWords().restore
  const [removing, setRemoving] = createSignal<string | null>(null)
  const [failed, setFailed] = createSignal(false)
  const labels = () => deviceLabels(props.people?.devices ?? [])
  const me = () => props.people?.devices.find(({ isThis }) => isThis)?.member
  const others = () => (props.people?.devices ?? []).filter(({ isThis, member }) => !isThis && member === me())
  const labelOf = (device: PracticeDevice) => labels().get(device.key) ?? device.label
  const reading = () => {
    const line = props.log?.line
    return line?.kind === 'catching-up' || line?.kind === 'paused' ? line : null
  }

  async function remove(device: PracticeDevice): Promise<void> {
    if (removing() !== null) return
    const label = labelOf(device)
    setRemoving(device.key)
    const result = await props.repository.removeDevice(device.key)
    setRemoving(null)
    setFailed(!result.ok)
    if (result.ok) announce(words().removed(label))
  }

  return (
    <>
      <p>{words().restored}</p>
      <Show when={reading()} fallback={<Show when={props.log?.line.kind === 'current'}>{<p role="status">{words().all}</p>}</Show>}>
        {(line) => (
          <div class={styles.waiting}>
            <p role="status">{words().reading(line().done, line().total)}</p>
            <Progress value={line().total === 0 ? null : line().done / line().total} label={words().reading(line().done, line().total)} />
          </div>
        )}
      </Show>
      <Show when={others().length > 0}>
        <section class={styles.panel} aria-labelledby="lost-title">
          <h2 id="lost-title">{words().lostTitle}</h2>
          <p>{words().lostLead}</p>
          <ul class={styles.rows}>
            <For each={others()}>
              {(device) => (
                <li class={styles.row}>
                  <div class={styles.who}>
                    <strong>{labelOf(device)}</strong>
                    <span class={styles.soft}>{words().added(formatLongDate(device.addedAt))}</span>
                  </div>
                  <Button
                    kind="danger"
                    aria-label={words().removeOf(labelOf(device))}
                    busy={removing() !== null}
                    onClick={() => void remove(device)}
                  >
                    {words().remove}
                  </Button>
                </li>
              )}
            </For>
          </ul>
          <p role="alert" hidden={!failed()}>
            {words().removeFailed}
          </p>
        </section>
      </Show>
      <p class={styles.soft}>{words().kitHint}</p>
      <div>
        <Button kind="primary" onClick={() => props.onOpen()}>
          {words().toSchedule}
        </Button>
      </div>
    </>
  )
}
