import { createSignal, type JSX, onCleanup, Show } from 'solid-js'
import { JoinPracticePage } from '../features/pairing/JoinPracticePage.tsx'
import { createJoiner } from '../features/pairing/joiner.ts'
import type { AppDeps } from './app-context.ts'
import { Mark } from './Mark.tsx'
import { takeFragment } from './services/take-fragment.ts'

export const joinPath = '/join-practice'

export type JoinPracticeRouteProps = {
  readonly deps: AppDeps
  /** Of the practice in this browser when the page was opened. */
  readonly here: string | null
  /** To the rest of the app, at this path. */
  readonly onLeave: (path: string) => void
}

export function JoinPracticeRoute(props: JoinPracticeRouteProps): JSX.Element {
  const { clock, relay, pairing, deviceLabel, page } = props.deps
  const here = props.here
  const [link, setLink] = createSignal({ fragment: takeFragment() })
  // Another link in the same tab changes only what follows the #.
  const listen = () => {
    const fragment = takeFragment()
    if (fragment !== null) setLink({ fragment })
  }
  window.addEventListener('hashchange', listen)
  onCleanup(() => window.removeEventListener('hashchange', listen))
  return (
    <Show when={link()} keyed>
      {({ fragment }) => (
        <JoinPracticePage
          link={fragment}
          here={here}
          join={(invitation) => createJoiner({ clock, relay, store: pairing, label: deviceLabel }, invitation)}
          page={page}
          mark={<Mark />}
          onJoined={() => props.onLeave('/')}
          onSetUp={() => props.onLeave('/')}
          onOpen={() => props.onLeave('/')}
          onReload={() => window.location.reload()}
        />
      )}
    </Show>
  )
}
