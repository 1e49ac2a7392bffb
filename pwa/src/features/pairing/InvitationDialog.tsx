import type { JSX } from 'solid-js'
import { createEffect, createMemo, createSignal, Match, on, onCleanup, onMount, Show, Switch } from 'solid-js'
import { peopleWords, practiceWords, shellWords } from '../../words/areas.ts'
import type { Clock, Page } from '../../ports.ts'
import type { InvitationTarget } from '../../sync-ports.ts'
import { announce } from '../../ui/announce.ts'
import { Banner } from '../../ui/Banner.tsx'
import { Button } from '../../ui/Button.tsx'
import { ConfirmDialog } from '../../ui/ConfirmDialog.tsx'
import { CopyField } from '../../ui/CopyField.tsx'
import { Dialog } from '../../ui/Dialog.tsx'
import { Icon } from '../../ui/Icon.tsx'
import { CircleAlert, CircleCheck, Clock as ClockIcon, TriangleAlert, WifiOff } from '../../ui/icons.ts'
import { Progress } from '../../ui/Progress.tsx'
import { QrCode } from '../../ui/QrCode.tsx'
import { CompareCode, spokenDigits } from './CompareCode.tsx'
import { focusSoon } from './focus-soon.ts'
import styles from './Pairing.module.css'
import type { Inviter, InviterState } from './pairing-state.ts'

export type InvitationDialogProps = {
  readonly target: InvitationTarget
  /** Of the person who is invited. */
  readonly name: string
  readonly invite: (target: InvitationTarget) => Promise<Inviter | null>
  readonly clock: Pick<Clock, 'now' | 'every' | 'after'>
  readonly page: Pick<Page, 'copyText' | 'holdPage'>
  readonly onClose: () => void
}

/** Connecting takes a moment; it is said only when it takes longer. */
const patienceMs = 3000

type Shown = InviterState | { readonly kind: 'making' }

/** From the link to the other device's last word. Closing it makes the link void. */
export function InvitationDialog(props: InvitationDialogProps): JSX.Element {
  const words = () => peopleWords().invitation
  const [shown, setShown] = createSignal<Shown>({ kind: 'making' })
  /** Whether to call it off although it is being handed over. */
  const [asking, setAsking] = createSignal(false)
  let inviter: Inviter | null = null
  let attempt = 0

  async function begin(): Promise<void> {
    attempt += 1
    const mine = attempt
    inviter?.cancel()
    inviter = null
    setAsking(false)
    setShown({ kind: 'making' })
    const made = await props.invite(props.target)
    if (mine !== attempt) return made?.cancel()
    inviter = made
    if (made) made.watch((state) => mine === attempt && setShown(() => state))
    else setShown({ kind: 'failed', reason: 'failed' })
  }

  function callOff(): void {
    announce(words().calledOff)
    props.onClose()
  }

  onMount(() => void begin())
  onCleanup(() => {
    attempt += 1
    inviter?.cancel()
  })
  const label = createMemo((before: string) => {
    const state = shown()
    return state.kind === 'comparing' || state.kind === 'joined' ? peopleWords().devices.label(state.label) : before
  }, '')
  const title = () => (props.target.kind === 'own-device' ? words().deviceTitle : words().colleagueTitle(props.name))
  const failure = () => {
    const state = shown()
    return state.kind === 'failed' ? words().failures[state.reason] : null
  }
  const joined = () => (props.target.kind === 'own-device' ? words().joinedDevice(label()) : words().joinedColleague(props.name, label()))
  createEffect(
    on(
      () => shown().kind,
      (kind) => {
        if (kind === 'joined') announce(joined())
        const failed = failure()
        if (failed) announce(`${failed.title}. ${failed.text}`, 'assertive')
      },
    ),
  )
  // While somebody joins, this page is needed.
  createEffect(() => {
    if (shown().kind === 'comparing' || shown().kind === 'sending') onCleanup(props.page.holdPage())
  })

  const actions = () => (
    <Switch>
      <Match when={shown().kind === 'making' || shown().kind === 'open'}>
        <Button onClick={() => props.onClose()}>{words().cancel}</Button>
      </Match>
      <Match when={shown().kind === 'comparing'}>
        <Button onClick={() => inviter?.decline()}>{words().differ}</Button>
        <Button kind="primary" onClick={() => inviter?.approve()}>
          {words().match}
        </Button>
      </Match>
      <Match when={shown().kind === 'sending'}>
        <Button onClick={() => setAsking(true)}>{words().cancel}</Button>
      </Match>
      <Match when={shown().kind === 'joined'}>
        <Button kind="primary" ref={focusSoon} onClick={() => props.onClose()}>
          {words().done}
        </Button>
      </Match>
      <Match when={shown().kind === 'failed'}>
        <Button onClick={() => props.onClose()}>{practiceWords().close}</Button>
        <Button kind="primary" ref={focusSoon} onClick={() => void begin()}>
          {words().again}
        </Button>
      </Match>
    </Switch>
  )

  return (
    <Dialog
      title={title()}
      // What is being handed over is not broken off by a key pressed too much.
      onClose={() => (shown().kind === 'sending' ? setAsking(true) : props.onClose())}
      footer={actions()}
    >
      <Switch>
        <Match when={shown().kind === 'making'}>
          <p role="status">{words().making}</p>
        </Match>
        <Match when={openOf(shown())}>{(state) => <OpenInvitation state={state()} {...props} />}</Match>
        <Match when={comparingOf(shown())}>
          {(state) => (
            <div class={styles.step}>
              <h3>{words().compareTitle}</h3>
              <p>{props.target.kind === 'own-device' ? words().compareDevice(label()) : words().compareColleague(props.name, label())}</p>
              <Show when={state().rival}>
                <Banner tone="warning" role="alert" icon={<Icon of={TriangleAlert} />}>
                  {words().rival}
                </Banner>
              </Show>
              <CompareCode code={state().code} label={words().code(spokenDigits(state().code))} />
              <ValidFor expiresAt={state().expiresAt} clock={props.clock} />
            </div>
          )}
        </Match>
        <Match when={sendingOf(shown())}>
          {(state) => (
            <div class={styles.step}>
              <h3 ref={focusSoon} tabIndex={-1}>
                {words().sendingTitle(label())}
              </h3>
              <Progress value={state().progress} label={words().sendingTitle(label())} />
              <p class={styles.soft}>{words().sending}</p>
              <Show when={asking()}>
                <ConfirmDialog
                  title={words().callOffTitle}
                  confirm={words().callOff}
                  cancel={words().callOffCancel}
                  danger
                  onConfirm={callOff}
                  onCancel={() => setAsking(false)}
                  lines={[words().callOffBody(label()), words().callOffLate]}
                />
              </Show>
            </div>
          )}
        </Match>
        <Match when={shown().kind === 'joined'}>
          <div class={`${styles.outcome} ${styles.good}`}>
            <Icon of={CircleCheck} size="large" />
            <h3>{joined()}</h3>
            <p class={styles.soft}>{words().joinedHint}</p>
          </div>
        </Match>
        <Match when={failure()}>
          {(failed) => (
            <div class={`${styles.outcome} ${styles.bad}`}>
              <Icon of={CircleAlert} size="large" />
              <h3>{failed().title}</h3>
              <p>{failed().text}</p>
            </div>
          )}
        </Match>
      </Switch>
    </Dialog>
  )
}

