import type { JSX } from 'solid-js'
import styles from './Toolbar.module.css'

/** `label` is the accessible name and says what a press does; `short` stands under the icon where there is room. */
export function ToolbarButton(props: {
  readonly label: string
  readonly short: string
  readonly icon: JSX.Element
  readonly off?: boolean
  readonly active?: boolean
  readonly problem?: boolean
  readonly danger?: boolean
  /** Why it can do nothing now; it keeps its place and the focus. */
  readonly held?: string | null
  /** A dot: something new behind this button. */
  readonly marked?: boolean
  readonly expanded?: boolean
  readonly controls?: string
  readonly ref?: (button: HTMLButtonElement) => void
  readonly onClick: () => void
}) {
  return (
    <button
      type="button"
      ref={(button) => props.ref?.(button)}
      class={styles.button}
      aria-label={props.label}
      title={props.held ?? props.label}
      aria-disabled={props.held ? true : undefined}
      aria-expanded={props.expanded}
      aria-controls={props.controls}
      data-off={props.off ? '' : undefined}
      data-active={props.active ? '' : undefined}
      data-problem={props.problem ? '' : undefined}
      data-danger={props.danger ? '' : undefined}
      data-marked={props.marked ? '' : undefined}
      onClick={() => !props.held && props.onClick()}
    >
      <span class={styles.icon}>{props.icon}</span>
      <span class={styles.short} aria-hidden="true">
        {props.short}
      </span>
    </button>
  )
}
