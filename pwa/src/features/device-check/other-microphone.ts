import type { LocalMedia } from './local-media-state.ts'

/** The next of the list; the same one anew where there is no other. */
export async function otherMicrophone(media: LocalMedia): Promise<void> {
  const { microphone, devices } = media.state()
  const inUse = microphone.kind === 'live' ? microphone.track.getSettings().deviceId : undefined
  const at = devices.microphones.findIndex(({ deviceId }) => deviceId === inUse)
  const next = devices.microphones[(at + 1) % Math.max(1, devices.microphones.length)]
  if (next && next.deviceId !== inUse) await media.chooseMicrophone(next.deviceId)
  else await media.restore('microphone')
}
