import { may } from '@alcove/shared/domain/practice'
import { useLocation } from '@solidjs/router'
import { createMemo, createSignal, type JSX, Show } from 'solid-js'
import { CatchUpBar } from '../features/log/CatchUpBar.tsx'
import { LogIncidents } from '../features/log/LogIncidents.tsx'
import { longCatchUp } from '../features/sync/sync-summary.ts'
import { Banner } from '../ui/Banner.tsx'
import { Button } from '../ui/Button.tsx'
import { Icon } from '../ui/Icon.tsx'
import { Info, RefreshCw, TriangleAlert } from '../ui/icons.ts'
import { syncWords, shellWords } from '../words/areas.ts'
import { useApp } from './app-context.ts'

/** What a person should know, or may do, about the practice's copy on the server. Settings says the rest. */
export function LogNotices(): JSX.Element {
  const app = useApp()
  const location = useLocation()
  const log = createMemo(() => app.syncState()?.log ?? null)
  const inSettings = () => location.pathname === '/settings'
  const catchUp = createMemo(() => {
    const known = log()
    return known && !inSettings() ? longCatchUp(known) : null
  })
  const full = createMemo(() => {
    const line = log()?.line
    return line?.kind === 'full' && !inSettings() ? line.whose : null
  })
  const [seenFull, setSeenFull] = createSignal(false)
  // The waiting room may ask for the same code: once is enough, in Settings.
  const asksForCode = createMemo(
    () => log()?.line.kind === 'needs-enrolment' && may(app.practiceState().me, 'change-telehealth') && !inSettings(),
  )
  return (
    <>
      <LogIncidents incidents={log()?.incidents ?? []} now={app.now()} doors={app.sync.log} />
      <Show when={catchUp()}>
        {(present) => (
          <Banner role="region" label={syncWords().progress} icon={<Icon of={RefreshCw} />}>
            <p>
              {present().isStopped
                ? syncWords().stoppedAt(present().done, present().total)
                : syncWords().catchingUpOf(present().done, present().total)}
            </p>
            <CatchUpBar catchUp={present()} doors={app.sync.log} />
          </Banner>
        )}
      </Show>
      <Show when={!seenFull() && full()} keyed>
        {(whose) => (
          <Banner
            tone="warning"
            role="status"
            icon={<Icon of={TriangleAlert} />}
            actions={<Button onClick={() => setSeenFull(true)}>{syncWords().incidentRead}</Button>}
          >
            <p>{syncWords().full[whose]}</p>
            <p>{syncWords().fullHint}</p>
          </Banner>
        )}
      </Show>
      <Show when={asksForCode()}>
        <Banner role="status" icon={<Icon of={Info} />} actions={<a href="/settings#devices">{shellWords().enrolment.enter}</a>}>
          {syncWords().enrolNotice}
        </Banner>
      </Show>
    </>
  )
}
