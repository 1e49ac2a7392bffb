import { weighBatch } from '@alcove/shared/crypto/log-batch'
import { emptyLogHash } from '@alcove/shared/crypto/sealed-log'
import type { DocumentId } from '@alcove/shared/domain/ids'
import { readBatch, standAtBeginning } from '@alcove/shared/domain/log-reading'
import type { Stop } from '../../ports.ts'
import { type LogContext, myDevice, type Turns } from './log-context.ts'
import { withoutVain } from './log-epochs.ts'
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
  let stopLook: Stop | null = null

  const unproven = () => [...memory.pages()].filter((page) => (page.unproven ?? 0) > 0)

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
    const updates = before?.unproven ? await covered(document, before.unproven) : null
    if (!before || !updates) return
    const taken = await takeUpdates(context, document, updates)
    if (taken === 'storage' || context.isClosed()) return
    const { math } = keeping
    memory.keep({ ...before, unproven: 0 })
    if (before.known && math.covers(before.known, math.extend(before.known, taken.good))) return
    memory.note({ mark: 0 })
    onLack(document)
  }

  /** What the records up to there say, as far as they are still there. Null: that could not be read now. */
  async function covered(document: DocumentId, upTo: number): Promise<readonly Bytes[] | null> {
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
      const reading = readBatch(stand, withoutVain(batch, place.epochs), place.epochs, me)
      for (const index of reading.taken) {
        const payload = payloads[index]
        if (payload?.length && (index === (batch.snapshot ?? 0) - batch.first || batch.first + index <= upTo)) updates.push(payload)
      }
      const isFurther = reading.stand.position.sequence > stand.position.sequence
      stand = reading.stand
      if (stand.position.sequence >= upTo || reading.next !== 'more' || !isFurther) return updates
    }
  }

  return {
    ready: plan,
    lost() {
      stopLook?.()
      stopLook = null
    },
  }
}
