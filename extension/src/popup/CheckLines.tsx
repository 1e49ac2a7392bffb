import { type CheckLine, checkLines, type Finding, type LineState, statusOf } from '@alcove/shared/domain/device-check'
import type { ScreenState } from '@alcove/shared/protocol/extension-inside'
import { createMemo, For, type JSX, Show } from 'solid-js'
import { Button } from '../ui/Button.tsx'
import { Icon } from '../ui/Icon.tsx'
import type { Screen } from '../ui/screen.ts'
import { ago, words } from '../ui/speech.ts'
import styles from './CheckLines.module.css'
import { fixFor, linesOf, ownAge } from './view.ts'

/** Line by line: a shape and words for what was found, and one button against what is wrong. */
export function CheckLines(props: { readonly state: ScreenState; readonly screen: Screen }): JSX.Element {
  const lines = createMemo(() => linesOf(props.state))
  return (
    <ul class={styles.lines}>
      <For each={checkLines}>{(line) => <Line line={line} found={lines()[line]} state={props.state} screen={props.screen} />}</For>
    </ul>
  )
}

function Line(props: {
  readonly line: CheckLine
  readonly found: LineState
  readonly state: ScreenState
  readonly screen: Screen
}): JSX.Element {
  const status = () => statusOf(props.line, props.found.finding)
  const said = () => words().lines[props.line]
  const fix = createMemo(() => fixFor(props.line, props.found.finding))
  const found = () => {
    const text = foundWords(props.line, props.found.finding)
    const { roundTripMs, reportAt } = props.state
    const measured =
      props.line === 'network' && status() !== 'problem' && roundTripMs !== null ? `${text} (${words().roundTrip(roundTripMs)})` : text
    const at = ownAge(props.found.foundAt, reportAt)
    return at === null ? measured : words().foundAgo(measured, ago(at, props.screen.now()))
  }
  return (
    <li class={`${styles.line} ${styles[status()]}`}>
      <Icon of={status()} tone={status()} />
      <span class={styles.words}>
        <span class={styles.name}>{said().name}</span>
        <span class={styles.found}>
          <span class="visually-hidden">{words().status[status()]}: </span>
          {found()}
        </span>
      </span>
      <Show when={fix()}>
        {(label) => (
          <span class={styles.actions}>
            <Button
              name={words().fix.name(words().fix[label()], said().name)}
              onClick={() => void props.screen.tell({ type: 'fix', line: props.line })}
            >
              {words().fix[label()]}
            </Button>
          </span>
        )}
      </Show>
    </li>
  )
}

function foundWords(line: CheckLine, finding: Finding): string {
  // The catalogue has a sentence for every finding of every line; only the pair's type is lost here.
  const said: Readonly<Partial<Record<Finding, string>>> = words().lines[line].found
  return said[finding] ?? ''
}
