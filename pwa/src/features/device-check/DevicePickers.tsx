import type { JSX } from 'solid-js'
import { Show } from 'solid-js'
import { devicesWords } from '../../words/areas.ts'
import { Select } from '../../ui/Select.tsx'
import { cameraOptions, shownCamera, shownSound, soundOptions } from './device-options.ts'
import type { LocalMedia, LocalMediaState } from './local-media-state.ts'

/** S16 */
export function DevicePickers(props: { readonly media: LocalMedia; readonly state: LocalMediaState }): JSX.Element {
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
    </>
  )
}
