import { type LogAnswerOf, type LogWriters, weighBatch } from '@alcove/shared/crypto/log-batch'
import { emptyLogHash } from '@alcove/shared/crypto/sealed-log'
import type { DocumentId } from '@alcove/shared/domain/ids'
import {
  type BatchRecord,
  type LogBatch,
  type LogReading,
  type LogStand,
  readBatch,
  standAtBeginning,
} from '@alcove/shared/domain/log-reading'
import type { DeviceTag, LogIncidentKind, LogPosition } from '@alcove/shared/domain/sealed-log'
import type { LogPage } from '../../log-ports.ts'
import type { SyncPlace } from '../../sync-ports.ts'
import { chainEpochs, weighChain, withHashes } from './chain-log.ts'
import { type LogContext, myDevice } from './log-context.ts'
import { notePassedOver, withoutVain } from './log-epochs.ts'
import { fetchRecords } from './log-fetch.ts'
import { takeUpdates } from './log-taking.ts'

type Bytes = Uint8Array<ArrayBuffer>

/** Why a log is begun anew. `vain-key`: not by the server's fault; part of it stands under a practice key that counts for nothing any more. */
export type LogDoubt = LogIncidentKind | 'vain-key'

export type ReadEnd =
  /** Up to what the server says is the end. */
  | 'done'
  | 'lost'
  | 'paused'
  /** It takes a practice key that this device has not yet. */
  | 'wait'
  /** It could not be stored here. */
  | 'storage'
  /** The server's answers lead nowhere: again in a while. */
  | 'later'

/** A snapshot that was read as it was written, and what this device had by then. */
export type SnapshotRead = {
  readonly document: DocumentId
  readonly at: LogPosition
  readonly covers: LogPosition
  /** It holds all that this device had up to what it covers. Null: that cannot be told. */
  readonly isComplete: boolean | null
}

export type ReaderDeps = {
  readonly context: LogContext
  readonly isPaused: () => boolean
  /** Reads the chain's log to its end: it may name a writer, or hold a key. */
  readonly readChain: () => Promise<boolean>
  readonly moved: (document: DocumentId) => void
  readonly onSnapshot: (read: SnapshotRead) => void
  /** Something came into a document that is not from its log. */
  readonly onNews: (document: DocumentId) => void
  readonly onAck: (document: DocumentId, covers: LogPosition) => void
}

/** Reads a log from where this device stands, believes what the practice's devices signed, and pins what it read. */
export type LogReader = {
  /** One at a time for a document. `from`: the server's word shows already that this is another log than was read before. */
  readToEnd(document: DocumentId, from?: LogDoubt): Promise<ReadEnd>
  pageOf(place: SyncPlace, document: DocumentId): Promise<LogPage>
}

/** How it was asked: after the chain's log was read to its end; without a jump. */
type Asked = { readonly isChainRead: boolean; readonly isOldest: boolean }

type Weighed = {
  readonly reading: LogReading
  readonly payloads: readonly (Bytes | null)[]
  readonly batch: Parameters<typeof readBatch>[1]
  /** Of the chain's log: what to add to `known`. */
  readonly known: ((before: Bytes | null) => Bytes) | null
  readonly stored: boolean
}

