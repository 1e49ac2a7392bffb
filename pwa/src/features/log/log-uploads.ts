import type { DocumentId } from '@alcove/shared/domain/ids'
import { isKeyPrivate } from '@alcove/shared/domain/practice-roll'
import type { LogPage } from '../../log-ports.ts'
import type { Stop } from '../../ports.ts'
import type { SyncPlace } from '../../sync-ports.ts'
import { partsLacking, withHashes } from './chain-log.ts'
import type { AppendEnd, Draft, LogAppender } from './log-appender.ts'
import { type LogContext, myDevice } from './log-context.ts'

type Bytes = Uint8Array<ArrayBuffer>

/** Changes made here that come together are one record. */
const flushAfterMs = 250
/** What others made is written by them; only what then still lacks is written by whoever has it. */
const sweepAfterMs = 5_000
const sweepSpreadMs = 10_000
/** The first time on a connection: what was made here while it was away. */
const firstSweepAfterMs = 1_000
const firstSweepSpreadMs = 2_000
const againMs: readonly number[] = [5_000, 15_000, 60_000]
/** More than so many are not kept one by one: the document itself says what they were. */
const maxPending = 500

/** Brings into the log what it lacks: own changes soon, everything else when nobody else has done it. */
export type LogUploads = {
  /** A change of a document, made here. */
  made(document: DocumentId, update: Bytes): void
  /** A change that came from another device. */
  came(document: DocumentId): void
  /** Everything that the server told of is read. `isFirst`: on this connection. */
  ready(isFirst: boolean): void
  placeChanged(): void
  lost(): void
  isSaving(): boolean
  full(): 'practice' | 'server' | null
  /** The log has all of the chain that this device knows. */
  isChainThere(): boolean
  close(): void
}

export type UploadsDeps = {
  readonly context: LogContext
  readonly appender: LogAppender
  /** Connected, let in, and everything read. */
  readonly isReady: () => boolean
  /** Own changes need not wait for a long reading that somebody has stopped. */
  readonly mayFlush: () => boolean
  readonly isStuck: (document: DocumentId) => boolean
  readonly changed: () => void
  /** The chain's log was brought up to date. */
  readonly onChain: () => void
}

