import {
  type BackgroundToOffscreen,
  decodeOffscreenAnswer,
  type OffscreenAnswer,
  sayToOffscreen,
} from '@alcove/shared/protocol/extension-inside'
import type { ExtensionBrowser } from '../browser.ts'
import type { DeviceCount } from '../ring/count-devices.ts'
import type { Ring } from '../ring/ring.ts'

/** The extension's own bell, and its eyes for devices: what a service worker has not. */
export type Ringer = {
  readonly how: 'offscreen' | 'background' | 'notification'
  /** Until `stop`; harmless when it rings already. @returns whether it is heard, as far as a program can know. */
  start(): Promise<boolean>
  test(): Promise<boolean>
  stop(): Promise<void>
  /** Null where an extension cannot know. */
  count(): Promise<DeviceCount | null>
}

const countMs = 500

/** Chromium: a document that nobody sees. It closes itself after half a minute of silence. */
export function createOffscreenRinger(browser: ExtensionBrowser): Ringer {
  const url = 'offscreen.html'
  const isThere = async () => (await browser.runtime.getContexts({ contextTypes: ['OFFSCREEN_DOCUMENT' as 'BACKGROUND'] })).length > 0

  async function ask(message: BackgroundToOffscreen): Promise<OffscreenAnswer | null> {
    try {
      if (!(await isThere())) {
        const justification =
          'Rings when someone waits and the page cannot be heard; says whether a camera and a microphone are plugged in.'
        await browser.offscreen?.createDocument({ url, reasons: ['AUDIO_PLAYBACK'], justification })
      }
      const answer = decodeOffscreenAnswer(await browser.runtime.sendMessage(sayToOffscreen(message)))
      return answer.ok ? answer.value : null
    } catch {
      return null
    }
  }

  async function play(type: 'ring' | 'test'): Promise<boolean> {
    const answer = await ask({ type })
    return answer?.type === 'playing' && answer.isPlaying
  }

  return {
    how: 'offscreen',
    start: () => play('ring'),
    test: () => play('test'),
    async stop() {
      if (await isThere()) await browser.offscreen?.closeDocument().catch(() => undefined)
    },
    async count() {
      const answer = await ask({ type: 'count' })
      return answer?.type === 'devices' ? { cameras: answer.cameras, microphones: answer.microphones } : null
    },
  }
}

/** Firefox: the background is a page, and makes the sound itself. */
export function createPageRinger(ring: Ring, count: () => Promise<DeviceCount>): Ringer {
  return {
    how: 'background',
    start: ring.start,
    test: ring.test,
    stop: async () => ring.stop(),
    // Firefox tells a page of devices only once somebody looks at it, which never happens here: no answer is none.
    count: () => Promise.race([count().catch(() => null), new Promise<null>((resolve) => setTimeout(resolve, countMs, null))]),
  }
}

/** Safari: a worker without a document, and no interface for one. The page's own notification calls. */
export const silentRinger: Ringer = {
  how: 'notification',
  start: async () => false,
  test: async () => false,
  stop: async () => undefined,
  count: async () => null,
}
