import { createSignal, type JSX, onCleanup, Show } from 'solid-js'
import { JoinPracticePage } from '../features/pairing/JoinPracticePage.tsx'
import { createJoiner } from '../features/pairing/joiner.ts'
import type { AppDeps } from './app-context.ts'
import { Mark } from './Mark.tsx'

export const joinPath = '/join-practice'

export type JoinPracticeRouteProps = {
  readonly deps: AppDeps
  /** Of the practice in this browser when the page was opened. */
  readonly here: string | null
  /** To the rest of the app, at this path. */
  readonly onLeave: (path: string) => void
}

/** The invitation is read once and taken out of the address: it stands in no history, bookmark or screenshot. */
function takeInvitation(): string | null {
  const { hash, pathname } = window.location
  if (hash.length < 2) return null
  window.history.replaceState(window.history.state, '', pathname)
  return hash
}

export function JoinPracticeRoute(props: JoinPracticeRouteProps): JSX.Element {
  const { clock, relay, pairing, deviceLabel, page } = props.deps
  const here = props.here
  const [link, setLink] = createSignal({ fragment: takeInvitation() })
  // Another link in the same tab changes only what follows the #.
  const listen = () => {
    const fragment = takeInvitation()
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
