export type DeviceCount = { readonly cameras: number; readonly microphones: number }

/**
 * Without a permission a browser says of each kind only whether there is one, and no names: enough to warn of a camera
 * that is not plugged in. Nothing is opened.
 */
export async function countDevices(): Promise<DeviceCount> {
  const devices = await navigator.mediaDevices.enumerateDevices()
  const count = (kind: MediaDeviceKind) => Math.min(99, devices.filter((device) => device.kind === kind).length)
  return { cameras: count('videoinput'), microphones: count('audioinput') }
}
