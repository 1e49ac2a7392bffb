import type { DocumentId, EpochId } from '@alcove/shared/domain/ids'
import type { LogBatch } from '@alcove/shared/domain/log-reading'
import type { LogCover } from '../../log-ports.ts'
import type { SyncPlace } from '../../sync-ports.ts'
import type { LogContext } from './log-context.ts'

type Epochs = SyncPlace['epochs']

/** So many are remembered: a device of the practice that makes keys up fills nobody's disk. */
const maxPassedOver = 64

/**
 * Two who were removed at once, and the key that one of them made counts for nothing: what stands under it in the logs is
 * nothing to whoever comes later, so that all of them are read and compared again. So they are when the chain turns out to
 * know a key whose records were passed over. Until that is done it is begun again with each connection and each start.
 */
export type LogEpochs = {
  /** Told which keys the chain gives, and of a new connection. */
  follow(place: SyncPlace): void
  /** Everything was read to its end. */
  wasRead(): void
  lost(): void
}

export type EpochsDeps = {
  readonly memory: LogContext['memory']
  /** Read it from its beginning. */
  readonly doubt: (document: DocumentId) => void
}

export function createLogEpochs({ memory, doubt }: EpochsDeps): LogEpochs {
  /** All logs are being read again for these. */
  let reading: SyncPlace | null = null
  let newest: SyncPlace | null = null

  function follow(place: SyncPlace): void {
    newest = place
    const { epochs } = place
    const cover = memory.cover()
    if (stillCounts(cover, place)) {
      reading = null
      if (!isSame(cover.epochs, epochs)) memory.note({ epochs })
      return
    }
    if (reading && isSame(reading.epochs, epochs) && reading.heldEpochs.size === place.heldEpochs.size) return
    reading = place
    for (const { document, position } of [...memory.pages()]) if (position.sequence > 0) doubt(document)
  }

  return {
    follow,
    wasRead() {
      if (reading === null) return
      const read = reading
      reading = null
      memory.note({ epochs: read.epochs, passedOver: memory.cover().passedOver.filter((epoch) => !isReadable(epoch, read)) })
      if (newest) follow(newest)
    },
    lost() {
      reading = null
    },
  }
}

/** What was read under the keys of then counts now, and nothing else does that this device could read. */
function stillCounts({ epochs, passedOver }: LogCover, now: SyncPlace): boolean {
  // So many were made up that one which counts may have been forgotten over them.
  if (passedOver.length >= maxPassedOver && !isSame(epochs, now.epochs)) return false
  return (epochs === null || isPartOf(epochs, now.epochs)) && !passedOver.some((epoch) => isReadable(epoch, now))
}

function isReadable(epoch: EpochId, { epochs, heldEpochs }: SyncPlace): boolean {
  return epochs.includes(epoch) && heldEpochs.has(epoch)
}

/** In the same order, with others between them perhaps. */
function isPartOf(some: Epochs, all: Epochs): boolean {
  let at = 0
  for (const one of all) if (at < some.length && some[at] === one) at++
  return at === some.length
}

function isSame(one: Epochs | null, other: Epochs): boolean {
  return one !== null && one.length === other.length && one.every((epoch, i) => epoch === other[i])
}

/**
 * Records under a key that the chain does not know when it has been read to its end count for nothing, and nobody waits for
 * that key: it came to nothing (whoever made it was removed at the same time), or somebody made it up.
 */
export function withoutVain(batch: LogBatch, epochs: Epochs): LogBatch {
  const isVain = ({ state, header }: LogBatch['records'][number]) => state === 'locked' && header !== null && !epochs.includes(header.epoch)
  return { ...batch, records: batch.records.map((record) => (isVain(record) ? { ...record, state: 'open' } : record)) }
}

/**
 * Remembers under which keys records are passed over: the chain does not know them; or it does, and this device, which has them not
 * yet, did not wait for what somebody wrote who has been removed since.
 */
export function notePassedOver(memory: LogContext['memory'], records: LogBatch['records'], epochs: Epochs): void {
  const before = memory.cover().passedOver
  const fresh = new Set<EpochId>()
  for (const { header, state } of records) {
    const epoch = header?.epoch ?? null
    const isRead = state === 'forged' || state === 'locked' || (state !== 'void' && epochs.includes(epoch))
    if (epoch === null || isRead || before.includes(epoch)) continue
    fresh.add(epoch)
  }
  if (fresh.size > 0) memory.note({ passedOver: [...before, ...fresh].slice(-maxPassedOver) })
}
