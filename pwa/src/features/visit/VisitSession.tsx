import { type JSX, Match, Switch } from 'solid-js'
import type { HelpTopic } from '../../words/help.en.ts'
import { PatientEnded } from '../session/PatientEnded.tsx'
import { PatientSession } from '../session/PatientSession.tsx'
import type { VisitPageDeps } from './visit-page-deps.ts'
import type { VisitPhase, VisitState } from './visit-state.ts'

export type VisitSessionProps = {
  readonly deps: VisitPageDeps
  readonly state: VisitState
  readonly name: string
  readonly onName: (name: string) => void
  readonly onHelp: (topic: HelpTopic) => void
}

/** The session and its end: a part of its own, fetched while the person waits. */
export function VisitSession(props: VisitSessionProps): JSX.Element {
  const phase = <Kind extends VisitPhase['kind']>(kind: Kind) => {
    const now = props.state.phase
    return now.kind === kind ? (now as Extract<VisitPhase, { kind: Kind }>) : null
  }
  return (
    <Switch>
      <Match when={phase('in-session')}>
        {(running) => (
          <PatientSession
            visit={props.deps.visit}
            phase={running()}
            signaling={props.state.signaling}
            clinicianName={props.state.card.clinician}
            name={props.name}
            onName={props.onName}
            media={props.deps.media}
            sound={props.deps.sound}
            steps={props.deps.steps}
            canShareScreen={props.deps.canShareScreen}
            clock={props.deps.clock}
            page={props.deps.page}
            preferences={props.deps.preferences}
          />
        )}
      </Match>
      <Match when={phase('ended')}>
        {(ended) => (
          <PatientEnded
            visit={props.deps.visit}
            phase={ended()}
            clinicianName={props.state.card.clinician}
            media={props.deps.media}
            onHelp={props.onHelp}
          />
        )}
      </Match>
    </Switch>
  )
}
