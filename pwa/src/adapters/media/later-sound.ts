import type { Sound, Stop } from '../../ports.ts'

/**
 * Sounds whose program is fetched with the first of them: the patient's page makes few. A page that captures may play in
 * every engine, and elsewhere one click on the page has been enough by then.
 */
export function createLaterSound(load: () => Promise<Sound>): Sound {
  let loading: Promise<Sound> | null = null
  const sound = () => {
    loading ??= load().catch((error: unknown) => {
      loading = null
      throw error
    })
    return loading
  }
  /** A sound that could not be fetched is not heard; nothing else is lost. */
  const whenThere = (play: (sound: Sound) => void) => void sound().then(play, () => undefined)
  return {
    unlock: async () => (await sound()).unlock(),
    canRing: async () => (await sound()).canRing(),
    ring() {
      let stop: Stop = () => undefined
      let stopped = false
      whenThere((loaded) => {
        if (!stopped) stop = loaded.ring()
      })
      return () => {
        stopped = true
        stop()
      }
    },
    softTone: () => whenThere((loaded) => loaded.softTone()),
    useSpeaker: async (deviceId) => (await sound()).useSpeaker(deviceId),
  }
}
