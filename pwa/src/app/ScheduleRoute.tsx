import type { Appointment } from '@alcove/shared/domain/appointment'
import type { AppointmentId, MemberId, PatientId } from '@alcove/shared/domain/ids'
import { fullName } from '@alcove/shared/domain/patient'
import { wallTimeAt } from '@alcove/shared/domain/time'
import { useNavigate, useParams } from '@solidjs/router'
import { type Accessor, createMemo, type JSX, onCleanup, Show } from 'solid-js'
import { createLinksToSend, type LinkToSend } from '../features/practice/links-to-send.ts'
import { LinksToSendCard } from '../features/practice/LinksToSendCard.tsx'
import { type CalendarView, datesOf, firstDayOfWeek, isDate, rangeOf } from '../features/schedule/calendar.ts'
import { SchedulePage } from '../features/schedule/SchedulePage.tsx'
import type { ScheduleDoors } from '../features/schedule/schedule-doors.ts'
import { type AppContext, useApp } from './app-context.ts'
import { fromSubscribeTo } from './services/from-subscribe.ts'
import { shortcutsAreOn } from './services/shortcuts.ts'
import { formattingTag } from '../words/i18n.ts'

export function ScheduleRoute(): JSX.Element {
  const app = useApp()
  const params = useParams()
  const navigate = useNavigate()
  const view = (): CalendarView => (params.view === 'week' ? 'week' : 'day')
  const date = createMemo(() => {
    const asked = params.date ?? ''
    return isDate(asked) ? asked : wallTimeAt(app.now(), app.zone).date
  })
  const dates = createMemo(() => datesOf(view(), date(), firstDayOfWeek(formattingTag())), [], {
    equals: (a, b) => a.join() === b.join(),
  })
  const range = createMemo(() => rangeOf(dates(), app.zone))
  const appointments = fromSubscribeTo(range, ({ fromAt, toAt }, listener: (found: readonly Appointment[]) => void) =>
    app.schedule.watchRange(fromAt, toAt, listener),
  )
  const doors = scheduleDoors(app)
  const hrefOf = (to: CalendarView, day: string) => `/schedule/${to}/${day}`
  return (
    <>
      <LinksToSendAgain />
      <SchedulePage
        doors={doors}
        view={view()}
        date={date()}
        dates={dates()}
        appointments={appointments()}
        shortcuts={shortcutsAreOn(app.preferences)}
        onGo={(to, day) => navigate(hrefOf(to, day))}
        hrefOf={hrefOf}
      />
    </>
  )
}

/** After my waiting room was replaced. */
function LinksToSendAgain(): JSX.Element {
  const app = useApp()
  const me = createMemo(() => app.practiceState().me.id)
  const roomSince = createMemo(() => app.peopleState()?.roomSince ?? null)
  const links = createMemo(() => {
    const since = roomSince()
    if (since === null) return null
    const { clock, schedule, journal } = app
    const made = createLinksToSend({ clock, schedule, journal, me: me(), roomSince: since })
    onCleanup(made.close)
    return made
  })
  const patientOf = (id: PatientId) => app.patientList().find((patient) => patient.id === id)
  async function urlOf({ patientId, next }: LinkToSend): Promise<string | null> {
    const { practice, me: clinician } = app.practiceState()
    const patient = patientOf(patientId)
    if (!patient) return null
    const link = await app.links.ofPatient({ practice, clinician, patient, firstStartAt: next.firstStartAt })
    return link.kind === 'ready' ? link.url : null
  }
  return (
    <Show when={links()} keyed>
      {(present) => (
        <LinksToSendCard
          links={present}
          nameOf={(id) => fullName(patientOf(id) ?? { firstName: '', lastName: '' })}
          urlOf={urlOf}
          page={app.page}
        />
      )}
    </Show>
  )
}

function scheduleDoors(app: AppContext): ScheduleDoors {
  async function patientLink(appointment: Appointment, patientId: PatientId, clinicianId: MemberId) {
    const { practice, members } = app.practiceState()
    const patient = app.patientList().find(({ id }) => id === patientId)
    const clinician = members.find(({ id }) => id === clinicianId)
    if (!patient || !clinician) return { kind: 'failed' } as const
    return app.links.ofPatient({ practice, clinician, patient, firstStartAt: appointment.firstStartAt })
  }
  function watchAppointment(id: Accessor<AppointmentId | null>) {
    return fromSubscribeTo(id, (present, listener: (found: Appointment | null) => void) => app.schedule.watch(present, listener))
  }
  return {
    get practice() {
      return app.practiceState().practice
    },
    get me() {
      return app.practiceState().me
    },
    get members() {
      return app.practiceState().members
    },
    get patients() {
      return app.patientList()
    },
    get now() {
      return app.now()
    },
    get runningAppointmentId() {
      return app.runningAppointmentId()
    },
    get remoteSession() {
      const remote = app.roomState()?.devices.remote
      return remote?.kind === 'running' ? { appointmentId: remote.appointmentId, label: remote.label } : null
    },
    zone: app.zone,
    schedule: app.schedule,
    patientRepository: app.patients,
    page: app.page,
    watchAppointment,
    patientLink,
    startSession: app.startSession,
    returnToSession: app.returnToSession,
    moveSessionHere() {
      void app.media.open()
      void app.room()?.moveHere()
    },
  }
}
