import type { JSX } from 'solid-js'
import { Match, Switch } from 'solid-js'
import { peopleWords } from '../../words/areas.ts'
import { Button } from '../../ui/Button.tsx'
import { Failure } from '../../ui/Failure.tsx'
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
    <Failure
      calm={props.reason === 'practice-here'}
      text={words().failures[props.reason].text}
      note={props.here && words().here(props.here)}
    >
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
    </Failure>
  )
}
