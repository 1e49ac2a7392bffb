import type { DocumentId } from '@alcove/shared/domain/ids'
import { isKeyPrivate } from '@alcove/shared/domain/practice-roll'
import type { LogPage } from '../../log-ports.ts'
import type { SyncPlace } from '../../sync-ports.ts'
import type { AppendEnd, Draft, LogAppender } from './log-appender.ts'
import { type LogContext, myDevice } from './log-context.ts'

type Bytes = Uint8Array<ArrayBuffer>

/** Into documents a device of the practice writes, only under a key that nobody has who was removed. */
export function mayWrite(place: SyncPlace | null): place is SyncPlace {
  return place?.roll.devices.has(myDevice(place)) === true && isKeyPrivate(place.roll, place.epoch)
}

/** What documents have and their logs lack, written there. */
export type LogWriting = {
  /** What a reader has already is not written again; what builds on something that lacks there is written with that. */
  write(document: DocumentId, payloadOf: (page: LogPage) => Promise<Bytes | null>): Promise<AppendEnd>
  /** Null: the log has all of the document. */
  lacking(document: DocumentId): Promise<Bytes | null>
  /** What the log has is not here alone any more. */
  confirm(document: DocumentId): Promise<void>
  /**
   * The first record of a new practice key: behind it nothing counts that is written under an older one, as somebody who was
   * removed could with the help of a dishonest server. Null: there is one.
   */
  fence(document: DocumentId): Promise<AppendEnd | null>
}

export function createLogWriting(context: LogContext, appender: LogAppender): LogWriting {
  const { memory, store, keeping } = context
  const { math, documents } = keeping

  async function draft(page: LogPage, place: SyncPlace, payloadOf: (page: LogPage) => Promise<Bytes | null>): Promise<Draft | null> {
    if (!mayWrite(place)) return null
    for (const payload of [await payloadOf(page), await documents.lacking(page.document, page.known)]) {
      const known = payload && math.extend(page.known, [payload])
      if (!known || math.covers(page.known, known)) continue
      return { kind: 'update', payload, epoch: place.epoch, sealer: myDevice(place), covers: null, known }
    }
    return null
  }

  async function confirm(document: DocumentId): Promise<void> {
    const known = memory.page(document)?.known
    if (known) await store.confirm(document, math.vectorOf(known)).catch(() => undefined)
  }

  function needsFence(place: SyncPlace | null, document: DocumentId): place is SyncPlace {
    const page = memory.page(document)
    if (!mayWrite(place) || !page || document === place.chainLog || page.position.sequence === 0) return false
    return place.epochs.indexOf(page.epoch) < place.epochs.indexOf(place.epoch)
  }

  return {
    async write(document, payloadOf) {
      const written: Draft[] = []
      const end = await appender.append(document, async (page, place) => {
        const made = await draft(page, place, payloadOf)
        if (made) written.push(made)
        return made
      })
      if (end !== 'done') return end
      await confirm(document)
      const now = memory.page(document)?.known ?? null
      const known = written.at(-1)?.known ?? null
      // Others wrote before it, the first record of a new practice key perhaps: behind that it does not count.
      return !known || now === known || math.covers(now, known) ? 'done' : 'later'
    },
    lacking: (document) => documents.lacking(document, memory.page(document)?.known ?? null),
    confirm,
    async fence(document) {
      if (!needsFence(context.place(), document)) return null
      return appender.append(document, async ({ known }, place) =>
        needsFence(place, document)
          ? { kind: 'update', payload: new Uint8Array(0), epoch: place.epoch, sealer: myDevice(place), covers: null, known }
          : null,
      )
    },
  }
}
