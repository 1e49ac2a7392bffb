/** Which device to use: decisions about cameras, microphones and speakers, apart from any browser. */

export type KnownDevice = { readonly deviceId: string; readonly label: string }

/** Stands for "whatever the system uses". */
export const defaultDevice = 'default'

/**
 * The device to ask for. Browsers change or hide ids (private windows, "allow this time"), so the name on the device
 * counts too. Before a permission there are no names: then the remembered id is worth a try.
 */
export function resolveDevice(remembered: KnownDevice | null, present: readonly KnownDevice[]): string {
  if (!remembered) return defaultDevice
  const same = findDevice(remembered, present)
  if (same) return same.deviceId
  return present.some((device) => device.label !== '') ? defaultDevice : remembered.deviceId
}

/** What a change of the plugged-in devices means for one of them in use. */
export type DeviceChange =
  | { readonly kind: 'none' }
  /** The one in use was unplugged. */
  | { readonly kind: 'lost' }
  /** The one that was chosen before it was unplugged is back: it may be taken again without asking, unless it is a headset. */
  | { readonly kind: 'returned'; readonly device: KnownDevice }
  /** A new one: worth an offer, never taken unasked (C8). */
  | { readonly kind: 'appeared'; readonly device: KnownDevice }

export type DeviceChangeInput = {
  readonly what: 'camera' | 'microphone'
  /** Id of the device in use, null when the browser does not say. */
  readonly inUse: string | null
  readonly wanted: KnownDevice | null
  readonly before: readonly KnownDevice[]
  readonly after: readonly KnownDevice[]
}

export function deviceChange({ what, inUse, wanted, before, after }: DeviceChangeInput): DeviceChange {
  const has = (list: readonly KnownDevice[], id: string | null) => list.some((device) => device.deviceId === id)
  if (has(before, inUse) && !has(after, inUse)) return { kind: 'lost' }
  const back = wanted && findDevice(wanted, after)
  if (back && back.deviceId !== inUse && !findDevice(wanted, before)) {
    // Whoever takes one out of its case may be about to use it for something else, or on somebody else's ears (C8).
    return { kind: what === 'microphone' && isHeadset(back.label) ? 'appeared' : 'returned', device: back }
  }
  // The first list with names is not a change of devices.
  const named = before.some((device) => device.label !== '')
  const added = after.find((device) => device.label !== '' && !findDevice(device, before))
  if (added && named && added.deviceId !== inUse) return { kind: 'appeared', device: added }
  return { kind: 'none' }
}

function findDevice(wanted: KnownDevice, present: readonly KnownDevice[]): KnownDevice | undefined {
  return (
    present.find((device) => device.deviceId === wanted.deviceId) ??
    present.find((device) => device.label !== '' && device.label === wanted.label)
  )
}

/** Told by its name: nothing else says what a device is. */
export function isHeadset(label: string): boolean {
  return /head ?(?:set|phone)|ear ?(?:bud|phone|pod)|air ?pods|buds|hands-?free|bluetooth|auricular|cascos/i.test(label)
}
