import { createComputed, createMemo, createSignal, type JSX, Match, on, onCleanup, Show, Switch, untrack } from 'solid-js'
import { helpWords, joinWords, sessionWords, stoppedWords } from '../../words/areas.ts'
import type { HelpTopic } from '../../words/help.en.ts'
import { use } from '../../words/i18n.ts'
import type { Stop } from '../../ports.ts'
import { later } from '../../ui/later.ts'
import { fromEngine } from '../session/from-engine.ts'
import { trustedNow } from '../session/trusted-now.ts'
import type { KnownAppointment } from './AppointmentCard.tsx'
import { changeLanguage } from './page-language.ts'
import { ServerView } from './ServerView.tsx'
import { PageTitle, VisitFrame } from './VisitFrame.tsx'
import type { VisitPageDeps } from './visit-page-deps.ts'
import { type ServerReach, serverReach, visitPlace } from './visit-place.ts'
import { WaitingView } from './WaitingView.tsx'
import { WelcomeView } from './WelcomeView.tsx'

const tickMs = 10_000
/** A part that could not be fetched is tried again this often while it is needed. */
const retryMs = 3000

/** The patient's page, from Welcome! to the end. */
export function VisitPage(props: { readonly deps: VisitPageDeps }): JSX.Element {
  const { deps } = props
  const { clock, visit } = deps
  const state = fromEngine(visit)
  const [name, setName] = createSignal(deps.firstName)
  const [topic, setTopic] = createSignal<HelpTopic | null>(null)
  const [device, setDevice] = createSignal(clock.now())
  onCleanup(clock.every(tickMs, () => setDevice(clock.now())))
  onCleanup(deps.page.watchVisibility(() => setDevice(clock.now())))
  const now = createMemo(() => {
    device()
    return trustedNow(clock, state())
  })
  const appointment = (): KnownAppointment => ({ card: state().card, startAt: state().startAt, now: now() })
  const reach = createMemo<ServerReach>((before) => serverReach(before, state()), 'trying')
  const place = createMemo(() => visitPlace(state(), reach()))
  const waiting = () => {
    const { phase } = state()
    return place() === 'waiting' && phase.kind === 'waiting' ? phase : null
  }

  // --- parts that come later ----------------------------------------------------------------------------------------

  const session = later(async () => (await Promise.all([import('./VisitSession.tsx'), use(sessionWords)]))[0])
  const stopped = later(async () => (await Promise.all([import('./VisitStopped.tsx'), use(stoppedWords)]))[0])
  const help = later(async () => (await Promise.all([import('./VisitHelp.tsx'), use(helpWords)]))[0])

  let retry: Stop = () => undefined
  onCleanup(() => retry())
  createComputed(
    on(place, (now) => {
      retry()
      const needed = now === 'session' ? session : now === 'stopped' ? stopped : null
      if (!needed) return
      // Whoever reads a help page while the clinician opens the door is let in.
      closeHelp()
      needed.load()
      retry = clock.every(retryMs, needed.load)
    }),
  )

  /** The first moment at which more may be fetched without anybody waiting longer for the waiting room. */
  function waitingRoomShown(): void {
    const stop = clock.after(0, () => {
      session.load()
      stopped.load()
    })
    onCleanup(stop)
  }

  onCleanup(deps.helpStep.watch(() => setTopic(null)))

  function openHelp(next: HelpTopic): void {
    help.load()
    if (!topic()) deps.helpStep.enter()
    setTopic(next)
  }

  function closeHelp(): void {
    if (!untrack(topic)) return
    setTopic(null)
    deps.helpStep.leave()
  }

  function join(typed: string): void {
    rename(typed)
    visit.join(typed)
    deps.hideLink()
  }

  function rename(next: string): void {
    setName(next)
    void deps.rememberedName.write(next)
  }

  return (
    <Show
      when={!topic() && place() === 'session' ? session.part() : null}
      fallback={
        <VisitFrame
          practice={state().card.practice}
          onLanguage={() => void changeLanguage(deps.preferences)}
          onHelp={topic() ? undefined : openHelp}
        >
          <Switch fallback={<PageTitle>{joinWords().waiting.connecting}</PageTitle>}>
            <Match when={topic()}>
              {(first) => (
                <Show when={help.part()} fallback={<p>{joinWords().server.connecting}</p>}>
                  {(part) => {
                    const { VisitHelp } = part()
                    return <VisitHelp deps={deps} first={first()} card={state().card} onBack={closeHelp} />
                  }}
                </Show>
              )}
            </Match>
            <Match when={place() === 'welcome'}>
              <WelcomeView deps={deps} appointment={appointment()} name={name()} onName={setName} onJoin={join} />
            </Match>
            <Match when={place() === 'server'}>
              <ServerView appointment={appointment()} failed={reach() === 'failed'} onReconnect={() => visit.reconnectNow()} />
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
                    onReconnect={() => visit.reconnectNow()}
                    onLeave={() => visit.leave()}
                  />
                )
              }}
            </Match>
            <Match when={place() === 'stopped' && stopped.part()}>
              {(part) => {
                const { VisitStopped } = part()
                return (
                  <VisitStopped
                    deps={deps}
                    state={state()}
                    appointment={appointment()}
                    onAgain={() => join(name())}
                    onContact={() => openHelp('contact')}
                  />
                )
              }}
            </Match>
          </Switch>
        </VisitFrame>
      }
    >
      {(part) => {
        const { VisitSession } = part()
        return <VisitSession deps={deps} state={state()} name={name()} onName={rename} onHelp={openHelp} />
      }}
    </Show>
  )
}
