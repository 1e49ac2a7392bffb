import type { PatientId } from '@alcove/shared/domain/ids'
import { createEffect, createMemo, createSignal, createUniqueId, Show } from 'solid-js'
import { sessionWords } from '../../words/areas.ts'
import type { Clock, Notifications, Page, PracticeState, Preferences, ScheduleRepository, Sound } from '../../ports.ts'
import { Icon } from '../../ui/Icon.tsx'
import { PanelLeft } from '../../ui/icons.ts'
import { Tabs } from '../../ui/Tabs.tsx'
import { BackgroundAlert, type BackgroundDoors, BackgroundSection } from '../backgrounds/BackgroundSection.tsx'
import type { StepsKey } from '../device-check/browser.ts'
import type { LocalMedia } from '../device-check/local-media-state.ts'
import { AcceptQuestion } from './AcceptQuestion.tsx'
import { createAcceptance } from './acceptance.ts'
import { fromEngine } from './from-engine.ts'
import { MoveSession } from './MoveSession.tsx'
import { movingAway } from './moving-away.ts'
import { PeoplePanel } from './PeoplePanel.tsx'
import type { ClinicianRoom } from './room-state.ts'
import { SchedulePanel } from './SchedulePanel.tsx'
import { SessionPanel } from './SessionPanel.tsx'
import { SessionScreen } from './SessionScreen.tsx'
import { SettingsPanel } from './SettingsPanel.tsx'
import { createSessionSettings } from './session-settings.ts'
import { ToolbarButton } from './ToolbarButton.tsx'
import { trustedNow } from './trusted-now.ts'

export type ClinicianSessionProps = {
  readonly room: ClinicianRoom
  readonly media: LocalMedia
  readonly backgrounds: BackgroundDoors
  readonly schedule: Pick<ScheduleRepository, 'watchRange'>
  readonly practice: PracticeState
  readonly patientName: (id: PatientId | null) => string
  /** The name that the others see. */
  readonly name: string
  readonly onName: (name: string) => void
  /** The clinician's standing link; null until it is known. */
  readonly inviteLink: string | null
  readonly sound: Sound
  readonly steps: StepsKey
  readonly canShareScreen: boolean
  readonly clock: Clock
  readonly page: Pick<Page, 'copyText'>
  readonly preferences: Preferences
  readonly notifications: Pick<Notifications, 'permission' | 'request'>
}

type Tab = 'people' | 'schedule' | 'settings'

/** Wide and high enough for the box to stand beside the stage (the stylesheet has the same numbers). */
const roomForBox = '(min-width: 901px) and (min-height: 481px)'

/** The running session on the clinician's side: the shared screen and the box at the left (S31). */
export function ClinicianSession(props: ClinicianSessionProps) {
  const state = fromEngine(props.room)
  const media = fromEngine(props.media)
  const settings = createSessionSettings(props.preferences)
  const acceptance = createAcceptance(props.room)
  const panelId = createUniqueId()
  const [open, setOpen] = createSignal(window.matchMedia(roomForBox).matches)
  const [tab, setTab] = createSignal<Tab>('people')
  let panelButton: HTMLButtonElement | undefined

  const running = createMemo(() => {
    const { session } = state()
    return session.kind === 'running' ? session : null
  })
  const people = () => running()?.people ?? []
  const held = createMemo(() => movingAway(state()))
  const hideNames = () => media().screen !== null
  const now = () => trustedNow(props.clock, state())
  const mark = () => (state().unseenOthers > 0 ? sessionWords().box.peopleNew(state().unseenOthers) : undefined)

  createEffect(() => {
    const seen = open() && tab() === 'people' && state().unseenOthers > 0
    // After whoever rings for them has heard of it too.
    if (seen) queueMicrotask(() => props.room.seenOthers())
  })
  function close() {
    setOpen(false)
    panelButton?.focus()
  }

  return (
    <SessionScreen
      people={people()}
      startedAt={running()?.startedAt ?? props.clock.now()}
      endKind={people().length > 1 ? 'end-for-all' : 'end'}
      tampered={running()?.tampered ?? false}
      held={held()}
      signaling={state().signaling}
      goneClinician={null}
      emptyHint={sessionWords().screen.aloneHint}
      sharingWords={sessionWords().screen.sharing}
      media={props.media}
      canShareScreen={props.canShareScreen}
      clock={props.clock}
      settings={settings}
      onEnd={() => props.room.end()}
      onReconnect={() => props.room.reconnectNow()}
      panelButton={
        <ToolbarButton
          ref={(button) => {
            panelButton = button
          }}
          label={open() ? sessionWords().toolbar.hideBox : sessionWords().toolbar.showBox}
          short={sessionWords().toolbar.box}
          icon={<Icon of={PanelLeft} />}
          marked={mark() !== undefined}
          expanded={open()}
          {...(open() ? { controls: panelId } : {})}
          onClick={() => setOpen((shown) => !shown)}
        />
      }
      panel={
        <SessionPanel id={panelId} name={sessionWords().box.name} kind="box" open={open()} onClose={close}>
          <Tabs
            label={sessionWords().box.tabs}
            value={tab()}
            onChange={setTab}
            tabs={[
              { value: 'people', label: sessionWords().box.people, mark: tab() === 'people' ? undefined : mark() },
              { value: 'schedule', label: sessionWords().box.schedule },
              { value: 'settings', label: sessionWords().box.settings },
            ]}
          >
            {(value) => (
              <>
                <Show when={value === 'people'}>
                  <PeoplePanel
                    room={props.room}
                    state={state()}
                    people={people()}
                    myName={props.name}
                    acceptance={acceptance}
                    hideNames={hideNames()}
                    held={held()}
                    inviteLink={props.inviteLink}
                    page={props.page}
                    notifications={props.notifications}
                    clock={props.clock}
                  />
                </Show>
                <Show when={value === 'schedule'}>
                  <SchedulePanel
                    room={props.room}
                    state={state()}
                    schedule={props.schedule}
                    practice={props.practice}
                    patientName={props.patientName}
                    hideNames={hideNames()}
                    held={held()}
                    clock={props.clock}
                    trustedNow={now}
                  />
                </Show>
                <Show when={value === 'settings'}>
                  <SettingsPanel
                    name={props.name}
                    onName={props.onName}
                    media={props.media}
                    state={media()}
                    sound={props.sound}
                    steps={props.steps}
                    settings={settings}
                    clock={props.clock}
                  />
                  <BackgroundSection
                    {...props.backgrounds}
                    media={props.media}
                    clock={props.clock}
                    tier={props.practice.practice.telehealth}
                  />
                  <MoveSession room={props.room} devices={state().devices} />
                </Show>
              </>
            )}
          </Tabs>
        </SessionPanel>
      }
    >
      <BackgroundAlert
        {...props.backgrounds}
        media={props.media}
        tier={props.practice.practice.telehealth}
        onDecided={() => panelButton?.focus()}
      />
      <AcceptQuestion acceptance={acceptance} held={held()} hideNames={hideNames()} now={now()} />
    </SessionScreen>
  )
}
