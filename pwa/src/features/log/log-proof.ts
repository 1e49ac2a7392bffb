import { weighBatch } from '@alcove/shared/crypto/log-batch'
import { emptyLogHash } from '@alcove/shared/crypto/sealed-log'
import type { DocumentId } from '@alcove/shared/domain/ids'
import { type LogBatch, readBatch, standAtBeginning } from '@alcove/shared/domain/log-reading'
import type { LogPage } from '../../log-ports.ts'
import type { Stop } from '../../ports.ts'
import { type LogContext, myDevice, type Turns } from './log-context.ts'
import { fetchRecords } from './log-fetch.ts'
import { takeUpdates } from './log-taking.ts'

type Bytes = Uint8Array<ArrayBuffer>

/** Until then another device may have confirmed it; and everything else comes first. */
const lookAfterMs = 30_000
const lookSpreadMs = 30_000

/**
 * Whoever began at a snapshot that nobody but its writer had confirmed has taken one device's word for all that came before.
 * The records that it covers are read as well while they are there, and what lacks in it is written behind it.
 */
export type LogProof = {
  /** Everything that the server told of is read. */
  ready(): void
  lost(): void
}

export type ProofDeps = {
  readonly context: LogContext
  readonly turns: Turns
  readonly isReady: () => boolean
  /** The log's newest snapshot lacks something of it that is here now. */
  readonly onLack: (document: DocumentId) => void
}

export function createLogProof({ context, turns, isReady, onLack }: ProofDeps): LogProof {
  const { memory, clock, keeping, writers } = context
  /** On this connection it leads nowhere. */
  const hopeless = new Set<DocumentId>()
  let stopLook: Stop | null = null

  const unproven = () => [...memory.pages()].filter(({ document, unproven }) => (unproven ?? 0) > 0 && !hopeless.has(document))

  function plan(): void {
    if (unproven().length === 0) return
    stopLook ??= clock.after(lookAfterMs + context.random() * lookSpreadMs, () => {
      void look()
        .catch(() => undefined)
        .finally(() => {
          stopLook = null
        })
    })
  }

  async function look(): Promise<void> {
    for (const { document } of unproven()) {
      if (!isReady()) return
      await turns.run(document, () => prove(document))
    }
  }

  async function prove(document: DocumentId): Promise<void> {
    const before = memory.page(document)
    if (!before?.unproven) return
    const connection = context.connection()
    const updates = await covered(before, before.unproven)
    if (context.connection() !== connection) return
    if (!updates) return void hopeless.add(document)
    const taken = await takeUpdates(context, document, updates)
    if (taken === 'storage' || context.isClosed()) return
    const { math } = keeping
    memory.keep({ ...before, unproven: 0 })
    if (before.known && math.covers(before.known, math.extend(before.known, taken.good))) return
    memory.note({ mark: 0 })
    onLack(document)
  }

  /**
   * What the records up to there say, as far as they are still there. They have to lead to where this device stands: with a server
   * that helps, somebody who was removed could put among the old ones what would have counted then. Null: it could not be read.
   */
  async function covered({ document, position }: LogPage, upTo: number): Promise<readonly Bytes[] | null> {
    const updates: Bytes[] = []
    const [place, connection] = [context.place(), context.connection()]
    if (!place || !connection) return null
    const log = { space: place.space, log: document }
    let stand = standAtBeginning(await emptyLogHash(log.space, document))
    const me = await writers.tagOf(myDevice(place))
    for (;;) {
      const fetched = await fetchRecords(connection, document, stand.position.sequence, false)
      if (!fetched.ok || context.connection() !== connection) return null
      const { batch, payloads } = await weighBatch(log, stand, fetched.value, writers)
      const reading = readBatch(stand, withoutWaiting(batch), place.epochs, me)
      for (const index of reading.taken) {
        const payload = payloads[index]
        if (payload?.length && (index === (batch.snapshot ?? 0) - batch.first || batch.first + index <= upTo)) updates.push(payload)
      }
      const there = batch.records[position.sequence - batch.first]
      if (there?.hash === position.hash) return updates
      if (there) memory.report('forked', document)
      const isFurther = reading.stand.position.sequence > stand.position.sequence
      stand = reading.stand
      if (there || reading.next !== 'more' || !isFurther || stand.position.sequence >= position.sequence) return null
    }
  }

  return {
    ready: plan,
    lost() {
      stopLook?.()
      stopLook = null
      hopeless.clear()
    },
  }
}

/** A key that this device has not is not waited for here: what it has is taken. */
function withoutWaiting(batch: LogBatch): LogBatch {
  return { ...batch, records: batch.records.map((record) => (record.state === 'locked' ? { ...record, state: 'open' } : record)) }
}
