import type { JSX } from 'solid-js'
import { createUniqueId, Show, splitProps } from 'solid-js'
import styles from './field.module.css'

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

/** One line of text with a visible label, also for dates, times and numbers (`type`). */
export function TextField(props: TextFieldProps): JSX.Element {
  const [own, rest] = splitProps(props, ['label', 'value', 'onChange', 'hint', 'error', 'aside'])
  const id = createUniqueId()
  const describedBy = () =>
    [own.aside && `${id}-aside`, own.hint && `${id}-hint`, own.error && `${id}-error`].filter(Boolean).join(' ') || undefined
  return (
    <div class={styles.field}>
      <span class={styles.label}>
        <label for={id}>{own.label}</label>
        <Show when={own.aside}>
          <span class={styles.optional} id={`${id}-aside`}>
            {' '}
            {own.aside}
          </span>
        </Show>
      </span>
      <input
        type="text"
        {...rest}
        id={id}
        class={styles.control}
        value={own.value}
        onInput={(event) => own.onChange?.(event.currentTarget.value)}
        aria-invalid={own.error ? true : undefined}
        aria-describedby={describedBy()}
      />
      <Show when={own.hint}>
        <p class={styles.hint} id={`${id}-hint`}>
          {own.hint}
        </p>
      </Show>
      <p class={styles.error} id={`${id}-error`} role="alert" hidden={!own.error}>
        {own.error}
      </p>
    </div>
  )
}
