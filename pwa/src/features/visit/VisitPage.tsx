import { createComputed, createMemo, createSignal, type JSX, Match, on, onCleanup, Show, Switch } from 'solid-js'
import { helpWords, joinWords, sessionWords } from '../../app/words/areas.ts'
import type { HelpTopic } from '../../app/words/help.en.ts'
import type { Stop } from '../../ports.ts'
import { fromEngine } from '../session/from-engine.ts'
import { trustedNow } from '../session/trusted-now.ts'
import type { KnownAppointment } from './AppointmentCard.tsx'
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
export function VisitPage(props: { readonly deps: VisitPageDeps }): JSX.Element {
  const { deps } = props
  const state = fromEngine(deps.visit)
  const [name, setName] = createSignal(deps.firstName)
  const [device, setDevice] = createSignal(deps.clock.now())
  onCleanup(deps.clock.every(tickMs, () => setDevice(deps.clock.now())))
  onCleanup(deps.page.watchVisibility(() => setDevice(deps.clock.now())))
  const now = createMemo(() => {
    device()
    return trustedNow(deps.clock, state())
  })
  const appointment = (): KnownAppointment => ({ card: state().card, startAt: state().startAt, now: now() })
  const kind = createMemo(() => state().phase.kind)

  // --- parts that come later ----------------------------------------------------------------------------------------

  const session = later(async () => {
    const [part] = await Promise.all([import('./VisitSession.tsx'), deps.language.use(sessionWords)])
    return part
  })
  const help = later(async () => {
    const [part] = await Promise.all([import('./VisitHelp.tsx'), deps.language.use(helpWords)])
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
        retry = deps.clock.every(retryMs, session.fetch)
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
    void deps.rememberedName.write(typed)
    void deps.sound.unlock()
    deps.visit.join(typed)
    deps.hideLink()
  }

  function rename(next: string): void {
    setName(next)
    void deps.rememberedName.write(next)
  }

  /** The first moment at which the session may be fetched without anybody waiting longer for the waiting room. */
  function waitingRoomShown(): void {
    onCleanup(deps.clock.after(0, session.fetch))
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
        <VisitFrame practice={state().card.practice} language={deps.language} onHelp={topic() ? undefined : openHelp}>
          <Switch fallback={<PageTitle>{joinWords().waiting.connecting}</PageTitle>}>
            <Match when={topic()}>
              {(first) => (
                <Show when={help.part()} fallback={<p>{joinWords().server.connecting}</p>}>
                  {(part) => {
                    const Help = part().VisitHelp
                    return <Help deps={deps} first={first()} card={state().card} onBack={() => setTopic(null)} />
                  }}
                </Show>
              )}
            </Match>
            <Match when={kind() === 'welcome'}>
              <WelcomeView deps={deps} appointment={appointment()} name={name()} onName={setName} onJoin={join} />
            </Match>
            <Match when={waiting()}>
              {(phase) => {
                waitingRoomShown()
                return (
                  <WaitingView
                    deps={deps}
                    appointment={appointment()}
                    phase={phase()}
                    lost={state().signaling.kind !== 'open'}
                    onReconnect={() => deps.visit.reconnectNow()}
                    onLeave={() => deps.visit.leave()}
                  />
                )
              }}
            </Match>
            <Match when={kind() === 'waiting'}>
              <ServerView
                appointment={appointment()}
                signaling={state().signaling}
                failed={server() === 'failed'}
                onReconnect={() => deps.visit.reconnectNow()}
                onReload={() => deps.reload()}
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
        return <Session deps={deps} state={state()} name={name()} onName={rename} onHelp={openHelp} />
      }}
    </Show>
  )
}
