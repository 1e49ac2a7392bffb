import type { Appointment } from '@alcove/shared/domain/appointment'
import { createSignal, type JSX, Match, Show, Switch } from 'solid-js'
import { practiceWords, sessionWords } from '../../words/areas.ts'
import { Button } from '../../ui/Button.tsx'
import { EmptyState } from '../../ui/EmptyState.tsx'
import { ClinicianSession, type ClinicianSessionProps } from './ClinicianSession.tsx'
import { fromEngine } from './from-engine.ts'
import { SessionEnded } from './SessionEnded.tsx'

export type ClinicianSessionRouteProps = ClinicianSessionProps & {
  /** The appointment whose Start Telehealth Session was pressed; null after a reload or without one. */
  readonly appointment: Appointment | null
  /** S15-S19: Welcome! with **Join Session**, which hands over the name. */
  readonly welcome: (join: (name: string) => void, cancel: () => void) => JSX.Element
  /** The appointment is started (`joined`) or given up. */
  readonly onDecided: (outcome: 'joined' | 'cancelled') => void
  readonly onShowOtherTab: () => void
  readonly onOpenSchedule: () => void
  readonly scheduleHref: string
  readonly connectionHelpHref: string
  readonly supportHref: string
}

/** `/session`: Welcome! before the session, the session, and what stands there after its end. */
export function ClinicianSessionRoute(props: ClinicianSessionRouteProps) {
  const state = fromEngine(props.room)
  const [failure, setFailure] = createSignal<string | null>(null)
  const words = () => sessionWords().route

  const movedTo = () => {
    const { notice } = state().devices
    return notice?.kind === 'moved' ? practiceWords().devices.moved(notice.label) : null
  }

  async function join(appointment: Appointment, name: string) {
    setFailure(null)
    props.onName(name)
    const answer = await props.room.start(appointment)
    if (answer.ok) return props.onDecided('joined')
    const sentences = {
      'not-eligible': words().notEligible,
      elsewhere: words().elsewhereTitle,
      'session-running': words().otherRunning,
      'not-moved': practiceWords().devices.couldNotMove,
    }
    props.media.close()
    setFailure(sentences[answer.error])
  }

  return (
    <Switch>
      <Match when={state().elsewhere}>
        <EmptyState
          title={words().elsewhereTitle}
          hint={words().elsewhereText}
          action={
            <Button kind="primary" onClick={props.onShowOtherTab}>
              {words().elsewhereButton}
            </Button>
          }
        />
      </Match>
      <Match when={state().session.kind === 'running'}>
        <ClinicianSession {...props} />
      </Match>
      <Match when={props.appointment}>
        {(appointment) => (
          <Show
            when={failure()}
            fallback={props.welcome(
              (name) => void join(appointment(), name),
              () => props.onDecided('cancelled'),
            )}
          >
            {(text) => (
              <div role="alert">
                <EmptyState
                  title={text()}
                  action={
                    <Button kind="primary" onClick={props.onOpenSchedule}>
                      {words().toSchedule}
                    </Button>
                  }
                />
              </div>
            )}
          </Show>
        )}
      </Match>
      <Match when={state().session.kind === 'ended'}>
        <SessionEnded scheduleHref={props.scheduleHref} connectionHelpHref={props.connectionHelpHref} supportHref={props.supportHref} />
      </Match>
      <Match when={true}>
        <h1 class="visually-hidden">{sessionWords().screen.title}</h1>
        <EmptyState
          title={movedTo() ?? words().nothingTitle}
          hint={movedTo() === null ? words().nothingText : practiceWords().devices.movedHint}
          action={
            <Button kind="primary" onClick={props.onOpenSchedule}>
              {words().toSchedule}
            </Button>
          }
        />
      </Match>
    </Switch>
  )
}
