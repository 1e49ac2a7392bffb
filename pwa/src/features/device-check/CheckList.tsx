import { type CheckLine, type CheckState, type CheckStatus, checkLines, statusOf, summaryOf } from '@alcove/shared/domain/device-check'
import { createMemo, createSignal, For, type JSX, Match, Show, Switch } from 'solid-js'
import { checkWords } from '../../words/areas.ts'
import { formatMegabits } from '../../words/formats.ts'
import { Button } from '../../ui/Button.tsx'
import { Icon } from '../../ui/Icon.tsx'
import { CircleAlert, CircleCheck, CircleDashed, TriangleAlert } from '../../ui/icons.ts'
import type { Browser } from './browser.ts'
import styles from './CheckList.module.css'
import { CheckSteps } from './CheckSteps.tsx'
import { type CheckAction, helpFor } from './check-help.ts'
import type { CheckEngine } from './check-engine.ts'
import type { LocalMedia } from './local-media-state.ts'
import { otherMicrophone } from './other-microphone.ts'

export type CheckListProps = {
  readonly engine: CheckEngine
  readonly state: CheckState
  readonly media: LocalMedia
  readonly browser: Browser
  /** Opened at this line's steps: where the extension sent the visitor. */
  readonly open?: CheckLine | null
}

/** Every line that is looked at: what was found, one thing to press, and the steps. */
export function CheckList(props: CheckListProps): JSX.Element {
  const shown = createMemo(() => checkLines.filter((line) => props.state.lines[line].finding !== 'unknown'), [], {
    equals: (before, after) => before.join() === after.join(),
  })
  return (
    <ul class={styles.list} aria-label={checkWords().lines}>
      <For each={shown()}>{(line) => <Line check={props} line={line} />}</For>
    </ul>
  )
}

export function CheckSummary(props: { readonly state: CheckState }): JSX.Element {
  const summary = createMemo(() => summaryOf(props.state.lines))
  const words = () => {
    const { status, problems, warnings } = summary()
    const said = checkWords().summary
    if (status === 'problem') return said.problem(problems.length)
    return status === 'warning' ? said.warning(warnings.length) : said[status]
  }
  return (
    <p class={styles.summary} role="status" data-status={summary().status}>
      <StatusIcon of={summary().status} />
      {words()}
    </p>
  )
}

function Line(props: { readonly check: CheckListProps; readonly line: CheckLine }): JSX.Element {
  const status = () => statusOf(props.line, props.check.state.lines[props.line].finding)
  const help = createMemo(() => helpFor(props.line, props.check.state.lines))
  const name = () => checkWords().name[props.line]
  return (
    <li class={styles.line} data-line={props.line} data-status={status()}>
      <StatusIcon of={status()} />
      <div class={styles.words}>
        <p class={styles.name}>{name()}</p>
        <p class={styles.found}>
          <span class="visually-hidden">{checkWords().status[status()]}: </span>
          {foundWords(props.line, props.check.state)}
        </p>
      </div>
      <Show when={help().action}>{(action) => <Action check={props.check} line={props.line} action={action()} />}</Show>
      <Show when={status() !== 'ready' && help().steps}>
        {(steps) => (
          <div class={styles.steps}>
            <CheckSteps of={steps()} browser={props.check.browser} about={name()} isOpen={props.check.open === props.line} />
          </div>
        )}
      </Show>
    </li>
  )
}

function foundWords(line: CheckLine, { lines, voice, network, relay }: CheckState): string {
  const words = checkWords().found[line] as Readonly<Record<string, string>>
  const said = words[lines[line].finding] ?? ''
  if (line === 'microphone' && voice.verdict === 'speaking-muted') return checkWords().speakingMuted
  if (line === 'network' && network.roundTripMs !== null) return `${said} ${checkWords().roundTrip(network.roundTripMs)}`
  if (line !== 'relay' || relay.roundTripMs === null) return said
  const megabits = (kbps: number | null) => formatMegabits(kbps ?? 0)
  return `${said} ${checkWords().relayMeasure(megabits(relay.upKbps), megabits(relay.downKbps), relay.roundTripMs)}`
}

function Action(props: { readonly check: CheckListProps; readonly line: CheckLine; readonly action: CheckAction }): JSX.Element {
  const [busy, setBusy] = createSignal(false)
  const [asked, setAsked] = createSignal(false)
  const [copied, setCopied] = createSignal(false)
  let place!: HTMLDivElement

  async function press(): Promise<void> {
    setBusy(true)
    try {
      if (props.action === 'copy-address') setCopied(await props.check.engine.copyAddress())
      else await actions[props.action](props.check)
      if (props.action === 'play-sound') setAsked(true)
    } finally {
      setBusy(false)
    }
  }
  function answer(wasHeard: boolean): void {
    setAsked(false)
    props.check.engine.answerSound(wasHeard)
    place.querySelector('button')?.focus()
  }
  const label = () => {
    const isFirst = props.action === 'try-devices' && props.check.state.lines[props.line].finding === 'not-asked'
    return isFirst ? checkWords().turnOn : checkWords().action[props.action]
  }
  return (
    <div ref={place} class={styles.actions}>
      <Switch
        fallback={
          <Button busy={busy()} onClick={() => void press()}>
            {label()}
            <span class="visually-hidden">: {checkWords().name[props.line]}</span>
          </Button>
        }
      >
        <Match when={props.action === 'play-sound' && asked()}>
          <p class={styles.question} role="status">
            {checkWords().didYouHear}
          </p>
          <Button kind="primary" onClick={() => answer(true)}>
            {checkWords().heard}
          </Button>
          <Button onClick={() => answer(false)}>{checkWords().notHeard}</Button>
        </Match>
      </Switch>
      <Show when={props.action === 'copy-address'}>
        <p class={styles.question} role="status">
          {copied() ? checkWords().copied : ''}
        </p>
      </Show>
    </div>
  )
}

type Doors = Pick<CheckListProps, 'engine' | 'media'>

const actions: Readonly<Record<Exclude<CheckAction, 'copy-address'>, (doors: Doors) => Promise<void>>> = {
  'try-devices': ({ media }) => media.open(),
  'turn-on-camera': ({ media }) => media.toggleCamera(),
  unmute: async ({ media }) => media.toggleMicrophone(),
  'restore-camera': ({ media }) => media.restore('camera'),
  'restore-microphone': ({ media }) => media.restore('microphone'),
  'other-microphone': ({ media }) => otherMicrophone(media),
  'play-sound': ({ engine }) => engine.playSound(),
  'allow-sound': ({ engine }) => engine.allowSound(),
  'ask-notifications': ({ engine }) => engine.askNotifications(),
  'look-again': ({ engine }) => engine.again(),
  'test-relay': ({ engine }) => engine.testRelay(),
}

function StatusIcon(props: { readonly of: CheckStatus }): JSX.Element {
  return (
    <span class={styles.mark}>
      <Icon of={{ open: CircleDashed, ready: CircleCheck, warning: TriangleAlert, problem: CircleAlert }[props.of]} />
    </span>
  )
}
