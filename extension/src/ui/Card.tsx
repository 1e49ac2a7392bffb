import { type JSX, Show } from 'solid-js'
import styles from './Card.module.css'

/** One thing to know or to do: a title, words, and buttons below. */
export function Card(props: {
  readonly tone?: 'calm' | 'accent' | 'warning' | 'danger'
  readonly title: string
  /** Read out as soon as it stands there. */
  readonly role?: 'status' | 'alert'
  /** The buttons beside the words: for short ones. */
  readonly row?: boolean
  readonly actions?: JSX.Element
  readonly children?: JSX.Element
}): JSX.Element {
  return (
    <section class={`${styles.card} ${styles[props.tone ?? 'calm']} ${props.row ? styles.row : ''}`}>
      <div class={styles.words} role={props.role}>
        <h2>{props.title}</h2>
        {props.children}
      </div>
      <Show when={props.actions}>
        <div class={styles.actions}>{props.actions}</div>
      </Show>
    </section>
  )
}
