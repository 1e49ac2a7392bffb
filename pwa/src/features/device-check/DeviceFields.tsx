import { createSignal, type JSX, Show } from 'solid-js'
import { devicesWords } from '../../words/areas.ts'
import type { Sound } from '../../ports.ts'
import { Button } from '../../ui/Button.tsx'
import { Icon } from '../../ui/Icon.tsx'
import { Volume2 } from '../../ui/icons.ts'
import { Select } from '../../ui/Select.tsx'
import styles from './DeviceFields.module.css'
import { cameraOptions, shownCamera, shownSound, soundOptions } from './device-options.ts'
import type { LocalMedia, LocalMediaState } from './local-media-state.ts'

/** S16 */
export function DeviceFields(props: { readonly media: LocalMedia; readonly state: LocalMediaState; readonly sound: Sound }): JSX.Element {
  const devices = () => props.state.devices
  return (
    <>
      <Select
        label={devicesWords().camera}
        value={shownCamera(props.state.chosenCamera, props.state.camera, devices().cameras)}
        options={cameraOptions(devices().cameras)}
        onChange={(id) => void props.media.chooseCamera(id)}
      />
      <Select
        label={devicesWords().microphone}
        value={shownSound(props.state.chosenMicrophone, devices().microphones)}
        options={soundOptions(devices().microphones)}
        onChange={(id) => void props.media.chooseMicrophone(id)}
      />
      <Show when={devices().speakers}>
        {(speakers) => (
          <Select
            label={devicesWords().speaker}
            value={shownSound(props.state.chosenSpeaker, speakers())}
            options={soundOptions(speakers())}
            onChange={(id) => void props.media.chooseSpeaker(id)}
          />
        )}
      </Show>
      <TestSound sound={props.sound} />
    </>
  )
}

function TestSound(props: { readonly sound: Sound }): JSX.Element {
  const [blocked, setBlocked] = createSignal(false)
  async function play(): Promise<void> {
    await props.sound.unlock()
    props.sound.softTone()
    setBlocked((await props.sound.canRing()) === 'blocked')
  }
  return (
    <div class={styles.test}>
      <Button kind="plain" icon={<Icon of={Volume2} />} onClick={() => void play()}>
        {devicesWords().testSound}
      </Button>
      <p role="status">{blocked() ? devicesWords().testSoundBlocked : ''}</p>
    </div>
  )
}
