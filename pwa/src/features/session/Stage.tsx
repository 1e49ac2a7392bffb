import { createMemo, Show } from 'solid-js'
import { KeyedFor } from '../../ui/KeyedFor.tsx'
import { RemoteTile } from './RemoteTile.tsx'
import { RemoteVideo } from './RemoteVideo.tsx'
import type { RemotePerson } from './room-state.ts'
import styles from './Stage.module.css'
import { sessionWords } from '../../words/areas.ts'
import { stageLayout } from './stage-layout.ts'

/** S25, S30: the others. One is large; up to three share the stage; a shared screen is large and the faces are small. */
export function Stage(props: {
  readonly people: readonly RemotePerson[]
  readonly speaker: string
  readonly emptyText: string
  readonly emptyHint: string | null
}) {
  const layout = createMemo(() => stageLayout(props.people))
  const sharer = createMemo(() => {
    const now = layout()
    return now.kind === 'screen' ? props.people.find((person) => person.id === now.sharer) : undefined
  })

  return (
    <div class={styles.stage} data-layout={layout().kind} data-count={props.people.length}>
      <Show when={layout().kind === 'empty'}>
        <div class={styles.empty}>
          <p class={styles.emptyText}>{props.emptyText}</p>
          <Show when={props.emptyHint}>{(hint) => <p class={styles.emptyHint}>{hint()}</p>}</Show>
        </div>
      </Show>
      <Show when={sharer()}>
        {(person) => (
          <div class={styles.screen}>
            <RemoteVideo name={sessionWords().screen.screenOf(person().name)} stream={person().screen} speaker="default" whole />
          </div>
        )}
      </Show>
      <div class={styles.people} role="group" aria-label={sessionWords().screen.people}>
        <KeyedFor each={props.people} by={(person) => person.id}>
          {(person) => <RemoteTile person={person()} speaker={props.speaker} />}
        </KeyedFor>
      </div>
    </div>
  )
}
