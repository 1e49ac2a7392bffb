import type { ScreenState } from '@alcove/shared/protocol/extension-inside'
import { For, type JSX, Show } from 'solid-js'
import { Card } from '../ui/Card.tsx'
import { ago, words } from '../ui/speech.ts'

/** What the quiet check before a session found; nothing when all was well, or when the page has looked since. */
export function QuietCard(props: { readonly state: ScreenState; readonly now: number }): JSX.Element {
  const found = () => {
    const { quiet, reportAt } = props.state
    return quiet && quiet.problems.length > 0 && quiet.at > (reportAt ?? 0) ? quiet : null
  }
  return (
    <Show when={found()}>
      {(quiet) => (
        <Card tone="danger" title={words().quiet.title(ago(quiet().at, props.now))}>
          <ul>
            <For each={quiet().problems}>{(problem) => <li>{words().quiet.problems[problem]}</li>}</For>
          </ul>
        </Card>
      )}
    </Show>
  )
}
