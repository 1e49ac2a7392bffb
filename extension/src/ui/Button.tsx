import type { JSX } from 'solid-js'
import styles from './Button.module.css'

export type ButtonProps = {
  readonly kind?: 'primary' | 'secondary' | 'plain'
  /** When the words on it do not say enough by themselves. */
  readonly name?: string
  /** Only an icon is on it: give `name`. */
  readonly iconOnly?: boolean
  /** Work is under way: keeps the focus, ignores clicks. */
  readonly busy?: boolean
  readonly describedBy?: string
  readonly expanded?: boolean
  readonly type?: 'button' | 'submit'
  readonly children: JSX.Element
  readonly onClick?: () => void
}

export function Button(props: ButtonProps): JSX.Element {
  return (
    <button
      type={props.type ?? 'button'}
      class={`${styles.button} ${styles[props.kind ?? 'secondary']} ${props.iconOnly ? styles.iconOnly : ''}`}
      aria-label={props.name}
      title={props.iconOnly ? props.name : undefined}
      aria-describedby={props.describedBy}
      aria-expanded={props.expanded}
      aria-disabled={props.busy ? true : undefined}
      onClick={(event) => {
        if (props.busy) event.preventDefault()
        else props.onClick?.()
      }}
    >
      {props.children}
    </button>
  )
}
