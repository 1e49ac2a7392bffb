/** One's own camera, microphone and screen, for Welcome!, the session and the settings. Made by local-media.ts. */
import type { MediaProblem } from '@alcove/shared/domain/device-check'
import type { MediaDevice, MediaDeviceList, Stop } from '../../ports.ts'

export type LocalDevice =
  | { readonly kind: 'not-asked' }
  | { readonly kind: 'asking' }
  /** `enabled` false: the user turned it off; a camera's light goes out, a microphone sends silence. */
  | {
      readonly kind: 'live'
      readonly track: MediaStreamTrack
      readonly enabled: boolean
      /** The system has taken it for a while (a phone call, another program, sleep): black and silent, but not ended. */
      readonly interrupted?: true
    }
  | { readonly kind: 'problem'; readonly problem: MediaProblem }

/** A change that the user did not ask for, or an offer. Drawn by DeviceNotices.tsx. */
export type DeviceNotice =
  /** The device in use was lost and another one took its place. */
  | { readonly kind: 'fell-back'; readonly what: 'camera' | 'microphone'; readonly to: string }
  /** The device in use was lost and there is none in its place. Goes away by itself when there is one. */
  | { readonly kind: 'lost'; readonly what: 'camera' | 'microphone'; readonly problem: MediaProblem }
  /** The chosen device was plugged in again and is in use. */
  | { readonly kind: 'returned'; readonly what: 'camera' | 'microphone'; readonly to: string }
  /** A new one was plugged in: an offer. */
  | { readonly kind: 'appeared'; readonly what: 'camera' | 'microphone'; readonly device: MediaDevice }
  /** The system has taken it for a while. Goes away by itself when it is back. */
  | { readonly kind: 'interrupted'; readonly what: 'camera' | 'microphone' }
  /** The one just chosen does not work; the one before stays. */
  | { readonly kind: 'not-switched'; readonly what: 'camera' | 'microphone'; readonly problem: MediaProblem }

export type LocalMediaState = {
  readonly camera: LocalDevice
  readonly microphone: LocalDevice
  readonly screen: MediaStreamTrack | null
  readonly devices: MediaDeviceList
  /** deviceIds, `default` until chosen. */
  readonly chosenCamera: string
  readonly chosenMicrophone: string
  readonly chosenSpeaker: string
  readonly notice: DeviceNotice | null
}

export type LocalMedia = {
  state(): LocalMediaState
  subscribe(listener: (state: LocalMediaState) => void): Stop
  /** Asks for camera and microphone (S13); again after a problem. What is turned off stays off. */
  open(): Promise<void>
  chooseCamera(deviceId: string): Promise<void>
  chooseMicrophone(deviceId: string): Promise<void>
  chooseSpeaker(deviceId: string): Promise<void>
  /** Opens the device in use anew, after an interruption. */
  restore(what: 'camera' | 'microphone'): Promise<void>
  toggleCamera(): Promise<void>
  toggleMicrophone(): void
  startScreen(): Promise<MediaProblem | null>
  stopScreen(): void
  /** Level 0..1 of one's own microphone, also while muted. */
  watchLevel(listener: (level: number) => void): Stop
  dismissNotice(): void
  /** Releases every device. `open` may follow. */
  close(): void
}
