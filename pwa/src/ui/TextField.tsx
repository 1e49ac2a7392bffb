import type { JSX } from 'solid-js'
import { createUniqueId, Show } from 'solid-js'
import styles from './field.module.css'
import { passOn } from './pass-on.ts'

export type TextFieldProps = Omit<
  JSX.InputHTMLAttributes<HTMLInputElement>,
  'style' | 'classList' | 'class' | 'id' | 'value' | 'onInput' | 'onChange'
> & {
  readonly label: string
  readonly value: string
  readonly onChange?: (value: string) => void
  /** Below the field, read out with it. */
  readonly hint?: string | undefined
  /** What is wrong and what to do; read out at once. */
  readonly error?: string | undefined
  /** A word such as "optional" beside the label; not part of the accessible name. */
  readonly aside?: string | undefined
}

const own = ['label', 'value', 'onChange', 'hint', 'error', 'aside', 'type']

/** One line of text with a visible label, also for dates, times and numbers (`type`). */
export function TextField(props: TextFieldProps): JSX.Element {
  const id = createUniqueId()
  const describedBy = () =>
    [props.aside && `${id}-aside`, props.hint && `${id}-hint`, props.error && `${id}-error`].filter(Boolean).join(' ') || undefined
  return (
    <div class={styles.field}>
      <span class={styles.label}>
        <label for={id}>{props.label}</label>
        <Show when={props.aside}>
          <span class={styles.optional} id={`${id}-aside`}>
            {' '}
            {props.aside}
          </span>
        </Show>
      </span>
      <input
        ref={(input) => passOn(input, props, own)}
        type={props.type ?? 'text'}
        id={id}
        class={styles.control}
        value={props.value}
        onInput={(event) => props.onChange?.(event.currentTarget.value)}
        aria-invalid={props.error ? true : undefined}
        aria-describedby={describedBy()}
      />
      <Show when={props.hint}>
        <p class={styles.hint} id={`${id}-hint`}>
          {props.hint}
        </p>
      </Show>
      <p class={styles.error} id={`${id}-error`} role="alert" hidden={!props.error}>
        {props.error}
      </p>
    </div>
  )
}
