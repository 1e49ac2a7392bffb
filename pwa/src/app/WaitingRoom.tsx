import { useLocation } from '@solidjs/router'
import { createEffect, createMemo, type JSX, onCleanup, Show } from 'solid-js'
import { WaitingRoomLayer } from '../features/waiting-room/WaitingRoomLayer.tsx'
import { createWaitingAnnouncer } from '../features/waiting-room/waiting-announcer.ts'
import type { ClinicianRoom } from '../features/session/room-state.ts'
import { useNavigate } from '@solidjs/router'
import { useApp } from './app-context.ts'
import { preparedAppointment } from './services/prepared-appointment.ts'
import { viewTitle } from './services/view-title.ts'
import { sessionWords } from '../words/areas.ts'

/** S20: arrivals are announced on every page of the app. Mounted once, above the views. */
export function WaitingRoom(): JSX.Element {
  const app = useApp()
  const location = useLocation()
  const title = createMemo(() => viewTitle(location.pathname))
  return (
    <Show when={app.room()} keyed fallback={<PlainTitle title={title()} />}>
      {(room) => <Arrivals room={room} title={title()} />}
    </Show>
  )
}

function Arrivals(props: { readonly room: ClinicianRoom; readonly title: string }): JSX.Element {
  const app = useApp()
  const navigate = useNavigate()
  const location = useLocation()
  const announcer = createWaitingAnnouncer({
    room: props.room,
    sound: app.sound,
    notifications: app.notifications,
    page: app.page,
    clock: app.clock,
    companion: app.companion,
    words: () => sessionWords().notice,
    baseTitle: props.title,
  })
  onCleanup(() => announcer.close())
  app.page.setTitle(props.title)
  createEffect(() => announcer.setBaseTitle(props.title))
  return (
    <WaitingRoomLayer
      room={props.room}
      announcer={announcer}
      media={app.media}
      practice={app.practiceState()}
      clock={app.clock}
      browser={app.browser}
      preparing={location.pathname === '/session' ? preparedAppointment(location.state) : null}
      onStart={app.startSession}
      onOpenSchedule={() => navigate('/')}
    />
  )
}

function PlainTitle(props: { readonly title: string }): JSX.Element {
  const app = useApp()
  createEffect(() => app.page.setTitle(props.title))
  return null
}
