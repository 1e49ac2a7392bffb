import { type JSX, Match, Switch } from 'solid-js'
import type { HelpTopic } from '../../app/words/help.en.ts'
import { PatientEnded } from '../session/PatientEnded.tsx'
import { PatientSession } from '../session/PatientSession.tsx'
import type { VisitPageDeps } from './visit-page-deps.ts'
import type { VisitPhase, VisitState } from './visit-state.ts'

export type VisitSessionProps = Pick<VisitPageDeps, 'visit' | 'media' | 'sound' | 'steps' | 'clock' | 'page' | 'preferences' | 'canShareScreen'> & {
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
            visit={props.visit}
            phase={running()}
            signaling={props.state.signaling}
            clinicianName={props.state.card.clinician}
            name={props.name}
            onName={props.onName}
            media={props.media}
            sound={props.sound}
            steps={props.steps}
            canShareScreen={props.canShareScreen}
            clock={props.clock}
            page={props.page}
            preferences={props.preferences}
          />
        )}
      </Match>
      <Match when={phase('ended')}>
        {(ended) => (
          <PatientEnded
            visit={props.visit}
            phase={ended()}
            clinicianName={props.state.card.clinician}
            media={props.media}
            onHelp={props.onHelp}
          />
        )}
      </Match>
    </Switch>
  )
}
