import { useLocation } from '@solidjs/router'
import { createMemo, createSignal, type JSX, onCleanup, Show } from 'solid-js'
import { DeviceBanner } from '../features/session/DeviceBanner.tsx'
import { RestartBanner } from '../features/session/RestartBanner.tsx'
import { Banner } from '../ui/Banner.tsx'
import { createLatest } from '../ui/create-latest.ts'
import { Button } from '../ui/Button.tsx'
import { Icon } from '../ui/Icon.tsx'
import { Clock, Info, RefreshCw, TriangleAlert, Video, WifiOff } from '../ui/icons.ts'
import { useApp } from './app-context.ts'
import { LogNotices } from './LogNotices.tsx'
import styles from './Notices.module.css'
import { RoomNotice } from './RoomCare.tsx'
import { toleratedOffsetMs } from './services/now.ts'
import { applyUpdate } from './services/updates.ts'
import { practiceWords, shellWords } from '../words/areas.ts'

/** What a person should know on any page. Nothing here moves by itself, and each says what to do. */
export function Notices(): JSX.Element {
  const app = useApp()
  const location = useLocation()
  return (
    <div class={styles.notices}>
      <Show when={app.room()} keyed>
        {(room) => <RestartBanner room={room} media={app.media} clock={app.clock} onRestarted={() => app.returnToSession()} />}
      </Show>
      <Show when={!app.roomState()?.elsewhere && app.room()} keyed>
        {(room) => <DeviceBanner room={room} media={app.media} onMoved={() => app.returnToSession()} />}
      </Show>
      {/* Settings has it beside the devices. */}
      <Show when={location.pathname !== '/settings'}>
        <RoomNotice />
      </Show>
      <RunningNotice />
      <ElsewhereNotice />
      <ClockNotice />
      <StorageNotice />
      <ConnectionNotice />
      <LogNotices />
      <EnrolmentNotice />
      <UpdateNotice />
    </div>
  )
}

function RunningNotice(): JSX.Element {
  const app = useApp()
  const location = useLocation()
  const names = createMemo(() => {
    const session = app.roomState()?.session
    return session?.kind === 'running' ? session.people.map(({ name }) => name).join(', ') : null
  })
  return (
    <Show when={names() !== null && location.pathname !== '/session'}>
      <Banner
        tone="accent"
        icon={<Icon of={Video} />}
        actions={
          <Button kind="primary" onClick={() => app.returnToSession()}>
            {shellWords().session.return}
          </Button>
        }
      >
        {shellWords().session.running(names() ?? '')}
      </Banner>
    </Show>
  )
}

function ElsewhereNotice(): JSX.Element {
  const app = useApp()
  return (
    <Show when={app.roomState()?.elsewhere}>
      <Banner role="status" icon={<Icon of={Info} />}>
        {shellWords().session.elsewhere}
      </Banner>
    </Show>
  )
}

function ClockNotice(): JSX.Element {
  const app = useApp()
  const offset = () => app.roomState()?.clockOffsetMs ?? 0
  const minutes = createMemo(() => Math.round(Math.abs(offset()) / 60_000))
  return (
    <Show when={Math.abs(offset()) > toleratedOffsetMs}>
      <Banner tone="warning" role="status" icon={<Icon of={Clock} />}>
        {shellWords().clock(minutes(), offset() < 0)}
      </Banner>
    </Show>
  )
}

function StorageNotice(): JSX.Element {
  const app = useApp()
  const durability = createLatest(
    () => app.vault,
    (vault) => vault.durability(),
  )
  const damaged = createMemo(() => app.now() > 0 && app.damaged())
  return (
    <>
      <Show when={durability() === 'session-only'}>
        <Banner tone="warning" role="status" icon={<Icon of={TriangleAlert} />}>
          {shellWords().storage.sessionOnly}
        </Banner>
      </Show>
      <Show when={damaged()}>
        <Banner tone="warning" role="status" icon={<Icon of={TriangleAlert} />}>
          {shellWords().storage.damaged}
        </Banner>
      </Show>
    </>
  )
}

/** A short interruption says nothing: the app works on, and the waiting room connects again by itself. */
const patienceMs = 5000

function ConnectionNotice(): JSX.Element {
  const app = useApp()
  const [online, setOnline] = createSignal(navigator.onLine)
  onCleanup(app.page.watchOnline(setOnline))
  const signaling = createMemo(() => app.roomState()?.signaling.kind ?? 'open')
  const lostSince = createMemo((before: number | null): number | null => {
    if (signaling() !== 'connecting' && signaling() !== 'waiting-to-retry') return null
    return before ?? app.clock.now()
  }, null)
  const lost = createMemo(() => {
    const since = lostSince()
    app.now()
    return since !== null && app.clock.now() - since > patienceMs
  })
  const isRemoved = () => {
    const socket = app.roomState()?.signaling
    return socket?.kind === 'refused' && socket.code === 'certificate-refused'
  }
  const idle = () => app.runningAppointmentId() === null && !app.roomState()?.elsewhere
  return (
    <Show
      when={online()}
      fallback={
        <Banner role="status" icon={<Icon of={WifiOff} />}>
          {shellWords().offline}
        </Banner>
      }
    >
      <Show when={signaling() === 'refused' && idle()}>
        <Banner tone="warning" role="status" icon={<Icon of={TriangleAlert} />}>
          {isRemoved() ? practiceWords().devices.removedHere : shellWords().server.refused}
        </Banner>
      </Show>
      <Show when={lost() && idle()}>
        <Banner
          tone="warning"
          role="status"
          icon={<Icon of={WifiOff} />}
          actions={<Button onClick={() => app.room()?.reconnectNow()}>{shellWords().server.retry}</Button>}
        >
          {shellWords().server.offline}
        </Banner>
      </Show>
    </Show>
  )
}

function EnrolmentNotice(): JSX.Element {
  const app = useApp()
  const location = useLocation()
  return (
    <Show when={app.roomState()?.enrolment === 'required' && location.pathname !== '/settings'}>
      <Banner icon={<Icon of={Info} />} actions={<a href="/settings">{shellWords().enrolment.enter}</a>}>
        {shellWords().enrolment.required}
      </Banner>
    </Show>
  )
}

/** Never during a session, in this tab or another. */
function UpdateNotice(): JSX.Element {
  const app = useApp()
  const [ready, setReady] = createSignal(false)
  const [refused, setRefused] = createSignal(false)
  onCleanup(app.updates.onReady(() => setReady(true)))
  return (
    <Show when={ready() && app.runningAppointmentId() === null}>
      <Banner
        role="status"
        icon={<Icon of={RefreshCw} />}
        actions={
          <>
            <Button onClick={() => void applyUpdate(app.updates, app.tabs).then((done) => setRefused(!done))}>
              {shellWords().update.restart}
            </Button>
            <Button kind="plain" onClick={() => setReady(false)}>
              {shellWords().update.later}
            </Button>
          </>
        }
      >
        {refused() ? shellWords().update.inSession : shellWords().update.ready}
      </Banner>
    </Show>
  )
}
