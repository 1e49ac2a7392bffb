import { createMemo, type JSX, Show } from 'solid-js'
import { joinWords } from '../../words/areas.ts'
import { formatTime } from '../../words/formats.ts'
import { Banner } from '../../ui/Banner.tsx'
import { Button } from '../../ui/Button.tsx'
import { Icon } from '../../ui/Icon.tsx'
import { Clock, WifiOff } from '../../ui/icons.ts'
import { DeviceFields } from '../device-check/DeviceFields.tsx'
import { DeviceNotices } from '../device-check/DeviceNotices.tsx'
import { DeviceProblems } from '../device-check/DeviceProblems.tsx'
import { OwnVideo } from '../device-check/OwnVideo.tsx'
import { SoundMeter } from '../device-check/SoundMeter.tsx'
import { fromEngine } from '../session/from-engine.ts'
import { AppointmentCard, type KnownAppointment, PhoneLink } from './AppointmentCard.tsx'
import { appointmentTime } from './appointment-times.ts'
import { BesideHint } from './BesideHint.tsx'
import { PageTitle } from './VisitFrame.tsx'
import type { VisitPageDeps } from './visit-page-deps.ts'
import type { VisitPhase } from './visit-state.ts'
import styles from './WaitingView.module.css'

export type WaitingViewProps = {
  readonly deps: Pick<VisitPageDeps, 'media' | 'sound' | 'sessionBeside'>
  readonly appointment: KnownAppointment
  readonly phase: Extract<VisitPhase, { kind: 'waiting' }>
  /** The server was there and is gone; the place is kept. */
  readonly lost: boolean
  readonly onReconnect: () => void
  readonly onLeave: () => void
}

export function WaitingView(props: WaitingViewProps): JSX.Element {
  const media = fromEngine(props.deps.media)
  const card = () => props.appointment.card
  const time = createMemo(() => appointmentTime(props.appointment.startAt, props.appointment.now))
  const late = createMemo(() => {
    const known = time()
    return known.kind === 'known' && known.late
  })
  const far = createMemo(() => {
    const known = time()
    return known.kind === 'known' && !known.open
  })
  const status = () => {
    const words = joinWords().waiting
    if (props.phase.moment) return words.moment(card().clinician)
    return props.phase.heard ? words.heard(card().clinician) : words.notHeard(card().clinician)
  }

  return (
    <div class={styles.waiting}>
      <div class={styles.words}>
        <PageTitle>{joinWords().waiting.title}</PageTitle>
        <div>
          <p class={styles.status} role="status" data-moment={props.phase.moment ? '' : undefined}>
            {status()}
          </p>
          <div role="status" class={styles.banners}>
            <Show when={late()}>
              <Banner tone="warning" icon={<Icon of={Clock} />}>
                <p class={styles.strong}>{joinWords().waiting.late(card().clinician)}</p>
                <p>{card().phone ? joinWords().waiting.lateText : joinWords().waiting.lateTextNoPhone}</p>
                <Show when={card().phone}>{(phone) => <PhoneLink phone={phone()} />}</Show>
              </Banner>
            </Show>
            <Show when={props.lost}>
              <Banner
                tone="warning"
                icon={<Icon of={WifiOff} />}
                actions={<Button onClick={props.onReconnect}>{joinWords().server.now}</Button>}
              >
                <p class={styles.strong}>{joinWords().server.title}</p>
                <p>{joinWords().server.text}</p>
              </Banner>
            </Show>
          </div>
        </div>
        <Show when={far()}>
          <p>{joinWords().waiting.farText}</p>
        </Show>
        <BesideHint sessionBeside={props.deps.sessionBeside} />
        <AppointmentCard of={props.appointment} />
        <p class={styles.since}>{joinWords().waiting.since(formatTime(props.phase.sinceAt))}</p>
        <div>
          <Button onClick={props.onLeave}>{joinWords().waiting.leave}</Button>
        </div>
      </div>
      <div class={styles.self}>
        <OwnVideo media={props.deps.media} state={media()} />
        <div class={styles.troubles}>
          <SoundMeter media={props.deps.media} state={media()} />
          <DeviceNotices media={props.deps.media} state={media()} />
          <DeviceProblems media={props.deps.media} state={media()} />
        </div>
        <details class={styles.devices}>
          <summary>{joinWords().waiting.devices}</summary>
          <div class={styles.fields}>
            <DeviceFields media={props.deps.media} state={media()} sound={props.deps.sound} />
          </div>
        </details>
      </div>
    </div>
  )
}
