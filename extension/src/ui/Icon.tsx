import type { CheckStatus } from '@alcove/shared/domain/device-check'
import type { JSX } from 'solid-js'
import styles from './Icon.module.css'

/** On a grid of 24 by 24. Each status has a shape of its own, not a colour alone. */
const paths = {
  ready: 'M12 3a9 9 0 1 1 0 18a9 9 0 0 1 0-18zM8 12.5l2.7 2.7L16 9.5',
  warning: 'M12 4.2 21 19.5H3zM12 10.5v4M12 17v.01',
  problem: 'M8.3 3h7.4L21 8.3v7.4L15.7 21H8.3L3 15.7V8.3zM12 8v4.5M12 16v.01',
  open: 'M12 3a9 9 0 1 1 0 18a9 9 0 0 1 0-18zM8.5 12h7',
  options: 'M4 7h8M18 7h2M4 17h2M12 17h8M15 4.5a2.5 2.5 0 1 1 0 5a2.5 2.5 0 0 1 0-5zM9 14.5a2.5 2.5 0 1 1 0 5a2.5 2.5 0 0 1 0-5z',
} as const

/** Always decorative: words stand beside it, or in the button's name. */
export function Icon(props: { readonly of: keyof typeof paths; readonly tone?: CheckStatus; readonly large?: boolean }): JSX.Element {
  return (
    <svg
      class={`${styles.icon} ${props.tone ? styles[props.tone] : ''} ${props.large ? styles.large : ''}`}
      viewBox="0 0 24 24"
      aria-hidden="true"
    >
      <path d={paths[props.of]} />
    </svg>
  )
}

/** The alcove: an arch with somebody in it and room for one more. */
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
