import { sessionWords } from '../../words/areas.ts'
import { Button } from '../../ui/Button.tsx'
import type { LocalMedia } from '../device-check/local-media-state.ts'
import type { Visit, VisitPhase } from '../visit/visit-state.ts'
import { RestartBar } from './RestartBar.tsx'
import styles from './SessionEnded.module.css'

/** The patient's page after the end: restart, help, contact (S41-S44). */
export function PatientEnded(props: {
  readonly visit: Pick<Visit, 'restart'>
  readonly phase: Extract<VisitPhase, { kind: 'ended' }>
  readonly clinicianName: string
  readonly media: Pick<LocalMedia, 'open'>
  readonly onHelp: (topic: 'connection' | 'contact') => void
}) {
  const words = () => sessionWords().end
  const clinician = (chosen: boolean) => (props.phase.clinicianWantsRestart === chosen ? [props.clinicianName] : [])
  return (
    <main class={styles.page}>
      <RestartBar
        title={words().banner(props.clinicianName)}
        iWant={props.phase.iWantRestart}
        wanting={clinician(true)}
        missing={clinician(false)}
        onRestart={() => {
          void props.media.open()
          props.visit.restart()
        }}
      />
      <section class={styles.ended}>
        <h1>{words().title}</h1>
        <p class={styles.text}>
          {props.phase.iWantRestart ? words().stay(props.clinicianName) : `${words().devicesOff} ${words().closePage}`}
        </p>
        <div class={styles.links}>
          <Button kind="plain" onClick={() => props.onHelp('connection')}>
            {words().connectionHelp}
          </Button>
          <Button kind="plain" onClick={() => props.onHelp('contact')}>
            {words().contactPractice}
          </Button>
        </div>
      </section>
    </main>
  )
}
