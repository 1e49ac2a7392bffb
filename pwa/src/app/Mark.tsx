import type { JSX } from 'solid-js'
import styles from './Mark.module.css'

/** The alcove: an arch with somebody in it and room for one more. Decorative; the name stands beside it. */
export function Mark(): JSX.Element {
  return (
    <svg class={styles.mark} viewBox="0 0 64 64" aria-hidden="true">
      <path class={styles.arch} d="M8 60V32a24 24 0 0 1 48 0v28Z" />
      <circle class={styles.near} cx="25" cy="38" r="7" />
      <circle class={styles.far} cx="42" cy="42" r="5" />
      <path class={styles.near} d="M12 60a13 13 0 0 1 26 0Z" />
      <path class={styles.far} d="M40 60a9 9 0 0 0-2.5-9.1A9 9 0 0 1 52 60Z" />
    </svg>
  )
}
