import type { Appointment } from '@alcove/shared/domain/appointment'
import type { JSX } from 'solid-js'
import { Show } from 'solid-js'
import { scheduleWords } from '../../words/areas.ts'
import { formatDay, formatTime } from '../../words/formats.ts'
import { cssVariables } from '../../ui/css-variables.ts'
import { KeyedFor } from '../../ui/KeyedFor.tsx'
import { AppointmentBlock } from './AppointmentBlock.tsx'
import { noonOf, timeOfMinute } from './calendar.ts'
import type { Cursor } from './cursor.ts'
import styles from './DayColumn.module.css'
import { type DayLayout, shortestDrawnMinutes } from './layout.ts'
import type { ScheduleDoors } from './schedule-doors.ts'

export type DayColumnProps = {
  readonly doors: ScheduleDoors
  readonly layout: DayLayout
  /** Where the keyboard is, when it is on this day. */
  readonly cursor: Cursor | null
  /** Minute of the day, only on today. */
  readonly nowMinute: number | null
  readonly onCursor: (cursor: Cursor) => void
  readonly onOpen: (cursor: Cursor) => void
  /** Minute of the day that was clicked, on a quarter of an hour. */
  readonly onNew: (minute: number) => void
}

export function stopKey(cursor: Cursor): string {
  return `${cursor.date} ${cursor.appointmentId ?? cursor.minute}`
}

export function DayColumn(props: DayColumnProps): JSX.Element {
  const day = () => formatDay(noonOf(props.layout.date, props.doors.zone), props.doors.zone)
  const count = () => props.layout.blocks.length + props.layout.shades.length
  const tabIndexOf = (id: string) => (props.cursor?.appointmentId === id ? 0 : -1)
  const cursorAt = (placed: { readonly startMinute: number; readonly appointment: Appointment }): Cursor => ({
    date: props.layout.date,
    minute: placed.startMinute,
    appointmentId: placed.appointment.id,
  })
  const minuteAt = (event: MouseEvent & { readonly currentTarget: HTMLElement }) => {
    const box = event.currentTarget.getBoundingClientRect()
    const minute = ((event.clientY - box.top) / box.height) * 1440
    return Math.min(Math.max(Math.floor(minute / 15) * 15, 0), 1425)
  }
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the keyboard has the same through the cursor's button
    <div
      class={styles.column}
      classList={{ [styles.today as string]: props.nowMinute !== null }}
      role="group"
      aria-label={scheduleWords().dayLabel(day(), count())}
      onClick={(event) => props.onNew(minuteAt(event))}
    >
      <KeyedFor each={props.layout.shades} by={({ appointment }) => appointment.id}>
        {(shade) => (
          <div
            class={styles.shade}
            ref={cssVariables(() => ({ '--start': `${shade().startMinute}`, '--length': `${shade().endMinute - shade().startMinute}` }))}
          >
            <AppointmentBlock
              doors={props.doors}
              appointment={shade().appointment}
              shape="shade"
              tabIndex={tabIndexOf(shade().appointment.id)}
              stop={stopKey(cursorAt(shade()))}
              onFocus={() => props.onCursor(cursorAt(shade()))}
              onOpen={() => props.onOpen(cursorAt(shade()))}
            />
          </div>
        )}
      </KeyedFor>
      <KeyedFor each={props.layout.blocks} by={({ appointment }) => appointment.id}>
        {(block) => (
          <div
            class={styles.place}
            ref={cssVariables(() => ({
              '--start': `${block().startMinute}`,
              '--length': `${Math.max(block().endMinute - block().startMinute, shortestDrawnMinutes)}`,
              '--column': `${block().column}`,
              '--columns': `${block().columns}`,
            }))}
          >
            <AppointmentBlock
              doors={props.doors}
              appointment={block().appointment}
              shape="block"
              tabIndex={tabIndexOf(block().appointment.id)}
              stop={stopKey(cursorAt(block()))}
              onFocus={() => props.onCursor(cursorAt(block()))}
              onOpen={() => props.onOpen(cursorAt(block()))}
            />
          </div>
        )}
      </KeyedFor>
      <Show when={props.cursor?.appointmentId === null ? props.cursor : null}>
        {(cursor) => (
          <button
            type="button"
            class={styles.slot}
            data-stop={stopKey(cursor())}
            ref={cssVariables(() => ({ '--start': `${cursor().minute}`, '--length': '30' }))}
            aria-label={scheduleWords().newAt(day(), formatTime(Date.parse(`2000-01-01T${timeOfMinute(cursor().minute)}:00Z`), 'UTC'))}
            onClick={(event) => {
              event.stopPropagation()
              props.onNew(cursor().minute)
            }}
          />
        )}
      </Show>
      <Show when={props.nowMinute !== null}>
        <div class={styles.now} ref={cssVariables(() => ({ '--start': `${props.nowMinute ?? 0}` }))}>
          <span class="visually-hidden">{scheduleWords().now}</span>
        </div>
      </Show>
    </div>
  )
}
