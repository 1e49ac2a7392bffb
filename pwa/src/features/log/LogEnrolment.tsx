import type { JSX } from 'solid-js'
import { createEffect, createSignal, on, Show } from 'solid-js'
import { practiceWords, syncWords } from '../../words/areas.ts'
import { Button } from '../../ui/Button.tsx'
import { TextField } from '../../ui/TextField.tsx'
import styles from './Log.module.css'
import type { LogState } from './log-state.ts'

export type LogEnrolmentProps = {
  readonly line: Extract<LogState['line'], { readonly kind: 'needs-enrolment' }>
  /** Null for those who may enter the code; otherwise whom to ask. */
  readonly ask: string | null
  readonly enrol: (code: string) => void
}

/** The operator's code, once for the practice, before the server keeps its copy. */
export function LogEnrolment(props: LogEnrolmentProps): JSX.Element {
  const [code, setCode] = createSignal('')
  const [sent, setSent] = createSignal(false)
  // Whatever the engine says next is the answer.
  createEffect(
    on(
      () => props.line,
      () => setSent(false),
      { defer: true },
    ),
  )

  function submit(event: SubmitEvent): void {
    event.preventDefault()
    if (sent() || code().trim() === '') return
    setSent(true)
    props.enrol(code().trim())
  }

  return (
    <Show when={props.ask === null} fallback={<p class={styles.soft}>{props.ask}</p>}>
      <form class={styles.form} onSubmit={submit} aria-label={syncWords().enrolTitle}>
        <p>{syncWords().enrolWhy}</p>
        <TextField
          label={practiceWords().settings.enrolment}
          value={code()}
          onChange={setCode}
          autocomplete="off"
          hint={practiceWords().settings.enrolmentHint}
          error={props.line.refused && !sent() ? practiceWords().settings.enrolFailed.refused : undefined}
        />
        <div>
          <Button type="submit" busy={sent()}>
            {syncWords().enrol}
          </Button>
        </div>
      </form>
    </Show>
  )
}
