import type { DocumentId } from '@alcove/shared/domain/ids'
import { wantsSnapshot } from '@alcove/shared/domain/log-reading'
import type { LogPosition } from '@alcove/shared/domain/sealed-log'
import type { LogPage } from '../../log-ports.ts'
import type { Stop } from '../../ports.ts'
import type { LogAppender } from './log-appender.ts'
import { type LogContext, myDevice } from './log-context.ts'
import type { SnapshotRead } from './log-reader.ts'
import { mayWrite } from './log-write.ts'

const snapshotAfterMs = 5_000
const snapshotSpreadMs = 25_000
/** It did not go, or somebody else was quicker. */
const againAfterMs = 60_000
const ackAfterMs = 5_000
const ackSpreadMs = 10_000

/** Keeps logs short: whole documents now and then, and the word of a second device that they are whole. */
export type LogSnapshots = {
  /** A log has grown. */
  consider(document: DocumentId): void
  read(snapshot: SnapshotRead): void
  acked(document: DocumentId, covers: LogPosition): void
  close(): void
}

export type SnapshotsDeps = {
  readonly context: LogContext
  readonly appender: LogAppender
  readonly isReady: () => boolean
}

export function createLogSnapshots({ context, appender, isReady }: SnapshotsDeps): LogSnapshots {
  const { clock, memory, keeping } = context
  const planned = new Map<DocumentId, Stop>()
  const acks = new Map<DocumentId, { readonly covers: LogPosition; readonly stop: Stop }>()
  /** Too large to be one record. */
  const hopeless = new Set<DocumentId>()

  function isDue(page: LogPage | null): page is LogPage {
    return page !== null && wantsSnapshot(page)
  }

  function plan(document: DocumentId, delayMs: number): void {
    if (planned.has(document) || hopeless.has(document) || document === context.place()?.chainLog) return
    planned.set(
      document,
      clock.after(delayMs, () => {
        void snapshot(document)
          .catch(() => true)
          .then((isOver) => {
            planned.delete(document)
            if (!isOver && isDue(memory.page(document)) && !context.isClosed()) plan(document, againAfterMs)
          })
      }),
    )
  }

  /** True when there is nothing left to do. */
  async function snapshot(document: DocumentId): Promise<boolean> {
    if (!isReady()) return false
    const end = await appender.append(document, async (page, place) => {
      if (!isDue(page) || !mayWrite(place)) return null
      const { update, known } = await keeping.documents.whole(document)
      // Just what it stands for, under the key of the newest record that it stands for: whoever begins at it has what a reader of all records has.
      const isLevel = page.known !== null && keeping.math.covers(known, page.known) && keeping.math.covers(page.known, known)
      if (!isLevel || page.epoch !== place.epoch) return null
      return { kind: 'snapshot', payload: update, epoch: place.epoch, sealer: myDevice(place), covers: page.position, known }
    })
    if (end === 'too-large') hopeless.add(document)
    return end === 'done'
  }

  async function ack({ document, at, covers }: SnapshotRead): Promise<void> {
    if (!isReady()) return
    await appender.append(document, async (page, place) => {
      if (page.snapshotAt !== at.sequence || !mayWrite(place)) return null
      return { kind: 'ack', payload: new Uint8Array(0), epoch: place.epoch, sealer: myDevice(place), covers, known: page.known }
    })
  }

  function forgetAck(document: DocumentId): void {
    acks.get(document)?.stop()
    acks.delete(document)
  }

  return {
    consider(document) {
      if (isDue(memory.page(document))) plan(document, snapshotAfterMs + context.random() * snapshotSpreadMs)
    },
    read(snapshot) {
      const { document, covers } = snapshot
      forgetAck(document)
      if (!snapshot.isComplete) return
      const stop = clock.after(ackAfterMs + context.random() * ackSpreadMs, () => {
        acks.delete(document)
        void ack(snapshot).catch(() => undefined)
      })
      acks.set(document, { covers, stop })
    },
    acked(document, covers) {
      if (acks.get(document)?.covers.sequence === covers.sequence) forgetAck(document)
    },
    close() {
      for (const stop of planned.values()) stop()
      for (const { stop } of acks.values()) stop()
    },
  }
}
