import type { Appointment } from '@alcove/shared/domain/appointment'
import type { MemberId } from '@alcove/shared/domain/ids'
import { wallTimeAt } from '@alcove/shared/domain/time'
import type { JSX } from 'solid-js'
import { createMemo, createSignal, Match, onCleanup, onMount, Show, Switch } from 'solid-js'
import { scheduleWords } from '../../words/areas.ts'
import { matches } from '../../ui/media-query.ts'
import { AppointmentDialog, type AppointmentDialogProps } from './AppointmentDialog.tsx'
import { newForm } from './appointment-form.ts'
import { type CalendarView, step, timeOfMinute } from './calendar.ts'
import type { Cursor } from './cursor.ts'
import { DayList } from './DayList.tsx'
import { layoutDay } from './layout.ts'
import type { ScheduleDoors } from './schedule-doors.ts'
import styles from './SchedulePage.module.css'
import { ScheduleToolbar } from './ScheduleToolbar.tsx'
import { TimeGrid } from './TimeGrid.tsx'

export type SchedulePageProps = {
  readonly doors: ScheduleDoors
  readonly view: CalendarView
  readonly date: string
  /** The days on screen, ISO dates. */
  readonly dates: readonly string[]
  /** Those that touch the days on screen; undefined while they are read. */
  readonly appointments: readonly Appointment[] | undefined
  readonly shortcuts: boolean
  readonly onGo: (view: CalendarView, date: string) => void
  readonly hrefOf: (view: CalendarView, date: string) => string
}

type OpenDialog = AppointmentDialogProps['start']

export function SchedulePage(props: SchedulePageProps): JSX.Element {
  const [open, setOpen] = createSignal<OpenDialog | null>(null)
  const [shown, setShown] = createSignal<MemberId | ''>('')
  const isSmall = matches('(max-width: 44rem), (max-height: 32rem)')
  const today = () => wallTimeAt(props.doors.now, props.doors.zone).date
  const visible = createMemo(() => {
    const member = shown()
    return (props.appointments ?? []).filter(({ clinicianId }) => member === '' || clinicianId === member)
  })
  const days = createMemo(() => props.dates.map((date) => layoutDay(visible(), date, props.doors.zone)))

  function openNew(at?: { readonly date: string; readonly time: string }): void {
    const { me, members, now, zone } = props.doors
    const blank = newForm({ me, members, now, zone, at })
    const member = shown()
    setOpen({ blank: member === '' ? blank : { ...blank, clinicianId: member } })
  }

  function openAt(cursor: Cursor): void {
    const saved = (props.appointments ?? []).find(({ id }) => id === cursor.appointmentId)
    if (saved) setOpen({ saved })
  }

  function onShortcut(event: KeyboardEvent): void {
    const target = event.target as HTMLElement
    const typing = target.closest('input, select, textarea, dialog, [role="menu"], [contenteditable]')
    if (!props.shortcuts || typing || open() || document.querySelector('dialog[open]')) return
    if (event.altKey || event.ctrlKey || event.metaKey) return
    const action = {
      n: () => openNew(),
      t: () => props.onGo(props.view, today()),
      d: () => props.onGo('day', props.date),
      w: () => props.onGo('week', props.date),
      PageUp: () => props.onGo(props.view, step(props.view, props.date, -1)),
      PageDown: () => props.onGo(props.view, step(props.view, props.date, 1)),
    }[event.key]
    if (!action) return
    event.preventDefault()
    action()
  }
  onMount(() => document.addEventListener('keydown', onShortcut))
  onCleanup(() => document.removeEventListener('keydown', onShortcut))

  return (
    <div class={styles.page} data-fill={isSmall() ? undefined : ''}>
      <ScheduleToolbar
        doors={props.doors}
        view={props.view}
        date={props.date}
        dates={props.dates}
        shown={shown()}
        onShow={setShown}
        onGo={props.onGo}
        hrefOf={props.hrefOf}
        onNew={() => openNew()}
      />
      <Switch fallback={<p class={styles.loading}>{scheduleWords().loading}</p>}>
        <Match when={props.appointments && isSmall()}>
          <DayList doors={props.doors} days={days()} onOpen={openAt} dayHref={(date) => props.hrefOf('day', date)} />
        </Match>
        <Match when={props.appointments}>
          <TimeGrid
            doors={props.doors}
            days={days()}
            onOpen={openAt}
            onNew={(date, minute) => openNew({ date, time: timeOfMinute(minute) })}
            onLeave={(direction) => props.onGo(props.view, step(props.view, props.date, direction))}
            dayHref={(date) => props.hrefOf('day', date)}
          />
        </Match>
      </Switch>
      <Show when={open()} keyed>
        {(start) => <AppointmentDialog doors={props.doors} start={start} onClose={() => setOpen(null)} />}
      </Show>
    </div>
  )
}
