import type { LogKeeping } from '../../../pwa/src/log-ports.ts'
import type { Clock } from '../../../pwa/src/ports.ts'
import { createFakeLogKeeping } from '../log/fake-log-keeping.ts'
import type { SimDisk } from './sim-disk.ts'
import type { SimStore } from './sim-store-types.ts'

export type SimKeepingOptions = {
  readonly disk: SimDisk
  readonly store: SimStore
  readonly clock: Clock
  readonly latencyMs: () => number
}

/** What a device keeps for the log: on the disk of the simulation, and written down for the checks as it becomes durable. */
export function createSimKeeping({ disk, store, clock, latencyMs }: SimKeepingOptions): LogKeeping {
  let writing: Promise<unknown> = Promise.resolve()
  const pass = () => new Promise<void>((resolve) => void clock.after(latencyMs(), resolve))
  const keeping = createFakeLogKeeping({
    shelf: disk.shelf,
    document: (document) => store.document(document),
    secrets: store.secrets,
    async pause() {
      await pass()
      if (disk.erased || disk.isFull) throw new Error('The disk is full')
    },
  })
  return {
    ...keeping,
    book: {
      ...keeping.book,
      write(change) {
        const done = writing.then(async () => {
          await keeping.book.write(change)
          for (const { document, position } of change.pages ?? []) disk.pins.push({ document, ...position })
          disk.noticed.push(...(change.cover?.incidents ?? []))
          await pass()
        })
        writing = done.catch(() => undefined)
        return done
      },
    },
  }
}
