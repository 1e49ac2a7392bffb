import { hearLevel, noVoice } from '@alcove/shared/domain/device-voice'
import { createMemo, createSignal, type JSX, Match, onCleanup, Switch } from 'solid-js'
import { troublesWords } from '../../words/areas.ts'
import { use } from '../../words/i18n.ts'
import { Banner } from '../../ui/Banner.tsx'
import { Button } from '../../ui/Button.tsx'
import { Icon } from '../../ui/Icon.tsx'
import { MicOff } from '../../ui/icons.ts'
import type { LocalMedia, LocalMediaState } from './local-media-state.ts'
import { otherMicrophone } from './other-microphone.ts'

/** In a running call: talking while muted, or a microphone that gives nothing at all (C13). One line, one button. */
export function VoiceNotice(props: { readonly media: LocalMedia; readonly state: LocalMediaState }): JSX.Element {
  const [voice, setVoice] = createSignal(noVoice)
  const [ready, setReady] = createSignal(false)
  const [closed, setClosed] = createSignal<'speaking-muted' | 'silent' | null>(null)
  void use(troublesWords).then(() => setReady(true))
  let track: MediaStreamTrack | null = null
  onCleanup(
    props.media.watchLevel((level) => {
      const { microphone } = props.state
      const now = microphone.kind === 'live' ? microphone.track : null
      // Another microphone is another question.
      const before = now === track ? voice() : noVoice
      track = now
      const isMuted = microphone.kind === 'live' && !microphone.enabled
      setVoice(now ? hearLevel(before, { level, isMuted, at: performance.now() }) : noVoice)
    }),
  )
  const shown = createMemo(() => {
    const { verdict } = voice()
    if (props.state.microphone.kind !== 'live' || props.state.microphone.interrupted) return null
    if (verdict !== 'speaking-muted' && verdict !== 'silent') {
      if (verdict === 'heard') setClosed(null)
      return null
    }
    return ready() && verdict !== closed() ? verdict : null
  })
  const words = () => troublesWords().notice
  return (
    <div role="status">
      <Switch>
        <Match when={shown() === 'speaking-muted'}>
          <Banner
            tone="accent"
            icon={<Icon of={MicOff} />}
            actions={<Button onClick={() => props.media.toggleMicrophone()}>{words().unmute}</Button>}
          >
            {words().speakingMuted}
          </Banner>
        </Match>
        <Match when={shown() === 'silent'}>
          <Banner
            tone="accent"
            icon={<Icon of={MicOff} />}
            actions={
              <>
                <Button onClick={() => void otherMicrophone(props.media)}>{words().otherMicrophone}</Button>
                <Button kind="plain" onClick={() => setClosed('silent')}>
                  {words().dismiss}
                </Button>
              </>
            }
          >
            {words().silent}
          </Banner>
        </Match>
      </Switch>
    </div>
  )
}