export function createLogReader(deps: ReaderDeps): LogReader {
  const { context } = deps
  const { memory, writers, keeping } = context
  const { math } = keeping
  /** Whose snapshot the reading of a log began at, in this run of the program. */
  const begunAt = new Map<DocumentId, DeviceTag>()

  async function beginning(place: SyncPlace, document: DocumentId): Promise<LogPage> {
    return { ...standAtBeginning(await emptyLogHash(place.space, document)), document, known: null }
  }

  async function pageOf(place: SyncPlace, document: DocumentId): Promise<LogPage> {
    return memory.page(document) ?? beginning(place, document)
  }

  async function readToEnd(document: DocumentId, from?: LogDoubt): Promise<ReadEnd> {
    const place = context.place()
    const connection = context.connection()
    if (!place || !connection) return 'lost'
    let page = await pageOf(place, document)
    let jump = true
    let hasHealed = false
    let hasWaited = false
    let isChainRead = false
    if (from) {
      const { position, pinned = null } = page
      page = await forget(place, document, from === 'vain-key' ? null : from, from === 'vain-key' ? (pinned ?? position) : null)
      hasHealed = true
    }
    for (;;) {
      const { sequence } = page.position
      // In the chain's, what opens a record may stand behind it; so does, of the oldest snapshot, who has found it whole.
      const wantsAll = document === place.chainLog || (!jump && sequence === 0)
      const fetched = await fetchRecords(connection, document, sequence, jump, wantsAll)
      if (context.isClosed() || context.connection() !== connection) return 'lost'
      if (!fetched.ok && fetched.error.code === 'lost') return 'lost'
      if (!fetched.ok && fetched.error.code !== 'beyond-end') return 'later'
      if (!fetched.ok) {
        if (hasHealed) return 'later'
        page = await forget(place, document, 'rolled-back')
        hasHealed = true
        continue
      }
      const weighed = await weigh(document, page, fetched.value, { isChainRead, isOldest: !jump })
      if (!weighed) return 'lost'
      const taken = await take(page, weighed)
      if (taken === 'storage') return 'storage'
      for (const kind of weighed.reading.incidents) memory.report(kind, document)
      page = taken
      switch (weighed.reading.next) {
        case 'done':
          if (page.pinned) unpin(page, 'rolled-back')
          return 'done'
        case 'more':
          if (deps.isPaused()) return 'paused'
          break
        case 'wait':
          if (hasWaited || document === place.chainLog) return 'wait'
          hasWaited = true
          isChainRead = await deps.readChain()
          break
        case 'heal':
          if (hasHealed && !jump) return 'later'
          // A snapshot of the log as it was before somebody changed it leads to no end that there is now.
          if (hasHealed) jump = false
          hasHealed = true
          page = await forget(place, document, null)
          break
        case 'stuck':
          if (jump) {
            jump = false
            break
          }
          // What it stands on here may be of another log than the one that there is now.
          if (hasHealed || page.position.sequence === 0) return 'later'
          hasHealed = true
          jump = true
          page = await forget(place, document, null)
      }
    }
  }

  /** Read from the beginning again; then it is looked at what the log lacks, of every document. */
  async function forget(
    place: SyncPlace,
    document: DocumentId,
    kind: LogIncidentKind | null,
    pinned: LogPosition | null = null,
  ): Promise<LogPage> {
    if (kind) memory.report(kind, document)
    memory.note({ mark: 0 })
    const page: LogPage = { ...(await beginning(place, document)), pinned: pinned && pinned.sequence > 0 ? pinned : null }
    memory.begin(page)
    deps.moved(document)
    return page
  }

  /** It is not there any more. */
  function unpin(page: LogPage, kind: LogIncidentKind): void {
    memory.report(kind, page.document)
    memory.keep({ ...page, pinned: null })
  }

  // --- one answer ----------------------------------------------------------------------------------------------------

  async function weigh(document: DocumentId, page: LogPage, answer: LogAnswerOf, asked: Asked): Promise<Weighed | null> {
    const place = context.place()
    if (!place) return null
    await writers.learn(place.roll)
    const me = await writers.tagOf(myDevice(place))
    if (document === place.chainLog) return weighChainLog(page, answer, me)
    const at = { space: place.space, log: document }
    let weighed = await weighBatch(at, page, answer, writers)
    let isAllKnown = true
    if (weighed.strangers) {
      isAllKnown = await deps.readChain()
      await learnNow()
      weighed = await weighBatch(at, page, answer, writers)
    }
    const { payloads } = weighed
    const epochs = context.place()?.epochs ?? place.epochs
    const known = asked.isChainRead ? withoutVain(weighed.batch, epochs) : weighed.batch
    // After that: nor can it be told whether the key that a stranger names is vain.
    const batch = { ...(isAllKnown ? known : withStrangersWaiting(known, writers)), isOldest: asked.isOldest }
    notePassedOver(memory, batch.records, epochs)
    return { reading: readBatch(page, batch, epochs, me, past(document)), payloads, batch, known: null, stored: true }
  }

  async function weighChainLog(page: LogPage, answer: LogAnswerOf, me: DeviceTag): Promise<Weighed> {
    const { weighed, hashes, stored, passedOver } = await weighChain(context.place, page, answer, writers, context.chain, learnNow)
    const { batch, payloads } = weighed
    notePassedOver(memory, passedOver, context.place()?.epochs ?? [])
    const reading = readBatch(page, batch, chainEpochs, me, past(page.document))
    const read = reading.taken.flatMap((index) => hashes[index] ?? [])
    return { reading, payloads, batch, known: (before) => withHashes(before, read), stored }
  }

  function past(document: DocumentId) {
    return (sequence: number) => memory.pastHash(document, sequence)
  }

  async function learnNow(): Promise<void> {
    const now = context.place()
    if (now) await writers.learn(now.roll)
  }

  // --- taking it over --------------------------------------------------------------------------------------------------

  async function take(page: LogPage, { reading, payloads, batch, known, stored }: Weighed): Promise<LogPage | 'storage'> {
    if (!stored) return 'storage'
    const { document } = page
    const { stand, taken } = reading
    const updates = taken.flatMap((index) => (payloads[index]?.length ? [payloads[index]] : []))
    const isJump = jumps(page, reading, batch)
    const next: LogPage = {
      ...standOf(stand),
      document,
      known: known ? known(page.known) : page.known,
      unproven: known ? 0 : unprovenAfter(page, reading, batch),
      pinned: pinnedAfter(page, stand, batch),
    }
    if (known || (updates.length === 0 && !isJump)) return keep(page, next, batch)
    const done = await takeUpdates(context, document, updates)
    if (done === 'storage') return 'storage'
    const { good, heard } = done
    if (good.length < updates.length) memory.report('forged', document)
    // It is pruned in the end to what such a snapshot holds: what lacks in that is written behind it.
    const left = lookAtSnapshots(page, reading, batch, payloads)
    // What it jumped over may be other records than those that were read: in the log there is what such a reader has, and no more.
    const whole = left ?? math.extend(isJump ? null : page.known, good)
    const isLacking = left !== null || (isJump && page.known !== null && !math.covers(whole, page.known))
    const kept = keep(page, { ...next, known: whole }, batch)
    if (isLacking) {
      memory.note({ mark: 0 })
      deps.onNews(document)
    } else if (heard.some((update) => !math.covers(whole, math.extend(whole, [update])))) deps.onNews(document)
    await context.store.confirm(document, math.vectorOf(whole)).catch(() => undefined)
    return kept
  }

  /** Another device's word for a snapshot is as good as having read what it covers. */
  function unprovenAfter(page: LogPage, reading: LogReading, batch: Weighed['batch']): number {
    const { first, records } = batch
    const isJump = jumps(page, reading, batch)
    const unproven = Math.max(isJump ? first - 1 : 0, page.unproven ?? 0)
    for (const { header, state } of records) {
      if (unproven === 0 || state !== 'open' || header?.covers?.sequence !== unproven) continue
      const { kind, device } = header
      if (kind === 'snapshot' && isJump) begunAt.set(page.document, device)
      const writer = begunAt.get(page.document)
      if (kind === 'ack' && writer && writer !== device && writers.find(device)?.removed === false) return 0
    }
    return unproven
  }

  /** Null once it was come to, or jumped over by a snapshot's word. */
  function pinnedAfter(
    { document, pinned = null }: LogPage,
    { position }: LogStand,
    { first, records }: Weighed['batch'],
  ): LogPosition | null {
    if (!pinned || position.sequence < pinned.sequence) return pinned
    const there = records[pinned.sequence - first]
    if (there && there.hash !== pinned.hash) memory.report('forked', document)
    return null
  }

  function keep(before: LogPage, next: LogPage, batch: Weighed['batch']): LogPage {
    const passed = batch.records.flatMap(({ hash, header, state }, index) => {
      const sequence = batch.first + index
      if (header?.kind === 'ack' && header.covers && state === 'open') deps.onAck(next.document, header.covers)
      return sequence <= next.position.sequence ? [{ sequence, hash }] : []
    })
    if (before.position.sequence === next.position.sequence && before.position.hash === next.position.hash) return before
    memory.passed(next.document, passed)
    memory.keep(next)
    deps.moved(next.document)
    return next
  }

  /**
   * Of the newest snapshot in it, unless the answer begins with that: did its writer have all that I had? Otherwise what somebody
   * has who begins at it.
   */
  function lookAtSnapshots(page: LogPage, { taken }: LogReading, batch: Weighed['batch'], payloads: Weighed['payloads']): Bytes | null {
    if (batch.first !== page.position.sequence + 1) return null
    const index = taken.findLast((one) => batch.records[one]?.header?.kind === 'snapshot')
    const record = index === undefined ? undefined : batch.records[index]
    const covers = record?.header?.covers
    const snapshot = index === undefined ? null : payloads[index]
    if (index === undefined || !record || !covers || !snapshot) return null
    const at = { sequence: batch.first + index, hash: record.hash }
    const upTo = (isBefore: boolean) =>
      taken.filter((one) => batch.first + one <= covers.sequence === isBefore).flatMap((one) => payloads[one] ?? [])
    const before = covers.sequence < page.position.sequence ? memory.knownAt(page.document, covers.sequence) : page.known
    const isComplete =
      before === undefined ? null : isGood(() => math.covers(math.extend(null, [snapshot]), math.extend(before, upTo(true))))
    deps.onSnapshot({ document: page.document, at, covers, isComplete })
    return isComplete === false ? leftBy([snapshot, ...upTo(false)]) : null
  }

  function leftBy(updates: readonly Bytes[]): Bytes {
    let known: Bytes = math.extend(null, [])
    for (const update of updates) {
      isGood(() => {
        known = math.extend(known, [update])
        return true
      })
    }
    return known
  }

  return { readToEnd, pageOf }
}

/** False for bytes that make no sense. */
function isGood(look: () => boolean): boolean {
  try {
    return look()
  } catch {
    return false
  }
}

/** It was read from a snapshot on that stands for records behind where the reader stood. */
function jumps({ position }: LogPage, { stand, taken }: LogReading, { first, snapshot }: LogBatch): boolean {
  return first > position.sequence + 1 && stand.position.sequence >= first && taken.includes((snapshot ?? 0) - first)
}

function standOf({ position, seen, epoch, snapshotAt, snapshotBytes, recordsSince, bytesSince }: LogStand): LogStand {
  return { position, seen, epoch, snapshotAt, snapshotBytes, recordsSince, bytesSince }
}

/** What of the chain could not be read, for want of room on the disk here perhaps, may name their writers: until then nobody forged them. */
function withStrangersWaiting(batch: LogBatch, writers: Pick<LogWriters, 'find'>): LogBatch {
  const isStranger = ({ header }: BatchRecord) => header !== null && writers.find(header.device) === null
  return { ...batch, records: batch.records.map((record) => (isStranger(record) ? { ...record, state: 'locked' } : record)) }
}
