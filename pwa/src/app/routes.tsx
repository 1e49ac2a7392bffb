import type { Appointment } from '@alcove/shared/domain/appointment'
import { wallTimeAt } from '@alcove/shared/domain/time'
import { Navigate, Route, Router, useNavigate } from '@solidjs/router'
import { type JSX, lazy, Suspense } from 'solid-js'
import { useApp } from './app-context.ts'
import { HelpRoute } from './HelpRoute.tsx'
import { PatientsRoute } from './PatientsRoute.tsx'
import { ScheduleRoute } from './ScheduleRoute.tsx'
import { SettingsRoute } from './SettingsRoute.tsx'
import { NotFound, Shell } from './Shell.tsx'
import { shellWords } from '../words/areas.ts'

/** The session's code comes when there is one. The service worker has it at hand, also offline. */
const LazySession = lazy(async () => ({ default: (await import('./SessionRoute.tsx')).SessionRoute }))
const LazyRecoveryKit = lazy(async () => ({ default: (await import('./RecoveryKitRoute.tsx')).RecoveryKitRoute }))

export type AppRoutesProps = {
  readonly onNavigator: (go: (to: string, appointment?: Appointment) => void) => void
  readonly linksShown: boolean
  readonly onHideLinks: () => void
}

export function AppRoutes(props: AppRoutesProps): JSX.Element {
  function Root(section: { readonly children?: JSX.Element }): JSX.Element {
    const navigate = useNavigate()
    props.onNavigator((to, appointment) => navigate(to, appointment ? { state: { appointmentId: appointment.id } } : {}))
    return (
      <Shell linksShown={props.linksShown} onHideLinks={props.onHideLinks}>
        {section.children}
      </Shell>
    )
  }
  return (
    <Router root={Root} preload={false}>
      <Route path="/" component={Today} />
      <Route path="/schedule/:view?/:date?" component={ScheduleRoute} />
      <Route path="/patients" component={PatientsRoute} />
      <Route path="/settings" component={SettingsRoute} />
      <Route path="/recovery-kit" component={RecoveryKit} />
      <Route path="/session" component={SessionRoute} />
      <Route path="/help/:topic?" component={HelpRoute} />
      <Route path="*" component={NotFound} />
    </Router>
  )
}

/** Views that may have to be fetched: only they wait, nothing around them. */
function SessionRoute(): JSX.Element {
  return (
    <Suspense fallback={<p role="status">{shellWords().session.opening}</p>}>
      <LazySession />
    </Suspense>
  )
}

function RecoveryKit(): JSX.Element {
  return (
    <Suspense fallback={<p role="status">{shellWords().loading}</p>}>
      <LazyRecoveryKit />
    </Suspense>
  )
}

function Today(): JSX.Element {
  const app = useApp()
  return <Navigate href={`/schedule/day/${wallTimeAt(app.now(), app.zone).date}`} />
}
