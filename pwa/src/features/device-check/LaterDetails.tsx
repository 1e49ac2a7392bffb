import { type JSX, Show } from 'solid-js'
import { later } from '../../ui/later.ts'
import styles from './LaterDetails.module.css'

/** What is fetched when it is opened. */
export function LaterDetails(props: { readonly summary: string; readonly load: () => Promise<() => JSX.Element> }): JSX.Element {
  const inside = later(props.load)
  return (
    <details class={styles.tip} onToggle={inside.load}>
      <summary>{props.summary}</summary>
      <Show when={inside.part()}>{(part) => part()()}</Show>
    </details>
  )
}
