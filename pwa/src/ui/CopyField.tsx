import type { JSX } from 'solid-js'
import { createSignal, createUniqueId, onCleanup } from 'solid-js'
import { Button } from './Button.tsx'
import styles from './CopyField.module.css'
import field from './field.module.css'
import { Icon } from './Icon.tsx'
import { Check, Copy } from './icons.ts'

export type CopyFieldProps = {
  readonly label: string
  readonly value: string
  readonly copyLabel: string
  /** Said and shown after copying. */
  readonly copiedWords: string
  /** Said when the browser refuses; the text is then selected for copying by hand. */
  readonly failedWords: string
  readonly copy: (text: string) => Promise<boolean>
  readonly hint?: string
  readonly actions?: JSX.Element
}

/** A read-only text that wants to be passed on. */
export function CopyField(props: CopyFieldProps): JSX.Element {
  const id = createUniqueId()
  const [outcome, setOutcome] = createSignal('')
  let input: HTMLInputElement | undefined
  let timer: ReturnType<typeof setTimeout> | undefined
  onCleanup(() => clearTimeout(timer))

  async function copy(): Promise<void> {
    const copied = await props.copy(props.value)
    if (!copied) input?.select()
    const words = copied ? props.copiedWords : props.failedWords
    setOutcome(words)
    clearTimeout(timer)
    timer = setTimeout(() => setOutcome(''), 6000)
  }

  return (
    <div class={field.field}>
      <label class={field.label} for={id}>
        {props.label}
      </label>
      <div class={styles.row}>
        <input
          ref={input}
          id={id}
          class={`${field.control} ${styles.input}`}
          readOnly
          value={props.value}
          onFocus={(event) => event.currentTarget.select()}
          aria-describedby={`${id}-hint`}
        />
        <Button onClick={() => void copy()} icon={<Icon of={outcome() === props.copiedWords ? Check : Copy} />}>
          {props.copyLabel}
        </Button>
        {props.actions}
      </div>
      <p class={field.hint} id={`${id}-hint`}>
        {props.hint}
      </p>
      <p class={styles.outcome} role="status">
        {outcome()}
      </p>
    </div>
  )
}
