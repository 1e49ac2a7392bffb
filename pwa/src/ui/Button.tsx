import type { JSX } from 'solid-js'
import { splitProps } from 'solid-js'
import styles from './Button.module.css'

export type ButtonKind = 'primary' | 'secondary' | 'plain' | 'danger'

export type ButtonProps = Omit<JSX.ButtonHTMLAttributes<HTMLButtonElement>, 'style' | 'classList'> & {
  readonly kind?: ButtonKind
  /** Before the label; decorative. */
  readonly icon?: JSX.Element
  /** Only the icon is drawn: give `aria-label`. */
  readonly iconOnly?: boolean
  /** Work is under way: keeps the focus, ignores clicks. */
  readonly busy?: boolean
  readonly wide?: boolean
}

export function Button(props: ButtonProps): JSX.Element {
  const [own, rest] = splitProps(props, ['kind', 'icon', 'iconOnly', 'busy', 'wide', 'class', 'children', 'onClick', 'type'])
  return (
    <button
      {...rest}
      type={own.type ?? 'button'}
      class={`${styles.button} ${styles[own.kind ?? 'secondary']}${own.class ? ` ${own.class}` : ''}`}
      classList={{ [styles.iconOnly as string]: own.iconOnly, [styles.wide as string]: own.wide }}
      aria-disabled={own.busy ? true : undefined}
      onClick={(event) => {
        if (own.busy) event.preventDefault()
        else if (typeof own.onClick === 'function') own.onClick(event)
      }}
    >
      {own.icon}
      {own.children}
    </button>
  )
}
