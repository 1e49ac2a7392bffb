import type { JSX } from 'solid-js'
import { createUniqueId, For, Show } from 'solid-js'
import styles from './field.module.css'
import { passOn } from './pass-on.ts'

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

const own = ['label', 'value', 'options', 'onChange', 'hint', 'labelHidden']

/** The browser's own select: it knows every keyboard, screen reader and phone. */
export function Select<Value extends string>(props: SelectProps<Value>): JSX.Element {
  const id = createUniqueId()
  return (
    <div class={styles.field}>
      <label class={props.labelHidden ? 'visually-hidden' : styles.label} for={id}>
        {props.label}
      </label>
      <select
        ref={(select) => passOn(select, props, own)}
        id={id}
        class={`${styles.control} ${styles.select}`}
        onChange={(event) => {
          const chosen = props.options[event.currentTarget.selectedIndex]
          if (chosen) props.onChange(chosen.value)
        }}
        aria-describedby={props.hint ? `${id}-hint` : undefined}
      >
        <For each={props.options}>
          {(option) => (
            <option value={option.value} disabled={option.disabled} selected={option.value === props.value}>
              {option.label}
            </option>
          )}
        </For>
      </select>
      <Show when={props.hint}>
        <p class={styles.hint} id={`${id}-hint`}>
          {props.hint}
        </p>
      </Show>
    </div>
  )
}
