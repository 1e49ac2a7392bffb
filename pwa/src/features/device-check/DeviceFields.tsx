import { createSignal, type JSX } from 'solid-js'
import { devicesWords } from '../../words/areas.ts'
import type { Sound } from '../../ports.ts'
import { Button } from '../../ui/Button.tsx'
import { Icon } from '../../ui/Icon.tsx'
import { Volume2 } from '../../ui/icons.ts'
import styles from './DeviceFields.module.css'
import { DevicePickers } from './DevicePickers.tsx'
import type { LocalMedia, LocalMediaState } from './local-media-state.ts'

/** S16 */
export function DeviceFields(props: { readonly media: LocalMedia; readonly state: LocalMediaState; readonly sound: Sound }): JSX.Element {
  return (
    <>
      <DevicePickers media={props.media} state={props.state} />
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
