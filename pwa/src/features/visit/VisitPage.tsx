import { createComputed, createMemo, createSignal, type JSX, Match, on, onCleanup, Show, Switch } from 'solid-js'
import { helpWords, joinWords, sessionWords } from '../../app/words/areas.ts'
import type { HelpTopic } from '../../app/words/help.en.ts'
import type { Stop } from '../../ports.ts'
import { fromEngine } from '../session/from-engine.ts'
import { trustedNow } from '../session/trusted-now.ts'
import type { AppointmentCardProps } from './AppointmentCard.tsx'
import { later } from './later.ts'
import { ServerView } from './ServerView.tsx'
import { type StoppedPhase, StoppedView } from './StoppedView.tsx'
import { PageTitle, VisitFrame } from './VisitFrame.tsx'
import type { VisitPageDeps } from './visit-page-deps.ts'
import type { VisitPhase } from './visit-state.ts'
import { WaitingView } from './WaitingView.tsx'
import { WelcomeView } from './WelcomeView.tsx'

const tickMs = 10_000
/** A failed fetch of a part is tried again this often while it is needed. */
const retryMs = 3000

/** The patient's page, from Welcome! to the end. */
export function VisitPage(props: VisitPageDeps): JSX.Element {
  const state = fromEngine(props.visit)
  const [name, setName] = createSignal(props.firstName)
  const [device, setDevice] = createSignal(props.clock.now())
  onCleanup(props.clock.every(tickMs, () => setDevice(props.clock.now())))
  onCleanup(props.page.watchVisibility(() => setDevice(props.clock.now())))
  const now = createMemo(() => {
    device()
    return trustedNow(props.clock, state())
  })
  const appointment = (): AppointmentCardProps => ({ card: state().card, startAt: state().startAt, now: now() })
  const kind = createMemo(() => state().phase.kind)

  // --- parts that come later ----------------------------------------------------------------------------------------

  const session = later(async () => {
    const [part] = await Promise.all([import('./VisitSession.tsx'), props.language.use(sessionWords)])
    return part
  })
  const help = later(async () => {
    const [part] = await Promise.all([import('./VisitHelp.tsx'), props.language.use(helpWords)])
    return part
  })
  const [topic, setTopic] = createSignal<HelpTopic | null>(null)

  let retry: Stop = () => undefined
  onCleanup(() => retry())
  createComputed(
    on(kind, (phase) => {
      retry()
      if (phase === 'in-session' || phase === 'ended') {
        // Whoever reads a help page while the clinician opens the door is let in.
        setTopic(null)
        session.fetch()
        retry = props.clock.every(retryMs, session.fetch)
      }
    }),
  )

  function openHelp(next: HelpTopic): void {
    help.fetch()
    setTopic(next)
  }

  // --- the server ---------------------------------------------------------------------------------------------------

  /** What became of the server since **Join Waiting Room**. */
  const server = createMemo<'trying' | 'failed' | 'reached'>((before) => {
    const { signaling, phase } = state()
    if (phase.kind !== 'waiting' || signaling.kind === 'refused') return 'trying'
    if (signaling.kind === 'open') return 'reached'
    if (before === 'reached') return before
    return signaling.kind === 'waiting-to-retry' ? 'failed' : before
  }, 'trying')

  function join(typed: string): void {
    setName(typed)
    void props.rememberedName.write(typed)
    void props.sound.unlock()
    props.visit.join(typed)
    props.hideLink()
  }

  function rename(next: string): void {
    setName(next)
    void props.rememberedName.write(next)
  }

  /** The first moment at which the session may be fetched without anybody waiting longer for the waiting room. */
  function waitingRoomShown(): void {
    onCleanup(props.clock.after(0, session.fetch))
  }

  const phaseOf = <Kind extends VisitPhase['kind']>(wanted: Kind) => {
    const { phase } = state()
    return phase.kind === wanted ? (phase as Extract<VisitPhase, { kind: Kind }>) : null
  }
  const waiting = () => (server() === 'reached' ? phaseOf('waiting') : null)
  const stopped = (): StoppedPhase | null => {
    const { phase } = state()
    switch (phase.kind) {
      case 'early':
      case 'declined':
      case 'removed':
      case 'replaced-link':
      case 'full':
      case 'left':
        return phase
      default:
        return null
    }
  }

  return (
    <Show
      when={!topic() && (kind() === 'in-session' || kind() === 'ended') ? session.part() : null}
      fallback={
        <VisitFrame practice={state().card.practice} language={props.language} onHelp={topic() ? undefined : openHelp}>
          <Switch fallback={<PageTitle>{joinWords().waiting.connecting}</PageTitle>}>
            <Match when={topic()}>
              {(first) => (
                <Show when={help.part()} fallback={<p>{joinWords().server.connecting}</p>}>
                  {(part) => {
                    const Help = part().VisitHelp
                    return <Help {...props} first={first()} card={state().card} onBack={() => setTopic(null)} />
                  }}
                </Show>
              )}
            </Match>
            <Match when={kind() === 'welcome'}>
              <WelcomeView {...props} appointment={appointment()} name={name()} onName={setName} onJoin={join} />
            </Match>
            <Match when={waiting()}>
              {(phase) => {
                waitingRoomShown()
                return (
                  <WaitingView
                    {...props}
                    appointment={appointment()}
                    phase={phase()}
                    lost={state().signaling.kind !== 'open'}
                    onReconnect={() => props.visit.reconnectNow()}
                    onLeave={() => props.visit.leave()}
                  />
                )
              }}
            </Match>
            <Match when={kind() === 'waiting'}>
              <ServerView
                appointment={appointment()}
                signaling={state().signaling}
                failed={server() === 'failed'}
                onReconnect={() => props.visit.reconnectNow()}
                onReload={() => props.reload()}
              />
            </Match>
            <Match when={stopped()}>
              {(phase) => (
                <StoppedView
                  phase={phase()}
                  appointment={appointment()}
                  onAgain={() => join(name())}
                  onContact={() => openHelp('contact')}
                />
              )}
            </Match>
          </Switch>
        </VisitFrame>
      }
    >
      {(part) => {
        const Session = part().VisitSession
        return <Session {...props} state={state()} name={name()} onName={rename} onHelp={openHelp} />
      }}
    </Show>
  )
}
