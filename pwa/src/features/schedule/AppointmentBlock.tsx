import type { Appointment } from '@alcove/shared/domain/appointment'
import type { JSX } from 'solid-js'
import { Show } from 'solid-js'
import { scheduleWords } from '../../words/areas.ts'
import { formatTime } from '../../words/formats.ts'
import { Icon } from '../../ui/Icon.tsx'
import { Check, CircleSlash, UserCheck, UserX, Video } from '../../ui/icons.ts'
import styles from './AppointmentBlock.module.css'
import { appointmentDetails, appointmentLabel, appointmentTitle, isTelehealth, type LabelContext } from './appointment-label.ts'
import { isAway } from './layout.ts'
import type { ScheduleDoors } from './schedule-doors.ts'

const statusIcons = { arrived: UserCheck, fulfilled: Check, noshow: UserX, cancelled: CircleSlash } as const

export type AppointmentBlockProps = {
  readonly doors: ScheduleDoors
  readonly appointment: Appointment
  readonly onOpen: () => void
  readonly onFocus?: () => void
  readonly tabIndex?: number
  readonly stop?: string
  /** Another place in the layout: `list` has room for all words. */
  readonly shape: 'block' | 'list' | 'shade'
}

/** One appointment as a button. Status and telehealth are marks and words, never colour alone. */
export function AppointmentBlock(props: AppointmentBlockProps): JSX.Element {
  const context = (): LabelContext => ({
    words: scheduleWords(),
    patients: props.doors.patients,
    members: props.doors.members,
    formatTime,
  })
  const status = () => props.appointment.status
  const statusIcon = () => (status() === 'booked' ? null : statusIcons[status() as keyof typeof statusIcons])
  return (
    <button
      type="button"
      class={`${styles.appointment} ${styles[props.shape]}`}
      classList={{
        [styles.off as string]: status() === 'cancelled' || status() === 'noshow',
        [styles.away as string]: props.shape === 'list' && isAway(props.appointment),
        [styles.event as string]: props.appointment.type === 'scheduled-event',
        [styles.running as string]: props.doors.runningAppointmentId === props.appointment.id,
      }}
      aria-label={appointmentLabel(props.appointment, context())}
      aria-haspopup="dialog"
      tabIndex={props.tabIndex}
      data-stop={props.stop}
      onFocus={() => props.onFocus?.()}
      onClick={(event) => {
        event.stopPropagation()
        props.onOpen()
      }}
    >
      <span class={styles.lines}>
        <span class={styles.time}>{formatTime(props.appointment.startAt)}</span>{' '}
        <span class={styles.marks}>
          <Show when={isTelehealth(props.appointment)}>
            <Icon of={Video} size="small" />
          </Show>
          <Show when={statusIcon()}>{(icon) => <Icon of={icon()} size="small" />}</Show>
        </span>
        <span class={styles.title}>{appointmentTitle(props.appointment, context())}</span>{' '}
        <Show when={statusIcon()}>
          <span class={styles.status}>{scheduleWords().statuses[status()]} </span>
        </Show>
        <span class={styles.details}>{appointmentDetails(props.appointment, context()).join(', ')}</span>
      </span>
    </button>
  )
}
