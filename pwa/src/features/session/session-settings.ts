import { type Accessor, createSignal } from 'solid-js'
import type { Preferences } from '../../ports.ts'
import { formatPosition, type PreviewPosition, parsePosition } from './preview-position.ts'

/** S28, S37, S38: what this person chose about the screen, remembered on this device. */
export type SessionSettings = {
  readonly showVideo: Accessor<boolean>
  readonly showTimer: Accessor<boolean>
  readonly previewPosition: Accessor<PreviewPosition>
  setShowVideo(show: boolean): void
  setShowTimer(show: boolean): void
  /** `keep` false while a finger is still moving it. */
  setPreviewPosition(position: PreviewPosition, keep: boolean): void
}

const names = { video: 'session.show-video', timer: 'session.show-timer', position: 'session.preview-position' }

export function createSessionSettings(preferences: Preferences): SessionSettings {
  const [showVideo, setShowVideo] = createSignal(preferences.get(names.video) !== 'no')
  const [showTimer, setShowTimer] = createSignal(preferences.get(names.timer) !== 'no')
  const [previewPosition, setPosition] = createSignal(parsePosition(preferences.get(names.position)))
  return {
    showVideo,
    showTimer,
    previewPosition,
    setShowVideo(show) {
      preferences.set(names.video, show ? 'yes' : 'no')
      setShowVideo(show)
    },
    setShowTimer(show) {
      preferences.set(names.timer, show ? 'yes' : 'no')
      setShowTimer(show)
    },
    setPreviewPosition(position, keep) {
      if (keep) preferences.set(names.position, formatPosition(position))
      setPosition(position)
    },
  }
}