export function createLogUploads(deps: UploadsDeps): LogUploads {
  const { context, appender } = deps
  const { clock, memory, chain, store, keeping } = context
  const { math, documents } = keeping
  /** Null: too many to keep, or the connection was lost meanwhile. */
  const pending = new Map<DocumentId, Bytes[] | null>()
  /** When something came last from another device: its author has the first word. */
  const cameAt = new Map<DocumentId, number>()
  let stopFlush: Stop | null = null
  let stopSweep: Stop | null = null
  let sweepDueAt = Number.POSITIVE_INFINITY
  /** Wanted, and not done to its end since. */
  let isSweepDue = false
  /** The chain may have entries of this device's that the log lacks. */
  let isPlaceNew = false
  let isComparing = false
  let isFlushing = false
  let isSweeping = false
  let isUploading = false
  /** On this connection, and since a log began anew: nothing here lacks there, as far as this device knows. */
  let isCompared = false
  let isChainThere = false
  let isFull: 'practice' | 'server' | null = null
  /** Something did not go: nothing is tried for a while. */
  let stopPause: Stop | null = null
  let failures = 0

  /** Into documents only under a key that nobody has who was removed. */
  function mayWrite(place: SyncPlace | null): place is SyncPlace {
    return place?.roll.devices.has(myDevice(place)) === true && isKeyPrivate(place.roll, place.epoch)
  }

  // --- the chain first -----------------------------------------------------------------------------------------------

  /** True once nothing of the chain lacks there. */
  async function bringChain(): Promise<boolean> {
    const place = context.place()
    if (!place) return false
    for (;;) {
      const end = await appender.append(place.chainLog, async (page, here) => {
        const [part] = partsLacking(await chain.byEpoch(), page.known, myDevice(here))
        if (!part) return null
        const { epoch, payload, hashes } = part
        const known = withHashes(page.known, hashes)
        return { kind: 'update', payload, epoch, sealer: here.foundingDevice, covers: null, known }
      })
      if (end === 'nothing') {
        const wasThere = isChainThere
        isChainThere = true
        if (!wasThere) deps.onChain()
        return true
      }
      isChainThere = false
      if (!went(end)) return false
    }
  }

  async function hasOwnEntriesToBring(): Promise<boolean> {
    const place = context.place()
    if (!place) return false
    const known = memory.page(place.chainLog)?.known ?? null
    const parts = partsLacking(await chain.byEpoch(), known, myDevice(place))
    isChainThere = parts.length === 0
    return parts.some(({ byMe }) => byMe)
  }

  // --- own changes ---------------------------------------------------------------------------------------------------

  function planFlush(delayMs = flushAfterMs): void {
    stopFlush ??= clock.after(delayMs, () => {
      stopFlush = null
      void flush().catch(() => undefined)
    })
  }

  async function flush(): Promise<void> {
    if (isFlushing || stopPause || !deps.mayFlush() || pending.size === 0) return
    isFlushing = true
    deps.changed()
    try {
      if (!mayWrite(context.place()) || !(await bringChain())) return
      const flushed = await Promise.all([...pending.keys()].map(flushOne))
      if (flushed.some((done) => done)) planSweep(sweepAfterMs, sweepSpreadMs)
    } finally {
      isFlushing = false
      deps.changed()
    }
    // What was made meanwhile, or did not go.
    const isMore = [...pending.keys()].some((document) => !deps.isStuck(document))
    if (isMore && deps.mayFlush() && stopPause === null && mayWrite(context.place())) planFlush()
  }

  async function flushOne(document: DocumentId): Promise<boolean> {
    const updates = pending.get(document)
    if (updates === undefined) return false
    pending.delete(document)
    const end = await write(document, async (page) => (updates ? math.merge(updates) : documents.lacking(document, page.known)))
    if (end === 'done') failures = 0
    const isOver = end === 'done' || end === 'nothing' || end === 'too-large'
    if (!isOver) pending.set(document, null)
    return went(end) || end === 'nothing'
  }

  /** What a reader has already is not written again; what builds on something that lacks there is written with that. */
  function write(document: DocumentId, payloadOf: (page: LogPage) => Promise<Bytes | null>): Promise<AppendEnd> {
    return appender
      .append(document, async (page, place): Promise<Draft | null> => {
        if (!mayWrite(place)) return null
        for (const payload of [await payloadOf(page), await documents.lacking(document, page.known)]) {
          const known = payload && math.extend(page.known, [payload])
          if (!known || math.covers(page.known, known)) continue
          return { kind: 'update', payload, epoch: place.epoch, sealer: myDevice(place), covers: null, known }
        }
        return null
      })
      .then(async (end) => {
        if (end === 'done') await confirm(document)
        return end
      })
  }

  async function confirm(document: DocumentId): Promise<void> {
    const known = memory.page(document)?.known
    if (known) await store.confirm(document, math.vectorOf(known)).catch(() => undefined)
  }

  /** Whether it was written; otherwise when it is tried again. */
  function went(end: AppendEnd): boolean {
    if (end === 'space-full' || end === 'server-full') {
      isFull = end === 'space-full' ? 'practice' : 'server'
      again()
    } else if (end === 'later' || end === 'no-key') {
      again()
    } else if (end === 'done') {
      isFull = null
    }
    return end === 'done'
  }

  function again(): void {
    stopPause ??= clock.after(pauseMs(), () => {
      stopPause = null
      if (pending.size > 0) planFlush(0)
      planSweep(0, 0)
    })
    failures++
    deps.changed()
  }

  function mayGoOn(): boolean {
    return deps.isReady() && stopPause === null && !context.isClosed()
  }

  function pauseMs(): number {
    return againMs[Math.min(failures, againMs.length - 1)] ?? 60_000
  }

  // --- everything else -------------------------------------------------------------------------------------------------

  function planSweep(afterMs: number, spreadMs: number): void {
    const delayMs = afterMs + context.random() * spreadMs
    isSweepDue = true
    if (stopSweep && sweepDueAt <= clock.now() + delayMs) return
    stopSweep?.()
    sweepDueAt = clock.now() + delayMs
    stopSweep = clock.after(delayMs, () => {
      stopSweep = null
      sweepDueAt = Number.POSITIVE_INFINITY
      if (isSweeping) return planSweep(afterMs, spreadMs)
      isSweeping = true
      void sweep()
        .catch(() => undefined)
        .finally(() => {
          isSweeping = false
          isUploading = false
          deps.changed()
        })
    })
  }

  /** All documents that changed here since the last time are held against their logs. */
  async function sweep(): Promise<void> {
    if (!mayGoOn() || !mayWrite(context.place()) || !(await bringChain())) return
    await flush()
    isSweepDue = false
    const { mark: before } = memory.cover()
    const { documents: changed, mark } = await store.changedSince(before)
    let isWhole = true
    for (const document of shuffled(changed)) {
      if (!mayGoOn()) return putOff()
      isWhole = (await sweepOne(document)) && isWhole
    }
    for (const { document } of [...memory.pages()]) {
      if (!mayGoOn()) return putOff()
      await fence(document)
    }
    // Somebody who begins a log anew meanwhile wants all of them looked at again.
    if (memory.cover().mark !== before) return planSweep(0, firstSweepSpreadMs)
    if (!isWhole) return putOff()
    isCompared = true
    isFull = null
    if (mark !== before) memory.note({ mark })
  }

  /** It goes on when this device can write again. */
  function putOff(): void {
    isSweepDue = true
  }

  function followPlace(): void {
    isPlaceNew = !deps.isReady()
    if (isPlaceNew) return
    void hasOwnEntriesToBring()
      .then((own) => own && bringChain())
      .catch(() => undefined)
    if (pending.size > 0) planFlush()
    planSweep(sweepAfterMs, sweepSpreadMs)
  }

  /** Before it is this device's turn to write: whether there is anything to write decides what the screen may say. */
  async function compare(): Promise<void> {
    if (isComparing) return
    isComparing = true
    try {
      const { mark } = memory.cover()
      for (const document of (await store.changedSince(mark)).documents) {
        if (await documents.lacking(document, memory.page(document)?.known ?? null)) return
      }
      if (!deps.isReady() || memory.cover().mark !== mark) return
      isCompared = true
      deps.changed()
    } finally {
      isComparing = false
    }
  }

  async function sweepOne(document: DocumentId): Promise<boolean> {
    const known = memory.page(document)?.known ?? null
    if (pending.has(document)) return false
    if (Math.abs(clock.now() - (cameAt.get(document) ?? 0)) < sweepAfterMs) {
      planSweep(sweepAfterMs, sweepSpreadMs)
      return false
    }
    cameAt.delete(document)
    if (!(await documents.lacking(document, known))) {
      await confirm(document)
      return true
    }
    isUploading = true
    deps.changed()
    const end = await write(document, (page) => documents.lacking(document, page.known))
    if (end === 'nothing') await confirm(document)
    return went(end) || end === 'nothing'
  }

  /**
   * The first record of a new practice key: behind it nothing counts that is written under an older one, as somebody who was
   * removed could with the help of a dishonest server.
   */
  async function fence(document: DocumentId): Promise<void> {
    if (!needsFence(context.place(), document)) return
    const end = await appender.append(document, async (page, place) =>
      needsFence(place, document)
        ? { kind: 'update', payload: new Uint8Array(0), epoch: place.epoch, sealer: myDevice(place), covers: null, known: page.known }
        : null,
    )
    went(end)
  }

  function needsFence(place: SyncPlace | null, document: DocumentId): boolean {
    const page = memory.page(document)
    if (!mayWrite(place) || !page || document === place.chainLog || page.position.sequence === 0) return false
    return place.epochs.indexOf(page.epoch) < place.epochs.indexOf(place.epoch)
  }

  function shuffled(list: readonly DocumentId[]): readonly DocumentId[] {
    return list
      .map((document) => ({ document, rank: context.random() }))
      .sort((a, b) => a.rank - b.rank)
      .map(({ document }) => document)
  }

  return {
    made(document, update) {
      const updates = pending.get(document)
      if (updates === undefined) pending.set(document, [update])
      else if (updates !== null && updates.length >= maxPending) pending.set(document, null)
      else updates?.push(update)
      planFlush()
      deps.changed()
    },
    came(document) {
      cameAt.set(document, clock.now())
      planSweep(sweepAfterMs, sweepSpreadMs)
    },
    ready(isFirst) {
      if (isPlaceNew) followPlace()
      if (pending.size > 0) planFlush()
      if (isFirst || memory.cover().mark === 0) isCompared = false
      if (isCompared) return isSweepDue && !stopSweep && planSweep(firstSweepAfterMs, firstSweepSpreadMs)
      if (isFirst) planSweep(firstSweepAfterMs, firstSweepSpreadMs)
      else planSweep(sweepAfterMs, sweepSpreadMs)
      void compare().catch(() => undefined)
    },
    placeChanged: followPlace,
    lost() {
      stopFlush?.()
      stopSweep?.()
      stopPause?.()
      stopFlush = stopSweep = stopPause = null
      sweepDueAt = Number.POSITIVE_INFINITY
      isChainThere = false
      isCompared = false
      isFull = null
      failures = 0
      for (const document of pending.keys()) pending.set(document, null)
    },
    isSaving: () => ((pending.size > 0 || !isCompared) && mayWrite(context.place())) || isUploading || appender.running() > 0,
    full: () => isFull,
    isChainThere: () => isChainThere,
    close() {
      stopPause?.()
      stopFlush?.()
      stopSweep?.()
    },
  }
}
