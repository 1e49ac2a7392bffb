import type { Appointment } from '@alcove/shared/domain/appointment'
import type { AppointmentId } from '@alcove/shared/domain/ids'
import { fullName } from '@alcove/shared/domain/patient'
import { useLocation, useNavigate } from '@solidjs/router'
import { createMemo, createSignal, type JSX, Show } from 'solid-js'
import { ClinicianSessionRoute } from '../features/session/ClinicianSessionRoute.tsx'
import { roomLockName } from '../features/session/room-deps.ts'
import { createLatest } from '../ui/create-latest.ts'
import { EmptyState } from '../ui/EmptyState.tsx'
import { useApp } from './app-context.ts'
import { fromSubscribeTo } from './services/from-subscribe.ts'
import { preparedAppointment } from './services/prepared-appointment.ts'
import { readSessionName, rememberSessionName } from './services/session-name.ts'
import { WelcomeDialog } from './WelcomeDialog.tsx'
import { sessionWords, shellWords } from '../words/areas.ts'

/** `/session`: Welcome!, the session, and what stands there after its end. */
export function SessionRoute(): JSX.Element {
  const app = useApp()
  const location = useLocation()
  const navigate = useNavigate()
  const prepared = createMemo(() => preparedAppointment(location.state))
  const appointment = fromSubscribeTo(prepared, (id: AppointmentId, listener: (found: Appointment | null) => void) =>
    app.schedule.watch(id, listener),
  )
  const remembered = createLatest(
    () => app.journal,
    (journal) => readSessionName(journal),
  )
  const [typedName, setTypedName] = createSignal<string | null>(null)
  const name = () => typedName() ?? remembered() ?? app.practiceState().me.name
  const inviteLink = createLatest(
    () => app.practiceState(),
    async ({ practice, me }) => {
      const link = await app.links.standing({ practice, clinician: me })
      return link.kind === 'ready' ? link.url : null
    },
  )

  function changeName(next: string): void {
    setTypedName(next)
    app.room()?.setName(next)
    void rememberSessionName(app.journal, next)
  }

  return (
    <Show when={app.room()} keyed fallback={<NoRoom />}>
      {(room) => (
        <ClinicianSessionRoute
          room={room}
          media={app.media}
          backgrounds={{ control: app.background, images: app.backgroundImages }}
          schedule={app.schedule}
          practice={app.practiceState()}
          patientName={(id) => fullName(app.patientList().find((patient) => patient.id === id) ?? { firstName: '', lastName: '' })}
          name={name()}
          onName={changeName}
          inviteLink={inviteLink() ?? null}
          sound={app.sound}
          steps={app.browser}
          canShareScreen={app.canShareScreen}
          clock={app.clock}
          page={app.page}
          preferences={app.preferences}
          notifications={app.notifications}
          appointment={appointment() ?? null}
          welcome={(join, cancel) => (
            <Show when={remembered() !== undefined}>
              <WelcomeDialog name={name()} onJoin={join} onCancel={cancel} />
            </Show>
          )}
          onDecided={(outcome) => (outcome === 'joined' ? navigate('/session', { replace: true }) : navigate(-1))}
          onShowOtherTab={() => app.tabs.summon(roomLockName)}
          onOpenSchedule={() => navigate('/')}
          scheduleHref="/"
          connectionHelpHref="/help/connection"
          supportHref="/help/contact"
        />
      )}
    </Show>
  )
}

/** The room is still being opened, or I am no clinician. */
function NoRoom(): JSX.Element {
  const app = useApp()
  return (
    <Show when={app.roomSettled()} fallback={<p role="status">{shellWords().session.opening}</p>}>
      <EmptyState
        title={sessionWords().route.nothingTitle}
        hint={sessionWords().route.nothingText}
        action={<a href="/">{shellWords().session.toSchedule}</a>}
      />
    </Show>
  )
}
