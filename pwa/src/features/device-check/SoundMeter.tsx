import { hearLevel, noVoice, type VoiceVerdict } from '@alcove/shared/domain/device-voice'
import { createMemo, createSignal, type JSX, onCleanup, onMount, Show } from 'solid-js'
import { devicesWords } from '../../words/areas.ts'
import { Icon } from '../../ui/Icon.tsx'
import { Check, Mic, MicOff } from '../../ui/icons.ts'
import type { LocalMedia, LocalMediaState } from './local-media-state.ts'
import styles from './SoundMeter.module.css'

/** S17: moves with one's voice, and says in words what the bar means. */
export function SoundMeter(props: { readonly media: LocalMedia; readonly state: LocalMediaState }): JSX.Element {
  const [verdict, setVerdict] = createSignal<VoiceVerdict>('nothing-yet')
  const live = createMemo(() => props.state.microphone.kind === 'live' && !props.state.microphone.interrupted)
  const muted = () => props.state.microphone.kind === 'live' && !props.state.microphone.enabled
  let bar!: HTMLDivElement
  let fill!: HTMLDivElement

  onMount(() => {
    let voice = noVoice
    let shown = 0
    onCleanup(
      props.media.watchLevel((level) => {
        // Up at once, down slowly: a bar that flickers says nothing.
        shown = Math.max(level, shown * 0.85)
        fill.style.transform = `scaleX(${shown.toFixed(3)})`
        const value = String(Math.round(shown * 10) * 10)
        if (bar.getAttribute('aria-valuenow') !== value) bar.setAttribute('aria-valuenow', value)
        voice = hearLevel(voice, { level, isMuted: muted(), at: performance.now() })
        setVerdict(voice.verdict)
      }),
    )
  })

  const words = () => {
    if (!live()) return ''
    const { speak, heard, silent, muted, speakingMuted } = devicesWords().level
    return { 'nothing-yet': speak, heard, silent, muted, 'speaking-muted': speakingMuted }[verdict()]
  }

  return (
    <div class={styles.meter} data-heard={verdict() === 'heard' ? '' : undefined}>
      <div class={styles.row}>
        <Icon of={live() && !muted() ? Mic : MicOff} />
        <div
          ref={bar}
          class={styles.bar}
          role="meter"
          aria-label={devicesWords().level.name}
          aria-valuemin="0"
          aria-valuemax="100"
          aria-valuenow="0"
        >
          <div ref={fill} class={styles.fill} />
        </div>
      </div>
      <p class={styles.words} role="status">
        <Show when={live() && verdict() === 'heard'}>
          <Icon of={Check} size="small" />
        </Show>
        {words()}
      </p>
    </div>
  )
}
