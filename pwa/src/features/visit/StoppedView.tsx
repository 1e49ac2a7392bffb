import { type JSX, Show } from 'solid-js'
import { joinWords, stoppedWords } from '../../words/areas.ts'
import { formatRelativeDay, formatTime } from '../../words/formats.ts'
import { Button } from '../../ui/Button.tsx'
import { AppointmentCard, type KnownAppointment, appointmentWords } from './AppointmentCard.tsx'
import { MessageView } from './MessageView.tsx'
import type { VisitPhase } from './visit-state.ts'

export type StoppedPhase = Extract<VisitPhase, { kind: 'early' | 'declined' | 'removed' | 'replaced-link' | 'full' | 'left' }>

export type StoppedViewProps = {
  readonly phase: StoppedPhase
  readonly appointment: KnownAppointment
  /** Knocks again. */
  readonly onAgain: () => void
  readonly onContact: () => void
}

type Words = { readonly title: string; readonly text: string; readonly more?: string; readonly again?: string }

/** The visit stands still: why, and what to do next. */
export function StoppedView(props: StoppedViewProps): JSX.Element {
  const words = () => wordsOf(props.phase, props.appointment)
  return (
    <MessageView
      title={words().title}
      text={words().text}
      actions={
        <>
          <Show when={words().again}>
            {(again) => (
              <Button kind={tooEarly(props.phase, props.appointment.now) ? 'secondary' : 'primary'} onClick={props.onAgain}>
                {again()}
              </Button>
            )}
          </Show>
          <Show when={props.phase.kind === 'removed' || props.phase.kind === 'replaced-link'}>
            <Button kind="primary" onClick={props.onContact}>
              {joinWords().contact}
            </Button>
          </Show>
        </>
      }
    >
      <Show when={words().more}>
        <p>{words().more}</p>
      </Show>
      <AppointmentCard of={props.appointment} />
    </MessageView>
  )
}

/** Then the button stays, for an appointment that was moved, but it is not what to do next. */
function tooEarly(phase: StoppedPhase, now: number): boolean {
  return phase.kind === 'early' && now < phase.opensAt
}

function wordsOf(phase: StoppedPhase, { card, now }: KnownAppointment): Words {
  const words = stoppedWords()
  switch (phase.kind) {
    case 'early': {
      const { text, from, hint, again } = words.early
      const opens = from(formatRelativeDay(phase.opensAt, now), formatTime(phase.opensAt))
      return {
        title: appointmentWords(phase.startAt, now) ?? joinWords().waiting.title,
        text: text(card.clinician, opens),
        more: hint,
        again,
      }
    }
    case 'declined': {
      const { title, text, textNoPhone } = words.declined
      return { title: title(card.clinician), text: card.phone ? text : textNoPhone, again: words.again }
    }
    case 'removed':
      return { title: words.removed.title, text: words.removed.text(card.clinician) }
    case 'replaced-link':
      return words.replaced
    case 'full':
      return { ...words.full, again: words.again }
    case 'left':
      return words.left
  }
}
