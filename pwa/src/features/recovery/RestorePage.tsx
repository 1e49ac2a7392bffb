import type { JSX } from 'solid-js'
import { createEffect, createSignal, For, Match, on, onCleanup, Show, Switch } from 'solid-js'
import { parseKitLink } from '@alcove/shared/crypto/recovery-kit'
import { recoveryWords } from '../../words/areas.ts'
import type { Page } from '../../ports.ts'
import { announce } from '../../ui/announce.ts'
import { Banner } from '../../ui/Banner.tsx'
import { Button } from '../../ui/Button.tsx'
import { Failure } from '../../ui/Failure.tsx'
import { Icon } from '../../ui/Icon.tsx'
import { Check, CircleAlert } from '../../ui/icons.ts'
import { Progress } from '../../ui/Progress.tsx'
import { DrillPanel } from './DrillPanel.tsx'
import styles from './Recovery.module.css'
import type { RecoveryDoors } from './recovery-doors.ts'
import { type RestoreFailure, type Restorer, type RestoreState, type RestoreStep, restoreSteps } from './recovery-state.ts'
import { createRestorer } from './restorer.ts'
import { WordsForm } from './WordsForm.tsx'

type Bytes = Uint8Array<ArrayBuffer>

export type RestorePageProps = {
  readonly doors: RecoveryDoors
  /** As it was opened; null where somebody came without one. */
  readonly link: string | null
  /** The practice that this browser has already; null for none. */
  readonly here: string | null
  /** What this device calls itself. */
  readonly label: string
  readonly page: Pick<Page, 'holdPage' | 'setTitle'>
  readonly mark: JSX.Element
  /** What follows once the practice is here. */
  readonly restored: (practice: string) => JSX.Element
  readonly onSetUp: () => void
  readonly onJoin: () => void
  readonly onOpen: () => void
  readonly onReload: () => void
}

type Shown =
  | RestoreState
  | { readonly kind: 'asking' }
  | { readonly kind: 'scanned'; readonly secret: Bytes }
  | { readonly kind: 'testing'; readonly secret: Bytes | null }

/** An empty device, twelve words, and the practice is back. */
export function RestorePage(props: RestorePageProps): JSX.Element {
  const words = () => recoveryWords().restore
  const [shown, setShown] = createSignal<Shown>(props.here === null ? { kind: 'asking' } : { kind: 'failed', reason: 'practice-here' })
  const [badLink, setBadLink] = createSignal<'broken-link' | 'newer-link' | null>(null)
  let restorer: Restorer | null = null
  let scanned: Bytes | null = null
  let heading: HTMLHeadingElement | undefined

  function begin(secret: Bytes): void {
    restorer?.cancel()
    const mine = createRestorer({ ...props.doors, store: props.doors.restore, label: props.label }, secret)
    restorer = mine
    mine.watch((state) => {
      if (restorer === mine) setShown(() => state)
    })
  }

  function stop(): void {
    restorer?.cancel()
    restorer = null
    setShown({ kind: 'asking' })
  }

  void (async () => {
    const link = props.link === null ? null : await parseKitLink(props.link)
    if (!link) return
    if (!link.ok) return void (link.error !== 'no-link' && setBadLink(link.error))
    scanned = link.value
    // Not at once: a link that somebody else sent would make this a device of their practice.
    if (props.here === null) setShown({ kind: 'scanned', secret: link.value })
  })()
  onCleanup(() => restorer?.cancel())
  createEffect(() => props.page.setTitle(`${words().title} – Alcove`))
  onCleanup(() => props.page.setTitle('Alcove'))
  createEffect(
    on(
      () => shown().kind,
      (kind, before) => {
        if (before === undefined) return
        heading?.focus()
        if (kind === 'restored') announce(title())
      },
    ),
  )
  createEffect(() => {
    if (shown().kind === 'working') onCleanup(props.page.holdPage())
  })
  const title = (): string => {
    const state = shown()
    if (state.kind === 'failed') return words().failures[state.reason].title
    if (state.kind === 'working') return words().workingTitle(state.practice)
    if (state.kind === 'restored') return words().restoredTitle(state.practice)
    return state.kind === 'testing' ? recoveryWords().title : words().title
  }

  return (
    <main class={styles.full}>
      <div class={styles.narrow}>
        <div class={styles.heading}>
          {props.mark}
          <h1 ref={heading} tabIndex={-1}>
            {title()}
          </h1>
        </div>
        <Switch>
          <Match when={shown().kind === 'asking'}>
            <p>{words().lead}</p>
            <Show when={badLink()}>
              {(problem) => (
                <Banner tone="danger" role="alert" icon={<Icon of={CircleAlert} />}>
                  {problem() === 'newer-link' ? recoveryWords().form.linkNewer : recoveryWords().form.linkBroken}
                </Banner>
              )}
            </Show>
            <WordsForm words={props.doors.words} action={words().go} onSecret={begin} />
            <p class={styles.soft}>{words().scanHint}</p>
            <div class={styles.actions}>
              <Button kind="plain" onClick={() => props.onJoin()}>
                {words().joinInstead}
              </Button>
              <Button kind="plain" onClick={() => props.onSetUp()}>
                {words().setUpInstead}
              </Button>
            </div>
          </Match>
          <Match when={scannedOf(shown())}>
            {(state) => (
              <>
                <p>{words().scanned}</p>
                <div class={styles.actions}>
                  <Button kind="primary" onClick={() => begin(state().secret)}>
                    {words().go}
                  </Button>
                  <Button onClick={stop}>{words().typeInstead}</Button>
                </div>
              </>
            )}
          </Match>
          <Match when={workingOf(shown())}>
            {(state) => (
              <>
                <Steps now={state().step} />
                <Show when={state().step !== 'joining' && state().step !== 'storing'}>
                  <div>
                    <Button onClick={stop}>{words().cancel}</Button>
                  </div>
                </Show>
              </>
            )}
          </Match>
          <Match when={failureOf(shown())}>
            {(reason) => (
              <Failed
                {...props}
                reason={reason()}
                onAgain={() => restorer?.again()}
                onOther={stop}
                onTest={() => setShown({ kind: 'testing', secret: scanned })}
              />
            )}
          </Match>
          <Match when={testingOf(shown())}>
            {(state) => (
              <DrillPanel
                doors={props.doors}
                {...(state().secret ? { secret: state().secret as Bytes } : {})}
                onDone={() => props.onOpen()}
              />
            )}
          </Match>
          <Match when={restoredOf(shown())}>{(state) => props.restored(state().practice)}</Match>
        </Switch>
      </div>
    </main>
  )
}

