import type { JSX } from 'solid-js'
import { createUniqueId, Show } from 'solid-js'
import styles from './field.module.css'

export type CheckboxProps = {
  readonly label: string
  readonly checked: boolean
  readonly onChange: (checked: boolean) => void
  readonly disabled?: boolean | undefined
  readonly hint?: string | undefined
  /** Announced as a switch: for what takes effect at once. */
  readonly isSwitch?: boolean
}

export function Checkbox(props: CheckboxProps): JSX.Element {
  const id = createUniqueId()
  return (
    <div class={styles.field}>
      <label class={styles.check}>
        <input
          type="checkbox"
          role={props.isSwitch ? 'switch' : undefined}
          checked={props.checked}
          disabled={props.disabled}
          onChange={(event) => props.onChange(event.currentTarget.checked)}
          aria-describedby={props.hint ? `${id}-hint` : undefined}
        />
        <span>{props.label}</span>
      </label>
      <Show when={props.hint}>
        <p class={styles.hint} id={`${id}-hint`}>
          {props.hint}
        </p>
      </Show>
    </div>
  )
}
