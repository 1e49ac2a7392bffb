import { err } from '@alcove/shared/domain/result'
import type { JSX } from 'solid-js'
import { createEffect, createSignal, For, Match, onCleanup, Show, Switch } from 'solid-js'
import { practiceWords, recoveryWords } from '../../words/areas.ts'
import { formatLongDate } from '../../words/formats.ts'
import { locale } from '../../words/i18n.ts'
import type { Page, PracticeState } from '../../ports.ts'
import type { RecoveryKit } from '../../recovery-ports.ts'
import type { PeopleRepository } from '../../sync-ports.ts'
import { Banner } from '../../ui/Banner.tsx'
import { Button } from '../../ui/Button.tsx'
import { ConfirmDialog } from '../../ui/ConfirmDialog.tsx'
import { Icon } from '../../ui/Icon.tsx'
import { CircleAlert, Printer, TriangleAlert } from '../../ui/icons.ts'
import { focusSoon } from '../pairing/focus-soon.ts'
import { DrillPanel } from './DrillPanel.tsx'
import { KitSheet } from './KitSheet.tsx'
import { makeKit } from './make-kit.ts'
import styles from './Recovery.module.css'
import type { RecoveryDoors } from './recovery-doors.ts'
import type { MakeFailure } from './recovery-state.ts'

type Bytes = Uint8Array<ArrayBuffer>

export type RecoveryKitPageProps = {
  readonly doors: RecoveryDoors
  readonly practice: PracticeState
  /** My valid one. */
  readonly kit: RecoveryKit | null
  readonly page: Pick<Page, 'holdPage'>
  /** Null for whoever has none, or is in a session. */
  readonly replaceRoom: PeopleRepository['replaceRoom'] | null
  readonly onLeave: () => void
}

type Step =
  | { readonly kind: 'begin'; readonly failure: MakeFailure | null }
  | { readonly kind: 'making' }
  | { readonly kind: 'made'; readonly secret: Bytes; readonly words: readonly string[]; readonly madeAt: number }
  | { readonly kind: 'testing' }

/** From nothing to a page of paper that was tested; and later: test it again, or make a new one. */
export function RecoveryKitPage(props: RecoveryKitPageProps): JSX.Element {
  const words = () => recoveryWords().page
  const [step, setStep] = createSignal<Step>({ kind: 'begin', failure: null })
  const [asking, setAsking] = createSignal(false)
  let shownSecret: Bytes | null = null

  function forget(): void {
    shownSecret?.fill(0)
    shownSecret = null
  }
  onCleanup(forget)

  async function make(): Promise<void> {
    setAsking(false)
    setStep({ kind: 'making' })
    const { doors } = props
    // Before anything is signed: a kit whose words cannot be shown would be of no use.
    const list = await doors.words.write(new Uint8Array(16), locale()).catch(() => null)
    if (!list) return void setStep({ kind: 'begin', failure: 'no-server' })
    const made = await makeKit(doors).catch(() => err('storage-failed' as const))
    if (!made.ok) return void setStep({ kind: 'begin', failure: made.error })
    shownSecret = made.value.secret
    const written = await doors.words.write(made.value.secret, locale())
    setStep({ kind: 'made', secret: made.value.secret, words: written, madeAt: doors.clock.now() })
  }

  // The words are here and nowhere else.
  createEffect(() => {
    if (step().kind === 'made') onCleanup(props.page.holdPage())
  })

  return (
    <div class={styles.page}>
      <h1>{recoveryWords().title}</h1>
      <Switch>
        <Match when={beginOf(step())}>
          {(state) => (
            <>
              <Show when={state().failure}>{(failure) => <Failed reason={failure()} />}</Show>
              <Show when={props.kit} fallback={<Explained onMake={() => void make()} />}>
                {(kit) => (
                  <>
                    <p>
                      {words().haveTitle(formatLongDate(kit().madeAt))}.{' '}
                      {kit().drilledAt === null ? words().neverTested : words().testedOn(formatLongDate(kit().drilledAt ?? 0))}
                    </p>
                    <DrillPanel doors={props.doors} onDone={() => props.onLeave()} />
                    <section class={styles.panel}>
                      <h2>{words().replaceTitle}</h2>
                      <p>{words().replaceLead}</p>
                      <div>
                        <Button onClick={() => setAsking(true)}>{words().replace}</Button>
                      </div>
                      <Show when={props.replaceRoom}>{(replaceRoom) => <PageSeen replaceRoom={replaceRoom()} />}</Show>
                    </section>
                  </>
                )}
              </Show>
            </>
          )}
        </Match>
        <Match when={step().kind === 'making'}>
          <section class={styles.panel}>
            <p role="status" ref={focusSoon} tabIndex={-1}>
              {words().making}
            </p>
          </section>
        </Match>
        <Match when={madeOf(step())}>
          {(state) => (
            <>
              <Banner tone="warning" icon={<Icon of={TriangleAlert} />}>
                {words().once}
              </Banner>
              <div class={styles.actions} ref={(row) => focusSoon(row.querySelector('button') ?? row)}>
                <Button kind="primary" icon={<Icon of={Printer} />} onClick={() => props.doors.print()}>
                  {words().print}
                </Button>
                <Button
                  onClick={() => {
                    forget()
                    setStep({ kind: 'testing' })
                  }}
                >
                  {words().onPaper}
                </Button>
              </div>
              <KitSheet
                secret={state().secret}
                words={state().words}
                practice={props.practice.practice.name}
                member={props.practice.me.name}
                madeAt={state().madeAt}
                origin={props.doors.origin}
              />
            </>
          )}
        </Match>
        <Match when={step().kind === 'testing'}>
          <DrillPanel doors={props.doors} onDone={() => props.onLeave()} />
        </Match>
      </Switch>
      <Show when={asking()}>
        <ConfirmDialog
          title={words().replaceQuestion}
          confirm={words().replaceConfirm}
          cancel={words().replaceCancel}
          onConfirm={() => void make()}
          onCancel={() => setAsking(false)}
        >
          {words().replaceBody}
        </ConfirmDialog>
      </Show>
    </div>
  )
}

