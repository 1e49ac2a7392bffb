import type { Appointment } from '@alcove/shared/domain/appointment'
import { may } from '@alcove/shared/domain/practice'
import { type Accessor, createComputed, createMemo, createSignal, type JSX, onCleanup } from 'solid-js'
import { roomLockName } from '../features/session/room-deps.ts'
import { createSessionKeeper } from '../features/session/session-keeper.ts'
import type { ClinicianRoom, ClinicianRoomState } from '../features/session/room-state.ts'
import type { PracticeState } from '../ports.ts'
import { createLatest } from '../ui/create-latest.ts'
import { type AppContext, AppContextProvider, type AppDeps } from './app-context.ts'
import { AppRoutes } from './routes.tsx'
import { createCompanionNews } from './services/companion-news.ts'
import { fromSubscribe, fromSubscribeTo } from './services/from-subscribe.ts'
import { createNow } from './services/now.ts'
import { createSessionLock } from './services/session-lock.ts'

/** Everything that lives as long as the practice is open, above all the waiting room: it listens on every page. */
export function OpenPractice(props: { readonly deps: AppDeps; readonly practice: Accessor<PracticeState> }): JSX.Element {
  const { deps } = props
  const [linksShown, setLinksShown] = createSignal(false)
  const patients = fromSubscribe((listener: Parameters<AppDeps['patients']['watch']>[0]) => deps.patients.watch(listener))
  const people = fromSubscribe((listener: Parameters<AppDeps['people']['watch']>[0]) => deps.people.watch(listener))
  const sync = fromSubscribe((listener: Parameters<AppDeps['sync']['watch']>[0]) => deps.sync.watch(listener))
  const kits = fromSubscribe((listener: Parameters<AppDeps['recovery']['kits']['watch']>[0]) => deps.recovery.kits.watch(listener))
  const isClinician = createMemo(() => may(props.practice().me, 'start-session'))
  // Another room, another key: a room that was replaced is opened anew.
  const roomKey = createMemo(() => (isClinician() ? (props.practice().me.roomKey ?? '') : null))
  const opened = createLatest(roomKey, async (key) => (key === null ? null : deps.openRoom()))
  const room = createMemo(() => opened() ?? null)
  createComputed(() => {
    const open = room()
    if (!open) return
    const { media, page, clock } = deps
    onCleanup(createSessionKeeper({ room: open, media, page, clock }))
    onCleanup(deps.tabs.onSummoned(roomLockName, () => page.focus()))
    onCleanup(() => open.close())
  })
  const roomState = fromSubscribeTo(room, (open: ClinicianRoom, listener: (state: ClinicianRoomState) => void) => {
    listener(open.state())
    return open.subscribe(listener)
  })
  const state = createMemo(() => roomState() ?? null)
  const session = createMemo(() => state()?.session ?? null)
  const running = () => session()?.kind === 'running'
  createSessionLock(deps.tabs, deps.clock, running)
  const { companion, schedule, media, clock } = deps
  createCompanionNews({ companion, schedule, media, clock, practice: props.practice, running })

  const [navigate, setNavigate] = createSignal<(to: string, appointment?: Appointment) => void>(() => undefined)
  function startSession(appointment: Appointment): void {
    // Heard: in the session those who wait for it are announced again, with Accept.
    if (state()?.announced?.appointment?.id === appointment.id) room()?.dismissAnnouncement()
    navigate()('/session', appointment)
  }
  const context: AppContext = {
    ...deps,
    practiceState: props.practice,
    patientList: createMemo(() => patients() ?? []),
    peopleState: createMemo(() => people() ?? null),
    syncState: createMemo(() => sync() ?? null),
    kits: createMemo(() => kits() ?? null),
    now: createNow(deps.clock, deps.page, () => state()?.clockOffsetMs ?? 0),
    zone: Intl.DateTimeFormat().resolvedOptions().timeZone,
    room,
    roomSettled: createMemo(() => opened() !== undefined),
    roomState: state,
    runningAppointmentId: createMemo(() => {
      const present = session()
      return present?.kind === 'running' ? present.appointmentId : null
    }),
    startSession,
    returnToSession: () => navigate()('/session'),
    showLinks: () => setLinksShown(true),
  }
  return (
    <AppContextProvider.Provider value={context}>
      <AppRoutes onNavigator={(go) => setNavigate(() => go)} linksShown={linksShown()} onHideLinks={() => setLinksShown(false)} />
    </AppContextProvider.Provider>
  )
}
