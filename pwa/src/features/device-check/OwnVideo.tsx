import { createMemo, createRenderEffect, type JSX, Show } from 'solid-js'
import { devicesWords } from '../../words/areas.ts'
import { Icon } from '../../ui/Icon.tsx'
import { Mic, MicOff, Video, VideoOff } from '../../ui/icons.ts'
import type { LocalMedia, LocalMediaState } from './local-media-state.ts'
import styles from './OwnVideo.module.css'

/** S17: oneself as in a mirror, with the two switches that matter. */
export function OwnVideo(props: { readonly media: LocalMedia; readonly state: LocalMediaState }): JSX.Element {
  const camera = () => props.state.camera
  const microphone = () => props.state.microphone
  const track = createMemo(() => {
    const device = camera()
    return device.kind === 'live' && device.enabled ? device.track : null
  })
  const asking = () => camera().kind === 'asking' || microphone().kind === 'asking'

  function show(video: HTMLVideoElement): void {
    createRenderEffect(() => {
      const live = track()
      video.srcObject = live && new MediaStream([live])
    })
  }

  return (
    <div class={styles.box} data-asking={asking() ? '' : undefined}>
      <video ref={show} class={styles.video} muted autoplay playsinline aria-label={devicesWords().preview.name} />
      <Show when={!track()}>
        <div class={styles.empty}>
          <Show
            when={asking()}
            fallback={
              <>
                <Icon of={VideoOff} size="large" />
                <p>{camera().kind === 'live' ? devicesWords().preview.off : devicesWords().preview.none}</p>
              </>
            }
          >
            <p class={styles.asking}>{devicesWords().asking.title}</p>
            <p>{devicesWords().asking.text}</p>
          </Show>
        </div>
      </Show>
      <div class={styles.switches}>
        <Toggle
          on={microphone()}
          words={[devicesWords().mute, devicesWords().unmute]}
          icons={[<Icon of={Mic} />, <Icon of={MicOff} />]}
          onClick={() => props.media.toggleMicrophone()}
        />
        <Toggle
          on={camera()}
          words={[devicesWords().turnOffCamera, devicesWords().turnOnCamera]}
          icons={[<Icon of={Video} />, <Icon of={VideoOff} />]}
          onClick={() => void props.media.toggleCamera()}
        />
      </div>
    </div>
  )
}

/** Words, not `aria-label`: the name is what stands there. */
function Toggle(props: {
  readonly on: LocalMediaState['camera']
  readonly words: readonly [off: string, on: string]
  readonly icons: readonly [JSX.Element, JSX.Element]
  readonly onClick: () => void
}): JSX.Element {
  const live = () => props.on.kind === 'live'
  const enabled = () => props.on.kind === 'live' && props.on.enabled
  return (
    <Show when={live()}>
      <button type="button" class={styles.toggle} data-off={enabled() ? undefined : ''} onClick={() => props.onClick()}>
        {enabled() ? props.icons[0] : props.icons[1]}
        <span class="visually-hidden">{enabled() ? props.words[0] : props.words[1]}</span>
      </button>
    </Show>
  )
}
