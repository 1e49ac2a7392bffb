import { defaultDevice, type KnownDevice } from '@alcove/shared/domain/device-choice'
import type { Preferences } from '../../ports.ts'

export type DeviceKind = 'camera' | 'microphone' | 'speaker'

export type RememberedDevices = {
  get(kind: DeviceKind): KnownDevice | null
  /** Null: back to whatever the system uses. */
  set(kind: DeviceKind, device: KnownDevice | null): void
}

/** By id and by name (C14): ids change when a browser forgets, names stay. */
export function createRememberedDevices(preferences: Preferences): RememberedDevices {
  return {
    get(kind) {
      const [deviceId, ...label] = (preferences.get(`device.${kind}`) ?? '').split('\n')
      return deviceId ? { deviceId, label: label.join('\n') } : null
    },
    set(kind, device) {
      const forget = !device || device.deviceId === defaultDevice
      preferences.set(`device.${kind}`, forget ? '' : `${device.deviceId}\n${device.label}`)
    },
  }
}
