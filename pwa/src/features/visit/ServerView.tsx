import { type JSX, Match, Show, Switch } from 'solid-js'
import { joinWords } from '../../app/words/areas.ts'
import type { SocketState } from '../../ports.ts'
import { Button } from '../../ui/Button.tsx'
import { AppointmentCard, type KnownAppointment } from './AppointmentCard.tsx'
import { MessageView } from './MessageView.tsx'
import { PageTitle } from './VisitFrame.tsx'

export type ServerViewProps = {
  readonly appointment: KnownAppointment
  readonly signaling: SocketState
  /** The server has been tried in vain, and nothing was heard of it since. */
  readonly failed: boolean
  readonly onReconnect: () => void
  readonly onReload: () => void
}

/** Between **Join Waiting Room** and the waiting room: nobody waits anywhere before the server has answered. */
export function ServerView(props: ServerViewProps): JSX.Element {
  return (
    <Switch fallback={<PageTitle>{joinWords().server.connecting}</PageTitle>}>
      <Match when={props.signaling.kind === 'refused' ? props.signaling : null}>
        {(refused) => <Refused of={props} code={refused().code} />}
      </Match>
      <Match when={props.failed}>
        <MessageView
          title={joinWords().server.title}
          text={joinWords().server.text}
          actions={<Button onClick={props.onReconnect}>{joinWords().server.now}</Button>}
        >
          <AppointmentCard of={props.appointment} />
        </MessageView>
      </Match>
    </Switch>
  )
}

type RefusalCode = Extract<SocketState, { kind: 'refused' }>['code']

function Refused(props: { readonly of: ServerViewProps; readonly code: RefusalCode }): JSX.Element {
  const words = () => {
    const { roomFull, busy, otherTab, other } = joinWords().refused
    switch (props.code) {
      case 'replaced':
        return otherTab
      case 'room-full':
        return roomFull
      case 'server-full':
      case 'rate-limited':
        return busy
      default:
        return other
    }
  }
  return (
    <MessageView
      title={words().title}
      text={words().text}
      actions={
        <Show
          when={words() !== joinWords().refused.other}
          fallback={
            <Button kind="primary" onClick={props.of.onReload}>
              {joinWords().reload}
            </Button>
          }
        >
          <Button kind="primary" onClick={props.of.onReconnect}>
            {props.code === 'replaced' ? joinWords().refused.here : joinWords().again}
          </Button>
        </Show>
      }
    >
      <AppointmentCard of={props.of.appointment} />
    </MessageView>
  )
}