function Steps(props: { readonly now: RestoreStep }): JSX.Element {
  const words = () => recoveryWords().restore
  const at = () => restoreSteps.indexOf(props.now)
  return (
    <div class={styles.waiting}>
      <Progress value={at() / restoreSteps.length} label={words().steps[props.now]} />
      <ol class={styles.list}>
        <For each={restoreSteps}>
          {(step, i) => (
            <li class={i() > at() ? styles.later : undefined} aria-current={i() === at() ? 'step' : undefined}>
              <Show
                when={i() < at()}
                fallback={
                  <span class={styles.dot} aria-hidden="true">
                    {i() === at() ? '•' : '·'}
                  </span>
                }
              >
                <Icon of={Check} />
              </Show>
              {words().steps[step]}
              <Show when={i() < at()}>
                <span class="visually-hidden">, {words().stepDone}</span>
              </Show>
            </li>
          )}
        </For>
      </ol>
      <p class="visually-hidden" role="status">
        {words().steps[props.now]}
      </p>
    </div>
  )
}

function Failed(props: {
  readonly reason: RestoreFailure
  readonly here: string | null
  readonly onAgain: () => void
  readonly onOther: () => void
  readonly onTest: () => void
  readonly onOpen: () => void
  readonly onReload: () => void
}): JSX.Element {
  const words = () => recoveryWords().restore
  const needsOtherWords = () => props.reason === 'unknown-kit' || props.reason === 'revoked' || props.reason === 'broken-kit'
  return (
    <Failure
      calm={props.reason === 'practice-here'}
      text={words().failures[props.reason].text}
      note={props.here && words().here(props.here)}
    >
      <Switch
        fallback={
          <>
            <Button kind="primary" onClick={() => props.onAgain()}>
              {words().again}
            </Button>
            <Button onClick={() => props.onOther()}>{words().otherWords}</Button>
          </>
        }
      >
        <Match when={props.reason === 'practice-here'}>
          <Button kind="primary" onClick={() => props.onOpen()}>
            {words().toSchedule}
          </Button>
          <Button onClick={() => props.onTest()}>{words().hereTest}</Button>
        </Match>
        <Match when={needsOtherWords()}>
          <Button kind="primary" onClick={() => props.onOther()}>
            {words().otherWords}
          </Button>
        </Match>
        <Match when={props.reason === 'newer'}>
          <Button kind="primary" onClick={() => props.onReload()}>
            {words().reload}
          </Button>
        </Match>
      </Switch>
    </Failure>
  )
}

const scannedOf = (state: Shown) => (state.kind === 'scanned' ? state : null)
const workingOf = (state: Shown) => (state.kind === 'working' ? state : null)
const failureOf = (state: Shown) => (state.kind === 'failed' ? state.reason : null)
const restoredOf = (state: Shown) => (state.kind === 'restored' ? state : null)
const testingOf = (state: Shown) => (state.kind === 'testing' ? state : null)
