import { createMemo, type JSX, Show } from 'solid-js'
import type { LinkCard } from '@alcove/shared/protocol/peer-messages'
import { joinWords } from '../../words/areas.ts'
import { calendarDaysBetween, formatRelativeDay, formatTime } from '../../words/formats.ts'
import { Icon } from '../../ui/Icon.tsx'
import { CalendarDays, Phone, UserRound } from '../../ui/icons.ts'
import styles from './AppointmentCard.module.css'
import { appointmentTime } from './appointment-times.ts'

/** What the page knows of the appointment. */
export type KnownAppointment = {
  readonly card: LinkCard
  readonly startAt: number | null
  /** Epoch ms. */
  readonly now: number
}

/** Whom, when and how to call: from the link itself, so it is there while nobody is online. */
export function AppointmentCard(props: { readonly of: KnownAppointment }): JSX.Element {
  const when = createMemo(() => appointmentWords(props.of.startAt, props.of.now))
  return (
    <ul class={styles.card} aria-label={joinWords().appointment.name}>
      <li>
        <Icon of={UserRound} />
        <span>{joinWords().appointment.with(props.of.card.clinician)}</span>
      </li>
      <Show when={when()}>
        {(words) => (
          <li>
            <Icon of={CalendarDays} />
            <span>{words()}</span>
          </li>
        )}
      </Show>
      <Show when={props.of.card.phone}>
        {(phone) => (
          <li>
            <Icon of={Phone} />
            <PhoneLink phone={phone()} />
          </li>
        )}
      </Show>
    </ul>
  )
}

export function PhoneLink(props: { readonly phone: string }): JSX.Element {
  return (
    <a class={styles.phone} href={`tel:${props.phone.replace(/[^+\d]/g, '')}`}>
      {joinWords().appointment.call(props.phone)}
    </a>
  )
}

/** "Your appointment is tomorrow at 10:00"; null when nobody here knows. */
export function appointmentWords(startAt: number | null, now: number): string | null {
  const time = appointmentTime(startAt, now)
  if (time.kind === 'unknown') return null
  const near = Math.abs(calendarDaysBetween(now, time.startAt)) <= 1
  const { near: nearWords, far } = joinWords().appointment
  return (near ? nearWords : far)(formatRelativeDay(time.startAt, now), formatTime(time.startAt))
}
