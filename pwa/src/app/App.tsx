import type { JSX } from 'solid-js'
import { createComputed, createMemo, createSignal, lazy, Match, onCleanup, Suspense, Switch } from 'solid-js'
import { RemovedPage } from '../features/people/RemovedPage.tsx'
import { SetUpPage } from '../features/practice/SetUpPage.tsx'
import type { Removal } from '../sync-ports.ts'
import type { AppDeps } from './app-context.ts'
import { FullPage } from './FullPage.tsx'
import { JoinPracticeRoute, joinPath } from './JoinPracticeRoute.tsx'
import { Mark } from './Mark.tsx'
import { OpenPractice } from './OpenPractice.tsx'
import { fromSubscribe } from './services/from-subscribe.ts'
import { createPracticeMark } from './services/practice-mark.ts'
import { shellWords } from '../words/areas.ts'

const LazyRestore = lazy(async () => ({ default: (await import('./RestoreRoute.tsx')).RestoreRoute }))
const restorePath = '/restore'

/** A fresh browser sets up a practice, at whatever address, joins one or restores one; then the app opens. */
export function App(props: { readonly deps: AppDeps }): JSX.Element {
  const state = fromSubscribe((listener: Parameters<AppDeps['practice']['watch']>[0]) => props.deps.practice.watch(listener))
  const removal = fromSubscribe((listener: (removal: Removal | null) => void) => props.deps.people.watchRemoval(listener))
  const known = createMemo(() => state() !== undefined)
  const mark = createPracticeMark(props.deps.preferences)
  // A device that was removed has erased its practice itself, and says so.
  createComputed(() => {
    if (state()) mark.set(true)
    else if (removal()) mark.set(false)
  })
  const [path, setPath] = createSignal(window.location.pathname)
  const [removalRead, setRemovalRead] = createSignal(false)

  const followHistory = () => setPath(window.location.pathname)
  window.addEventListener('popstate', followHistory)
  onCleanup(() => window.removeEventListener('popstate', followHistory))

  function go(to: string): void {
    window.history.pushState(null, '', to)
    setRemovalRead(true)
    setPath(to)
  }

  return (
    <Switch fallback={<FullPage title={shellWords().loading} quiet />}>
      <Match when={known() && path() === joinPath}>
        <JoinPracticeRoute deps={props.deps} here={state()?.practice.name ?? null} onLeave={go} />
      </Match>
      <Match when={known() && path() === restorePath}>
        <Suspense fallback={<FullPage title={shellWords().loading} quiet />}>
          <LazyRestore deps={props.deps} here={state()?.practice.name ?? null} onLeave={go} />
        </Suspense>
      </Match>
      <Match when={known() && state()}>{(open) => <OpenPractice deps={props.deps} practice={open} />}</Match>
      <Match when={known() && !removalRead() && removal()}>
        {(removed) => <RemovedPage removal={removed()} mark={<Mark />} onJoin={() => go(joinPath)} onSetUp={() => go('/')} />}
      </Match>
      <Match when={known()}>
        <SetUpPage
          create={(draft) => props.deps.practice.create(draft)}
          mark={<Mark />}
          lost={mark.stands()}
          onJoin={() => go(joinPath)}
          onRestore={() => go(restorePath)}
        />
      </Match>
    </Switch>
  )
}
