import { createEffect, createMemo, createSignal, type JSX, on, Show } from 'solid-js'
import { sessionWords } from '../../words/areas.ts'
import type { Clock, SocketState } from '../../ports.ts'
import { announce } from '../../ui/announce.ts'
import type { LocalMedia } from '../device-check/local-media-state.ts'
import { CallTimer } from './CallTimer.tsx'
import { EndButton } from './EndButton.tsx'
import dark from './dark.module.css'
import { createElementSize } from './element-size.ts'
import { fromEngine } from './from-engine.ts'
import type { RemotePerson } from './room-state.ts'
import styles from './SessionScreen.module.css'
import { SelfPreview } from './SelfPreview.tsx'
import { SessionMessages } from './SessionMessages.tsx'
import { Stage } from './Stage.tsx'
import type { SessionSettings } from './session-settings.ts'
import { Toolbar } from './Toolbar.tsx'

export type SessionScreenProps = {
  readonly people: readonly RemotePerson[]
  /** Epoch ms by this device. */
  readonly startedAt: number
  readonly endKind: 'end' | 'end-for-all' | 'leave'
  readonly tampered: boolean
  /** Why nothing can be decided on this device now. */
  readonly held: string | null
  readonly signaling: SocketState
  /** The clinician whose connection is gone, on a patient's page. */
  readonly goneClinician: string | null
  readonly emptyHint: string | null
  /** Said while one's own screen is shared. */
  readonly sharingWords: string
  readonly media: LocalMedia
  readonly canShareScreen: boolean
  readonly clock: Clock
  readonly settings: SessionSettings
  readonly onEnd: () => void
  readonly onReconnect: () => void
  readonly panelButton: JSX.Element
  readonly panel: JSX.Element
  /** Over everything: arrivals, questions. */
  readonly children?: JSX.Element
}

/** The one calm screen of a session, the same on both sides: the others, one's own preview, one toolbar. */
export function SessionScreen(props: SessionScreenProps) {
  const media = fromEngine(props.media)
  const stage = createElementSize()
  const [shareProblem, setShareProblem] = createSignal<string | null>(null)
  let toolbar!: HTMLDivElement

  const names = createMemo(() => new Map(props.people.map((person) => [person.id, person.name])))
  createEffect(
    on(names, (now, before) => {
      for (const [id, name] of now) if (!before?.has(id)) announce(sessionWords().screen.joined(name))
      for (const [id, name] of before ?? []) if (!now.has(id)) announce(sessionWords().screen.left(name))
    }),
  )

  async function share() {
    setShareProblem(null)
    if (media().screen) return props.media.stopScreen()
    const problem = await props.media.startScreen()
    if (problem === null || problem === 'dismissed') return
    setShareProblem(problem === 'denied' ? sessionWords().screen.shareDenied : sessionWords().screen.shareFailed)
  }

  return (
    <main class={`${dark.dark} ${styles.screen}`}>
      <h1 class="visually-hidden">{sessionWords().screen.title}</h1>
      {props.panel}
      <div class={styles.stage} ref={stage.observe}>
        <Stage people={props.people} speaker={media().chosenSpeaker} emptyText={sessionWords().screen.alone} emptyHint={props.emptyHint} />
        <SessionMessages
          people={props.people}
          tampered={props.tampered}
          held={props.held}
          signaling={props.signaling}
          goneClinician={props.goneClinician}
          sharing={media().screen ? props.sharingWords : null}
          media={props.media}
          mediaState={media()}
          problem={shareProblem()}
          onCloseProblem={() => setShareProblem(null)}
          onReconnect={props.onReconnect}
        />
        <Show when={props.settings.showVideo()}>
          <SelfPreview
            camera={media().camera}
            stage={stage.size()}
            settings={props.settings}
            // The button that had the focus is gone: the toolbar is next.
            onHidden={() => toolbar.querySelector('button')?.focus()}
          />
        </Show>
      </div>
      <div class={styles.toolbar} ref={toolbar}>
        <Toolbar
          media={props.media}
          state={media()}
          onShare={props.canShareScreen ? () => void share() : null}
          timer={
            <Show when={props.settings.showTimer()}>
              <CallTimer startedAt={props.startedAt} clock={props.clock} />
            </Show>
          }
          panelButton={props.panelButton}
          endButton={<EndButton kind={props.endKind} held={props.held} clock={props.clock} onEnd={props.onEnd} />}
        />
      </div>
      {props.children}
    </main>
  )
}
