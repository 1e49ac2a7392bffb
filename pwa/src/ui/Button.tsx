import type { JSX } from 'solid-js'
import styles from './Button.module.css'
import { passOn } from './pass-on.ts'

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

const own = ['kind', 'icon', 'iconOnly', 'busy', 'wide', 'class', 'children', 'onClick', 'type']

export function Button(props: ButtonProps): JSX.Element {
  const classes = () =>
    [styles.button, styles[props.kind ?? 'secondary'], props.iconOnly && styles.iconOnly, props.wide && styles.wide, props.class]
      .filter(Boolean)
      .join(' ')
  return (
    <button
      ref={(button) => passOn(button, props, own)}
      type={props.type ?? 'button'}
      class={classes()}
      aria-disabled={props.busy ? true : undefined}
      onClick={(event) => {
        if (props.busy) event.preventDefault()
        else if (typeof props.onClick === 'function') props.onClick(event)
      }}
    >
      {props.icon}
      {props.children}
    </button>
  )
}
