import type { JSX } from 'solid-js'
import { Show } from 'solid-js'
import styles from './Banner.module.css'

export type BannerProps = {
  readonly tone?: 'calm' | 'accent' | 'warning' | 'danger'
  /** `status` is announced politely, `alert` at once; leave it out for what stood there from the start. */
  readonly role?: 'status' | 'alert' | 'region'
  readonly label?: string
  readonly icon?: JSX.Element
  /** Buttons: the next step. */
  readonly actions?: JSX.Element
  readonly children: JSX.Element
}

export function Banner(props: BannerProps): JSX.Element {
  return (
    // biome-ignore lint/a11y/useAriaPropsSupportedByRole: a label comes with a role
    <div class={`${styles.banner} ${styles[props.tone ?? 'calm']}`} role={props.role} aria-label={props.label}>
      {props.icon}
      <div class={styles.words}>{props.children}</div>
      <Show when={props.actions}>
        <div class={styles.actions}>{props.actions}</div>
      </Show>
    </div>
  )
}
