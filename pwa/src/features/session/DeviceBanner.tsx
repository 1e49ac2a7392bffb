import { createEffect, createMemo, Show } from 'solid-js'
import { practiceWords } from '../../words/areas.ts'
import { Banner } from '../../ui/Banner.tsx'
import { Button } from '../../ui/Button.tsx'
import { Icon } from '../../ui/Icon.tsx'
import { MonitorSmartphone, TriangleAlert, X } from '../../ui/icons.ts'
import type { LocalMedia } from '../device-check/local-media-state.ts'
import { fromEngine } from './from-engine.ts'
import type { ClinicianRoom } from './room-state.ts'

/** My session on another device, on every page of the app: where it is, and how to bring it here. */
export function DeviceBanner(props: {
  readonly room: ClinicianRoom
  readonly media: Pick<LocalMedia, 'open'>
  /** The session runs here now: show it. */
  readonly onMoved: () => void
}) {
  const state = fromEngine(props.room)
  const words = () => practiceWords().devices
  const moving = createMemo(() => state().devices.moving)
  const remote = createMemo(() => (state().session.kind === 'running' ? null : state().devices.remote))
  const notice = createMemo(() => {
    const shown = state().devices.notice
    return shown?.kind === 'moved' || shown?.kind === 'not-moved' ? shown : null
  })
  const title = () => {
    const [there, said] = [remote(), notice()]
    if (there && there.kind === 'ended') return words().ended(there.label)
    if (said?.kind === 'moved') return words().moved(said.label)
    return there ? words().running(there.label) : ''
  }

  let isComing = false
  createEffect(() => {
    const way = moving()?.way
    if (isComing && state().session.kind === 'running') {
      isComing = false
      props.onMoved()
    } else if (way === 'here') isComing = true
    else isComing = false
  })

  function moveHere() {
    // From a click, so that the browser may ask for the camera and the microphone.
    void props.media.open()
    void props.room.moveHere()
  }

  return (
    <>
      <Show when={moving()}>
        {(way) => (
          <Banner role="status" icon={<Icon of={MonitorSmartphone} />}>
            {way().way === 'here' ? words().movingHere(way().label) : words().movingAway(way().label)}
          </Banner>
        )}
      </Show>
      <Show when={moving() === null && (remote() !== null || notice()?.kind === 'moved')}>
        <Banner
          tone="accent"
          role="region"
          label={title()}
          icon={<Icon of={MonitorSmartphone} />}
          actions={
            <Show when={remote()} fallback={<Close room={props.room} />}>
              <Button kind="primary" onClick={moveHere}>
                {words().moveHere}
              </Button>
            </Show>
          }
        >
          <p role="status">{title()}</p>
        </Banner>
      </Show>
      <Show when={moving() === null && notice()?.kind === 'not-moved' && notice()}>
        {(failed) => (
          <Banner tone="warning" role="status" icon={<Icon of={TriangleAlert} />} actions={<Close room={props.room} />}>
            {words().notMoved(failed().label)}
          </Banner>
        )}
      </Show>
    </>
  )
}

function Close(props: { readonly room: Pick<ClinicianRoom, 'dismissDeviceNotice'> }) {
  return (
    <Button
      kind="plain"
      iconOnly
      icon={<Icon of={X} />}
      aria-label={practiceWords().devices.close}
      title={practiceWords().devices.close}
      onClick={() => props.room.dismissDeviceNotice()}
    />
  )
}