function OpenInvitation(
  props: Pick<InvitationDialogProps, 'target' | 'name' | 'clock' | 'page'> & { readonly state: Extract<InviterState, { kind: 'open' }> },
): JSX.Element {
  const words = () => peopleWords().invitation
  const [patient, setPatient] = createSignal(true)
  onCleanup(props.clock.after(patienceMs, () => setPatient(false)))
  return (
    <>
      <div class={styles.share}>
        <div class={styles.words}>
          <p>{props.target.kind === 'own-device' ? words().deviceLead : words().colleagueLead(props.name)}</p>
          <CopyField
            label={words().linkLabel}
            value={props.state.link}
            copyLabel={words().copyLink}
            copiedWords={shellWords().copy.copied}
            failedWords={shellWords().copy.failed}
            copy={(text) => props.page.copyText(text)}
            hint={words().linkHint}
          />
          <div>
            <ValidFor expiresAt={props.state.expiresAt} clock={props.clock} />
            <p class={styles.small}>{words().keepOpen}</p>
          </div>
        </div>
        <QrCode text={props.state.link} label={words().qr} />
      </div>
      <Show when={!props.state.connected && !patient()}>
        <Banner tone="warning" role="status" icon={<Icon of={WifiOff} />}>
          {words().offline}
        </Banner>
      </Show>
    </>
  )
}

/** Whole minutes: a clock that runs makes people hurry. */
function ValidFor(props: { readonly expiresAt: number; readonly clock: Pick<Clock, 'now' | 'every'> }): JSX.Element {
  const left = () => Math.max(0, Math.floor((props.expiresAt - props.clock.now() + 30_000) / 60_000))
  const [minutes, setMinutes] = createSignal(left())
  onCleanup(props.clock.every(1000, () => setMinutes(left())))
  return (
    <p class={styles.timer}>
      <Icon of={ClockIcon} size="small" />
      <span role="timer">{peopleWords().invitation.validFor(minutes())}</span>
    </p>
  )
}

const openOf = (state: Shown) => (state.kind === 'open' ? state : null)
const comparingOf = (state: Shown) => (state.kind === 'comparing' ? state : null)
const sendingOf = (state: Shown) => (state.kind === 'sending' ? state : null)
