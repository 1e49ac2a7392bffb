import { type JSX, Show } from 'solid-js'
import { joinWords } from '../../words/areas.ts'
import { Button } from '../../ui/Button.tsx'
import { AppointmentCard, type KnownAppointment } from './AppointmentCard.tsx'
import { MessageView } from './MessageView.tsx'
import { PageTitle } from './VisitFrame.tsx'

export type ServerViewProps = {
  readonly appointment: KnownAppointment
  /** The server has been tried in vain, and nothing was heard of it since. */
  readonly failed: boolean
  readonly onReconnect: () => void
}

/** Between **Join Waiting Room** and the waiting room: nobody waits anywhere before the server has answered. */
export function ServerView(props: ServerViewProps): JSX.Element {
  return (
    <Show when={props.failed} fallback={<PageTitle>{joinWords().server.connecting}</PageTitle>}>
      <MessageView
        title={joinWords().server.title}
        text={joinWords().server.text}
        actions={<Button onClick={props.onReconnect}>{joinWords().server.now}</Button>}
      >
        <AppointmentCard of={props.appointment} />
      </MessageView>
    </Show>
  )
}
