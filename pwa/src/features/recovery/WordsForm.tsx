import type { JSX } from 'solid-js'
import { createSignal, createUniqueId, For, Index, Show } from 'solid-js'
import { recoveryWords } from '../../words/areas.ts'
import { formatList } from '../../words/formats.ts'
import { type KitWords, kitWordCount } from '../../recovery-ports.ts'
import { Button } from '../../ui/Button.tsx'
import { readTyped, spread, type TypedProblem } from './read-typed.ts'
import styles from './Recovery.module.css'

type Bytes = Uint8Array<ArrayBuffer>

export type WordsFormProps = {
  readonly words: KitWords
  readonly action: string
  readonly onSecret: (secret: Bytes) => void
  /** Beside the button. */
  readonly more?: JSX.Element
}

const empty: readonly string[] = Array.from({ length: kitWordCount }, () => '')

/** Twelve fields, numbered like the page. What is wrong is said beside the word that is wrong. */
export function WordsForm(props: WordsFormProps): JSX.Element {
  const words = () => recoveryWords().form
  const id = createUniqueId()
  const [fields, setFields] = createSignal(empty)
  const [problems, setProblems] = createSignal<readonly TypedProblem[]>([])
  const [reading, setReading] = createSignal(false)
  let form: HTMLFormElement | undefined

  const input = (at: number) => form?.querySelectorAll<HTMLInputElement>('input')[at]
  const isWrong = (number: number) =>
    problems().some((problem) => (problem.kind === 'unknown-word' || problem.kind === 'missing-word') && problem.number === number)

  function type(at: number, text: string): void {
    const isEnded = /\S\s+$/.test(text)
    if (!/\s/.test(text.trim()) && !isEnded) return void setFields(fields().map((field, i) => (i === at ? text : field)))
    const next = spread(fields(), at, text)
    setFields(next)
    // The browser's own value stays what was typed, where the field's value is as it was before.
    for (const [i, value] of next.entries()) {
      const element = input(i)
      if (element) element.value = value
    }
    const last =
      isEnded || next.filter(Boolean).length === kitWordCount ? Math.min(lastFilled(next) + (isEnded ? 1 : 0), kitWordCount - 1) : at
    input(last)?.focus()
  }

  function take(number: number, suggestion: string): void {
    type(number - 1, suggestion)
    setProblems(problems().filter((problem) => !('number' in problem) || problem.number !== number))
    input(number - 1)?.focus()
  }

  async function submit(event: SubmitEvent): Promise<void> {
    event.preventDefault()
    if (reading()) return
    setReading(true)
    const read = await readTyped(props.words, fields())
    setReading(false)
    setProblems(read.ok ? [] : read.error)
    if (read.ok) return props.onSecret(read.value)
    const first = read.error.find((problem) => 'number' in problem)
    input(first && 'number' in first ? first.number - 1 : 0)?.focus()
  }

  return (
    <form ref={form} class={styles.form} novalidate onSubmit={(event) => void submit(event)}>
      <fieldset class={styles.fields} aria-describedby={`${id}-hint`}>
        <legend>{words().legend}</legend>
        <p class={styles.soft} id={`${id}-hint`}>
          {words().hint}
        </p>
        <div class={styles.grid}>
          <Index each={fields()}>
            {(field, at) => (
              <label class={styles.word}>
                <span aria-hidden="true">{at + 1}</span>
                <input
                  type="text"
                  value={field()}
                  aria-label={words().word(at + 1)}
                  aria-invalid={isWrong(at + 1) ? true : undefined}
                  aria-describedby={isWrong(at + 1) ? `${id}-problems` : undefined}
                  autocomplete="off"
                  autocapitalize="none"
                  spellcheck={false}
                  enterkeyhint="next"
                  onInput={(event) => type(at, event.currentTarget.value)}
                />
              </label>
            )}
          </Index>
        </div>
      </fieldset>
      <div class={styles.problems} id={`${id}-problems`} role="alert">
        <Problems problems={problems()} onTake={take} />
      </div>
      <div class={styles.actions}>
        <Button kind="primary" type="submit" busy={reading()}>
          {props.action}
        </Button>
        {props.more}
      </div>
    </form>
  )
}

function Problems(props: {
  readonly problems: readonly TypedProblem[]
  readonly onTake: (number: number, suggestion: string) => void
}): JSX.Element {
  const words = () => recoveryWords().form
  const missing = () => props.problems.flatMap((problem) => (problem.kind === 'missing-word' ? [String(problem.number)] : []))
  const others = () => props.problems.filter(({ kind }) => kind !== 'missing-word')
  return (
    <>
      <Show when={missing().length > 0}>
        <p>{words().missing(formatList(missing()))}</p>
      </Show>
      <For each={others()}>
        {(problem) => (
          <p>
            <span>{sentenceOf(problem)}</span>
            <Show when={problem.kind === 'unknown-word' && problem.suggestion !== null && problem} keyed>
              {(unknown) => (
                <Button kind="plain" onClick={() => props.onTake(unknown.number, unknown.suggestion ?? '')}>
                  {words().take(unknown.suggestion ?? '')}
                </Button>
              )}
            </Show>
          </p>
        )}
      </For>
    </>
  )
}

function sentenceOf(problem: TypedProblem): string {
  const words = recoveryWords().form
  switch (problem.kind) {
    case 'unknown-word':
      return words.unknown(problem.number, problem.word, problem.suggestion)
    case 'missing-word':
      return words.missing(String(problem.number))
    case 'unfit':
      return words.unfit
    case 'no-list':
      return words.noList
    case 'broken-link':
      return words.linkBroken
    case 'newer-link':
      return words.linkNewer
  }
}

function lastFilled(fields: readonly string[]): number {
  return fields.findLastIndex((field) => field !== '')
}
