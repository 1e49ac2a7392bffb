import type { JSX } from 'solid-js'
import { createUniqueId, For, Show, splitProps } from 'solid-js'
import styles from './field.module.css'

export type Option<Value extends string> = { readonly value: Value; readonly label: string; readonly disabled?: boolean }

export type SelectProps<Value extends string> = Omit<
  JSX.SelectHTMLAttributes<HTMLSelectElement>,
  'style' | 'classList' | 'class' | 'id' | 'value' | 'onChange' | 'onInput' | 'children'
> & {
  readonly label: string
  readonly value: Value
  readonly options: readonly Option<Value>[]
  readonly onChange: (value: Value) => void
  readonly hint?: string | undefined
  /** For a toolbar, where the options explain themselves; still the accessible name. */
  readonly labelHidden?: boolean
}

/** The browser's own select: it knows every keyboard, screen reader and phone. */
export function Select<Value extends string>(props: SelectProps<Value>): JSX.Element {
  const [own, rest] = splitProps(props, ['label', 'value', 'options', 'onChange', 'hint', 'labelHidden'])
  const id = createUniqueId()
  return (
    <div class={styles.field}>
      <label class={own.labelHidden ? 'visually-hidden' : styles.label} for={id}>
        {own.label}
      </label>
      <select
        {...rest}
        id={id}
        class={`${styles.control} ${styles.select}`}
        onChange={(event) => {
          const chosen = own.options[event.currentTarget.selectedIndex]
          if (chosen) own.onChange(chosen.value)
        }}
        aria-describedby={own.hint ? `${id}-hint` : undefined}
      >
        <For each={own.options}>
          {(option) => (
            <option value={option.value} disabled={option.disabled} selected={option.value === own.value}>
              {option.label}
            </option>
          )}
        </For>
      </select>
      <Show when={own.hint}>
        <p class={styles.hint} id={`${id}-hint`}>
          {own.hint}
        </p>
      </Show>
    </div>
  )
}
