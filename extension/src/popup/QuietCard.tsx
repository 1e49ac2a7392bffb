import type { ScreenState } from '@alcove/shared/protocol/extension-inside'
import { For, type JSX, Show } from 'solid-js'
import { Card } from '../ui/Card.tsx'
import { ago, words } from '../ui/speech.ts'
import { quietOf } from './view.ts'

/** What the quiet check before a session found, if that is the newest news. */
export function QuietCard(props: { readonly state: ScreenState; readonly now: number }): JSX.Element {
  return (
    <Show when={quietOf(props.state)}>
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
