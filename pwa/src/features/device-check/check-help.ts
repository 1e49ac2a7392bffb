import type { CheckLine, CheckState, Finding } from '@alcove/shared/domain/device-check'
import type { Browser } from './browser.ts'

/** The one thing to press. Null where nothing that this page could do would help; then the steps do. */
export type CheckAction =
  | 'try-devices'
  | 'turn-on-camera'
  | 'unmute'
  | 'restore-camera'
  | 'restore-microphone'
  | 'other-microphone'
  | 'play-sound'
  | 'allow-sound'
  | 'ask-notifications'
  | 'look-again'
  | 'test-relay'
  | 'copy-address'

/** Which of the catalogue's steps; those per browser or system are looked up with it. */
export type CheckSteps =
  | 'allow-devices'
  | 'system'
  | 'in-use'
  | 'plug-in'
  | 'other-device'
  | 'restart-device'
  | 'mute-key'
  | 'call-over'
  | 'loudness'
  | 'allow-sound'
  | 'allow-notifications'
  | 'internet'
  | 'relay'
  | 'secure'
  | 'out-of-app'
  | 'other-browser'

export type CheckHelp = { readonly action: CheckAction | null; readonly steps: CheckSteps | null }

const none: CheckHelp = { action: null, steps: null }

/** @param restore what takes an interrupted one back; null where nothing here can. */
export function deviceHelp(finding: Finding<'camera'> | Finding<'microphone'>, restore: CheckAction | null): CheckHelp {
  switch (finding) {
    case 'denied':
    case 'dismissed':
      return { action: 'try-devices', steps: 'allow-devices' }
    case 'blocked-by-system':
      return { action: 'try-devices', steps: 'system' }
    case 'in-use':
      return { action: 'try-devices', steps: 'in-use' }
    case 'not-found':
      return { action: 'try-devices', steps: 'plug-in' }
    case 'over-constrained':
      return { action: 'try-devices', steps: 'other-device' }
    case 'failed':
      return { action: 'try-devices', steps: 'restart-device' }
    case 'insecure':
      return { action: null, steps: 'secure' }
    case 'not-asked':
      return { action: 'try-devices', steps: null }
    case 'interrupted':
      return { action: restore, steps: 'call-over' }
    case 'off':
      return { action: 'turn-on-camera', steps: null }
    case 'muted':
      return { action: 'unmute', steps: null }
    case 'silent':
      return { action: 'other-microphone', steps: 'mute-key' }
    default:
      return none
  }
}

/** What helps against what was found of a line. */
export function helpFor(line: CheckLine, lines: CheckState['lines']): CheckHelp {
  switch (line) {
    case 'camera':
      return deviceHelp(lines.camera.finding, 'restore-camera')
    case 'microphone':
      return deviceHelp(lines.microphone.finding, 'restore-microphone')
    case 'speaker':
      return speakerHelp(lines.speaker.finding)
    case 'sound':
      return lines.sound.finding === 'blocked' ? { action: 'allow-sound', steps: 'allow-sound' } : none
    case 'notifications':
      return notificationHelp(lines.notifications.finding)
    case 'network':
      return networkHelp(lines.network.finding)
    case 'relay':
      return relayHelp(lines.relay.finding)
    case 'browser':
      return browserHelp(lines.browser.finding)
    case 'tab':
      return none
  }
}

function speakerHelp(finding: Finding<'speaker'>): CheckHelp {
  return finding === 'unknown' ? none : { action: 'play-sound', steps: finding === 'not-heard' ? 'loudness' : null }
}

function notificationHelp(finding: Finding<'notifications'>): CheckHelp {
  if (finding === 'not-asked') return { action: 'ask-notifications', steps: null }
  return finding === 'blocked' ? { action: 'look-again', steps: 'allow-notifications' } : none
}

function networkHelp(finding: Finding<'network'>): CheckHelp {
  return finding === 'slow' || finding === 'offline' || finding === 'unreachable' ? { action: 'look-again', steps: 'internet' } : none
}

function relayHelp(finding: Finding<'relay'>): CheckHelp {
  if (finding === 'slow' || finding === 'unreachable') return { action: 'test-relay', steps: 'relay' }
  return finding === 'ready' ? { action: 'test-relay', steps: null } : none
}

function browserHelp(finding: Finding<'browser'>): CheckHelp {
  switch (finding) {
    case 'insecure':
      return { action: null, steps: 'secure' }
    case 'in-app':
      return { action: 'copy-address', steps: 'out-of-app' }
    case 'unsupported':
      return { action: 'copy-address', steps: 'other-browser' }
    default:
      return none
  }
}

export type StepPictureName =
  | 'address-sliders'
  | 'address-lock'
  | 'address-camera'
  | 'menu-bar'
  | 'phone-page'
  | 'system-switch'
  | 'plug'
  | 'windows'
  | 'mute-key'
  | 'call'
  | 'loudness'
  | 'network'
  | 'browsers'

/** The picture above the steps: where on the screen, or at the device, to look. */
export function pictureFor(steps: CheckSteps, { name, system }: Pick<Browser, 'name' | 'system'>): StepPictureName {
  switch (steps) {
    case 'allow-devices':
    case 'allow-sound':
    case 'allow-notifications':
      if (system === 'ios' || system === 'android') return 'phone-page'
      return (
        { chrome: 'address-sliders', edge: 'address-lock', firefox: 'address-camera', safari: 'menu-bar', other: 'address-lock' } as const
      )[name]
    case 'system':
      return 'system-switch'
    case 'in-use':
      return 'windows'
    case 'plug-in':
    case 'other-device':
    case 'restart-device':
      return 'plug'
    case 'mute-key':
      return 'mute-key'
    case 'call-over':
      return 'call'
    case 'loudness':
      return 'loudness'
    case 'internet':
    case 'relay':
      return 'network'
    case 'secure':
      return 'address-lock'
    case 'out-of-app':
    case 'other-browser':
      return 'browsers'
  }
}
