import type { JSX } from 'solid-js'
import { Match, Show, Switch } from 'solid-js'
import { peopleWords } from '../../words/areas.ts'
import { Banner } from '../../ui/Banner.tsx'
import { Button } from '../../ui/Button.tsx'
import { Icon } from '../../ui/Icon.tsx'
import { CircleAlert } from '../../ui/icons.ts'
import styles from './Pairing.module.css'
import type { JoinerFailure } from './pairing-state.ts'

/** What to do now, with the next step as a button; what happened stands in the heading. */
export function JoinFailed(props: {
  readonly reason: JoinerFailure
  readonly here: string | null
  readonly onAgain: () => void
  readonly onAnother: () => void
  readonly onOpen: () => void
  readonly onReload: () => void
}): JSX.Element {
  const words = () => peopleWords().join
  return (
    <>
      <Banner tone={props.reason === 'practice-here' ? 'calm' : 'danger'} role="alert" icon={<Icon of={CircleAlert} />}>
        {words().failures[props.reason].text}
      </Banner>
      <Show when={props.here}>{(practice) => <p>{words().here(practice())}</p>}</Show>
      <div class={styles.actions}>
        <Switch
          fallback={
            <Button kind="primary" onClick={() => props.onAnother()}>
              {words().pasteAnother}
            </Button>
          }
        >
          <Match when={props.reason === 'practice-here'}>
            <Button kind="primary" onClick={() => props.onOpen()}>
              {words().toSchedule}
            </Button>
          </Match>
          <Match when={props.reason === 'no-server' || props.reason === 'no-answer'}>
            <Button kind="primary" onClick={() => props.onAgain()}>
              {words().tryAgain}
            </Button>
            <Button onClick={() => props.onAnother()}>{words().pasteAnother}</Button>
          </Match>
          <Match when={props.reason === 'newer-link'}>
            <Button kind="primary" onClick={() => props.onReload()}>
              {words().reload}
            </Button>
          </Match>
        </Switch>
      </div>
    </>
  )
}
