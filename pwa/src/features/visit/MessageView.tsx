import type { JSX } from 'solid-js'
import { Show } from 'solid-js'
import styles from './MessageView.module.css'
import { PageTitle } from './VisitFrame.tsx'

export type MessageViewProps = {
  readonly title: string
  readonly text: string
  /** What to do next. */
  readonly actions?: JSX.Element
  /** The page begins with this one: no focus is moved. */
  readonly quiet?: boolean
  readonly children?: JSX.Element
}

/** One plain page with one thing to say. */
export function MessageView(props: MessageViewProps): JSX.Element {
  return (
    <section class={styles.message}>
      <PageTitle quiet={props.quiet ?? false}>{props.title}</PageTitle>
      <p class={styles.text}>{props.text}</p>
      {props.children}
      <Show when={props.actions}>
        <div class={styles.actions}>{props.actions}</div>
      </Show>
    </section>
  )
}
