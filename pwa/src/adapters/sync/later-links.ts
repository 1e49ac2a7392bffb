import type { Stop } from '../../ports.ts'
import type { DeviceLinks } from '../../sync-ports.ts'
import type { DeviceLinksDeps } from './device-links.ts'

const loadAgainMs = 30_000

/** y-webrtc is fetched when there is another device to talk to, and not before. */
export function createLaterLinks(deps: DeviceLinksDeps): DeviceLinks {
  return {
    open(options) {
      let stop: Stop | null = null
      let stopped = false
      async function load(): Promise<void> {
        const loaded = await import('./device-links.ts').catch(() => null)
        if (stopped) return
        // Offline, and not kept by the service worker yet.
        stop = loaded ? loaded.createDeviceLinks(deps).open(options) : deps.clock.after(loadAgainMs, () => void load())
      }
      void load()
      return () => {
        stopped = true
        stop?.()
      }
    },
  }
}
