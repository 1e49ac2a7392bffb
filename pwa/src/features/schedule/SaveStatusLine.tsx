import type { JSX } from 'solid-js'
import { createMemo, Match, Show, Switch } from 'solid-js'
import { scheduleWords } from '../../words/areas.ts'
import { Button } from '../../ui/Button.tsx'
import { Icon } from '../../ui/Icon.tsx'
import { CircleCheck } from '../../ui/icons.ts'
import type { AppointmentEditor } from './appointment-editor.ts'
import styles from './SaveStatusLine.module.css'

/** "Saved" stands here only after the change is durable. */
export function SaveStatusLine(props: { readonly editor: AppointmentEditor }): JSX.Element {
  const saved = createMemo(() => {
    const status = props.editor.status()
    return status.kind === 'saved' && !props.editor.dirty() ? status : null
  })
  return (
    <div class={styles.line} role="status">
      <Switch>
        <Match when={props.editor.status().kind === 'saving'}>{scheduleWords().saving}</Match>
        <Match when={saved()}>
          {(status) => (
            <>
              <span class={styles.saved}>
                <Icon of={CircleCheck} />
                {status().undone ? scheduleWords().undone : scheduleWords().saved}
              </span>
              <Show when={status().undoTo}>
                <Button kind="plain" onClick={() => void props.editor.undo()}>
                  {scheduleWords().undo}
                </Button>
              </Show>
            </>
          )}
        </Match>
        <Match when={props.editor.dirty()}>{scheduleWords().unsaved}</Match>
      </Switch>
    </div>
  )
}
