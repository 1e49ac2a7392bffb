import type { JSX } from 'solid-js'
import { createSignal, For, Match, onCleanup, Show, Switch } from 'solid-js'
import { recoveryWords } from '../../words/areas.ts'
import { announce } from '../../ui/announce.ts'
import { Banner } from '../../ui/Banner.tsx'
import { Button } from '../../ui/Button.tsx'
import { Icon } from '../../ui/Icon.tsx'
import { Check, CircleAlert, CircleCheck, X } from '../../ui/icons.ts'
import { Progress } from '../../ui/Progress.tsx'
import { focusSoon } from '../pairing/focus-soon.ts'
import { createDrill } from './drill.ts'
import styles from './Recovery.module.css'
import type { RecoveryDoors } from './recovery-doors.ts'
import type { Drill, DrillFailure, DrillResult, DrillState } from './recovery-state.ts'
import { WordsForm } from './WordsForm.tsx'

type Bytes = Uint8Array<ArrayBuffer>

export type DrillPanelProps = {
  readonly doors: RecoveryDoors
  /** From a scanned code: begins at once. */
  readonly secret?: Bytes
  readonly onDone: () => void
}

type Shown = DrillState | { readonly kind: 'asking' }

/** The twelve words once more, and in numbers what they would bring back. */
export function DrillPanel(props: DrillPanelProps): JSX.Element {
  const words = () => recoveryWords().page
  const [shown, setShown] = createSignal<Shown>({ kind: 'asking' })
  let drill: Drill | null = null
  let secret: Bytes | null = null

  function begin(given: Bytes): void {
    drill?.cancel()
    secret = given
    const mine = createDrill(props.doors, given)
    drill = mine
    mine.watch((state) => {
      if (drill !== mine) return
      setShown(() => state)
      if (state.kind === 'finished') announce(state.complete ? words().passedTitle : words().partTitle)
      if (state.kind === 'failed') announce(recoveryWords().drillFailures[state.reason].title, 'assertive')
    })
  }

  function stop(): void {
    drill?.cancel()
    drill = null
    setShown({ kind: 'asking' })
  }

  const again = () => (secret ? begin(secret) : stop())
  onCleanup(() => {
    drill?.cancel()
    secret?.fill(0)
  })
  if (props.secret) begin(props.secret)

  return (
    <section class={styles.panel} aria-labelledby="drill-title">
      <Switch>
        <Match when={shown().kind === 'asking'}>
          <h2 id="drill-title">{words().testTitle}</h2>
          <p>{words().testLead}</p>
          <WordsForm words={props.doors.words} action={words().test} onSecret={begin} />
        </Match>
        <Match when={workingOf(shown())}>
          {(state) => (
            <>
              <h2 id="drill-title" ref={focusSoon} tabIndex={-1}>
                {words().testing}
              </h2>
              <div class={styles.waiting}>
                <p role="status">{state().total === 0 ? words().asking : words().reading(state().done, state().total)}</p>
                <Progress value={state().total === 0 ? null : state().done / state().total} label={words().testing} />
              </div>
              <div>
                <Button onClick={stop}>{words().cancel}</Button>
              </div>
            </>
          )}
        </Match>
        <Match when={finishedOf(shown())}>
          {(state) => <Result result={state().result} complete={state().complete} onAgain={again} onDone={() => props.onDone()} />}
        </Match>
        <Match when={failureOf(shown())}>{(reason) => <Failed reason={reason()} onAgain={again} onOther={stop} />}</Match>
      </Switch>
    </section>
  )
}

function Result(props: {
  readonly result: DrillResult
  readonly complete: boolean
  readonly onAgain: () => void
  readonly onDone: () => void
}): JSX.Element {
  const words = () => recoveryWords().page
  const lines = () => {
    const { people, appointments, patients, room } = props.result
    const all = [
      { good: true, text: words().people(people) },
      { good: appointments.there >= appointments.here, text: words().appointments(appointments.there, appointments.here) },
      { good: patients.there >= patients.here, text: words().patients(patients.there, patients.here) },
    ]
    return room === null ? all : [...all, { good: room, text: room ? words().room : words().noRoom }]
  }
  return (
    <>
      <h2 id="drill-title" ref={focusSoon} tabIndex={-1} class={`${styles.title} ${props.complete ? styles.good : styles.bad}`}>
        <Icon of={props.complete ? CircleCheck : CircleAlert} />
        {props.complete ? words().passedTitle : words().partTitle}
      </h2>
      <p>{props.complete ? words().passed : words().part}</p>
      <ul class={styles.list}>
        <For each={lines()}>
          {({ good, text }) => (
            <li class={good ? undefined : styles.lacks}>
              <Icon of={good ? Check : X} /> {text}
            </li>
          )}
        </For>
      </ul>
      <Show when={props.result.behind}>
        <p>{words().behind}</p>
      </Show>
      <Show when={!props.complete}>
        <p>{words().partHint}</p>
      </Show>
      <p class={styles.soft}>{words().took(Math.round(props.result.tookMs / 1000))}</p>
      <div class={styles.actions}>
        <Show when={!props.complete}>
          <Button kind="primary" onClick={() => props.onAgain()}>
            {words().again}
          </Button>
        </Show>
        <Button kind={props.complete ? 'primary' : 'secondary'} onClick={() => props.onDone()}>
          {words().done}
        </Button>
      </div>
    </>
  )
}

function Failed(props: { readonly reason: DrillFailure; readonly onAgain: () => void; readonly onOther: () => void }): JSX.Element {
  const failure = () => recoveryWords().drillFailures[props.reason]
  return (
    <>
      <h2 id="drill-title" ref={focusSoon} tabIndex={-1}>
        {failure().title}
      </h2>
      <Banner tone="danger" icon={<Icon of={CircleAlert} />}>
        {failure().text}
      </Banner>
      <div class={styles.actions}>
        <Show when={props.reason !== 'other-kit'}>
          <Button kind="primary" onClick={() => props.onAgain()}>
            {recoveryWords().page.retry}
          </Button>
        </Show>
        <Button kind={props.reason === 'other-kit' ? 'primary' : 'secondary'} onClick={() => props.onOther()}>
          {recoveryWords().restore.otherWords}
        </Button>
      </div>
    </>
  )
}

const workingOf = (state: Shown) => (state.kind === 'working' ? state : null)
const finishedOf = (state: Shown) => (state.kind === 'finished' ? state : null)
const failureOf = (state: Shown) => (state.kind === 'failed' ? state.reason : null)
