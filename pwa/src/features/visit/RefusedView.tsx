import { type JSX, Show } from 'solid-js'
import { stoppedWords } from '../../words/areas.ts'
import type { SocketState } from '../../ports.ts'
import { Button } from '../../ui/Button.tsx'
import { AppointmentCard, type KnownAppointment } from './AppointmentCard.tsx'
import { MessageView } from './MessageView.tsx'

export type RefusedViewProps = {
  readonly appointment: KnownAppointment
  readonly code: Extract<SocketState, { kind: 'refused' }>['code']
  readonly onReconnect: () => void
  readonly onReload: () => void
}

/** The server answered, and said no. */
export function RefusedView(props: RefusedViewProps): JSX.Element {
  const words = () => {
    const { roomFull, busy, otherTab, other } = stoppedWords().refused
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
          when={words() !== stoppedWords().refused.other}
          fallback={
            <Button kind="primary" onClick={props.onReload}>
              {stoppedWords().reload}
            </Button>
          }
        >
          <Button kind="primary" onClick={props.onReconnect}>
            {props.code === 'replaced' ? stoppedWords().refused.here : stoppedWords().again}
          </Button>
        </Show>
      }
    >
      <AppointmentCard of={props.appointment} />
    </MessageView>
  )
}
