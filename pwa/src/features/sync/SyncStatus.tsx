import type { JSX } from 'solid-js'
import { createMemo, Show } from 'solid-js'
import { syncWords } from '../../words/areas.ts'
import { calendarDaysBetween, formatAgo, formatTime } from '../../words/formats.ts'
import { Icon } from '../../ui/Icon.tsx'
import { CircleAlert, CloudCheck, CloudOff, CloudUpload, RefreshCw } from '../../ui/icons.ts'
import { CatchUpBar } from '../log/CatchUpBar.tsx'
import type { LogDoors } from '../log/log-state.ts'
import styles from './Sync.module.css'
import type { SyncState } from './sync-state.ts'
import { longCatchUp, type SyncSummary, summarizeSync } from './sync-summary.ts'

export type SyncStatusProps = { readonly state: SyncState; readonly now: number }

function summaryOf({ state, now }: SyncStatusProps): SyncSummary | null {
  // The hour of today, else the day.
  return summarizeSync(state, syncWords(), (at) => (calendarDaysBetween(at, now) === 0 ? formatTime(at) : formatAgo(at, now)))
}

function iconOf(state: SyncState, summary: SyncSummary) {
  if (summary.tone === 'synced') return CloudCheck
  if (summary.tone === 'busy') return RefreshCw
  if (summary.tone === 'asks') return CircleAlert
  const isOffline = state.line.kind === 'offline' || state.log.line.kind === 'offline'
  return state.unsynced > 0 && !isOffline ? CloudUpload : CloudOff
}

/** How far the devices are together and with the log, in whole sentences. */
export function SyncStatus(props: SyncStatusProps & { readonly doors: Pick<LogDoors, 'pause' | 'resume'> }): JSX.Element {
  const summary = createMemo(() => summaryOf(props))
  const catchUp = createMemo(() => longCatchUp(props.state.log))
  return (
    <Show when={summary()}>
      {(present) => (
        <div class={styles.status} data-tone={present().tone}>
          <Icon of={iconOf(props.state, present())} />
          <div class={styles.words}>
            <p>{present().text}</p>
            <Show when={present().hint}>
              <p class={styles.hint}>{present().hint}</p>
            </Show>
            <Show when={catchUp()}>{(long) => <CatchUpBar catchUp={long()} doors={props.doors} />}</Show>
          </div>
        </div>
      )}
    </Show>
  )
}

/** The same in the header, quietly: nothing moves, nothing is read out unasked. Leads to the devices. */
export function SyncLine(props: SyncStatusProps & { readonly href: string }): JSX.Element {
  const summary = createMemo(() => summaryOf(props))
  return (
    <Show when={summary()}>
      {(present) => (
        <a class={styles.line} href={props.href} title={present().text}>
          <Icon of={iconOf(props.state, present())} />
          <span class={styles.text}>{present().text}</span>
        </a>
      )}
    </Show>
  )
}
