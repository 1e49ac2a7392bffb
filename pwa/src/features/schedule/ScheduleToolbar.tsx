import type { MemberId } from '@alcove/shared/domain/ids'
import { wallTimeAt } from '@alcove/shared/domain/time'
import type { JSX } from 'solid-js'
import { For, Show } from 'solid-js'
import { scheduleWords } from '../../words/areas.ts'
import { formatDateRange, formatLongDate } from '../../words/formats.ts'
import { Button } from '../../ui/Button.tsx'
import { Icon } from '../../ui/Icon.tsx'
import { ChevronLeft, ChevronRight, Plus } from '../../ui/icons.ts'
import { Select } from '../../ui/Select.tsx'
import { isClinician } from './appointment-form.ts'
import { type CalendarView, noonOf, step } from './calendar.ts'
import type { ScheduleDoors } from './schedule-doors.ts'
import styles from './ScheduleToolbar.module.css'

export type ScheduleToolbarProps = {
  readonly doors: ScheduleDoors
  readonly view: CalendarView
  readonly date: string
  readonly dates: readonly string[]
  readonly shown: MemberId | ''
  readonly onShow: (member: MemberId | '') => void
  readonly onGo: (view: CalendarView, date: string) => void
  readonly hrefOf: (view: CalendarView, date: string) => string
  readonly onNew: () => void
}

export function ScheduleToolbar(props: ScheduleToolbarProps): JSX.Element {
  const today = () => wallTimeAt(props.doors.now, props.doors.zone).date
  const noon = (date: string) => noonOf(date, props.doors.zone)
  const title = () => {
    if (props.view === 'day') return formatLongDate(noon(props.date), props.doors.zone)
    const [first, last] = [props.dates[0] as string, props.dates[props.dates.length - 1] as string]
    return formatDateRange(noon(first), noon(last), props.doors.zone)
  }
  const clinicians = () => props.doors.members.filter(isClinician)
  const words = () => scheduleWords()
  return (
    <div class={styles.toolbar}>
      <div class={styles.heading}>
        <h1>{words().title}</h1>
        <p class={styles.title} aria-live="polite">
          {title()}
        </p>
      </div>
      <div class={styles.controls}>
        <Button onClick={() => props.onGo(props.view, today())}>{words().today}</Button>
        <Button
          iconOnly
          aria-label={props.view === 'day' ? words().previousDay : words().previousWeek}
          onClick={() => props.onGo(props.view, step(props.view, props.date, -1))}
        >
          <Icon of={ChevronLeft} />
        </Button>
        <Button
          iconOnly
          aria-label={props.view === 'day' ? words().nextDay : words().nextWeek}
          onClick={() => props.onGo(props.view, step(props.view, props.date, 1))}
        >
          <Icon of={ChevronRight} />
        </Button>
        <nav class={styles.views} aria-label={words().views}>
          <For each={['day', 'week'] as const}>
            {(view) => (
              <a class={styles.view} href={props.hrefOf(view, props.date)} aria-current={props.view === view ? 'true' : undefined}>
                {words()[view]}
              </a>
            )}
          </For>
        </nav>
        <Show when={clinicians().length > 1}>
          <div class={styles.filter}>
            <Select
              label={words().calendarOf}
              labelHidden
              value={props.shown}
              options={[
                { value: '' as MemberId | '', label: words().everyone },
                ...clinicians().map(({ id, name }) => ({ value: id as MemberId | '', label: name })),
              ]}
              onChange={(member) => props.onShow(member)}
            />
          </div>
        </Show>
        <Button kind="primary" icon={<Icon of={Plus} />} onClick={() => props.onNew()}>
          {words().newAppointment}
        </Button>
      </div>
    </div>
  )
}
