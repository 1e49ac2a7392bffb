import { For, type JSX } from 'solid-js'
import styles from './Steps.module.css'

/** What to do by hand, one step after the other. */
export function Steps(props: { readonly title: string; readonly steps: readonly string[]; readonly open?: boolean }): JSX.Element {
  return (
    <details class={styles.steps} open={props.open}>
      <summary>{props.title}</summary>
      <ol>
        <For each={props.steps}>{(step) => <li>{step}</li>}</For>
      </ol>
    </details>
  )
}
