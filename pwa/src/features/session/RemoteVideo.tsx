import { createEffect, createSignal, onCleanup, onMount, Show } from 'solid-js'
import { createElementSize } from './element-size.ts'
import { Icon } from '../../ui/Icon.tsx'
import { Volume2 } from '../../ui/icons.ts'
import type { Size } from './preview-position.ts'
import styles from './RemoteVideo.module.css'
import { sessionWords } from '../../words/areas.ts'
import { fitOf } from './stage-layout.ts'

/**
 * Another person's stream on a media element: its sound never goes through Web Audio, where echo cancellation would not
 * see it. A browser that holds sound back gets the picture muted and a button.
 */
export function RemoteVideo(props: {
  readonly name: string
  readonly stream: MediaStream | null
  /** deviceId of the chosen loudspeaker. */
  readonly speaker: string
  /** A shared screen is always shown whole and has no sound. */
  readonly whole?: boolean
  readonly hidden?: boolean
}) {
  const [blocked, setBlocked] = createSignal(false)
  const [picture, setPicture] = createSignal<Size>({ width: 0, height: 0 })
  const box = createElementSize()
  let video!: HTMLVideoElement

  async function play() {
    try {
      await video.play()
    } catch (error) {
      // AbortError: a newer stream was set meanwhile, which plays by itself.
      if (!(error instanceof DOMException) || error.name !== 'NotAllowedError' || video.muted) return
      setBlocked(true)
      video.muted = true
      void play()
    }
  }

  function hear() {
    video.muted = false
    setBlocked(false)
    void play()
  }

  onMount(() => box.observe(video))
  createEffect(() => {
    const stream = props.stream
    if (video.srcObject !== stream) video.srcObject = stream
    if (stream) void play()
  })
  createEffect(() => {
    const speaker = props.speaker === 'default' ? '' : props.speaker
    // Absent in Safari and Firefox for Android; a device that is gone leaves the sound where it was.
    if ('setSinkId' in video && video.sinkId !== speaker) video.setSinkId(speaker).catch(() => undefined)
  })
  onCleanup(() => {
    video.srcObject = null
  })

  return (
    <>
      <video
        ref={video}
        class={styles.video}
        data-fit={props.whole ? 'contain' : fitOf(picture(), box.size())}
        data-hidden={props.hidden ? '' : undefined}
        aria-label={props.name}
        autoplay
        playsinline
        onResize={() => setPicture({ width: video.videoWidth, height: video.videoHeight })}
        // A phone call, Siri or a locked screen pauses media elements; nobody paused it here.
        onPause={() => props.stream && void play()}
      />
      <Show when={blocked()}>
        <button type="button" class={styles.hear} onClick={hear} title={sessionWords().screen.hearHint}>
          <Icon of={Volume2} />
          {sessionWords().screen.hear}
        </button>
      </Show>
    </>
  )
}