function Explained(props: { readonly onMake: () => void }): JSX.Element {
  const words = () => recoveryWords().page
  return (
    <section class={styles.panel}>
      <p>{words().what}</p>
      <ol class={styles.steps}>
        <For each={words().how}>{(line) => <li>{line}</li>}</For>
      </ol>
      <p>{words().warning}</p>
      <div class={styles.actions}>
        <Button kind="primary" onClick={() => props.onMake()}>
          {words().make}
        </Button>
        <span class={styles.soft}>{words().needsServer}</span>
      </div>
    </section>
  )
}

/** The page opens the waiting room, too; a new kit does not change that for whoever has used the old one. */
function PageSeen(props: { readonly replaceRoom: PeopleRepository['replaceRoom'] }): JSX.Element {
  const room = () => practiceWords().newRoom
  const [asking, setAsking] = createSignal(false)
  const [outcome, setOutcome] = createSignal('')

  async function replace(): Promise<void> {
    setAsking(false)
    const result = await props.replaceRoom()
    setOutcome(result.ok ? room().done : practiceWords().saveFailed[result.error])
  }

  return (
    <>
      <p>{recoveryWords().page.seen}</p>
      <div>
        <Button onClick={() => setAsking(true)}>{room().replace}</Button>
      </div>
      <p role="status">{outcome()}</p>
      <Show when={asking()}>
        <ConfirmDialog
          title={room().askTitle}
          confirm={room().confirm}
          cancel={room().cancel}
          danger
          onConfirm={() => void replace()}
          onCancel={() => setAsking(false)}
        >
          {room().askBody}
        </ConfirmDialog>
      </Show>
    </>
  )
}

function Failed(props: { readonly reason: MakeFailure }): JSX.Element {
  const failure = () => recoveryWords().makeFailures[props.reason]
  return (
    <Banner tone="danger" role="alert" icon={<Icon of={CircleAlert} />}>
      <p>
        <strong>{failure().title}</strong>
      </p>
      <p>{failure().text}</p>
    </Banner>
  )
}

const beginOf = (step: Step) => (step.kind === 'begin' ? step : null)
const madeOf = (step: Step) => (step.kind === 'made' ? step : null)
