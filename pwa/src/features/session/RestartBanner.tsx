import { createEffect, on, Show } from 'solid-js'
import { sessionWords } from '../../words/areas.ts'
import type { Clock } from '../../ports.ts'
import type { LocalMedia } from '../device-check/local-media-state.ts'
import { fromEngine } from './from-engine.ts'
import { RestartBar } from './RestartBar.tsx'
import type { ClinicianRoom, RoomSession } from './room-state.ts'
import { formatNames, formatWhen } from './session-time.ts'

/** S41 on every page of the clinician's app, until the window closes or another session starts. */
export function RestartBanner(props: {
  readonly room: Pick<ClinicianRoom, 'state' | 'subscribe' | 'restart'>
  readonly media: Pick<LocalMedia, 'open'>
  readonly clock: Pick<Clock, 'now'>
  /** Both have chosen: the session runs again, show it. */
  readonly onRestarted: () => void
}) {
  const state = fromEngine(props.room)
  const ended = () => {
    const { session } = state()
    return session.kind === 'ended' ? session : null
  }

  // Remembered here: where the other side chose first, the session runs before this choice ever shows in the state.
  let chosen = false
  createEffect(
    on(
      () => state().session,
      (now, before: RoomSession | undefined) => {
        if (before?.kind === 'ended' && (before.iWantRestart || chosen) && now.kind === 'running') props.onRestarted()
        if (now.kind !== 'ended') chosen = false
      },
    ),
  )

  function restart() {
    chosen = true
    // From a click, so that the browser may ask for the devices that were released at the end.
    void props.media.open()
    props.room.restart()
  }

  return (
    <Show when={ended()}>
      {(session) => {
        const names = () => formatNames([...session().wanting, ...session().missing])
        return (
          <RestartBar
            title={names() === '' ? sessionWords().end.bannerPlain : sessionWords().end.banner(names())}
            iWant={session().iWantRestart}
            wanting={session().wanting}
            missing={session().missing}
            until={formatWhen(session().closesAt, props.clock.now())}
            onRestart={restart}
          />
        )
      }}
    </Show>
  )
}
