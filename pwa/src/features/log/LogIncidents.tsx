import type { LogIncident } from '@alcove/shared/domain/sealed-log'
import type { JSX } from 'solid-js'
import { createMemo, For, Show } from 'solid-js'
import { syncWords } from '../../words/areas.ts'
import { formatAgo } from '../../words/formats.ts'
import { Banner } from '../../ui/Banner.tsx'
import { Button } from '../../ui/Button.tsx'
import { Icon } from '../../ui/Icon.tsx'
import { TriangleAlert } from '../../ui/icons.ts'
import { incidentRows } from './incident-rows.ts'
import styles from './Log.module.css'
import type { LogDoors } from './log-state.ts'

export type LogIncidentsProps = {
  readonly incidents: readonly LogIncident[]
  readonly now: number
  readonly doors: Pick<LogDoors, 'acknowledge'>
}

/** What the server did wrong, what it means, and what the devices do about it; until the person has read it. */
export function LogIncidents(props: LogIncidentsProps): JSX.Element {
  const rows = createMemo(() => incidentRows(props.incidents))
  return (
    <Show when={rows().length > 0}>
      <Banner
        tone="warning"
        role="status"
        icon={<Icon of={TriangleAlert} />}
        actions={<Button onClick={() => props.doors.acknowledge()}>{syncWords().incidentRead}</Button>}
      >
        <p class={styles.title}>{syncWords().incidentTitle}</p>
        <ul class={styles.what}>
          <For each={rows()}>
            {({ kind, at }) => (
              <li>
                {syncWords().incident[kind]} {syncWords().incidentAt(formatAgo(at, props.now))}
              </li>
            )}
          </For>
        </ul>
        <p>{syncWords().incidentSafe}</p>
      </Banner>
    </Show>
  )
}
