import type { JSX } from 'solid-js'
import { createEffect, createSignal, Match, on, onCleanup, onMount, Show, Switch } from 'solid-js'
import { peopleWords } from '../../words/areas.ts'
import type { Page } from '../../ports.ts'
import { announce } from '../../ui/announce.ts'
import { Button } from '../../ui/Button.tsx'
import { Progress } from '../../ui/Progress.tsx'
import { AskForLink } from './AskForLink.tsx'
import { CompareCode, spokenDigits } from './CompareCode.tsx'
import { focusSoon } from './focus-soon.ts'
import { JoinFailed } from './JoinFailed.tsx'
import styles from './Pairing.module.css'
import type { Joiner, JoinerState } from './pairing-state.ts'

export type JoinPracticePageProps = {
  /** As it was opened; null where somebody came without one. */
  readonly link: string | null
  /** The practice that this browser has already; null for none. */
  readonly here: string | null
  readonly join: (link: string) => Joiner
  readonly page: Pick<Page, 'holdPage' | 'setTitle'>
  readonly mark: JSX.Element
  /** Stored on this device. */
  readonly onJoined: () => void
  readonly onSetUp: () => void
  readonly onOpen: () => void
  readonly onReload: () => void
}

type Shown = JoinerState | { readonly kind: 'asking' }

/** What a device sees while it joins: which practice, the code, progress, and of every failure what to do. */
export function JoinPracticePage(props: JoinPracticePageProps): JSX.Element {
  const words = () => peopleWords().join
  const [shown, setShown] = createSignal<Shown>(props.here === null ? { kind: 'asking' } : { kind: 'failed', reason: 'practice-here' })
  const [practice, setPractice] = createSignal('')
  const [link, setLink] = createSignal('')
  let joiner: Joiner | null = null
  let heading: HTMLHeadingElement | undefined

  function begin(invitation: string): void {
    joiner?.cancel()
    setLink(invitation)
    const mine = props.join(invitation)
    joiner = mine
    mine.watch((state) => {
      if (joiner !== mine) return
      if (state.kind === 'comparing') setPractice(state.practice)
      setShown(() => state)
    })
  }

  function stop(): void {
    const mine = joiner
    joiner = null
    mine?.cancel()
    setShown({ kind: 'asking' })
  }

  onMount(() => {
    if (props.link !== null && props.here === null) begin(props.link)
  })
  onCleanup(() => joiner?.cancel())
  createEffect(() => props.page.setTitle(`${words().title} – Alcove`))
  onCleanup(() => props.page.setTitle('Alcove'))
  createEffect(
    on(
      () => shown().kind,
      (kind, before) => {
        if (before === undefined) return
        if (kind === 'joined') {
          announce(words().joined(practice()))
          props.onJoined()
        } else if (kind !== 'comparing') heading?.focus()
      },
    ),
  )
  createEffect(() => {
    if (shown().kind === 'comparing' || shown().kind === 'receiving') onCleanup(props.page.holdPage())
  })
  const title = () => {
    const state = shown()
    if (state.kind === 'failed') return words().failures[state.reason].title
    if (state.kind === 'receiving' || state.kind === 'joined') return words().receivingTitle
    return words().title
  }

  return (
    <main class={styles.page}>
      <div class={styles.card}>
        <div class={styles.heading}>
          {props.mark}
          <h1 ref={heading} tabIndex={-1}>
            {title()}
          </h1>
        </div>
        <Switch>
          <Match when={shown().kind === 'asking'}>
            <AskForLink onLink={begin} onSetUp={() => props.onSetUp()} />
          </Match>
          <Match when={shown().kind === 'connecting'}>
            <div class={styles.waiting}>
              <p role="status">{words().connecting}</p>
              <Progress value={null} label={words().connecting} />
              <p class={styles.small}>{words().connectingHint}</p>
            </div>
            <div>
              <Button onClick={stop}>{words().cancel}</Button>
            </div>
          </Match>
          <Match when={comparingOf(shown())}>
            {(state) => <Comparing state={state()} onMatch={() => joiner?.confirm()} onDiffer={() => joiner?.reject()} onCancel={stop} />}
          </Match>
          <Match when={shown().kind === 'receiving' || shown().kind === 'joined'}>
            <div class={styles.waiting}>
              <p role="status">{words().receiving}</p>
              <Progress value={progressOf(shown())} label={words().receiving} />
            </div>
          </Match>
          <Match when={failureOf(shown())}>
            {(reason) => (
              <JoinFailed
                reason={reason()}
                here={props.here}
                onAgain={() => begin(link())}
                onAnother={() => setShown({ kind: 'asking' })}
                onOpen={() => props.onOpen()}
                onReload={() => props.onReload()}
              />
            )}
          </Match>
        </Switch>
      </div>
    </main>
  )
}

function Comparing(props: {
  readonly state: Extract<JoinerState, { kind: 'comparing' }>
  readonly onMatch: () => void
  readonly onDiffer: () => void
  readonly onCancel: () => void
}): JSX.Element {
  const words = () => peopleWords().join
  return (
    <>
      <p>
        <strong>{words().invited[props.state.invitation](props.state.practice, props.state.member)}</strong>
      </p>
      <div class={styles.step}>
        <h2>{words().compareTitle}</h2>
        <CompareCode code={props.state.code} label={words().code(spokenDigits(props.state.code))} />
        <p>{props.state.invitation === 'own-device' ? words().compareDevice : words().compareColleague}</p>
      </div>
      <Show
        when={props.state.confirmed}
        fallback={
          <div class={styles.step}>
            <p>
              <strong>{words().question}</strong>
            </p>
            <div class={styles.actions}>
              <Button kind="primary" onClick={() => props.onMatch()}>
                {peopleWords().invitation.match}
              </Button>
              <Button onClick={() => props.onDiffer()}>{peopleWords().invitation.differ}</Button>
            </div>
          </div>
        }
      >
        <div class={styles.waiting}>
          <p ref={focusSoon} tabIndex={-1} role="status" class={styles.soft}>
            {words().waiting}
          </p>
          <Progress value={null} label={words().waiting} />
        </div>
      </Show>
      <div>
        <Button kind={props.state.confirmed ? 'secondary' : 'plain'} onClick={() => props.onCancel()}>
          {words().cancel}
        </Button>
      </div>
    </>
  )
}

const comparingOf = (state: Shown) => (state.kind === 'comparing' ? state : null)
const failureOf = (state: Shown) => (state.kind === 'failed' ? state.reason : null)
const progressOf = (state: Shown) => (state.kind === 'receiving' ? state.progress : 1)
