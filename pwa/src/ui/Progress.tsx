import type { JSX } from 'solid-js'
import styles from './Progress.module.css'

export type ProgressProps = {
  /** 0..1; null while it cannot be known. */
  readonly value: number | null
  readonly label: string
}

export function Progress(props: ProgressProps): JSX.Element {
  return <progress class={styles.progress} aria-label={props.label} max={1} value={props.value ?? undefined} />
}
