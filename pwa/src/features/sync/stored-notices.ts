import type { DocumentId } from '@alcove/shared/domain/ids'
import type { Clock, Stop } from '../../ports.ts'
import type { SyncStore } from '../../sync-ports.ts'

type Bytes = Uint8Array<ArrayBuffer>

/** Changes that come together are answered together. */
const tellAfterMs = 300
/** Of one's own changes the others know already; this only says that nothing else is missing. */
const tellOwnAfterMs = 5000

/** Says to all devices how much of a document is durable here: soon after it changed, or now. */
export type StoredNotices = {
  changed(document: DocumentId): void
  changedHere(document: DocumentId): void
  tellNow(): Promise<void>
  close(): void
}

export function createStoredNotices(clock: Clock, store: SyncStore, tell: (document: DocumentId, vector: Bytes) => void): StoredNotices {
  const due = new Set<DocumentId>()
  const own = new Set<DocumentId>()
  let stop: Stop | null = null
  let stopOwn: Stop | null = null
  let closed = false

  async function tellNow(): Promise<void> {
    stop?.()
    stop = null
    for (const document of [...due]) {
      due.delete(document)
      const vector = await store.vector(document)
      if (closed) return
      tell(document, vector)
    }
  }

  return {
    changed(document) {
      if (closed) return
      due.add(document)
      stop ??= clock.after(tellAfterMs, () => void tellNow().catch(() => undefined))
    },
    changedHere(document) {
      if (closed) return
      own.add(document)
      stopOwn ??= clock.after(tellOwnAfterMs, () => {
        stopOwn = null
        for (const one of own) due.add(one)
        own.clear()
        void tellNow().catch(() => undefined)
      })
    },
    tellNow,
    close() {
      closed = true
      stop?.()
      stopOwn?.()
    },
  }
}
