import type { Appointment } from '@alcove/shared/domain/appointment'
import type { AppointmentId, MemberId, PatientId } from '@alcove/shared/domain/ids'
import { wallTimeAt } from '@alcove/shared/domain/time'
import { useNavigate, useParams } from '@solidjs/router'
import { type Accessor, createMemo, type JSX } from 'solid-js'
import { type CalendarView, datesOf, firstDayOfWeek, isDate, rangeOf } from '../features/schedule/calendar.ts'
import { SchedulePage } from '../features/schedule/SchedulePage.tsx'
import type { ScheduleDoors } from '../features/schedule/schedule-doors.ts'
import { type AppContext, useApp } from './app-context.ts'
import { KitToMake } from './KitToMake.tsx'
import { LinksToSendAgain } from './LinksToSendAgain.tsx'
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
      <KitToMake />
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
