import { createSignal, type JSX, onCleanup, Show } from 'solid-js'
import { RestoredView } from '../features/recovery/RestoredView.tsx'
import { RestorePage } from '../features/recovery/RestorePage.tsx'
import type { AppDeps } from './app-context.ts'
import { joinPath } from './JoinPracticeRoute.tsx'
import { Mark } from './Mark.tsx'
import { fromSubscribe } from './services/from-subscribe.ts'
import { takeFragment } from './services/take-fragment.ts'

export type RestoreRouteProps = {
  readonly deps: AppDeps
  /** Of the practice in this browser when the page was opened. */
  readonly here: string | null
  /** To the rest of the app, at this path. */
  readonly onLeave: (path: string) => void
}

export function RestoreRoute(props: RestoreRouteProps): JSX.Element {
  const { deps } = props
  const here = props.here
  const [link, setLink] = createSignal({ fragment: takeFragment() })
  // Another link in the same tab changes only what follows the #.
  const listen = () => {
    const fragment = takeFragment()
    if (fragment !== null) setLink({ fragment })
  }
  window.addEventListener('hashchange', listen)
  onCleanup(() => window.removeEventListener('hashchange', listen))
  const people = fromSubscribe((listener: Parameters<AppDeps['people']['watch']>[0]) => deps.people.watch(listener))
  const sync = fromSubscribe((listener: Parameters<AppDeps['sync']['watch']>[0]) => deps.sync.watch(listener))
  return (
    <Show when={link()} keyed>
      {({ fragment }) => (
        <RestorePage
          doors={deps.recovery}
          link={fragment}
          here={here}
          label={deps.deviceLabel}
          page={deps.page}
          mark={<Mark />}
          restored={() => (
            <RestoredView people={people() ?? null} log={sync()?.log ?? null} repository={deps.people} onOpen={() => props.onLeave('/')} />
          )}
          onSetUp={() => props.onLeave('/')}
          onJoin={() => props.onLeave(joinPath)}
          onOpen={() => props.onLeave('/')}
          onReload={() => window.location.reload()}
        />
      )}
    </Show>
  )
}
