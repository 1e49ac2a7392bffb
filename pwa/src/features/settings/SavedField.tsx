import type { Result } from '@alcove/shared/domain/result'
import type { JSX } from 'solid-js'
import { createEffect, createSignal, on } from 'solid-js'
import { practiceWords } from '../../words/areas.ts'
import type { SaveError } from '../../ports.ts'
import { announce } from '../../ui/announce.ts'
import { TextField, type TextFieldProps } from '../../ui/TextField.tsx'

export type SavedFieldProps = Pick<TextFieldProps, 'label' | 'type' | 'autocomplete' | 'maxLength' | 'hint' | 'disabled' | 'aside'> & {
  /** As stored. */
  readonly value: string
  readonly save: (value: string) => Promise<Result<void, SaveError>>
  /** What is wrong with a value, or undefined. */
  readonly check?: (value: string) => string | undefined
}

/** A setting that is stored when the field is left or Enter is pressed, and says so. */
export function SavedField(props: SavedFieldProps): JSX.Element {
  const [typed, setTyped] = createSignal(props.value)
  const [note, setNote] = createSignal('')
  const [error, setError] = createSignal<string | undefined>()
  createEffect(
    on(
      () => props.value,
      (value) => setTyped(value),
      { defer: true },
    ),
  )

  async function save(): Promise<void> {
    const value = typed().trim()
    const problem = value === props.value ? undefined : props.check?.(value)
    setError(problem)
    if (problem !== undefined || value === props.value) return
    setNote(practiceWords().saving)
    const result = await props.save(value)
    setNote(result.ok ? practiceWords().saved : '')
    setError(result.ok ? undefined : practiceWords().saveFailed[result.error])
    if (result.ok) announce(practiceWords().saved)
  }

  return (
    <TextField
      label={props.label}
      type={props.type ?? 'text'}
      autocomplete={props.autocomplete ?? 'off'}
      maxLength={props.maxLength ?? 80}
      disabled={props.disabled ?? false}
      aside={props.aside}
      value={typed()}
      onChange={(value) => {
        setTyped(value)
        setNote('')
      }}
      onBlur={() => void save()}
      onKeyDown={(event) => {
        if (event.key === 'Enter') void save()
      }}
      hint={note() || props.hint}
      error={error()}
    />
  )
}
