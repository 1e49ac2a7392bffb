import { displayName } from '@alcove/shared/domain/display-name'
import { createSignal, type JSX } from 'solid-js'
import { devicesWords, joinWords } from '../../words/areas.ts'
import { Button } from '../../ui/Button.tsx'
import { DeviceCheck } from '../device-check/DeviceCheck.tsx'
import { AppointmentCard, type KnownAppointment } from './AppointmentCard.tsx'
import { BesideHint } from './BesideHint.tsx'
import { PageTitle } from './VisitFrame.tsx'
import type { VisitPageDeps } from './visit-page-deps.ts'
import styles from './WelcomeView.module.css'

export type WelcomeViewProps = {
  readonly deps: Pick<VisitPageDeps, 'media' | 'sound' | 'steps' | 'openCheck' | 'sessionBeside'>
  readonly appointment: KnownAppointment
  readonly name: string
  readonly onName: (name: string) => void
  readonly onJoin: (name: string) => void
}

/** S15-S19 */
export function WelcomeView(props: WelcomeViewProps): JSX.Element {
  const [missing, setMissing] = createSignal(false)
  let form!: HTMLFormElement

  function join(event: Event): void {
    event.preventDefault()
    const name = displayName(props.name)
    if (name !== null) return props.onJoin(name)
    setMissing(true)
    form.querySelector('input')?.focus()
  }

  return (
    <>
      <PageTitle quiet>{joinWords().welcome.title}</PageTitle>
      <AppointmentCard of={props.appointment} />
      <BesideHint sessionBeside={props.deps.sessionBeside} />
      <form ref={form} noValidate onSubmit={join}>
        <DeviceCheck
          name={props.name}
          onName={(name) => {
            setMissing(false)
            props.onName(name)
          }}
          nameError={missing() ? devicesWords().nameMissing : undefined}
          media={props.deps.media}
          sound={props.deps.sound}
          steps={props.deps.steps}
          openCheck={props.deps.openCheck}
        >
          <div class={styles.join}>
            <Button kind="primary" wide type="submit">
              {joinWords().welcome.join}
            </Button>
          </div>
          <p class={styles.hint}>{joinWords().welcome.hint(props.appointment.card.clinician)}</p>
        </DeviceCheck>
      </form>
    </>
  )
}
