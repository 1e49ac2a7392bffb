import type { JSX } from 'solid-js'
import { createMemo, Match, Show, Switch } from 'solid-js'
import { SetUpPage } from '../features/practice/SetUpPage.tsx'
import type { AppDeps } from './app-context.ts'
import { FullPage } from './FullPage.tsx'
import { Mark } from './Mark.tsx'
import { OpenPractice } from './OpenPractice.tsx'
import { fromSubscribe } from './services/from-subscribe.ts'
import { shellWords } from './words/areas.ts'

/** A fresh browser sets up a practice, at whatever address; then the app opens. */
export function App(props: { readonly deps: AppDeps }): JSX.Element {
  const state = fromSubscribe((listener: Parameters<AppDeps['practice']['watch']>[0]) => props.deps.practice.watch(listener))
  const known = createMemo(() => state() !== undefined)
  return (
    <Switch fallback={<FullPage title={shellWords().loading} quiet />}>
      <Match when={known() && state()}>{(open) => <OpenPractice deps={props.deps} practice={open} />}</Match>
      <Match when={known()}>
        <Show when={state() === null}>
          <SetUpPage create={(draft) => props.deps.practice.create(draft)} mark={<Mark />} />
        </Show>
      </Match>
    </Switch>
  )
}
