import {
  type BackgroundToOffscreen,
  decodeToOffscreen,
  type OffscreenAnswer,
  offscreenSays,
} from '@alcove/shared/protocol/extension-inside'
import { browser } from '../browser.ts'
import { listen } from '../listen.ts'
import { countDevices } from '../ring/count-devices.ts'
import { createRing } from '../ring/ring.ts'

/** Chromium's service worker can make no sound and see no device; this document can, and does nothing else. */
const ring = createRing()

const handlers: { readonly [Type in BackgroundToOffscreen['type']]: () => Promise<OffscreenAnswer> } = {
  ring: async () => ({ type: 'playing', isPlaying: await ring.start() }),
  test: async () => ({ type: 'playing', isPlaying: await ring.test() }),
  async stop() {
    ring.stop()
    return { type: 'playing', isPlaying: false }
  },
  count: async () => ({ type: 'devices', ...(await countDevices()) }),
}

listen(browser.runtime, (data, sender) => {
  // From the background alone: whatever has a tab is a page.
  if (sender.id !== browser.runtime.id || sender.tab !== undefined) return null
  const decoded = decodeToOffscreen(data)
  return decoded.ok ? handlers[decoded.value.type]().then(offscreenSays) : null
})
