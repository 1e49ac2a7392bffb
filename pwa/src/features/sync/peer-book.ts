import type { DeviceKey } from '@alcove/shared/domain/ids'
import type { Clock } from '../../ports.ts'
import type { SyncStore } from '../../sync-ports.ts'

/** To the disk at most this often for each device. */
const writeEveryMs = 30_000

/** What is remembered of the other devices: how far they were told, and when they were last heard of. */
export type PeerBook = {
  /** Before anything else. */
  load(): Promise<void>
  markOf(device: DeviceKey): number
  heardAt(device: DeviceKey): number | null
  noteMark(device: DeviceKey, mark: number): void
  noteHeard(device: DeviceKey): void
}

export function createPeerBook(clock: Clock, store: SyncStore): PeerBook {
  const marks = new Map<DeviceKey, number>()
  const heard = new Map<DeviceKey, { at: number; writtenAt: number }>()

  /** It is a help for the next time, and no harm when it is lost. */
  function write(device: DeviceKey, change: { readonly mark?: number; readonly heardAt?: number }): void {
    store.notePeer(device, change).catch(() => undefined)
  }

  return {
    async load() {
      for (const { device, mark, heardAt } of await store.peers()) {
        marks.set(device, Math.max(mark, marks.get(device) ?? 0))
        if (heardAt !== null && !heard.has(device)) heard.set(device, { at: heardAt, writtenAt: heardAt })
      }
    },
    markOf: (device) => marks.get(device) ?? 0,
    heardAt: (device) => heard.get(device)?.at ?? null,
    noteMark(device, mark) {
      if (mark <= (marks.get(device) ?? 0)) return
      marks.set(device, mark)
      write(device, { mark })
    },
    noteHeard(device) {
      const at = clock.now()
      const before = heard.get(device)
      const isDue = !before || Math.abs(at - before.writtenAt) >= writeEveryMs
      heard.set(device, { at, writtenAt: isDue ? at : before.writtenAt })
      if (isDue) write(device, { heardAt: at })
    },
  }
}
