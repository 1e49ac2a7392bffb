import type { DeviceKey } from '@alcove/shared/domain/ids'
import type { PracticeDevice } from '../../sync-ports.ts'

/**
 * What each device is called on the screen. Two of the same person that are called the same are told apart by a number, in
 * the order of their addition: "Chrome on Linux", "Chrome on Linux (2)".
 */
export function deviceLabels(devices: readonly PracticeDevice[]): ReadonlyMap<DeviceKey, string> {
  const counts = new Map<string, number>()
  return new Map(
    devices.map(({ key, member, label }) => {
      const same = `${member} ${label}`
      const count = (counts.get(same) ?? 0) + 1
      counts.set(same, count)
      return [key, count === 1 ? label : `${label} (${count})`]
    }),
  )
}
