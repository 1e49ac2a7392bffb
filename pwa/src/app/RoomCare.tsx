import { may } from '@alcove/shared/domain/practice'
import { createMemo, createSignal, type JSX, Show } from 'solid-js'
import { RoomAtRisk, type RoomTrouble } from '../features/practice/RoomAtRisk.tsx'
import { announce } from '../ui/announce.ts'
import { practiceWords } from '../words/areas.ts'
import { useApp } from './app-context.ts'
import { LinksToSendAgain } from './LinksToSendAgain.tsx'

/** The offer to replace my waiting room, when there is a reason. */
export function RoomNotice(props: { readonly onReplaced?: () => void }): JSX.Element {
  const app = useApp()
  const trouble = createMemo((): RoomTrouble | null => {
    const people = app.peopleState()
    if (people?.room === 'missing') return 'missing'
    return people?.roomAtRisk ? 'atRisk' : null
  })
  return (
    <Show when={may(app.practiceState().me, 'replace-own-room') && trouble()} keyed>
      {(present) => (
        <RoomAtRisk
          trouble={present}
          repository={app.people}
          inSession={app.runningAppointmentId() !== null}
          onReplaced={props.onReplaced ?? (() => announce(practiceWords().newRoom.done))}
        />
      )}
    </Show>
  )
}

/** Among the devices in Settings, where one of them is removed: the offer, and then the links that must be sent again. */
export function RoomCare(): JSX.Element {
  const [replaced, setReplaced] = createSignal(false)
  let outcome: HTMLParagraphElement | undefined
  function say(): void {
    setReplaced(true)
    outcome?.focus()
  }
  return (
    <div class="stack">
      <RoomNotice onReplaced={say} />
      <p ref={outcome} tabIndex={-1} hidden={!replaced()}>
        {practiceWords().newRoom.done}
      </p>
      <LinksToSendAgain heading="h3" />
    </div>
  )
}
