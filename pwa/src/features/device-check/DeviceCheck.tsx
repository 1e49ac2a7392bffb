import { type JSX, Show } from 'solid-js'
import { devicesWords } from '../../words/areas.ts'
import type { Sound } from '../../ports.ts'
import { TextField } from '../../ui/TextField.tsx'
import { fromEngine } from '../session/from-engine.ts'
import type { StepsKey } from './browser.ts'
import type { OpenCheck } from './check-engine.ts'
import styles from './DeviceCheck.module.css'
import { DeviceFields } from './DeviceFields.tsx'
import { DeviceNotices } from './DeviceNotices.tsx'
import { DeviceProblems } from './DeviceProblems.tsx'
import { joinsWith } from './device-problems.ts'
import { LaterDetails } from './LaterDetails.tsx'
import type { LocalMedia } from './local-media-state.ts'
import { OwnVideo } from './OwnVideo.tsx'
import { SoundMeter } from './SoundMeter.tsx'

export type DeviceCheckProps = {
  readonly name: string
  readonly onName: (name: string) => void
  /** Shown under the field, for example after joining without a name. */
  readonly nameError?: string | undefined
  /** Whoever mounts this also calls `media.open()` (S13). */
  readonly media: LocalMedia
  readonly sound: Sound
  readonly steps: StepsKey
  /** Begins to look at everything else; closed when the check goes. */
  readonly openCheck: OpenCheck
  /** Below the fields: the button that goes on. */
  readonly children?: JSX.Element
}

const details = () => import('./check-details.ts')

/** S13-S18: name, devices, oneself. Used by Welcome! on both pages; lies in two columns where there is room. */
export function DeviceCheck(props: DeviceCheckProps): JSX.Element {
  const state = fromEngine(props.media)
  const words = () => {
    const how = joinsWith(state())
    return how ? devicesWords().joinWith[how] : ''
  }
  return (
    <div class={styles.check}>
      <div class={styles.columns}>
        <div class={styles.self}>
          <OwnVideo media={props.media} state={state()} />
          <SoundMeter media={props.media} state={state()} />
        </div>
        <div class={styles.fields}>
          <div>
            <TextField
              label={devicesWords().name}
              value={props.name}
              onChange={props.onName}
              error={props.nameError}
              maxLength={80}
              autocomplete="name"
              autocapitalize="words"
              enterkeyhint="go"
              required
            />
            <div class={styles.troubles}>
              <DeviceNotices media={props.media} state={state()} />
              <DeviceProblems media={props.media} state={state()} />
            </div>
          </div>
          <DeviceFields media={props.media} state={state()} sound={props.sound} />
          <p class={styles.with} role="status">
            <Show when={words()}>{words()}</Show>
          </p>
          {props.children}
        </div>
      </div>
      <LaterDetails summary={devicesWords().alwaysAllow} load={async () => (await details()).alwaysAllow(props)} />
      <LaterDetails summary={devicesWords().checkMore} load={async () => (await details()).moreChecks(props)} />
    </div>
  )
}
