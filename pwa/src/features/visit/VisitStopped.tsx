import { type JSX, Match, Switch } from 'solid-js'
import type { KnownAppointment } from './AppointmentCard.tsx'
import { RefusedView } from './RefusedView.tsx'
import { type StoppedPhase, StoppedView } from './StoppedView.tsx'
import type { VisitPageDeps } from './visit-page-deps.ts'
import type { VisitState } from './visit-state.ts'

export type VisitStoppedProps = {
  readonly deps: Pick<VisitPageDeps, 'visit' | 'reload'>
  readonly state: VisitState
  readonly appointment: KnownAppointment
  readonly onAgain: () => void
  readonly onContact: () => void
}

/** Everything that keeps a visit from going on: a part of its own, fetched while the person waits. */
export function VisitStopped(props: VisitStoppedProps): JSX.Element {
  const refused = () => (props.state.signaling.kind === 'refused' ? props.state.signaling.code : null)
  return (
    <Switch>
      <Match when={stoppedPhase(props.state)}>
        {(phase) => <StoppedView phase={phase()} appointment={props.appointment} onAgain={props.onAgain} onContact={props.onContact} />}
      </Match>
      <Match when={refused()}>
        {(code) => (
          <RefusedView
            code={code()}
            appointment={props.appointment}
            onReconnect={() => props.deps.visit.reconnectNow()}
            onReload={() => props.deps.reload()}
          />
        )}
      </Match>
    </Switch>
  )
}

function stoppedPhase({ phase }: VisitState): StoppedPhase | null {
  switch (phase.kind) {
    case 'early':
    case 'declined':
    case 'removed':
    case 'replaced-link':
    case 'full':
    case 'left':
      return phase
    default:
      return null
  }
}
