import { createSignal, type JSX } from 'solid-js'
import { RecoverySettings } from '../features/recovery/RecoverySettings.tsx'
import { SettingsPage } from '../features/settings/SettingsPage.tsx'
import { useApp } from './app-context.ts'
import { kitPath } from './KitToMake.tsx'
import { RoomCare } from './RoomCare.tsx'
import { invite } from './services/invite.ts'
import { keepsLog } from './services/keeps-log.ts'
import { shortcutsAreOn, turnShortcuts } from './services/shortcuts.ts'

export function SettingsRoute(): JSX.Element {
  const app = useApp()
  const [shortcuts, setShortcuts] = createSignal(shortcutsAreOn(app.preferences))
  async function enrol(code: string): Promise<'done' | 'refused' | 'offline'> {
    const result = await app.room()?.enrol(code)
    if (!result) return 'offline'
    // The same code opens the log: it is asked for once.
    if (result.ok && app.syncState()?.log.line.kind === 'needs-enrolment') app.sync.log.enrol(code)
    return result.ok ? 'done' : result.error
  }
  function enrolLog(code: string): void {
    app.sync.log.enrol(code)
    if (app.roomState()?.enrolment === 'required') void app.room()?.enrol(code)
  }
  return (
    <SettingsPage
      state={app.practiceState()}
      repository={app.practice}
      people={app.peopleState()}
      sync={app.syncState()}
      doors={{
        practice: app.practice,
        people: app.people,
        invite: (target, member) => invite(app, target, member),
        now: app.now,
        clock: app.clock,
        log: { ...app.sync.log, enrol: enrolLog },
        page: app.page,
        showLinks: app.showLinks,
      }}
      room={<RoomCare />}
      recovery={
        <RecoverySettings
          me={app.practiceState().me}
          members={app.practiceState().members}
          kits={app.kits()}
          available={keepsLog(app.syncState())}
          people={app.people}
          href={kitPath}
        />
      }
      device={{
        get language() {
          return app.language.choice()
        },
        get shortcuts() {
          return shortcuts()
        },
        get enrolment() {
          return app.roomState()?.enrolment ?? 'unknown'
        },
        notifications: app.notifications,
        onLanguage: (choice) => void app.language.choose(choice),
        onShortcuts: (on) => {
          turnShortcuts(app.preferences, on)
          setShortcuts(on)
        },
        enrol,
      }}
    />
  )
}
