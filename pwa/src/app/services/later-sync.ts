import type { PracticeSync, SyncState } from '../../features/sync/sync-state.ts'
import { noLog } from '../../features/log/log-state.ts'
import type { Clock } from '../../ports.ts'

type Listener<T> = (value: T) => void
type OwnDeviceMessage = Parameters<Parameters<PracticeSync['watchOwnDevices']>[0]>[0]

/** Until it is there, nothing is known of other devices and of the log: as in a tab that has heard nothing from the one that syncs. */
const unknown: SyncState = { line: { kind: 'other-tab' }, unsynced: 0, devices: new Map(), log: noLog }

/** A hidden tab paints nothing. */
const paintWithinMs = 1_000
const loadAgainMs = 30_000

/** Loads what is not needed for the first picture, once that stands there. A download that failed is tried again. */
export async function loadLater<T>(clock: Pick<Clock, 'after'>, load: () => Promise<T>): Promise<T> {
  await new Promise<void>((resolve) => {
    requestAnimationFrame(() => clock.after(0, resolve))
    clock.after(paintWithinMs, resolve)
  })
  for (;;) {
    const loaded = await load().catch(() => null)
    if (loaded !== null) return loaded
    await new Promise<void>((resolve) => clock.after(loadAgainMs, resolve))
  }
}

/** Syncing is fetched once the app is on the screen; whoever watches it may do so before. */
export function createLaterSync(loading: Promise<PracticeSync>): PracticeSync {
  let sync: PracticeSync | null = null
  let closed = false
  void loading.then((loaded) => {
    if (closed) return loaded.close()
    sync = loaded
  })

  /** Registers when it is there. */
  function later(register: (loaded: PracticeSync) => () => void): () => void {
    if (sync) return register(sync)
    let stop: (() => void) | null = null
    let stopped = false
    void loading.then((loaded) => {
      if (!stopped && !closed) stop = register(loaded)
    })
    return () => {
      stopped = true
      stop?.()
    }
  }

  return {
    watch(listener: Listener<SyncState>) {
      if (!sync) listener(unknown)
      return later((loaded) => loaded.watch(listener))
    },
    watchOwnDevices: (listener: Listener<OwnDeviceMessage>) => later((loaded) => loaded.watchOwnDevices(listener)),
    log: {
      pause: () => sync?.log.pause(),
      resume: () => sync?.log.resume(),
      enrol: (code) => sync?.log.enrol(code),
      acknowledge: () => sync?.log.acknowledge(),
    },
    hurry: () => sync?.hurry(),
    sendToOwnDevices: (body, to) => sync?.sendToOwnDevices(body, to),
    close() {
      closed = true
      sync?.close()
    },
  }
}
