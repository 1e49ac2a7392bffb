import { defaultDevice } from '@alcove/shared/domain/device-choice'
import { devicesWords } from '../../words/areas.ts'
import type { MediaDevice } from '../../ports.ts'
import type { Option } from '../../ui/Select.tsx'
import type { LocalDevice } from './local-media-state.ts'

/** Microphones and speakers follow the system until chosen: headphones that are plugged in take over. */
export function soundOptions(devices: readonly MediaDevice[]): readonly Option<string>[] {
  if (devices.length === 0) return none()
  return [{ value: defaultDevice, label: devicesWords().systemDefault }, ...devices.map(optionOf)]
}

/** No system has one camera for all programs, so each is listed by its own name. */
export function cameraOptions(devices: readonly MediaDevice[]): readonly Option<string>[] {
  return devices.length === 0 ? none() : devices.map(optionOf)
}

/** The camera to show as selected while none was chosen: the one in use. */
export function shownCamera(chosen: string, camera: LocalDevice, devices: readonly MediaDevice[]): string {
  const has = (id: string | undefined) => devices.some(({ deviceId }) => deviceId === id)
  if (has(chosen)) return chosen
  const inUse = camera.kind === 'live' ? camera.track.getSettings().deviceId : undefined
  return (has(inUse) ? inUse : devices[0]?.deviceId) ?? defaultDevice
}

/** A choice that is not in the list now reads as the system's own. */
export function shownSound(chosen: string, devices: readonly MediaDevice[]): string {
  return devices.some(({ deviceId }) => deviceId === chosen) ? chosen : defaultDevice
}

const none = (): readonly Option<string>[] => [{ value: defaultDevice, label: devicesWords().none, disabled: true }]

function optionOf({ deviceId, label }: MediaDevice, index: number): Option<string> {
  return { value: deviceId, label: label || devicesWords().unnamed(index + 1) }
}
