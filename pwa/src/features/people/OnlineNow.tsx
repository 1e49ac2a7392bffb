import type { Member } from '@alcove/shared/domain/practice'
import { createMemo, type JSX, Show } from 'solid-js'
import { peopleWords, syncWords } from '../../words/areas.ts'
import { formatList } from '../../words/formats.ts'
import type { PeopleState } from '../../sync-ports.ts'
import type { SyncState } from '../sync/sync-state.ts'
import styles from './OnlineNow.module.css'
import { onlineDevices } from './people-view.ts'

/** In the header, where there is room: my other devices that are online now, and the people who are. */
export function OnlineNow(props: {
  readonly me: Member
  readonly members: readonly Member[]
  readonly people: PeopleState | null
  readonly sync: SyncState | null
  readonly href: string
}): JSX.Element {
  const names = createMemo(() => {
    const online = onlineDevices(props.members, props.people, props.sync)
    const mine = online.filter(({ device }) => device.member === props.me.id).map(({ label }) => peopleWords().devices.label(label))
    const others = online.filter(({ device }) => device.member !== props.me.id).map(({ name }) => name)
    return formatList([...mine, ...new Set(others)])
  })
  return (
    <Show when={names() !== ''}>
      <a class={styles.online} href={props.href} aria-label={syncWords().onlineNow(names())} title={syncWords().onlineNow(names())}>
        <span class={styles.names}>{names()}</span>
      </a>
    </Show>
  )
}
