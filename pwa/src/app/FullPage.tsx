import type { JSX } from 'solid-js'
import { Show } from 'solid-js'
import styles from './FullPage.module.css'

/** One message on an otherwise empty page. */
export function FullPage(props: {
  readonly title: string
  readonly hint?: string
  readonly quiet?: boolean
  readonly action?: JSX.Element
}): JSX.Element {
  return (
    <main class={styles.page}>
      <Show when={props.quiet} fallback={<h1>{props.title}</h1>}>
        <p class={styles.quiet} role="status">
          {props.title}
        </p>
      </Show>
      <Show when={props.hint}>
        <p>{props.hint}</p>
      </Show>
      {props.action}
    </main>
  )
}
