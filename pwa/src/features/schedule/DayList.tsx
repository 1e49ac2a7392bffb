import { wallTimeAt } from '@alcove/shared/domain/time'
import type { JSX } from 'solid-js'
import { For, Show } from 'solid-js'
import { scheduleWords } from '../../words/areas.ts'
import { formatDay } from '../../words/formats.ts'
import { EmptyState } from '../../ui/EmptyState.tsx'
import { AppointmentBlock } from './AppointmentBlock.tsx'
import { noonOf } from './calendar.ts'
import type { Cursor } from './cursor.ts'
import styles from './DayList.module.css'
import type { DayLayout } from './layout.ts'
import type { ScheduleDoors } from './schedule-doors.ts'

export type DayListProps = {
  readonly doors: ScheduleDoors
  readonly days: readonly DayLayout[]
  readonly onOpen: (cursor: Cursor) => void
  readonly dayHref: (date: string) => string
}

/** The same days as lists, for small screens. */
export function DayList(props: DayListProps): JSX.Element {
  const entries = (day: DayLayout) =>
    [...day.shades, ...day.blocks].sort((a, b) => a.startMinute - b.startMinute).map((one) => ({ ...one, date: day.date }))
  const today = () => wallTimeAt(props.doors.now, props.doors.zone).date
  return (
    <div class={styles.days}>
      <For each={props.days}>
        {(day) => (
          <section class={styles.day}>
            <Show when={props.days.length > 1}>
              <h2 class={styles.heading}>
                <a href={props.dayHref(day.date)} aria-current={day.date === today() ? 'date' : undefined}>
                  {formatDay(noonOf(day.date, props.doors.zone), props.doors.zone)}
                </a>
                <Show when={day.date === today()}>
                  <span class={styles.today}>{scheduleWords().today}</span>
                </Show>
              </h2>
            </Show>
            <ul class={styles.list}>
              <For
                each={entries(day)}
                fallback={
                  <li>
                    <Show when={props.days.length === 1} fallback={<span class={styles.free}>{scheduleWords().emptyWeekDay}</span>}>
                      <EmptyState title={scheduleWords().emptyDay} hint={scheduleWords().emptyDayHint} />
                    </Show>
                  </li>
                }
              >
                {(entry) => (
                  <li>
                    <AppointmentBlock
                      doors={props.doors}
                      appointment={entry.appointment}
                      shape="list"
                      onOpen={() => props.onOpen({ date: entry.date, minute: entry.startMinute, appointmentId: entry.appointment.id })}
                    />
                  </li>
                )}
              </For>
            </ul>
          </section>
        )}
      </For>
    </div>
  )
}
