import type { JSX } from 'solid-js'
import { Show } from 'solid-js'
import styles from './EmptyState.module.css'

export type EmptyStateProps = {
  readonly title: string
  readonly hint?: string
  readonly icon?: JSX.Element
  readonly action?: JSX.Element
}

/** Where a list will be: says what it is for and offers the first step. */
export function EmptyState(props: EmptyStateProps): JSX.Element {
  return (
    <div class={styles.empty}>
      {props.icon}
      <p class={styles.title}>{props.title}</p>
      <Show when={props.hint}>
        <p class={styles.hint}>{props.hint}</p>
      </Show>
      {props.action}
    </div>
  )
}
