import { createSignal, createUniqueId, onCleanup } from 'solid-js'
import { sessionWords } from '../../words/areas.ts'
import type { Clock, Page, Preferences, Sound, SocketState } from '../../ports.ts'
import { Icon } from '../../ui/Icon.tsx'
import { Settings } from '../../ui/icons.ts'
import type { StepsKey } from '../device-check/browser.ts'
import type { LocalMedia } from '../device-check/local-media-state.ts'
import type { Visit, VisitPhase } from '../visit/visit-state.ts'
import { fromEngine } from './from-engine.ts'
import { SessionPanel } from './SessionPanel.tsx'
import { SessionScreen } from './SessionScreen.tsx'
import { SettingsPanel } from './SettingsPanel.tsx'
import { createSessionSettings } from './session-settings.ts'
import { ToolbarButton } from './ToolbarButton.tsx'

export type PatientSessionProps = {
  readonly visit: Pick<Visit, 'leave' | 'setName' | 'reconnectNow'>
  readonly phase: Extract<VisitPhase, { kind: 'in-session' }>
  readonly signaling: SocketState
  readonly clinicianName: string
  /** The patient's own name, as typed. */
  readonly name: string
  readonly onName?: (name: string) => void
  readonly media: LocalMedia
  readonly sound: Sound
  readonly steps: StepsKey
  readonly canShareScreen: boolean
  readonly clock: Clock
  readonly page: Pick<Page, 'keepAwake' | 'holdPage'>
  readonly preferences: Preferences
}

/** The running session on the patient's page: the shared screen without the box. Loaded when it is needed. */
export function PatientSession(props: PatientSessionProps) {
  const media = fromEngine(props.media)
  const settings = createSessionSettings(props.preferences)
  const panelId = createUniqueId()
  const [open, setOpen] = createSignal(false)
  onCleanup(props.page.keepAwake())
  onCleanup(props.page.holdPage())
  let settingsButton: HTMLButtonElement | undefined

  function close() {
    setOpen(false)
    settingsButton?.focus()
  }

  return (
    <SessionScreen
      people={props.phase.people}
      startedAt={props.phase.startedAt}
      endKind={props.phase.group ? 'leave' : 'end'}
      tampered={props.phase.tampered}
      held={null}
      signaling={props.signaling}
      goneClinician={props.phase.clinicianGone ? props.clinicianName : null}
      emptyHint={null}
      sharingWords={sessionWords().screen.sharingPlain}
      media={props.media}
      canShareScreen={props.canShareScreen}
      clock={props.clock}
      settings={settings}
      onEnd={() => props.visit.leave()}
      onReconnect={() => props.visit.reconnectNow()}
      panelButton={
        <ToolbarButton
          ref={(button) => {
            settingsButton = button
          }}
          label={open() ? sessionWords().toolbar.closeSettings : sessionWords().toolbar.settings}
          short={sessionWords().toolbar.settings}
          icon={<Icon of={Settings} />}
          expanded={open()}
          {...(open() ? { controls: panelId } : {})}
          onClick={() => setOpen((shown) => !shown)}
        />
      }
      panel={
        <SessionPanel id={panelId} name={sessionWords().box.settings} kind="sheet" open={open()} onClose={close}>
          <SettingsPanel
            name={props.name}
            onName={(name) => {
              props.visit.setName(name)
              props.onName?.(name)
            }}
            media={props.media}
            state={media()}
            sound={props.sound}
            steps={props.steps}
            settings={settings}
            clock={props.clock}
          />
        </SessionPanel>
      }
    />
  )
}
