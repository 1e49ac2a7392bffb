import { wallTimeAt } from '@alcove/shared/domain/time'
import type { JSX } from 'solid-js'
import { createMemo, createSignal, createUniqueId, For, on, createEffect, onMount } from 'solid-js'
import { scheduleWords } from '../../words/areas.ts'
import { formatShortDate, formatTime, formatWeekday } from '../../words/formats.ts'
import { cssVariables } from '../../ui/css-variables.ts'
import { minuteOfTime, noonOf, timeOfMinute } from './calendar.ts'
import { type Cursor, type Move, moveCursor, slotMinutes, stopAt } from './cursor.ts'
import { DayColumn, stopKey } from './DayColumn.tsx'
import type { DayLayout } from './layout.ts'
import type { ScheduleDoors } from './schedule-doors.ts'
import styles from './TimeGrid.module.css'

const moves: Readonly<Record<string, Move>> = {
  ArrowUp: 'up',
  ArrowDown: 'down',
  ArrowLeft: 'left',
  ArrowRight: 'right',
  Home: 'first',
  End: 'last',
}

const hours = Array.from({ length: 23 }, (_, index) => index + 1)

export type TimeGridProps = {
  readonly doors: ScheduleDoors
  readonly days: readonly DayLayout[]
  readonly onOpen: (cursor: Cursor) => void
  readonly onNew: (date: string, minute: number) => void
  /** The keyboard left the days on screen at one side. */
  readonly onLeave: (direction: 1 | -1) => void
  readonly dayHref: (date: string) => string
}

/** One to seven days side by side. One stop for Tab; arrow keys move between free half hours and appointments. */
export function TimeGrid(props: TimeGridProps): JSX.Element {
  const hintId = createUniqueId()
  let scroller: HTMLDivElement | undefined
  const now = createMemo(() => wallTimeAt(props.doors.now, props.doors.zone), undefined, {
    equals: (a, b) => a.date === b.date && a.time === b.time,
  })
  const dates = createMemo(() => props.days.map(({ date }) => date), [], { equals: (a, b) => a.join() === b.join() })

  /** Where the keyboard was last; the nearest stop that exists is where it is. */
  const [wanted, setWanted] = createSignal<{
    readonly date: string
    readonly minute: number
    readonly appointmentId: Cursor['appointmentId']
  }>({
    date: dates().includes(now().date) ? now().date : (dates()[0] as string),
    minute: dates().includes(now().date) ? minuteOfTime(now().time) : 8 * 60,
    appointmentId: null,
  })
  const cursor = createMemo((): Cursor => {
    const want = wanted()
    const day = props.days.find(({ date }) => date === want.date) ?? (props.days[0] as DayLayout)
    const known = [...day.blocks, ...day.shades].find(({ appointment }) => appointment.id === want.appointmentId)
    if (known) return { date: day.date, minute: known.startMinute, appointmentId: known.appointment.id }
    return stopAt(day, Math.floor(want.minute / slotMinutes) * slotMinutes)
  })

  function focusCursor(): void {
    const stop = scroller?.querySelector<HTMLElement>(`[data-stop="${CSS.escape(stopKey(cursor()))}"]`)
    stop?.focus()
    stop?.scrollIntoView({ block: 'nearest', inline: 'nearest' })
  }

  function onKeyDown(event: KeyboardEvent): void {
    const move = moves[event.key]
    if (!move || event.altKey || event.ctrlKey || event.metaKey) return
    event.preventDefault()
    const next = moveCursor(props.days, cursor(), move)
    if (next === 'before' || next === 'after') {
      const direction = next === 'before' ? -1 : 1
      props.onLeave(direction)
      return
    }
    setWanted(next)
    focusCursor()
  }

  // Paging by keyboard keeps the keyboard in the grid: on the first or last day that came.
  createEffect(
    on(
      dates,
      (present, before) => {
        if (!before) return
        const hadFocus = scroller?.contains(document.activeElement) || document.activeElement === document.body
        const forward = (present[0] as string) > (before[0] as string)
        const date = present.includes(now().date) && !hadFocus ? now().date : present[forward ? 0 : present.length - 1]
        setWanted((want) => ({ ...want, date: date as string, appointmentId: null }))
        if (hadFocus) focusCursor()
      },
      { defer: true },
    ),
  )

  onMount(() => {
    if (!scroller) return
    const start = dates().includes(now().date) ? minuteOfTime(now().time) - 90 : 7.5 * 60
    scroller.scrollTop = (Math.max(0, start) / 1440) * scroller.scrollHeight
  })

  return (
    <div class={styles.grid} ref={cssVariables(() => ({ '--days': `${props.days.length}` }))}>
      <p id={hintId} class="visually-hidden">
        {scheduleWords().calendarHint}
      </p>
      <div
        class={styles.scroller}
        ref={scroller}
        role="group"
        aria-label={scheduleWords().calendar}
        aria-describedby={hintId}
        onKeyDown={onKeyDown}
      >
        <div class={styles.heads}>
          <span />
          <For each={dates()}>
            {(date) => (
              <a
                class={styles.head}
                classList={{ [styles.today as string]: date === now().date }}
                href={props.dayHref(date)}
                aria-current={date === now().date ? 'date' : undefined}
              >
                <span>{formatWeekday(noonOf(date, props.doors.zone), props.doors.zone)}</span>
                <span class={styles.number}>{formatShortDate(noonOf(date, props.doors.zone), props.doors.zone)}</span>
              </a>
            )}
          </For>
        </div>
        <div class={styles.body}>
          <div class={styles.hours} aria-hidden="true">
            <For each={hours}>
              {(hour) => (
                <span class={styles.hour} ref={cssVariables(() => ({ '--start': `${hour * 60}` }))}>
                  {formatTime(Date.parse(`2000-01-01T${timeOfMinute(hour * 60)}:00Z`), 'UTC')}
                </span>
              )}
            </For>
          </div>
          <For each={dates()}>
            {(date) => {
              const layout = () => props.days.find((day) => day.date === date) ?? { date, blocks: [], shades: [] }
              return (
                <DayColumn
                  doors={props.doors}
                  layout={layout()}
                  cursor={cursor().date === date ? cursor() : null}
                  nowMinute={date === now().date ? minuteOfTime(now().time) : null}
                  onCursor={setWanted}
                  onOpen={(at) => props.onOpen(at)}
                  onNew={(minute) => props.onNew(date, minute)}
                />
              )
            }}
          </For>
        </div>
      </div>
    </div>
  )
}
